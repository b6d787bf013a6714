//! Permissions that are lost in the middle of a write.

use std::cell::Cell;

use super::*;

const OLD: [(&str, &str); 3] = [("a.txt", "a\n"), ("bin/run", "r\n"), ("docs/c.md", "c\n")];
const NEW: [(&str, &str); 3] = [("a.txt", "a2\n"), ("bin/run", "r2\n"), ("docs/c.md", "c2\n")];

fn allow(path: &Path, mode: u32) {
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(mode)).unwrap();
}

/// Runs in a thread without the rights of root, for which no permission is ever lost.
fn as_nobody(test: impl FnOnce() + Send) {
    std::thread::scope(|scope| {
        let run = scope.spawn(|| {
            if rustix::process::geteuid().is_root() {
                let nobody = rustix::process::Uid::from_raw(65534);
                rustix::thread::set_thread_res_uid(nobody, nobody, nobody).unwrap();
            }
            test();
        });
        run.join().unwrap();
    });
}

/// Applies, and shuts a folder before one of the moves.
fn shut(root: &Path, folder: &Path, before: usize) -> Failure {
    let (workspace, plan) = planned(root, &NEW);
    let moves = Cell::new(0);
    let steps = |name: &str| {
        if name == "move" {
            moves.set(moves.get() + 1);
        }
        if moves.get() == before {
            allow(folder, 0o555);
        }
        true
    };
    let failed = workspace.apply_in(&plan, &steps).unwrap_err();
    allow(folder, 0o755);
    failed
}

fn texts(root: &Path) -> [String; 3] {
    OLD.map(|(path, _)| fs::read_to_string(root.join(path)).unwrap())
}

#[test]
fn a_folder_that_is_shut_midway_takes_everything_back() {
    as_nobody(|| {
        let root = tempfile::tempdir().unwrap();
        apply(root.path(), &OLD);
        let failed = shut(root.path(), &root.path().join("docs"), 3);
        assert!(matches!(&failed, Failure::Io { left, .. } if left.is_empty()), "{failed:?}");
        assert!(
            failed.to_string().contains("docs/c.md") && failed.to_string().contains("ermission denied"),
            "{failed}"
        );
        assert_eq!(texts(root.path()), ["a\n", "r\n", "c\n"]);
        assert_eq!(local(root.path()), [".gitignore", "undo"]);
    });
}

#[test]
fn whichever_folder_is_shut_nothing_is_half_written() {
    as_nobody(|| {
        let root = tempfile::tempdir().unwrap();
        apply(root.path(), &OLD);
        let failed = shut(root.path(), root.path(), 1);
        assert_eq!(texts(root.path()), ["a\n", "r\n", "c\n"], "nothing had been moved: {failed:?}");
        let failed = shut(root.path(), &root.path().join("bin"), 2);
        assert_eq!(texts(root.path()), ["a\n", "r\n", "c\n"], "{failed:?}");
    });
}

#[test]
fn a_journal_outlives_a_folder_that_stays_shut() {
    as_nobody(|| {
        let root = tempfile::tempdir().unwrap();
        apply(root.path(), &OLD);
        let (workspace, plan) = planned(root.path(), &NEW);
        let moves = Cell::new(0);
        // `a.txt` is written, then neither `bin/run` can be nor `a.txt` back.
        let steps = |name: &str| {
            moves.set(moves.get() + usize::from(name == "move"));
            if moves.get() == 2 {
                allow(&root.path().join("bin"), 0o555);
                allow(root.path(), 0o555);
            }
            true
        };
        let failed = workspace.apply_in(&plan, &steps).unwrap_err();
        assert!(matches!(&failed, Failure::Io { left, .. } if left == &["a.txt"]), "{failed:?}");
        assert!(failed.diagnostic().help.unwrap().contains("run `opsgen apply` again"));
        assert!(workspace.read(&[]).is_err());
        assert!(workspace.recover().is_err(), "still shut");
        allow(&root.path().join("bin"), 0o755);
        allow(root.path(), 0o755);
        assert_eq!(workspace.recover().unwrap().unwrap().way, Way::Forward);
        assert_eq!(texts(root.path()), ["a2\n", "r2\n", "c2\n"]);
    });
}

#[test]
fn a_folder_that_may_not_be_written_is_an_error_and_nothing_else() {
    as_nobody(|| {
        let root = tempfile::tempdir().unwrap();
        let (workspace, plan) = planned(root.path(), &NEW);
        allow(root.path(), 0o555);
        let failed = workspace.apply(&plan).unwrap_err();
        assert_eq!(failed.diagnostic().code, code::ROOT);
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 0);
        allow(root.path(), 0o755);
    });
}
