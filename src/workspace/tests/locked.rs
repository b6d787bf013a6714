//! Two runs at the same time.

use super::*;
use crate::workspace::lock::Lock;

fn title() -> Title {
    Title { time: "2026-11-21T07:10:00Z".into(), command: "opsgen apply spec.yaml".into() }
}

#[test]
fn the_second_of_two_runs_stops_and_names_the_first() {
    let root = tempfile::tempdir().unwrap();
    let (workspace, plan) = planned(root.path(), &[("a.txt", "a\n")]);
    let lock = Lock::take(&workspace.dir, &workspace.state, &title()).unwrap();
    let failed = workspace.apply(&plan).unwrap_err();
    let told = failed.diagnostic();
    assert_eq!(told.code, code::BUSY);
    for word in [&format!("pid {}", std::process::id()), "2026-11-21T07:10:00Z", "opsgen apply spec.yaml"] {
        assert!(told.message.contains(word), "{told:?}");
    }
    assert!(matches!(failed, Failure::Blocked(_)) && !root.path().join("a.txt").exists());
    drop(lock);
    workspace.apply(&plan).unwrap();
}

#[test]
fn a_lock_that_a_crash_left_behind_is_no_hindrance() {
    let root = tempfile::tempdir().unwrap();
    fs::create_dir_all(root.path().join(".opsgen/local")).unwrap();
    fs::write(root.path().join(".opsgen/local/lock"), "{\"pid\": 1}").unwrap();
    apply(root.path(), &[("a.txt", "a\n")]);
    assert_eq!(local(root.path()), [".gitignore", "undo"]);
}

#[test]
fn nothing_to_write_takes_no_lock() {
    let root = tempfile::tempdir().unwrap();
    apply(root.path(), &[("a.txt", "a\n")]);
    let (workspace, plan) = planned(root.path(), &[("a.txt", "a\n")]);
    let _lock = Lock::take(&workspace.dir, &workspace.state, &title()).unwrap();
    workspace.apply(&plan).unwrap();
}

#[test]
fn a_reader_in_the_middle_of_a_write_names_the_writer() {
    let root = tempfile::tempdir().unwrap();
    apply(root.path(), &[("a.txt", "a\n")]);
    let workspace = Workspace::open(&Place::root(root.path()).unwrap()).unwrap();
    let lock = Lock::take(&workspace.dir, &workspace.state, &title()).unwrap();
    fs::create_dir(root.path().join(".opsgen/local/journal")).unwrap();
    assert_eq!(workspace.read(&[]).unwrap_err().diagnostic().code, code::BUSY);
    drop(lock);
    assert_eq!(workspace.read(&[]).unwrap_err().diagnostic().code, code::UNFINISHED);
}

#[test]
fn of_many_threads_one_writes_at_a_time() {
    let root = tempfile::tempdir().unwrap();
    let plans: Vec<(Workspace, Plan)> = (0..8).map(|_| planned(root.path(), &[("a.txt", "a\n")])).collect();
    let done: Vec<bool> = std::thread::scope(|scope| {
        let runs: Vec<_> =
            plans.iter().map(|(workspace, plan)| scope.spawn(move || workspace.apply(plan).is_ok())).collect();
        runs.into_iter().map(|run| run.join().unwrap()).collect()
    });
    assert_eq!(done.iter().filter(|done| **done).count(), 1, "one wrote; the others were locked out or stale");
    assert_eq!(fs::read(root.path().join("a.txt")).unwrap(), b"a\n");
}
