//! Killed at every step and at random times: after the next command the tree is wholly old or wholly new, to the last byte.
//!
//! The seed of a run is printed; `KILLED_SEED` repeats it.

#[path = "../program/mod.rs"]
mod program;

mod change;

use std::cell::Cell;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use opsgen::plan::Action;
use opsgen::workspace::{Place, Workspace};
use rustix::process::{Signal, getpid, kill_process};
use tempfile::TempDir;

use change::{EACH, Tree, apply, copy, folder, planned, tree};
use program::Project;

/// Kills while a recovery runs, and from outside.
const AGAIN: usize = 100;
const OUTSIDE: usize = 100;

/// Splitmix64: as random as this needs, and the same everywhere.
struct Dice(u64);

impl Dice {
    fn new() -> Self {
        let clock = || u64::from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().subsec_nanos());
        let seed = std::env::var("KILLED_SEED").map_or_else(|_| clock(), |text| text.parse().unwrap());
        println!("KILLED_SEED={seed}");
        Self(seed)
    }

    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) as usize % end
    }
}

/// The child: applies or recovers, and kills itself before a step.
#[test]
#[ignore = "the victim of the other tests"]
fn victim() {
    let Ok(root) = std::env::var("KILLED_ROOT") else { return };
    let at: usize = std::env::var("KILLED_AT").unwrap().parse().unwrap();
    let count = Cell::new(0);
    let steps = |_: &str| {
        if count.get() == at {
            kill_process(getpid(), Signal::KILL).unwrap();
        }
        count.set(count.get() + 1);
        true
    };
    let root = Path::new(&root);
    let workspace = Workspace::open(&Place::root(root).unwrap()).unwrap();
    if workspace.recover_in(&steps).unwrap().is_none() {
        let (workspace, plan) = planned(root, true);
        workspace.apply_in(&plan, &steps).unwrap();
    }
}

fn start(root: &Path, at: usize) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["victim", "--exact", "--ignored", "--test-threads=1"])
        .env("KILLED_ROOT", root)
        .env("KILLED_AT", at.to_string())
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

/// What a tree must be like afterwards, and how often it was which.
struct Judge {
    template: TempDir,
    old: Tree,
    new: Tree,
    found: Mutex<BTreeMap<&'static str, usize>>,
}

impl Judge {
    fn new() -> Self {
        let template = folder();
        apply(template.path(), false);
        let old = tree(template.path());
        let other = folder();
        copy(template.path(), other.path());
        let (workspace, plan) = planned(other.path(), true);
        for (action, count) in [(Action::Update, 2), (Action::Create, 1), (Action::Delete, 1), (Action::Move, 0)] {
            assert!(plan.count(action) >= count * EACH, "{action:?}: {}", plan.count(action));
        }
        assert_eq!(plan.entries.iter().filter(|entry| entry.from.is_some()).count(), EACH);
        workspace.apply(&plan).unwrap();
        let new = tree(other.path());
        assert_ne!(old, new);
        Self { template, old, new, found: Mutex::default() }
    }

    fn old_tree(&self) -> TempDir {
        let root = folder();
        copy(self.template.path(), root.path());
        root
    }

    /// The next command, and then the verdict.
    fn judge(&self, root: &Path, what: &str) {
        let recovered = Workspace::open(&Place::root(root).unwrap()).unwrap().recover().unwrap();
        let now = tree(root);
        let side = if now == self.new { "new" } else { "old" };
        assert!(now == self.new || now == self.old, "{what}: a mix, after {recovered:?}");
        *self.found.lock().unwrap().entry(if recovered.is_some() { "recovered" } else { side }).or_default() += 1;
        apply(root, true);
        assert_eq!(tree(root), self.new, "{what}: and the next apply");
        for left in ["stage", "journal"] {
            assert!(!root.join(".opsgen/local").join(left).exists(), "{what}: {left} is left behind");
        }
    }

    /// How many steps a whole apply has.
    fn steps(&self) -> usize {
        let root = self.old_tree();
        let (workspace, plan) = planned(root.path(), true);
        let count = Cell::new(0);
        let steps = |_: &str| {
            count.set(count.get() + 1);
            true
        };
        workspace.apply_in(&plan, &steps).unwrap();
        count.get()
    }
}

/// Does it for every number, in two threads.
fn each(numbers: Vec<usize>, run: impl Fn(usize) + Sync) {
    let queue = Mutex::new(numbers);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(number) = { queue.lock().unwrap().pop() } {
                    run(number);
                }
            });
        }
    });
}

#[test]
fn wholly_old_or_wholly_new() {
    let (judge, mut dice, begin) = (Judge::new(), Dice::new(), Instant::now());
    let steps = judge.steps();
    each((0..steps).collect(), |at| {
        let root = judge.old_tree();
        assert!(!start(root.path(), at).wait().unwrap().success(), "step {at} didn't come");
        judge.judge(root.path(), &format!("killed at step {at}"));
    });
    let pairs: Vec<usize> = (0..AGAIN).map(|_| dice.below(steps * steps)).collect();
    each(pairs, |pair| {
        let (at, again) = (pair / steps, pair % steps);
        let root = judge.old_tree();
        start(root.path(), at).wait().unwrap();
        start(root.path(), again).wait().unwrap();
        judge.judge(root.path(), &format!("killed at step {at}, and at step {again} of the next run"));
    });
    let whole = Instant::now();
    start(judge.old_tree().path(), usize::MAX).wait().unwrap();
    let whole = whole.elapsed().as_micros() as usize;
    each((0..OUTSIDE).map(|_| dice.below(whole)).collect(), |after| {
        let root = judge.old_tree();
        let mut child = start(root.path(), usize::MAX);
        std::thread::sleep(Duration::from_micros(after as u64));
        child.kill().unwrap();
        child.wait().unwrap();
        judge.judge(root.path(), &format!("killed after {after} µs"));
    });
    let runs = steps + AGAIN + OUTSIDE;
    println!("{runs} runs in {:.1?}: {:?}", begin.elapsed(), judge.found.lock().unwrap());
    assert!(runs >= 500, "{runs}");
}

#[test]
fn the_program_itself() {
    let (project, mut dice) = (Project::applied("fly-web-api"), Dice::new());
    let old = folder();
    copy(project.root(), old.path());
    project.edit("spec.yaml", "limit=1", "limit=7");
    let spec = project.read("spec.yaml");
    project.run(&["apply", "--yes"]).code(0);
    let new = tree(project.root());
    for round in 0..10 {
        let project = Project::empty();
        copy(old.path(), project.root());
        project.write("spec.yaml", &spec);
        let before = tree(project.root());
        let mut child =
            project.command(&["apply", "--yes"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let begun =
            |project: &Project| ["lock", "stage"].iter().any(|name| project.path(".opsgen/local").join(name).exists());
        while !begun(&project) && child.try_wait().unwrap().is_none() {
            std::thread::sleep(Duration::from_micros(100));
        }
        std::thread::sleep(Duration::from_micros(dice.below(12_000) as u64));
        child.kill().unwrap();
        child.wait().unwrap();
        let workspace = Workspace::open(&Place::root(project.root()).unwrap()).unwrap();
        let recovered = workspace.recover().unwrap();
        let now = tree(project.root());
        assert!(now == before || now == new, "round {round}: a mix, after {recovered:?}");
        project.run(&["apply", "--yes"]).code(0);
        assert_eq!(tree(project.root()), new, "round {round}");
    }
}
