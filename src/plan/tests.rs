//! The decision table, row by row.

use super::*;
use crate::artifact::Origin;

fn artifact(path: &str, text: &str, mode: Mode) -> Artifact {
    Artifact {
        path: path.into(),
        at: At::Here,
        bytes: text.as_bytes().to_vec(),
        executable: false,
        format: "text".into(),
        mode,
        origin: Origin { blueprint: "test/one".into(), output: "a.tera".into(), item: None },
        ..Artifact::default()
    }
}

fn file(text: &str) -> Disk {
    Disk::File(Content { bytes: text.as_bytes().to_vec(), executable: false })
}

fn existing(base: Option<(&str, Mode)>, disk: Disk) -> Existing {
    let bases = base.map(|(text, mode)| ("f".into(), Recorded::Base(Base::of(&artifact("f", text, mode), mode))));
    Existing { bases: bases.into_iter().collect(), disk: BTreeMap::from([("f".into(), disk)]), spec: Some(Vec::new()) }
}

/// Action for base, disk and new text; an empty word is absent.
fn action(mode: Mode, base: &str, disk: &str, new: &str) -> Action {
    let base = (!base.is_empty()).then_some((base, mode));
    let disk = if disk.is_empty() { Disk::Absent } else { file(disk) };
    let new = if new.is_empty() { vec![] } else { vec![artifact("f", new, mode)] };
    let plan = plan(new, &existing(base, disk), &Options::default());
    plan.entries.first().map_or(Action::Same, |entry| entry.action)
}

#[test]
fn every_row_for_managed_files() {
    for (base, disk, new, expected) in [
        ("", "", "n", Action::Create),
        ("", "n", "n", Action::Adopt),
        ("", "d", "n", Action::Unowned),
        ("n", "n", "n", Action::Same),
        ("b", "n", "n", Action::Refresh),
        ("b", "b", "n", Action::Update),
        ("n", "d", "n", Action::Kept),
        ("b", "d", "n", Action::Conflict),
        ("b", "", "n", Action::Gone),
        ("b", "", "", Action::Forget),
        ("b", "b", "", Action::Delete),
        ("b", "d", "", Action::Release),
    ] {
        assert_eq!(action(Mode::Managed, base, disk, new), expected, "base {base:?} disk {disk:?} new {new:?}");
    }
}

#[test]
fn modes_change_the_rows() {
    for (mode, base, disk, new, expected) in [
        (Mode::Locked, "b", "b", "n", Action::Update),
        (Mode::Locked, "n", "d", "n", Action::Locked),
        (Mode::Seed, "", "", "n", Action::Create),
        (Mode::Seed, "", "d", "n", Action::Same),
        (Mode::Seed, "b", "b", "n", Action::Same),
        (Mode::Seed, "b", "d", "n", Action::Same),
        (Mode::Seed, "b", "", "n", Action::Gone),
        (Mode::Seed, "b", "b", "", Action::Release),
        (Mode::Yours, "", "", "n", Action::Yours),
        (Mode::Yours, "b", "b", "n", Action::Yours),
        (Mode::Yours, "b", "b", "", Action::Release),
        (Mode::Keys, "", "", "n", Action::Blocked),
        (Mode::Block, "", "", "n", Action::Create),
    ] {
        assert_eq!(action(mode, base, disk, new), expected, "{mode:?} base {base:?} disk {disk:?} new {new:?}");
    }
}

#[test]
fn seed_and_yours_keep_the_true_ancestor() {
    let seed = plan(
        vec![artifact("f", "n", Mode::Seed)],
        &existing(Some(("b", Mode::Managed)), file("b")),
        &Options::default(),
    );
    assert_eq!(seed.entries[0].record, Record::Keep);
    let back = plan(
        vec![artifact("f", "n", Mode::Managed)],
        &existing(Some(("b", Mode::Seed)), file("b")),
        &Options::default(),
    );
    assert_eq!(back.entries[0].action, Action::Update);
}

#[test]
fn the_last_pattern_of_the_spec_decides_the_mode() {
    let modes = vec![("**".into(), Mode::Yours), ("f".into(), Mode::Seed)];
    let options = Options { modes, ..Options::default() };
    let plan = plan(vec![artifact("f", "n", Mode::Managed)], &existing(None, Disk::Absent), &options);
    assert_eq!((plan.entries[0].mode, plan.entries[0].action), (Mode::Seed, Action::Create));
}

