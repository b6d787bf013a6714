//! Plans carried out on real folders.

mod carried_out;
mod crashed;
mod faults;
mod locked;
mod marked;
mod renamed;
mod undone;

use std::fs;
use std::path::Path;

use super::*;
use crate::artifact::{Artifact, At, Mode, Origin};
use crate::plan::{Action, Base, Content, Disk, Entry, Plan, Record, plan};

fn artifact(path: &str, text: &str) -> Artifact {
    Artifact {
        path: path.into(),
        at: At::Here,
        bytes: text.as_bytes().to_vec(),
        executable: path.starts_with("bin/"),
        format: "text".into(),
        mode: Mode::Managed,
        origin: Origin { blueprint: "test/one".into(), output: "a.tera".into(), item: None },
        ..Artifact::default()
    }
}

fn planned(root: &Path, files: &[(&str, &str)]) -> (Workspace, Plan) {
    let workspace = Workspace::open(&Place::root(root).unwrap()).unwrap();
    let artifacts: Vec<Artifact> = files.iter().map(|(path, text)| artifact(path, text)).collect();
    let existing = workspace.read(&artifacts).unwrap();
    let options = Options { spec: format!("{files:?}").into_bytes(), ..Options::default() };
    let plan = plan(artifacts, &existing, &options);
    (workspace, plan)
}

fn apply(root: &Path, files: &[(&str, &str)]) {
    let (workspace, plan) = planned(root, files);
    workspace.apply(&plan).unwrap();
}

/// A folder in memory where there is one: for tests that write a hundred times, and would wait for the disk each time.
fn folder() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
}

/// What lies in the folder for things of this machine.
fn local(root: &Path) -> Vec<String> {
    let entries = fs::read_dir(root.join(".opsgen/local")).into_iter().flatten();
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn mode(path: &Path) -> u32 {
    std::os::unix::fs::PermissionsExt::mode(&fs::metadata(path).unwrap().permissions()) & 0o777
}
