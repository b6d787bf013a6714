//! Written whole, or not at all; nothing that isn't ours is touched.

use super::*;

#[test]
fn written_once_then_nothing_to_do() {
    let root = tempfile::tempdir().unwrap();
    let files = [("a.txt", "a\n"), ("bin/run", "#!/bin/sh\n"), ("deep/er/b.txt", "b\n")];
    apply(root.path(), &files);
    assert_eq!(fs::read(root.path().join("deep/er/b.txt")).unwrap(), b"b\n");
    assert_eq!((mode(&root.path().join("bin/run")), mode(&root.path().join("a.txt"))), (0o755, 0o644));
    assert!(root.path().join(".opsgen/base/deep/er/b.txt.base").exists());
    assert_eq!(local(root.path()), [".gitignore", "undo"]);
    assert_eq!(fs::read_to_string(root.path().join(".opsgen/.gitignore")).unwrap(), "/local/\n");
    let (_, again) = planned(root.path(), &files);
    assert!(again.is_empty() && again.entries.iter().all(|entry| entry.action == Action::Same));
}

#[test]
fn an_orphan_goes_with_its_empty_folder() {
    let root = tempfile::tempdir().unwrap();
    apply(root.path(), &[("a.txt", "a\n"), ("deep/er/b.txt", "b\n")]);
    apply(root.path(), &[("a.txt", "a2\n")]);
    assert_eq!(fs::read(root.path().join("a.txt")).unwrap(), b"a2\n");
    assert!(!root.path().join("deep").exists());
    assert!(!root.path().join(".opsgen/base/deep").exists());
}

#[test]
fn a_stale_plan_writes_nothing() {
    let root = tempfile::tempdir().unwrap();
    let (workspace, plan) = planned(root.path(), &[("a.txt", "a\n"), ("b.txt", "b\n")]);
    fs::write(root.path().join("b.txt"), "mine").unwrap();
    assert!(matches!(workspace.apply(&plan), Err(Failure::Stale(paths)) if paths == ["b.txt"]));
    assert!(!root.path().join("a.txt").exists());
}

#[test]
fn an_error_in_the_middle_takes_everything_back() {
    let root = tempfile::tempdir().unwrap();
    apply(root.path(), &[("a.txt", "a\n"), ("gone/c.txt", "c\n")]);
    let (workspace, plan) = planned(root.path(), &[("a.txt", "a2\n"), ("new/b.txt", "b\n")]);
    // A folder where the record of b is to be written: found only when it is moved into place.
    fs::create_dir_all(root.path().join(".opsgen/base/new/b.txt.base/x")).unwrap();
    let failed = workspace.apply(&plan);
    assert!(matches!(&failed, Err(Failure::Io { left, .. }) if left.is_empty()), "{failed:?}");
    assert_eq!(fs::read(root.path().join("a.txt")).unwrap(), b"a\n");
    assert!(root.path().join("gone/c.txt").exists() && !root.path().join("new").exists());
    assert_eq!(local(root.path()), [".gitignore", "undo"]);
}

#[test]
fn links_are_never_followed() {
    let (root, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    std::os::unix::fs::symlink(outside.path(), root.path().join("deep")).unwrap();
    std::os::unix::fs::symlink("target", root.path().join("a.txt")).unwrap();
    let (workspace, plan) = planned(root.path(), &[("a.txt", "a\n"), ("deep/b.txt", "b\n")]);
    assert!(plan.entries.iter().all(|entry| entry.action == Action::Blocked), "{plan:?}");
    assert!(workspace.apply(&plan).is_err());
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 0);
}

#[test]
fn a_linked_state_folder_is_refused() {
    let (root, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    std::os::unix::fs::symlink(outside.path(), root.path().join(".opsgen")).unwrap();
    let workspace = Workspace::open(&Place::root(root.path()).unwrap()).unwrap();
    assert!(matches!(workspace.read(&[]), Err(Failure::Blocked(_))));
}

#[test]
fn a_name_that_differs_only_in_case_is_in_the_way() {
    let root = tempfile::tempdir().unwrap();
    fs::create_dir(root.path().join("Docs")).unwrap();
    let (_, plan) = planned(root.path(), &[("docs/a.md", "a\n")]);
    assert_eq!(plan.entries[0].action, Action::Blocked);
}

#[test]
fn the_files_own_mode_stays() {
    let root = tempfile::tempdir().unwrap();
    apply(root.path(), &[("a.txt", "a\n")]);
    let private = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    fs::set_permissions(root.path().join("a.txt"), private).unwrap();
    apply(root.path(), &[("a.txt", "a2\n")]);
    assert_eq!(mode(&root.path().join("a.txt")), 0o600);
}

#[test]
fn outputs_at_the_top_have_their_record_beside_the_spec() {
    let root = tempfile::tempdir().unwrap();
    fs::create_dir_all(root.path().join("api")).unwrap();
    fs::create_dir(root.path().join(".git")).unwrap();
    let place = Place::of_spec(&root.path().join("api/spec.yaml")).unwrap();
    let workspace = Workspace::open(&place).unwrap();
    let artifacts = vec![Artifact { at: At::Top, ..artifact("ci.yml", "a\n") }, artifact("x", "x\n")];
    let existing = workspace.read(&artifacts).unwrap();
    let options = Options { prefix: place.prefix.clone(), ..Options::default() };
    workspace.apply(&plan(artifacts, &existing, &options)).unwrap();
    for path in ["ci.yml", "api/x", "api/.opsgen/base/ci.yml.base", "api/.opsgen/spec.yaml"] {
        assert!(root.path().join(path).exists(), "{path}");
    }
}

#[test]
fn a_linked_staging_folder_is_refused() {
    let root = tempfile::tempdir().unwrap();
    fs::create_dir_all(root.path().join("theirs/stage")).unwrap();
    fs::create_dir(root.path().join(".opsgen")).unwrap();
    std::os::unix::fs::symlink("../theirs", root.path().join(".opsgen/local")).unwrap();
    let (workspace, plan) = planned(root.path(), &[("a.txt", "a\n")]);
    assert!(matches!(workspace.apply(&plan), Err(Failure::Blocked(_))));
    assert!(root.path().join("theirs/stage").exists() && !root.path().join("a.txt").exists());
}

#[test]
fn what_a_crash_left_behind_is_no_hindrance() {
    let root = tempfile::tempdir().unwrap();
    fs::create_dir_all(root.path().join(".opsgen/local/stage")).unwrap();
    fs::write(root.path().join(".opsgen/local/stage/new-0"), "torn").unwrap();
    fs::write(root.path().join("a.txt"), "a\n").unwrap();
    apply(root.path(), &[("a.txt", "a\n"), ("b.txt", "b\n")]);
    let (_, again) = planned(root.path(), &[("a.txt", "a\n"), ("b.txt", "b\n")]);
    assert!(again.is_empty() && !root.path().join(".opsgen/local/stage").exists());
}

#[test]
fn what_cannot_be_kept_for_an_undo_is_not_done() {
    let root = tempfile::tempdir().unwrap();
    let (workspace, plan) = planned(root.path(), &[("a.txt", "a\n"), ("deep/b.txt", "b\n")]);
    let steps = |name: &str| {
        if name == "finish" {
            fs::write(root.path().join(".opsgen/local/undo"), "in the way").unwrap();
        }
        true
    };
    let failed = workspace.apply_in(&plan, &steps).unwrap_err();
    assert!(failed.to_string().contains(".opsgen/local/undo"), "{failed}");
    let left: Vec<_> = fs::read_dir(root.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, [".opsgen"]);
    assert_eq!(local(root.path()), ["undo"]);
}
