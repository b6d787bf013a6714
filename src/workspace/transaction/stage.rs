//! Prepares a transaction beside everything else: the new files, links to the old ones, and the list of both.
//!
//! In: operations. Out: the list, committed. Until the commit an error or an interrupt leaves nothing behind.

use std::collections::BTreeSet;
use std::io::{self, Write};

use cap_std::fs::{Dir, Metadata, OpenOptions, OpenOptionsExt, Permissions, PermissionsExt};

use super::super::disk::is_executable;
use super::super::print::Print;
use super::super::state::State;
use super::folders::Folders;
use super::{Failed, Journal, LIST, Operation, Step, Steps, Title, go, keep, replaced, staged, sync};
use crate::plan::paths;

pub struct Stage<'a> {
    dir: &'a Dir,
    state: &'a State,
    steps: Steps<'a>,
    folder: String,
    folders: Folders,
}

impl<'a> Stage<'a> {
    /// Makes the folder anew: what a crash left there is worth nothing.
    pub fn begin(dir: &'a Dir, state: &'a State, steps: Steps<'a>) -> Result<Self, Failed> {
        let folder = state.stage();
        let this = Self { dir, state, steps, folder, folders: Folders::default() };
        match this.make() {
            Ok(()) => Ok(this),
            Err(error) => {
                this.clean();
                Err(Failed::at(&this.folder, error))
            }
        }
    }

    fn make(&self) -> io::Result<()> {
        go(self.steps, "begin")?;
        if self.dir.symlink_metadata(&self.folder).is_ok() {
            self.dir.remove_dir_all(&self.folder)?;
        }
        self.dir.create_dir_all(&self.folder)
    }

    /// Prepares every operation and commits.
    pub fn fill(self, title: Title, operations: &[Operation]) -> Result<Journal, Failed> {
        let filled = self.prepare(title, operations).and_then(|journal| {
            self.commit(&journal).map_err(|error| Failed::at(&self.state.journal(), error))?;
            Ok(journal)
        });
        if filled.is_err() {
            self.clean();
        }
        filled
    }

    fn prepare(&self, title: Title, operations: &[Operation]) -> Result<Journal, Failed> {
        let folder = self.dir.open_dir(&self.folder).map_err(|error| Failed::at(&self.folder, error))?;
        let mut journal = Journal { title, ..Journal::default() };
        for (at, operation) in operations.iter().enumerate() {
            let step = self.step(&folder, at, operation).map_err(|error| Failed::at(operation.path(), error))?;
            journal.steps.push(step);
        }
        let written = operations.iter().filter(|operation| !matches!(operation, Operation::Remove { .. }));
        journal.folders = self.missing(written.map(Operation::path));
        Ok(journal)
    }

    fn step(&self, folder: &Dir, at: usize, operation: &Operation) -> io::Result<Step> {
        go(self.steps, "stage")?;
        let found = self.folders.found(self.dir, operation.path());
        let before = found.as_ref().map(|found| self.link(folder, at, operation.path(), found)).transpose()?;
        let after = match operation {
            Operation::Write { content, like, .. } => {
                let like = like.as_ref().map_or(found, |path| self.folders.found(self.dir, path));
                Some(write(folder, &staged(at), &content.bytes, kept_mode(like.as_ref(), content.executable))?)
            }
            Operation::Restore { bytes, mode, .. } => Some(write(folder, &staged(at), bytes, *mode)?),
            Operation::Remove { .. } => None,
        };
        Ok(Step { path: operation.path().to_owned(), before, after })
    }

    /// Holds on to the content that a path has now.
    fn link(&self, folder: &Dir, at: usize, path: &str, found: &Metadata) -> io::Result<Print> {
        if !found.is_file() {
            return Err(io::Error::new(io::ErrorKind::AlreadyExists, "something that isn't a file is there"));
        }
        let (above, name) = self.folders.above(self.dir, path)?;
        keep(&above, name, folder, &replaced(at))?;
        Ok(Print::of(&folder.read(replaced(at))?, mode(found)))
    }

    /// Folders above the paths that aren't there, outermost first.
    fn missing<'p>(&self, written: impl Iterator<Item = &'p str>) -> Vec<String> {
        let mut looked: BTreeSet<&str> = BTreeSet::new();
        let mut missing: BTreeSet<String> = BTreeSet::new();
        for path in written {
            for folder in paths::parents(path) {
                if !looked.insert(folder) {
                    break;
                }
                if self.dir.symlink_metadata(folder).is_err() {
                    missing.insert(folder.to_owned());
                }
            }
        }
        missing.into_iter().collect()
    }

    /// The list is on disk before the one rename that makes it count.
    fn commit(&self, journal: &Journal) -> io::Result<()> {
        go(self.steps, "list")?;
        write(&self.dir.open_dir(&self.folder)?, LIST, &journal.encode(), 0o644)?;
        let replaces = journal.steps.iter().any(|step| step.before.is_some());
        if replaces {
            sync::files(self.dir, &self.folder)?;
        }
        go(self.steps, "commit")?;
        let journal_folder = self.state.journal();
        self.dir.rename(&self.folder, self.dir, &journal_folder)?;
        let synced = if replaces { sync::names(self.dir, &self.state.local()) } else { Ok(()) };
        synced.inspect_err(|_| {
            let _ = self.dir.rename(&journal_folder, self.dir, &self.folder);
        })
    }

    fn clean(&self) {
        let _ = self.dir.remove_dir_all(&self.folder);
        for folder in paths::parents(&self.folder).take(2) {
            let _ = self.dir.remove_dir(folder);
        }
    }
}

fn write(folder: &Dir, name: &str, bytes: &[u8], mode: u32) -> io::Result<Print> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(mode);
    let mut file = folder.open_with(name, &options)?;
    file.write_all(bytes)?;
    file.set_permissions(Permissions::from_mode(mode))?;
    Ok(Print::of(bytes, mode))
}

/// The mode that the file has, as long as it says the same about running it.
fn kept_mode(found: Option<&Metadata>, executable: bool) -> u32 {
    match found {
        Some(found) if found.is_file() && is_executable(found) == executable => mode(found),
        _ if executable => 0o755,
        _ => 0o644,
    }
}

fn mode(found: &Metadata) -> u32 {
    found.permissions().mode() & 0o777
}
