//! Writes many files as one: stage all, then move them into place; an error takes everything back.
//!
//! In: operations on paths below one folder. Out: done, or as it was before.
//! A crash in the middle leaves the staged and the replaced files in the staging folder.

use std::io;

use cap_std::fs::{Dir, OpenOptions, OpenOptionsExt, Permissions, PermissionsExt};

use super::disk::is_executable;
use crate::plan::{Content, paths};

/// One change of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operation {
    /// `like` is the path of another file whose mode it takes over.
    Write {
        path: String,
        content: Content,
        like: Option<String>,
    },
    Remove {
        path: String,
    },
}

impl Operation {
    pub fn path(&self) -> &str {
        match self {
            Self::Write { path, .. } | Self::Remove { path } => path,
        }
    }
}

/// How one operation is taken back.
enum Undo {
    /// Move the replaced file back.
    Restore {
        from: String,
        to: String,
    },
    Remove(String),
}

/// A run over one folder.
pub struct Transaction<'a> {
    dir: &'a Dir,
    /// Staged and replaced files lie here.
    stage: String,
    /// Folders made, in order.
    made: Vec<String>,
    undo: Vec<Undo>,
}

/// What failed, and what couldn't be taken back.
pub struct Failed {
    pub path: String,
    pub error: io::Error,
    pub left: Vec<String>,
}

impl<'a> Transaction<'a> {
    /// Makes the staging folder; nothing else has happened when this fails.
    pub fn begin(dir: &'a Dir, stage: &str) -> io::Result<Self> {
        let mut run = Self { dir, stage: stage.to_owned(), made: Vec::new(), undo: Vec::new() };
        if dir.symlink_metadata(stage).is_ok() {
            dir.remove_dir_all(stage)?;
        }
        if let Err(error) = run.make_folders(&format!("{stage}/x")) {
            run.unmake();
            return Err(error);
        }
        Ok(run)
    }

    /// Carries the operations out in their order, or takes everything back.
    pub fn run(mut self, operations: &[Operation]) -> Result<(), Failed> {
        for step in [Self::prepare, Self::carry_out] {
            for (at, operation) in operations.iter().enumerate() {
                if let Err(error) = step(&mut self, at, operation) {
                    let left = self.take_back();
                    return Err(Failed { path: operation.path().to_owned(), error, left });
                }
            }
        }
        self.finish(operations);
        Ok(())
    }

    /// Writes the new content beside everything else.
    fn prepare(&mut self, at: usize, operation: &Operation) -> io::Result<()> {
        let Operation::Write { path, content, like } = operation else { return Ok(()) };
        let mode = self.mode(like.as_ref().unwrap_or(path), content.executable);
        let mut options = OpenOptions::new();
        options.write(true).create_new(true).mode(mode);
        let staged = self.staged(at);
        let mut file = self.dir.open_with(&staged, &options)?;
        io::Write::write_all(&mut file, &content.bytes)?;
        file.set_permissions(Permissions::from_mode(mode))
    }

    /// The mode that the file has, as long as it says the same about running it.
    fn mode(&self, path: &str, executable: bool) -> u32 {
        match self.dir.symlink_metadata(path) {
            Ok(found) if found.is_file() && is_executable(&found) == executable => found.permissions().mode() & 0o777,
            _ if executable => 0o755,
            _ => 0o644,
        }
    }

    fn carry_out(&mut self, at: usize, operation: &Operation) -> io::Result<()> {
        match operation {
            Operation::Write { path, .. } => self.put(at, path),
            Operation::Remove { path } => {
                let from = self.replaced(at);
                self.dir.rename(path, self.dir, &from)?;
                self.undo.push(Undo::Restore { from, to: path.clone() });
                Ok(())
            }
        }
    }

    fn put(&mut self, at: usize, path: &str) -> io::Result<()> {
        self.make_folders(path)?;
        let from = self.replaced(at);
        let undo = if self.dir.symlink_metadata(path).is_ok() {
            if self.dir.hard_link(path, self.dir, &from).is_err() {
                self.dir.copy(path, self.dir, &from)?;
            }
            Undo::Restore { from, to: path.to_owned() }
        } else {
            Undo::Remove(path.to_owned())
        };
        self.dir.rename(self.staged(at), self.dir, path)?;
        self.undo.push(undo);
        Ok(())
    }

    /// Every folder above a path, remembered so that it can be taken back.
    fn make_folders(&mut self, path: &str) -> io::Result<()> {
        let missing: Vec<&str> =
            paths::parents(path).take_while(|folder| self.dir.symlink_metadata(folder).is_err()).collect();
        for folder in missing.into_iter().rev() {
            self.dir.create_dir(folder)?;
            self.made.push(folder.to_owned());
        }
        Ok(())
    }

    /// Puts everything back; what couldn't be is named with where its old content lies.
    fn take_back(&mut self) -> Vec<String> {
        let mut left = Vec::new();
        for undo in self.undo.drain(..).rev() {
            let (path, done) = match &undo {
                Undo::Restore { from, to } => (to, self.dir.rename(from, self.dir, to)),
                Undo::Remove(path) => (path, self.dir.remove_file(path)),
            };
            if done.is_err() {
                left.push(path.clone());
            }
        }
        if left.is_empty() {
            self.clean();
            self.unmake();
        }
        left
    }

    fn unmake(&mut self) {
        for folder in self.made.drain(..).rev() {
            let _ = self.dir.remove_dir(folder);
        }
    }

    fn clean(&self) {
        let _ = self.dir.remove_dir_all(&self.stage);
    }

    /// Drops what was replaced, and folders that are empty now.
    fn finish(&self, operations: &[Operation]) {
        self.clean();
        let removed = operations.iter().filter(|operation| matches!(operation, Operation::Remove { .. }));
        let staging = [self.stage.as_str()];
        for path in removed.map(Operation::path).chain(staging) {
            for folder in paths::parents(path) {
                if self.dir.remove_dir(folder).is_err() {
                    break;
                }
            }
        }
    }

    fn staged(&self, at: usize) -> String {
        format!("{}/new-{at}", self.stage)
    }

    fn replaced(&self, at: usize) -> String {
        format!("{}/old-{at}", self.stage)
    }
}
