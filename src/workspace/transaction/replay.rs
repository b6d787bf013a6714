//! Carries a committed list out, or takes it back: in the run that wrote it, and in one that finds it after a crash.
//!
//! In: the list, and the folder it lies in. Out: all of it done, or none of it.
//! Each step can be done again after a crash in the middle of it.

use std::io;

use cap_std::fs::Dir;

use super::super::state::State;
use super::folders::Folders;
use super::{Failed, Journal, Step, Steps, keep, replaced, staged};
use crate::plan::paths;

/// Name of an old file on its way back.
const BACK: &str = "back";

/// Where a file from another file system waits for its rename.
fn beside(path: &str) -> String {
    format!("{path}.opsgen-new")
}

/// Paths that couldn't be put back.
#[derive(Debug, Default)]
pub struct Left(pub Vec<String>);

pub struct Replay<'a> {
    pub dir: &'a Dir,
    pub state: &'a State,
    pub journal: &'a Journal,
    pub steps: Steps<'a>,
    folders: Folders,
}

impl<'a> Replay<'a> {
    pub fn new(dir: &'a Dir, state: &'a State, journal: &'a Journal, steps: Steps<'a>) -> Self {
        Self { dir, state, journal, steps, folders: Folders::default() }
    }
}

impl Replay<'_> {
    /// Moves every new file into its place, then removes what goes.
    pub fn forward(&self, open: impl Fn(usize) -> bool) -> Result<(), Failed> {
        self.make_folders()?;
        let steps = || self.journal.steps.iter().enumerate().filter(|(at, _)| open(*at));
        let journal = self.state.journal();
        let waiting = self.dir.open_dir(&journal).map_err(|error| Failed::at(&journal, error))?;
        for (at, step) in steps().filter(|(_, step)| step.after.is_some()) {
            (self.steps)("move");
            self.place(&waiting, &staged(at), &step.path).map_err(|error| Failed::at(&step.path, error))?;
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
    fn place(&self, waiting: &Dir, from: &str, to: &str) -> io::Result<()> {
        let moved = self.folders.above(self.dir, to).and_then(|(folder, name)| waiting.rename(from, &folder, name));
        let Err(error) = moved else { return Ok(()) };
        match error.kind() {
            io::ErrorKind::NotFound => {
                if let Some(parent) = paths::parents(to).next() {
                    self.dir.create_dir_all(parent)?;
                }
                waiting.rename(from, self.dir, to)
            }
            io::ErrorKind::CrossesDevices => {
                let beside = beside(to);
                waiting.copy(from, self.dir, &beside)?;
                self.dir.rename(&beside, self.dir, to)?;
                waiting.remove_file(from)
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
        for step in self.journal.steps.iter().filter(|step| step.after.is_some()) {
            let _ = self.dir.remove_file(beside(&step.path));
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
        let journal = self.dir.open_dir(self.state.journal())?;
        let _ = journal.remove_file(BACK);
        keep(&journal, &replaced(at), &journal, BACK)?;
        self.place(&journal, BACK, &step.path)
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
