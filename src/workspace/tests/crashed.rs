//! A run that was cut off at any step, and what the next one does about it.

use std::collections::BTreeMap;

use super::*;

const OLD: [(&str, &str); 4] = [("a.txt", "a\n"), ("bin/run", "r\n"), ("gone/c.txt", "c\n"), ("same.txt", "s\n")];
const NEW: [(&str, &str); 4] = [("a.txt", "a2\n"), ("bin/run", "r2\n"), ("new/b.txt", "b\n"), ("same.txt", "s\n")];

/// A folder where the second apply was cut off before its `at`th step; nothing when it has fewer.
fn cut_off(at: usize) -> Option<tempfile::TempDir> {
    let root = folder();
    apply(root.path(), &OLD);
    let (workspace, plan) = planned(root.path(), &NEW);
    cut(at, &mut |steps| drop(workspace.apply_in(&plan, steps))).then_some(root)
}

/// Runs until a step; a panic stands for the end of the process, since nothing is cleaned up in its way.
fn cut(at: usize, run: &mut dyn FnMut(transaction::Steps<'_>)) -> bool {
    let count = std::cell::Cell::new(0);
    let steps = |_: &str| {
        count.set(count.get() + 1);
        if count.get() > at {
            std::panic::resume_unwind(Box::new("cut off"));
        }
        true
    };
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| run(&steps))).is_err()
}

