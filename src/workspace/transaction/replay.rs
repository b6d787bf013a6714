//! Carries a committed list out, or takes it back: in the run that wrote it, and in one that finds it after a crash.
//!
//! In: the list, and the folder it lies in. Out: all of it done, or none of it.
//! Each step can be done again after a crash in the middle of it.

use std::io;

use cap_std::fs::Dir;

use super::super::state::State;
use super::{Failed, Journal, Step, Steps, keep, replaced, staged};
use crate::plan::paths;

/// Paths that couldn't be put back.
#[derive(Debug, Default)]
pub struct Left(pub Vec<String>);

pub struct Replay<'a> {
    pub dir: &'a Dir,
    pub state: &'a State,
    pub journal: &'a Journal,
    pub steps: Steps<'a>,
}

impl Replay<'_> {
    /// Moves every new file into its place, then removes what goes.
    pub fn forward(&self, open: impl Fn(usize) -> bool) -> Result<(), Failed> {
        self.make_folders()?;
        let steps = || self.journal.steps.iter().enumerate().filter(|(at, _)| open(*at));
        for (at, step) in steps().filter(|(_, step)| step.after.is_some()) {
            (self.steps)("move");
            self.place(&staged(&self.state.journal(), at), &step.path)
                .map_err(|error| Failed::at(&step.path, error))?;
        }
        for (_, step) in steps().filter(|(_, step)| step.after.is_none()) {
            (self.steps)("remove");
            self.dir.remove_file(&step.path).map_err(|error| Failed::at(&step.path, error))?;
        }
        self.drop_empty();
        Ok(())
    }

    fn make_folders(&self) -> Result<(), Failed> {
        for folder in &self.journal.folders {
            (self.steps)("folder");
            match self.dir.create_dir(folder) {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(Failed::at(folder, error)),
                _ => {}
            }
        }
        Ok(())
    }

    /// Moves a file over a path; across file systems by way of a copy beside it.
    fn place(&self, from: &str, to: &str) -> io::Result<()> {
        let error = match self.dir.rename(from, self.dir, to) {
            Ok(()) => return Ok(()),
            Err(error) => error,
        };
        match error.kind() {
            io::ErrorKind::NotFound => {
                if let Some(parent) = paths::parents(to).next() {
                    self.dir.create_dir_all(parent)?;
                }
                self.dir.rename(from, self.dir, to)
            }
            io::ErrorKind::CrossesDevices => {
                let beside = format!("{to}.opsgen-new");
                self.dir.copy(from, self.dir, &beside)?;
                self.dir.rename(&beside, self.dir, to)?;
                self.dir.remove_file(from)
            }
            _ => Err(error),
        }
    }

    /// Folders that a removed file leaves empty.
    fn drop_empty(&self) {
        for step in self.journal.steps.iter().filter(|step| step.after.is_none()) {
            for folder in paths::parents(&step.path) {
                if self.dir.remove_dir(folder).is_err() {
                    break;
                }
            }
        }
    }

    /// Puts everything back that is done, last first; then nothing is left of the list.
    pub fn back(&self, done: impl Fn(usize) -> bool) -> Left {
        let mut left = Vec::new();
        for (at, step) in self.journal.steps.iter().enumerate().rev().filter(|(at, _)| done(*at)) {
            (self.steps)("back");
            if self.restore(at, step).is_err() {
                left.push(step.path.clone());
            }
        }
        if left.is_empty() {
            for folder in self.journal.folders.iter().rev() {
                let _ = self.dir.remove_dir(folder);
            }
            self.discard();
        }
        Left(left)
    }

    fn restore(&self, at: usize, step: &Step) -> io::Result<()> {
        if step.before.is_none() {
            return self.dir.remove_file(&step.path);
        }
        let journal = self.state.journal();
        let copy = format!("{journal}/back");
        let _ = self.dir.remove_file(&copy);
        keep(self.dir, &replaced(&journal, at), &copy)?;
        self.place(&copy, &step.path)
    }

    /// From one moment to the next it is no journal any more, and then it goes.
    fn discard(&self) {
        (self.steps)("discard");
        let (journal, stage) = (self.state.journal(), self.state.stage());
        let _ = self.dir.remove_dir_all(&stage);
        if self.dir.rename(&journal, self.dir, &stage).is_ok() {
            let _ = self.dir.remove_dir_all(&stage);
        }
        for folder in paths::parents(&stage).take(2) {
            let _ = self.dir.remove_dir(folder);
        }
    }
}
