//! Random specs, random changes of them, random edits by people: every line a person wrote is there afterwards, or the plan lists it.

use opsgen::artifact::Artifact;
use opsgen::plan::{Action, Entry, Plan};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, RngSeed, TestRunner};

use super::specs::{POOLS, seed};
use super::tree::Tree;

const CASES: u32 = 10_000;

/// Files of one case: enough to meet each other, few enough for many cases.
const FILES: usize = 5;

/// One thing that a person does to one file.
#[derive(Clone, Debug)]
enum Edit {
    Insert(usize),
    Replace(usize),
    Remove(usize),
    Append,
    /// The end of the file loses its line end.
    Unterminated,
    WindowsEndings,
    Delete,
    Bit,
}

#[derive(Clone, Debug)]
struct Case {
    pool: usize,
    from: usize,
    to: usize,
    /// The first of the files that the case looks at.
    first: usize,
    /// File and what happens to it; each edit writes a line of its own.
    edits: Vec<(usize, Edit)>,
}

fn cases() -> impl Strategy<Value = Case> {
    let at = 0..10_000_usize;
    let edit = prop_oneof![
        6 => at.clone().prop_map(Edit::Insert),
        4 => at.clone().prop_map(Edit::Replace),
        3 => at.clone().prop_map(Edit::Remove),
        2 => Just(Edit::Append),
        1 => Just(Edit::Unterminated),
        1 => Just(Edit::WindowsEndings),
        1 => Just(Edit::Delete),
        1 => Just(Edit::Bit),
    ];
    let edits = proptest::collection::vec((at.clone(), edit), 1..8);
    (0..2_usize, at.clone(), at.clone(), at, edits).prop_map(|(pool, from, to, first, edits)| Case {
        pool,
        from,
        to,
        first,
        edits,
    })
}

/// A line that only this edit can have written, as a comment where the format has comments.
fn line(path: &str, number: usize) -> String {
    match path.rsplit('.').next() {
        Some("md") => format!("<!-- a person wrote this: {number} -->"),
        Some("json") => format!("\"person{number}\": {number},"),
        _ => format!("# a person wrote this: {number}"),
    }
}

/// Carries the edits out; gives back what was written where.
fn edit(tree: &mut Tree, edits: &[(usize, Edit)]) -> Vec<(String, String)> {
    let mut written = Vec::new();
    for (number, (file, what)) in edits.iter().enumerate() {
        let paths = tree.paths();
        if paths.is_empty() {
            break;
        }
        let path = paths[file % paths.len()].to_owned();
        let Some(text) = tree.text(&path) else { continue };
        let mine = line(&path, number);
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let at = |at: usize| at % (lines.len() + 1);
        match what {
            Edit::Insert(place) => lines.insert(at(*place), mine.clone()),
            Edit::Replace(place) if at(*place) < lines.len() => {
                lines[place % (text.lines().count() + 1)] = mine.clone();
            }
            Edit::Remove(place) if at(*place) < lines.len() => drop(lines.remove(place % (text.lines().count() + 1))),
            Edit::Append => lines.push(mine.clone()),
            Edit::Unterminated => {
                tree.put(&path, text.trim_end_matches(['\r', '\n']));
                continue;
            }
            Edit::WindowsEndings => {
                tree.put(&path, &text.replace("\r\n", "\n").replace('\n', "\r\n"));
                continue;
            }
            Edit::Delete => {
                tree.existing.disk.remove(&path);
                continue;
            }
            Edit::Bit => {
                if let Some(opsgen::plan::Disk::File(content)) = tree.existing.disk.get_mut(&path) {
                    content.executable = !content.executable;
                }
                continue;
            }
            _ => continue,
        }
        let ending = if text.contains("\r\n") { "\r\n" } else { "\n" };
        tree.put(&path, &(lines.join(ending) + ending));
        if lines.contains(&mine) {
            written.push((path, mine));
        }
    }
    // A later edit may have taken an earlier line out again: then no one wrote it.
    written.retain(|(path, mine)| tree.text(path).is_some_and(|text| text.contains(mine.as_str())));
    written
}

/// The plan names the line in what it can't decide about this file.
fn listed(plan: &Plan, path: &str, mine: &str) -> bool {
    let about = |entry: &&Entry| entry.source() == path && entry.action == Action::Conflict;
    let told = |entry: &Entry| entry.conflicts.iter().any(|conflict| conflict.ours.contains(mine));
    plan.entries.iter().find(about).is_some_and(told)
}

fn holds(case: &Case) -> Result<(), TestCaseError> {
    let pool = &POOLS[case.pool];
    let (before, after) = (&pool[case.from % pool.len()], &pool[case.to % pool.len()]);
    let mut paths: Vec<&str> = before.iter().chain(after).map(|new| new.path.as_str()).collect();
    paths.sort_unstable();
    paths.dedup();
    let paths: Vec<&str> = (0..FILES).map(|at| paths[(case.first + at * 7) % paths.len()]).collect();
    let some =
        |all: &[Artifact]| all.iter().filter(|new| paths.contains(&new.path.as_str())).cloned().collect::<Vec<_>>();
    let (before, after) = (&some(before), &some(after));
    let mut tree = Tree::of(before);
    let written = edit(&mut tree, &case.edits);
    let plan = tree.plan(after);
    if plan.stops().next().is_some() {
        for entry in plan.stops() {
            prop_assert!(entry.action == Action::Conflict, "{:?} {}", entry.action, entry.target);
            prop_assert!(!entry.conflicts.is_empty(), "{}: a conflict that lists nothing", entry.target);
        }
    }
    let mut done = tree.clone();
    done.apply(&plan);
    for (path, mine) in &written {
        let kept = done.text(path).is_some_and(|text| text.lines().any(|line| line == mine));
        prop_assert!(kept || listed(&plan, path, mine), "{path} lost {mine:?}");
    }
    if plan.stops().next().is_none() {
        let again = done.plan(after);
        prop_assert!(
            again.is_empty(),
            "not settled: {:?}",
            again.changes().map(|entry| &entry.target).collect::<Vec<_>>()
        );
    }
    Ok(())
}

#[test]
fn every_line_a_person_wrote_is_kept_or_listed() {
    let config = Config {
        cases: CASES,
        rng_algorithm: RngAlgorithm::ChaCha,
        rng_seed: RngSeed::Fixed(seed()),
        failure_persistence: None,
        ..Config::default()
    };
    TestRunner::new(config).run(&cases(), |case| holds(&case)).unwrap_or_else(|failure| panic!("{failure}"));
}
