//! The folder `.opsgen`: what opsgen last wrote, beside the spec.
//!
//! In: the folder. Out: bases and the spec last applied. Refuses links and strange files in it.

use std::collections::BTreeMap;

use cap_std::fs::Dir;

use super::disk::{Lookup, join, list};
use super::failure::Failure;
use crate::plan::{Base, Content, Disk, Recorded, paths};

/// Keeps the bases out of diffs and statistics, and their bytes as they are.
const ATTRIBUTES: &str = "** -text -diff linguist-generated\n";

/// What is only of this machine.
const IGNORE: &str = "/local/\n";

/// Names inside the spec's folder.
#[derive(Clone, Debug)]
pub struct State {
    folder: String,
}

impl State {
    pub fn new(prefix: &str) -> Self {
        Self { folder: join(prefix, ".opsgen") }
    }

    /// Where the record of an artifact lies.
    pub fn base(&self, path: &str) -> String {
        format!("{}/base/{path}.base", self.folder)
    }

    pub fn spec(&self) -> String {
        format!("{}/spec.yaml", self.folder)
    }

    /// Things of this machine: never committed.
    pub fn local(&self) -> String {
        format!("{}/local", self.folder)
    }

    /// A file that opsgen keeps beside the spec and that a transaction may write.
    pub fn is_ours(&self, path: &str) -> bool {
        let Some(inside) = path.strip_prefix(&self.folder).and_then(|rest| rest.strip_prefix('/')) else {
            return false;
        };
        let base = inside.strip_prefix("base/").is_some_and(|base| paths::refusal(base).is_none());
        base || ["spec.yaml", ".gitattributes", ".gitignore"].contains(&inside)
    }

    /// The folder of such files, or one below it.
    pub fn is_folder(&self, path: &str) -> bool {
        path == self.folder || path == format!("{}/base", self.folder) || self.is_ours(path)
    }

    /// The folder of all records.
    pub fn bases(&self) -> String {
        format!("{}/base", self.folder)
    }

    /// What lay on disk after the last apply.
    pub fn cache(&self) -> String {
        format!("{}/cache", self.local())
    }

    /// Held while something is written.
    pub fn lock(&self) -> String {
        format!("{}/lock", self.local())
    }

    /// What is being prepared: worth nothing after a crash.
    pub fn stage(&self) -> String {
        format!("{}/stage", self.local())
    }

    /// What is being carried out: finished or taken back after a crash.
    pub fn journal(&self) -> String {
        format!("{}/journal", self.local())
    }

    /// What was carried out, by number.
    pub fn undo(&self) -> String {
        format!("{}/undo", self.local())
    }

    /// What is in the folder for things of this machine must be ours, or not be there yet: it is written and removed.
    pub fn check_local(&self, dir: &Dir) -> Result<(), Failure> {
        let mut lookup = Lookup::new(dir);
        for folder in [self.local(), self.stage(), self.journal(), self.undo()] {
            match lookup.at(&folder) {
                Disk::Absent | Disk::Directory => {}
                other => return Err(strange(&folder, &other)),
            }
        }
        read(&mut lookup, &self.lock()).map(drop)
    }

    /// Files that must stand beside the records.
    pub fn fixtures(&self) -> [(String, &'static str); 2] {
        [(format!("{}/.gitattributes", self.folder), ATTRIBUTES), (format!("{}/.gitignore", self.folder), IGNORE)]
    }

    /// The spec last applied.
    pub fn read_spec(&self, dir: &Dir) -> Result<Option<Vec<u8>>, Failure> {
        read(&mut Lookup::new(dir), &self.spec())
    }

    /// Every record, by the path of its artifact.
    pub fn read_bases(&self, dir: &Dir) -> Result<BTreeMap<String, Recorded>, Failure> {
        let root = format!("{}/base", self.folder);
        let mut lookup = Lookup::new(dir);
        let mut found = BTreeMap::new();
        match lookup.at(&root) {
            Disk::Absent => {}
            Disk::Directory => walk(dir, &mut lookup, &root, "", &mut found)?,
            other => return Err(strange(&root, &other)),
        }
        Ok(found)
    }
}

fn walk(
    dir: &Dir,
    lookup: &mut Lookup<'_>,
    root: &str,
    folder: &str,
    found: &mut BTreeMap<String, Recorded>,
) -> Result<(), Failure> {
    let here = if folder.is_empty() { root.to_owned() } else { format!("{root}/{folder}") };
    for name in list(dir, &here).map_err(|error| Failure::io(format!("can't list `{here}`"), error))? {
        let path = join(folder, &name);
        let full = format!("{root}/{path}");
        match (lookup.at(&full), path.strip_suffix(".base")) {
            (Disk::Directory, _) => walk(dir, lookup, root, &path, found)?,
            (Disk::File(Content { bytes, .. }), Some(artifact)) => {
                let recorded = Base::decode(&bytes).map_or(Recorded::Unreadable(bytes), Recorded::Base);
                found.insert(artifact.to_owned(), recorded);
            }
            (Disk::File(_), None) => {}
            (other, _) => return Err(strange(&full, &other)),
        }
    }
    Ok(())
}

/// The bytes of one of our own files.
pub fn read(lookup: &mut Lookup<'_>, path: &str) -> Result<Option<Vec<u8>>, Failure> {
    match lookup.at(path) {
        Disk::Absent => Ok(None),
        Disk::File(content) => Ok(Some(content.bytes)),
        other => Err(strange(path, &other)),
    }
}

fn strange(path: &str, disk: &Disk) -> Failure {
    match disk {
        Disk::Behind { parent, kind } => Failure::blocked(parent, kind),
        Disk::Symlink => Failure::blocked(path, "a symbolic link"),
        Disk::Directory => Failure::blocked(path, "a directory"),
        Disk::File(_) => Failure::blocked(path, "a file"),
        Disk::Unreadable(why) => Failure::blocked(path, &format!("unreadable ({why})")),
        Disk::Folded(twin) => Failure::blocked(twin, "a name that differs only in case from `.opsgen`"),
        Disk::Other | Disk::Absent => Failure::blocked(path, "not a regular file"),
    }
}
