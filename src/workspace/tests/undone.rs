//! Applies taken back, and brought back.

use super::*;

const ONE: [(&str, &str); 3] = [("a.txt", "a\n"), ("bin/run", "r\n"), ("gone/c.txt", "c\n")];
const TWO: [(&str, &str); 3] = [("a.txt", "a2\n"), ("bin/run", "r\n"), ("new/b.txt", "b\n")];

fn text(root: &Path, path: &str) -> Option<String> {
    fs::read_to_string(root.join(path)).ok()
}

fn undo(root: &Path, since: Option<u32>) -> Undoing {
    let workspace = Workspace::open(&Place::root(root).unwrap()).unwrap();
    let undoing = workspace.undoing(since).unwrap().unwrap();
    workspace.undo(&undoing).unwrap();
    undoing
}

#[test]
fn everything_is_as_before_and_the_other_way_round() {
    let root = folder();
    let at = root.path();
    apply(at, &ONE);
    let spec = text(at, ".opsgen/spec.yaml");
    apply(at, &TWO);
    let shown = undo(at, None).plan;
    let shown: Vec<_> = shown.entries.iter().map(|entry| (entry.target.as_str(), entry.action)).collect();
    assert_eq!(shown, [("a.txt", Action::Update), ("gone/c.txt", Action::Create), ("new/b.txt", Action::Delete)]);
    assert_eq!((text(at, "a.txt").as_deref(), text(at, "gone/c.txt").as_deref()), (Some("a\n"), Some("c\n")));
    assert!(!at.join("new").exists() && !at.join(".opsgen/base/new").exists());
    assert_eq!(text(at, ".opsgen/spec.yaml"), spec);
    assert!(planned(at, &ONE).1.is_empty(), "records are back too");
    undo(at, None);
    assert_eq!((text(at, "a.txt").as_deref(), text(at, "gone/c.txt")), (Some("a2\n"), None));
    assert!(planned(at, &TWO).1.is_empty());
}

#[test]
fn the_first_apply_goes_without_a_trace() {
    let root = folder();
    apply(root.path(), &ONE);
    undo(root.path(), None);
    let left: Vec<_> = fs::read_dir(root.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, [".opsgen"]);
    let left: Vec<_> =
        fs::read_dir(root.path().join(".opsgen")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["local"]);
    assert_eq!(text(root.path(), ".opsgen/local/.gitignore").as_deref(), Some("*\n"));
}

#[test]
fn many_go_back_at_once() {
    let root = folder();
    for text in ["1\n", "2\n", "3\n", "4\n"] {
        apply(root.path(), &[("a.txt", text), ("b.txt", "b\n")]);
    }
    assert_eq!(undo(root.path(), Some(3)).count, 2);
    assert_eq!(text(root.path(), "a.txt").as_deref(), Some("2\n"));
    undo(root.path(), None);
    assert_eq!(text(root.path(), "a.txt").as_deref(), Some("4\n"), "an undo is undone as a whole");
    undo(root.path(), Some(1));
    assert_eq!((text(root.path(), "a.txt"), text(root.path(), "b.txt")), (None, None));
}

#[test]
fn an_edit_since_is_never_lost() {
    let root = folder();
    apply(root.path(), &ONE);
    apply(root.path(), &TWO);
    fs::write(root.path().join("a.txt"), "mine\n").unwrap();
    fs::write(root.path().join("gone"), "mine\n").unwrap();
    let workspace = Workspace::open(&Place::root(root.path()).unwrap()).unwrap();
    let failed = workspace.undoing(None).unwrap_err();
    assert!(matches!(failed, Failure::Changed(_)));
    assert!(failed.to_string().ends_with("a.txt, gone/c.txt"), "{failed}");
}

#[test]
fn an_edit_between_the_question_and_the_answer_stops_it() {
    let root = folder();
    apply(root.path(), &ONE);
    let workspace = Workspace::open(&Place::root(root.path()).unwrap()).unwrap();
    let undoing = workspace.undoing(None).unwrap().unwrap();
    fs::write(root.path().join("a.txt"), "mine\n").unwrap();
    assert!(matches!(workspace.undo(&undoing), Err(Failure::Changed(_))));
    assert_eq!(text(root.path(), "bin/run").as_deref(), Some("r\n"));
}

#[test]
fn what_was_kept_must_be_what_it_was() {
    let root = folder();
    apply(root.path(), &ONE);
    apply(root.path(), &TWO);
    let kept = fs::read_dir(root.path().join(".opsgen/local/undo/2")).unwrap().map(|entry| entry.unwrap().path());
    kept.filter(|path| path.ends_with("old-0")).for_each(|path| fs::write(path, "other\n").unwrap());
    let workspace = Workspace::open(&Place::root(root.path()).unwrap()).unwrap();
    assert_eq!(workspace.undoing(None).unwrap_err().diagnostic().code, code::STUCK);
}

#[test]
fn modes_come_back() {
    let root = folder();
    apply(root.path(), &ONE);
    let private = std::os::unix::fs::PermissionsExt::from_mode(0o700);
    fs::set_permissions(root.path().join("bin/run"), private).unwrap();
    apply(root.path(), &[("a.txt", "a\n")]);
    undo(root.path(), None);
    assert_eq!(mode(&root.path().join("bin/run")), 0o700);
}

#[test]
fn the_last_twenty_are_kept() {
    let root = folder();
    for number in 0..25 {
        apply(root.path(), &[("a.txt", &format!("{number}\n"))]);
    }
    let workspace = Workspace::open(&Place::root(root.path()).unwrap()).unwrap();
    let pasts = workspace.pasts();
    assert_eq!(pasts.iter().map(|past| past.number).collect::<Vec<_>>(), (6..=25).rev().collect::<Vec<_>>());
    assert!(pasts.iter().all(|past| past.files == 1));
    assert_eq!(fs::read_dir(root.path().join(".opsgen/local/undo")).unwrap().count(), 20);
}

#[test]
fn what_nobody_saw_goes_with_what_was_seen() {
    let root = folder();
    apply(root.path(), &ONE);
    apply(root.path(), &TWO);
    let (workspace, mut plan) = planned(root.path(), &TWO);
    plan.spec = b"the same files, another spec".to_vec();
    workspace.apply(&plan).unwrap();
    assert_eq!(undo(root.path(), None).count, 2);
    assert_eq!(text(root.path(), "a.txt").as_deref(), Some("a\n"));
}
