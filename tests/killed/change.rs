//! A tree of every kind of change, and what it is like.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use opsgen::artifact::{Artifact, Origin};
use opsgen::plan::{Options, Plan, plan};
use opsgen::workspace::{Place, Workspace};
use tempfile::TempDir;

/// Files of every kind of change; so many of each.
pub const EACH: usize = 12;

/// Everything but what is of this machine only: mode and content of files, and folders.
pub type Tree = BTreeMap<String, (u32, Vec<u8>)>;

fn artifact(path: String, text: String, executable: bool, moved_from: Option<String>) -> Artifact {
    let origin = Origin { blueprint: "test/one".into(), output: path.clone(), item: None };
    Artifact {
        path,
        bytes: text.into_bytes(),
        executable,
        format: "text".into(),
        origin,
        moved_from,
        ..Artifact::default()
    }
}

/// Files that stay, change, go, get another name, another mode, and come.
fn files(new: bool) -> Vec<Artifact> {
    let mut found = Vec::new();
    let version = if new { "new" } else { "old" };
    for at in 0..EACH {
        let path = |kind: &str| format!("d{}/{kind}/{at}.txt", at % 3);
        found.push(artifact(path("same"), format!("{at}\n"), false, None));
        found.push(artifact(path("changed"), format!("{version} {at}\n").repeat(at * 20 + 1), false, None));
        found.push(artifact(path("mode"), "#!/bin/sh\n".into(), new, None));
        match new {
            false => {
                found.push(artifact(path("gone"), format!("{at}\n"), false, None));
                found.push(artifact(path("before"), format!("{at}\n"), true, None));
            }
            true => {
                found.push(artifact(path("after"), format!("{at}\nmore\n"), true, Some(path("before"))));
                found.push(artifact(path("fresh/and/deep"), format!("{at}\n"), false, None));
            }
        }
    }
    found
}

pub fn planned(root: &Path, new: bool) -> (Workspace, Plan) {
    let workspace = Workspace::open(&Place::root(root).unwrap()).unwrap();
    let existing = workspace.read(&files(new)).unwrap();
    let options = Options { spec: format!("new: {new}\n").into_bytes(), ..Options::default() };
    (workspace, plan(files(new), &existing, &options))
}

pub fn apply(root: &Path, new: bool) {
    let (workspace, plan) = planned(root, new);
    workspace.apply(&plan).unwrap();
}

pub fn tree(root: &Path) -> Tree {
    fn walk(root: &Path, folder: &Path, found: &mut Tree) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
            let mode = fs::symlink_metadata(&path).unwrap().permissions().mode();
            if !path.is_dir() {
                found.insert(name, (mode, fs::read(&path).unwrap()));
            } else if name != ".opsgen/local" {
                found.insert(name, (mode, Vec::new()));
                walk(root, &path, found);
            }
        }
    }
    let mut found = Tree::new();
    walk(root, root, &mut found);
    found
}

/// In memory where that is possible: the disk would be waited for in every run.
pub fn folder() -> TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
}

pub fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let path = to.join(entry.file_name());
        if entry.path().is_dir() {
            fs::create_dir_all(&path).unwrap();
            copy(&entry.path(), &path);
        } else {
            fs::copy(entry.path(), path).unwrap();
        }
    }
}