/// Every file that isn't of this machine only.
fn tree(root: &Path) -> BTreeMap<String, (Vec<u8>, u32)> {
    fn walk(root: &Path, folder: &Path, found: &mut BTreeMap<String, (Vec<u8>, u32)>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
            if path.is_dir() && name != ".opsgen/local" {
                found.insert(format!("{name}/"), Default::default());
                walk(root, &path, found);
            } else if path.is_file() {
                found.insert(name, (fs::read(&path).unwrap(), mode(&path)));
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(root, root, &mut found);
    found
}

fn states() -> [BTreeMap<String, (Vec<u8>, u32)>; 2] {
    let root = folder();
    apply(root.path(), &OLD);
    let old = tree(root.path());
    apply(root.path(), &NEW);
    [old, tree(root.path())]
}

fn reopened(root: &Path) -> Workspace {
    Workspace::open(&Place::root(root).unwrap()).unwrap()
}

#[test]
fn wholly_old_or_wholly_new_after_every_step() {
    let [old, new] = states();
    let (mut forward, mut untouched) = (0, 0);
    for at in 0.. {
        let Some(root) = cut_off(at) else { break };
        match reopened(root.path()).recover().unwrap() {
            Some(recovered) => {
                assert_eq!((recovered.way, recovered.files), (Way::Forward, 4), "{at}");
                assert_eq!(tree(root.path()), new, "{at}");
                forward += 1;
            }
            None => {
                let now = tree(root.path());
                assert!(now == old || now == new, "{at}");
                untouched += 1;
            }
        }
        assert!(!reopened(root.path()).has_journal());
        apply(root.path(), &NEW);
        assert_eq!(tree(root.path()), new, "{at}");
    }
    assert!(forward > 10 && untouched > 10, "{forward} {untouched}");
}

#[test]
fn a_recovery_that_is_cut_off_is_recovered_too() {
    let [_, new] = states();
    for at in [18, 22, 26] {
        for again in 0.. {
            let Some(root) = cut_off(at) else { break };
            let first = reopened(root.path());
            if !first.has_journal() {
                break;
            }
            if !cut(again, &mut |steps| drop(first.recover_in(steps))) {
                break;
            }
            reopened(root.path()).recover().unwrap();
            assert_eq!(tree(root.path()), new, "{at} {again}");
        }
    }
}

#[test]
fn a_way_back_that_is_cut_off_is_gone_to_its_end() {
    let [mut old, _] = states();
    old.insert("same.txt".into(), (b"s\n".to_vec(), 0o644));
    for again in 0.. {
        let Some(root) = begun() else { panic!("no step in the middle") };
        fs::write(root.path().join("bin/run"), "mine\n").unwrap();
        if !cut(again, &mut |steps| drop(reopened(root.path()).recover_in(steps))) {
            assert!(again >= 2);
            break;
        }
        let _ = reopened(root.path()).recover().unwrap();
        old.insert("bin/run".into(), (b"mine\n".to_vec(), 0o755));
        assert_eq!(tree(root.path()), old, "{again}");
    }
}

/// Cut off when `a.txt` is new and `bin/run` isn't yet.
fn begun() -> Option<tempfile::TempDir> {
    (0..).map_while(cut_off).find(|root| {
        let is = |path: &str, text: &str| fs::read(root.path().join(path)).unwrap() == text.as_bytes();
        is("a.txt", "a2\n") && is("bin/run", "r\n")
    })
}

#[test]
fn an_edit_made_after_the_crash_stays() {
    let [old, new] = states();
    // Not yet written: everything else goes back, and the edit stands on what it was made on.
    let root = begun().unwrap();
    fs::write(root.path().join("bin/run"), "mine\n").unwrap();
    let way = reopened(root.path()).recover().unwrap().unwrap();
    let expected = |mut tree: BTreeMap<String, (Vec<u8>, u32)>, path: &str| {
        tree.get_mut(path).unwrap().0 = b"mine\n".to_vec();
        tree
    };
    assert_eq!((way.way, tree(root.path())), (Way::Back, expected(old, "bin/run")));
    assert!(way.words().contains("taken back"));
    // Already written: everything else goes forward.
    let root = begun().unwrap();
    fs::write(root.path().join("a.txt"), "mine\n").unwrap();
    let way = reopened(root.path()).recover().unwrap().unwrap();
    assert_eq!((way.way, tree(root.path())), (Way::Forward, expected(new, "a.txt")));
    // Both: somebody has to look.
    let root = begun().unwrap();
    fs::write(root.path().join("a.txt"), "mine\n").unwrap();
    fs::write(root.path().join("bin/run"), "mine\n").unwrap();
    let before = tree(root.path());
    let failed = reopened(root.path()).recover().unwrap_err();
    assert_eq!(failed.diagnostic().code, code::STUCK);
    assert!(failed.to_string().contains("a.txt, bin/run"), "{failed}");
    assert_eq!(tree(root.path()), before);
}

#[test]
fn a_power_cut_that_left_files_empty_is_taken_back() {
    let [old, _] = states();
    let root = begun().unwrap();
    fs::write(root.path().join("a.txt"), "").unwrap();
    assert_eq!(reopened(root.path()).recover().unwrap().unwrap().way, Way::Back);
    assert_eq!(tree(root.path()), old);
    let root = begun().unwrap();
    let staged = fs::read_dir(root.path().join(".opsgen/local/journal")).unwrap().map(|entry| entry.unwrap().path());
    let staged = staged.filter(|path| path.file_name().unwrap().to_str().unwrap().starts_with("new-"));
    staged.for_each(|path| fs::write(path, "").unwrap());
    assert_eq!(reopened(root.path()).recover().unwrap().unwrap().way, Way::Back);
    assert_eq!(tree(root.path()), old);
}

#[test]
fn a_reader_that_meets_a_journal_writes_nothing_and_says_what_to_do() {
    let root = begun().unwrap();
    let before = tree(root.path());
    let failed = reopened(root.path()).read(&[]).unwrap_err();
    assert_eq!(failed.diagnostic().code, code::UNFINISHED);
    assert!(failed.diagnostic().help.unwrap().contains("opsgen apply"));
    assert_eq!(tree(root.path()), before);
    assert!(root.path().join(".opsgen/local/journal/list").exists());
}

#[test]
fn a_torn_journal_is_left_for_somebody_to_look_at() {
    let root = begun().unwrap();
    let list = root.path().join(".opsgen/local/journal/list");
    let text = fs::read(&list).unwrap();
    fs::write(&list, &text[..text.len() / 2]).unwrap();
    assert_eq!(reopened(root.path()).recover().unwrap_err().diagnostic().code, code::STUCK);
    assert!(list.exists());
}
