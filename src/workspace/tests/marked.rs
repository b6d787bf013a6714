//! Conflict marks, told to a real git.

use std::process::Command;

use super::*;

fn git(root: &Path, words: &[&str]) -> String {
    let mut command = Command::new("git");
    command.arg("-C").arg(root).args(words).env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    let output = command.output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

/// A file that both sides changed, to be written with marks.
fn marked(root: &Path, path: &str) -> (Workspace, Plan) {
    apply(root, &[(path, "base\n")]);
    fs::write(root.join(path), "yours\n").unwrap();
    let (workspace, mut plan) = planned(root, &[(path, "new\n")]);
    let entry = &mut plan.entries[0];
    assert_eq!(entry.action, Action::Conflict);
    let text = "<<<<<<< yours\nyours\n||||||| last generated\nbase\n=======\nnew\n>>>>>>> new\n";
    entry.action = Action::Marked;
    entry.result = Some(Content { bytes: text.into(), executable: false });
    entry.record = Record::Write(Base::of(&artifact(path, "new\n"), Mode::Managed));
    (workspace, plan)
}

#[test]
fn git_has_the_three_sides_of_a_marked_file() {
    let root = tempfile::tempdir().unwrap();
    git(root.path(), &["init", "-q"]);
    let path = "docs/ü name.txt";
    let (workspace, plan) = marked(root.path(), path);
    git(root.path(), &["add", "."]);
    let written = workspace.apply(&plan).unwrap();
    assert!(written.notes[0].contains("git mergetool"), "{written:?}");
    assert_eq!(
        git(root.path(), &["-c", "core.quotePath=false", "status", "--porcelain", path]),
        format!("AA \"{path}\"\n").replace("AA", "UU")
    );
    for (stage, text) in [("1", "base\n"), ("2", "yours\n"), ("3", "new\n")] {
        assert_eq!(git(root.path(), &["show", &format!(":{stage}:{path}")]), text);
    }
    let undoing = workspace.undoing(None).unwrap().unwrap();
    assert!(workspace.undo(&undoing).unwrap().notes[0].contains(path), "the index is the user's to settle");
    assert_eq!(fs::read_to_string(root.path().join(path)).unwrap(), "yours\n");
    fs::write(root.path().join(path), "both\n").unwrap();
    git(root.path(), &["add", "."]);
    assert!(!git(root.path(), &["status", "--porcelain"]).contains("UU"));
}

#[test]
fn git_below_the_work_tree_knows_the_whole_path() {
    let root = tempfile::tempdir().unwrap();
    git(root.path(), &["init", "-q"]);
    let below = root.path().join("services/api");
    fs::create_dir_all(&below).unwrap();
    let (workspace, plan) = marked(&below, "a.txt");
    workspace.apply(&plan).unwrap();
    assert_eq!(git(root.path(), &["show", ":2:services/api/a.txt"]), "yours\n");
}

#[test]
fn without_a_repository_the_marks_are_all_there_is() {
    let root = tempfile::tempdir().unwrap();
    let (workspace, plan) = marked(root.path(), "a.txt");
    let written = workspace.apply(&plan).unwrap();
    assert!(written.notes[0].contains("git doesn't know") && written.notes[0].contains("not a git repository"));
    assert!(fs::read_to_string(root.path().join("a.txt")).unwrap().starts_with("<<<<<<< yours"));
}
