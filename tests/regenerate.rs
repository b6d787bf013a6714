//! The decision table, a folder a row: what opsgen last wrote, what is on disk, the new render, and what comes of it.
//!
//! `snapshots/regenerate/<case>/`: `case.yaml` says what is special, `base`, `ours`, `theirs` are the three versions (no file: absent),
//! `expected` is the file afterwards. Each case runs in a folder of its own, through the real workspace.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use opsgen::artifact::{Artifact, Mode, Origin, Pin};
use opsgen::plan::{self, Action, Base, Conflicts, Content, Options, Plan, mode_of};
use opsgen::workspace::{Place, Workspace};
use serde::Deserialize;

/// What is special about a case.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    /// The row of the table, in words.
    row: String,
    /// What happens to the file.
    action: String,
    #[serde(default = "file")]
    path: String,
    #[serde(default = "text")]
    format: String,
    #[serde(default = "managed")]
    mode: String,
    /// The mode when it was last written.
    base_mode: Option<String>,
    /// Versions that may be run: base, ours, theirs.
    #[serde(default)]
    executable: Vec<String>,
    /// stop, markers, mine, theirs
    conflicts: Option<String>,
    #[serde(default)]
    adopt: bool,
    #[serde(default)]
    restore: bool,
    /// The blueprint is gone; `forget` gives it up.
    #[serde(default)]
    blueprint_gone: bool,
    #[serde(default)]
    forget: bool,
    /// Where base and ours lie, when the file has another name now.
    before: Option<String>,
    moved_from: Option<String>,
    item: Option<String>,
    before_item: Option<String>,
    renamed: Option<(String, String)>,
    /// What is in the way: directory, symlink, folded.
    obstacle: Option<String>,
    live: Option<String>,
    #[serde(default)]
    pins: Vec<Pin>,
    #[serde(default)]
    keys: BTreeMap<String, Vec<String>>,
    /// Bytes of the `.base` file as it was found, instead of a sound one.
    torn_base: Option<String>,
    /// The spec last applied isn't there any more.
    #[serde(default)]
    past_lost: bool,
    /// Nothing is written: the action stops the plan.
    #[serde(default)]
    stops: bool,
    /// What becomes of the record: kept, new, gone.
    record: String,
}

fn file() -> String {
    "f".into()
}
fn text() -> String {
    "text".into()
}
fn managed() -> String {
    "managed".into()
}

/// A case in its own folder.
struct Run {
    folder: PathBuf,
    case: Case,
    root: tempfile::TempDir,
}

impl Run {
    fn of(folder: &Path) -> Self {
        let case = fs::read_to_string(folder.join("case.yaml")).unwrap();
        let case = serde_saphyr::from_str(&case).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        let run = Self { folder: folder.to_owned(), case, root: tempfile::tempdir().unwrap() };
        run.lay();
        run
    }

    fn version(&self, name: &str) -> Option<Vec<u8>> {
        fs::read(self.folder.join(name)).ok()
    }

    fn mode(&self) -> Mode {
        mode_of(&self.case.mode).unwrap()
    }

    fn artifact(&self, name: &str) -> Option<Artifact> {
        let case = &self.case;
        let was = name == "base";
        Some(Artifact {
            path: case.before.clone().filter(|_| was).unwrap_or_else(|| case.path.clone()),
            bytes: self.version(name)?,
            executable: case.executable.iter().any(|version| version == name),
            format: case.format.clone(),
            mode: self.mode(),
            origin: Origin {
                blueprint: "area/name".into(),
                output: "file.tera".into(),
                item: if was { case.before_item.clone().or(case.item.clone()) } else { case.item.clone() },
            },
            pins: case.pins.clone(),
            keys: case.keys.clone(),
            moved_from: case.moved_from.clone(),
            live: case.live.clone(),
            ..Artifact::default()
        })
    }

