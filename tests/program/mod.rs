//! Runs the program in a folder of its own, with nothing of the caller's environment that could change what it says.
#![allow(dead_code, reason = "each test binary uses its part")]

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// What a run said.
#[derive(Debug)]
pub struct Said {
    pub code: i32,
    pub out: String,
    pub talk: String,
}

/// A folder with a spec in it.
pub struct Project {
    dir: TempDir,
}

/// Everything of a tree that a run could change: kind, mode, time of the last write, content.
pub type Fingerprint = BTreeMap<PathBuf, (u32, i64, i64, Vec<u8>)>;

pub fn scenario(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots").join(name)
}

impl Project {
    /// An empty folder.
    pub fn empty() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }

    /// The spec of a scenario, as `spec.yaml`.
    pub fn of(name: &str) -> Self {
        let project = Self::empty();
        project.write("spec.yaml", fs::read(scenario(name).join("spec.yaml")).unwrap());
        project
    }

    /// A scenario that was applied.
    pub fn applied(name: &str) -> Self {
        let project = Self::of(name);
        project.run(&["apply", "--yes"]).code(0);
        project
    }

    /// The same tree in another folder.
    pub fn copied(&self) -> Self {
        let copy = Self::empty();
        let from = self.root().join(".");
        let copied = Command::new("cp").arg("-a").arg(from).arg(copy.root()).status().unwrap();
        assert!(copied.success());
        copy
    }

    pub fn root(&self) -> &Path {
        self.dir.path()
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    pub fn read(&self, path: &str) -> String {
        String::from_utf8(fs::read(self.path(path)).unwrap()).unwrap()
    }

    pub fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        fs::create_dir_all(self.path(path).parent().unwrap()).unwrap();
        fs::write(self.path(path), bytes).unwrap();
    }

    /// Replaces text that must be there.
    pub fn edit(&self, path: &str, old: &str, new: &str) {
        let text = self.read(path);
        assert!(text.contains(old), "{path} doesn't hold {old:?}");
        self.write(path, text.replace(old, new));
    }

    /// Says in the spec who owns a file.
    pub fn set_mode(&self, path: &str, mode: &str) {
        let line = format!("outputs:\n  \"{path}\": {mode}\n");
        let text = self.read("spec.yaml");
        let text = if text.contains("\noutputs:\n") { text.replace("outputs:\n", &line) } else { text + &line };
        self.write("spec.yaml", text);
    }

    pub fn run(&self, words: &[&str]) -> Said {
        said(&self.command(words).output().unwrap())
    }

    /// The program, ready to run here.
    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_opsgen"));
        command.current_dir(self.root()).args(words).stdin(Stdio::null());
        for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "SOURCE_DATE_EPOCH", "TERM", "COLUMNS"] {
            command.env_remove(name);
        }
        command.env("OPSGEN_TODAY", "2026-11-21");
        command
    }

    /// Mode and content of everything but what is of this machine only.
    pub fn content(&self) -> BTreeMap<PathBuf, (u32, Vec<u8>)> {
        let local = self.path(".opsgen/local");
        let kept = self.fingerprint().into_iter().filter(|(path, _)| !path.starts_with(&local));
        kept.map(|(path, (mode, _, _, bytes))| (path, (mode, bytes))).collect()
    }

    pub fn fingerprint(&self) -> Fingerprint {
        let mut found = Fingerprint::new();
        walk(self.root(), &mut found);
        found
    }
}

pub fn said(output: &Output) -> Said {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Said { code: output.status.code().unwrap_or(-1), out: text(&output.stdout), talk: text(&output.stderr) }
}

impl Said {
    /// Fails unless the run ended with this code.
    #[track_caller]
    pub fn code(&self, code: i32) -> &Self {
        assert_eq!(self.code, code, "\nstdout: {}\nstderr: {}", self.out, self.talk);
        self
    }

    /// Fails unless the talk holds the words.
    #[track_caller]
    pub fn says(&self, words: &str) -> &Self {
        assert!(self.talk.contains(words), "no {words:?} in\n{}", self.talk);
        self
    }

    /// Fails unless the data holds the words.
    #[track_caller]
    pub fn shows(&self, words: &str) -> &Self {
        assert!(self.out.contains(words), "no {words:?} in\n{}", self.out);
        self
    }
}

fn walk(path: &Path, found: &mut Fingerprint) {
    let metadata = fs::symlink_metadata(path).unwrap();
    let content = if metadata.is_symlink() {
        fs::read_link(path).unwrap().into_os_string().into_encoded_bytes()
    } else if metadata.is_file() {
        fs::read(path).unwrap_or_default()
    } else {
        Vec::new()
    };
    found.insert(path.to_owned(), (metadata.mode(), metadata.mtime(), metadata.mtime_nsec(), content));
    if metadata.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            walk(&entry.unwrap().path(), found);
        }
    }
}
