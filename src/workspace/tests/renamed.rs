//! Files that change their names, and parts of a plan.

use super::*;

/// A plan of one entry, made by hand.
fn renamed(root: &Path, text: &str) -> (Workspace, Plan) {
    apply(root, &[("bin/old", "a\n"), ("b.txt", "b\n")]);
    let (workspace, mut plan) = planned(root, &[("b.txt", "b\n")]);
    let at = plan.entries.iter().position(|entry| entry.path == "bin/old").unwrap();
    let entry = plan.entries.remove(at);
    let new = artifact("bin/new", text);
    plan.entries.push(Entry {
        path: "bin/new".into(),
        target: "bin/new".into(),
        from: Some(entry.target),
        record_from: Some(entry.path),
        action: Action::Move,
        result: Some(Content { bytes: new.bytes.clone(), executable: true }),
        record: Record::Write(Base::of(&new, Mode::Managed)),
        ..entry
    });
    (workspace, plan)
}

#[test]
fn a_renamed_file_takes_its_record_and_mode_along() {
    let root = tempfile::tempdir().unwrap();
    let (workspace, plan) = renamed(root.path(), "a2\n");
    let private = std::os::unix::fs::PermissionsExt::from_mode(0o700);
    fs::set_permissions(root.path().join("bin/old"), private).unwrap();
    workspace.apply(&plan).unwrap();
    assert_eq!(fs::read(root.path().join("bin/new")).unwrap(), b"a2\n");
    assert_eq!(mode(&root.path().join("bin/new")), 0o700);
    let base = |name: &str| root.path().join(format!(".opsgen/base/bin/{name}.base"));
    assert!(!root.path().join("bin/old").exists() && !base("old").exists() && base("new").exists());
    let (_, again) = planned(root.path(), &[("b.txt", "b\n"), ("bin/new", "a2\n")]);
    assert!(again.is_empty(), "{again:?}");
}

#[test]
fn a_rename_needs_the_old_file_as_it_was_and_no_new_one() {
    for (path, text) in [("bin/old", "mine\n"), ("bin/new", "mine\n")] {
        let root = tempfile::tempdir().unwrap();
        let (workspace, plan) = renamed(root.path(), "a\n");
        fs::write(root.path().join(path), text).unwrap();
        assert!(matches!(workspace.apply(&plan), Err(Failure::Stale(paths)) if paths == [path]));
        assert_eq!(fs::read_to_string(root.path().join(path)).unwrap(), text);
    }
}

#[test]
fn two_files_may_change_names() {
    let root = tempfile::tempdir().unwrap();
    apply(root.path(), &[("a", "a\n"), ("b", "b\n")]);
    let (workspace, mut plan) = planned(root.path(), &[("a", "b\n"), ("b", "a\n")]);
    let [one, two] = plan.entries.as_mut_slice() else { panic!("{plan:?}") };
    for (entry, other) in [(one, "b"), (two, "a")] {
        let content = Content { bytes: format!("{other}\n").into_bytes(), executable: false };
        entry.disk = Disk::File(content.clone());
        entry.result = Some(content);
        entry.recorded = Some(Recorded::Base(Base::of(&artifact(other, &format!("{other}\n")), Mode::Managed)));
        entry.from = Some(other.into());
        entry.record_from = Some(other.into());
    }
    workspace.apply(&plan).unwrap();
    assert_eq!(fs::read(root.path().join("a")).unwrap(), b"b\n");
    assert_eq!(fs::read(root.path().join("b")).unwrap(), b"a\n");
    assert!(root.path().join(".opsgen/base/a.base").exists() && root.path().join(".opsgen/base/b.base").exists());
}

#[test]
fn a_part_of_a_plan_does_not_say_that_the_spec_was_applied() {
    let root = tempfile::tempdir().unwrap();
    apply(root.path(), &[("a.txt", "a\n"), ("b.txt", "b\n")]);
    let before = fs::read(root.path().join(".opsgen/spec.yaml")).unwrap();
    let (workspace, mut plan) = planned(root.path(), &[("a.txt", "a2\n"), ("b.txt", "b2\n")]);
    plan.entries.retain(|entry| entry.path == "a.txt");
    plan.partial = true;
    workspace.apply(&plan).unwrap();
    assert_eq!(fs::read(root.path().join(".opsgen/spec.yaml")).unwrap(), before);
    assert_eq!(fs::read(root.path().join("a.txt")).unwrap(), b"a2\n");
    assert_eq!(fs::read(root.path().join("b.txt")).unwrap(), b"b\n");
}