    fn write(&self, path: &str, bytes: &[u8], executable: bool) {
        let path = self.root.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(if executable { 0o755 } else { 0o644 })).unwrap();
    }

    /// The folder as the user has it.
    fn lay(&self) {
        let case = &self.case;
        let before = case.before.as_deref().unwrap_or(&case.path);
        if !case.past_lost {
            self.write(".opsgen/spec.yaml", b"name: x\n", false);
        }
        if let Some(base) = self.artifact("base") {
            let mode = case.base_mode.as_deref().map_or(self.mode(), |mode| mode_of(mode).unwrap());
            let bytes = case.torn_base.clone().map_or_else(|| Base::of(&base, mode).encode(), String::into_bytes);
            self.write(&format!(".opsgen/base/{before}.base"), &bytes, false);
        }
        if let Some(ours) = self.artifact("ours") {
            self.write(before, &ours.bytes, ours.executable);
        }
        if let Some(taken) = self.version("ours-new") {
            self.write(&case.path, &taken, false);
        }
        let path = self.root.path().join(&case.path);
        match case.obstacle.as_deref() {
            Some("parent") => fs::write(path.parent().unwrap(), "").unwrap(),
            Some("directory") => fs::create_dir(path).unwrap(),
            Some("symlink") => symlink("elsewhere", path).unwrap(),
            Some("folded") => fs::write(self.root.path().join(case.path.to_uppercase()), "").unwrap(),
            _ => {}
        }
    }

    fn options(&self) -> Options {
        let case = &self.case;
        let known: &[&str] = if case.blueprint_gone { &[] } else { &["area/name"] };
        Options {
            conflicts: match case.conflicts.as_deref() {
                Some("markers") => Conflicts::Markers,
                Some("mine") => Conflicts::Mine,
                Some("theirs") => Conflicts::Theirs,
                _ => Conflicts::Stop,
            },
            adopt: case.adopt,
            restore: BTreeSet::from_iter(case.restore.then(|| case.path.clone())),
            blueprints: Some(known.iter().map(|id| (*id).to_owned()).collect()),
            forget: BTreeSet::from_iter(case.forget.then(|| "area/name".to_owned())),
            renames: case.renamed.clone().into_iter().collect(),
            ..Options::default()
        }
    }

    fn workspace(&self) -> Workspace {
        Workspace::open(&Place::root(self.root.path()).unwrap()).unwrap()
    }

    fn plan(&self) -> Plan {
        let artifacts: Vec<Artifact> = self.artifact("theirs").into_iter().collect();
        let existing = self.workspace().read(&artifacts).unwrap();
        plan::plan(artifacts, &existing, &self.options())
    }

    fn base(&self, path: &str) -> Option<Vec<u8>> {
        fs::read(self.root.path().join(format!(".opsgen/base/{path}.base"))).ok()
    }

    fn check(&self) {
        let (name, case) = (self.folder.file_name().unwrap().to_string_lossy(), &self.case);
        let plan = self.plan();
        let own = plan.entries.iter().find(|entry| entry.target == case.path);
        let action = own.map_or(Action::Same, |entry| entry.action);
        let word = serde_json::to_value(action).unwrap();
        assert_eq!(word, case.action.as_str(), "{name}: {:?}", own.and_then(|entry| entry.note.as_ref()));
        assert_eq!(plan.stops().next().is_some(), case.stops, "{name}: stops");
        let before = self.base(case.before.as_deref().unwrap_or(&case.path));
        match case.stops {
            true => assert!(self.workspace().apply(&plan).is_err(), "{name}: a plan with a stop was carried out"),
            false => drop(self.workspace().apply(&plan).unwrap()),
        }
        self.compare(&name);
        self.recorded(&name, before);
        if !case.stops && action != Action::Marked {
            let again = self.plan();
            assert!(again.is_empty() || action == Action::Release, "{name}: not settled: {:?}", again.entries);
        }
    }

    /// The file is as it should be, and nothing is left under its old name.
    fn compare(&self, name: &str) {
        let path = self.root.path().join(&self.case.path);
        let found = fs::read(&path).ok();
        let golden = self.folder.join("expected");
        if std::env::var("SNAPSHOTS").as_deref() == Ok("overwrite") {
            let _ = fs::remove_file(&golden);
            if let Some(found) = &found {
                fs::write(&golden, found).unwrap();
            }
        }
        let shown = |bytes: Option<Vec<u8>>| bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        let same = found == fs::read(&golden).ok();
        assert!(same, "{name}: expected {:?}, found {:?}", shown(fs::read(&golden).ok()), shown(found));
        if let Some(before) = &self.case.before
            && !self.case.stops
            && self.version("ours-new").is_none()
        {
            assert!(!self.root.path().join(before).exists(), "{name}: still there");
        }
        if let Some(run) = self.case.executable.iter().find_map(|version| version.strip_prefix("expected")) {
            let found = fs::metadata(&path).unwrap().permissions().mode() & 0o111 != 0;
            assert_eq!(found, run.is_empty(), "{name}: may it be run?");
        }
    }

    fn recorded(&self, name: &str, before: Option<Vec<u8>>) {
        let moved = self.case.before.as_deref().filter(|_| self.case.stops);
        let after = self.base(moved.unwrap_or(&self.case.path));
        match self.case.record.as_str() {
            "kept" => assert_eq!(after, before, "{name}: record"),
            "gone" => assert_eq!(after, None, "{name}: record"),
            "new" => {
                let content = after.as_deref().and_then(Base::decode).map(|base| base.content);
                let new = self.artifact("theirs").map(|new| Content { bytes: new.bytes, executable: new.executable });
                assert_eq!(content, new, "{name}: record");
            }
            other => panic!("{name}: record: {other}?"),
        }
    }
}

#[test]
fn every_row_of_the_table() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots/regenerate");
    let mut cases: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    assert!(cases.len() >= 60, "{} cases", cases.len());
    let mut rows = BTreeSet::new();
    let mut failed = 0;
    for case in &cases {
        let run = Run::of(case);
        assert!(rows.insert(run.case.row.clone()), "{}: the row stands twice", case.display());
        failed += usize::from(std::panic::catch_unwind(|| run.check()).is_err());
    }
    assert_eq!(failed, 0, "of {} cases", cases.len());
}