#[test]
fn line_endings_are_the_disks() {
    let base = Some(("a\nb\n", Mode::Managed));
    let same =
        plan(vec![artifact("f", "a\nb\n", Mode::Managed)], &existing(base, file("a\r\nb\r\n")), &Options::default());
    assert_eq!(same.entries[0].action, Action::Same);
    let changed =
        plan(vec![artifact("f", "a\nc\n", Mode::Managed)], &existing(base, file("a\r\nb\r\n")), &Options::default());
    assert_eq!(changed.entries[0].write().map(|new| new.bytes.as_slice()), Some(b"a\r\nc\r\n".as_slice()));
}

#[test]
fn the_executable_bit_counts() {
    let script = Artifact { executable: true, ..artifact("f", "n", Mode::Managed) };
    let plan = plan(vec![script], &existing(Some(("n", Mode::Managed)), file("n")), &Options::default());
    assert_eq!(plan.entries[0].action, Action::Update);
}

#[test]
fn what_is_in_the_way_blocks() {
    for disk in [
        Disk::Directory,
        Disk::Symlink,
        Disk::Other,
        Disk::Unreadable("no".into()),
        Disk::Behind { parent: "a".into(), kind: "a symbolic link" },
        Disk::Folded("F".into()),
    ] {
        let plan = plan(vec![artifact("f", "n", Mode::Managed)], &existing(None, disk.clone()), &Options::default());
        assert_eq!(plan.entries[0].action, Action::Blocked, "{disk:?}");
        assert!(plan.entries[0].note.is_some());
    }
}

#[test]
fn paths_that_cannot_be_ours_block() {
    for path in ["../x", ".git/config", ".opsgen/spec.yaml"] {
        let plan = plan(vec![artifact(path, "n", Mode::Managed)], &Existing::default(), &Options::default());
        assert_eq!(plan.entries[0].action, Action::Blocked, "{path}");
    }
}

#[test]
fn an_unreadable_record_makes_every_difference_yours() {
    let recorded = BTreeMap::from([("f".into(), Recorded::Unreadable(b"torn".to_vec()))]);
    let existing = Existing { bases: recorded, ..existing(None, file("d")) };
    let plan = plan(vec![artifact("f", "n", Mode::Managed)], &existing, &Options::default());
    assert_eq!(plan.entries[0].action, Action::Kept);
    assert!(matches!(plan.entries[0].record, Record::Write(_)));
}

#[test]
fn a_vanished_blueprint_stops_until_it_is_forgotten() {
    let existing = existing(Some(("b", Mode::Managed)), file("b"));
    let mut options = Options { blueprints: Some(BTreeSet::new()), ..Options::default() };
    assert_eq!(plan(vec![], &existing, &options).entries[0].action, Action::Unclaimed);
    options.forget.insert("test/one".into());
    assert_eq!(plan(vec![], &existing, &options).entries[0].action, Action::Release);
}

#[test]
fn a_deleted_file_comes_back_when_asked_for() {
    let existing = existing(Some(("b", Mode::Managed)), Disk::Absent);
    let options = Options { restore: BTreeSet::from(["f".to_owned()]), ..Options::default() };
    let plan = plan(vec![artifact("f", "n", Mode::Managed)], &existing, &options);
    assert_eq!(plan.entries[0].action, Action::Create);
}

#[test]
fn outputs_at_the_top_lie_outside_the_specs_folder() {
    let options = Options { prefix: "services/api".into(), ..Options::default() };
    let top = Artifact { at: At::Top, ..artifact("ci.yml", "n", Mode::Managed) };
    let plan = plan(vec![artifact("f", "n", Mode::Managed), top], &Existing::default(), &options);
    let targets: Vec<_> = plan.entries.iter().map(|entry| entry.target.as_str()).collect();
    assert_eq!(targets, ["ci.yml", "services/api/f"]);
}

#[test]
fn a_record_of_a_path_that_is_never_ours_touches_nothing() {
    let recorded = Recorded::Base(Base::of(&artifact(".git/config", "b", Mode::Managed), Mode::Managed));
    let existing = Existing {
        bases: BTreeMap::from([(".git/config".into(), recorded)]),
        disk: BTreeMap::from([(".git/config".into(), file("b"))]),
        spec: Some(Vec::new()),
    };
    assert_eq!(plan(vec![], &existing, &Options::default()).entries[0].action, Action::Forget);
}

#[test]
fn each_stop_says_what_to_do() {
    let plan = plan(vec![artifact("f", "n", Mode::Managed)], &existing(None, file("d")), &Options::default());
    let told = diagnostics(&plan);
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].code, code::UNOWNED);
    assert!(told[0].message.contains("`f`") && told[0].help.is_some());
}
