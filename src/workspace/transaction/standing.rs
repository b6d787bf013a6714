//! How far a committed list got, read from the disk; and which way it can go on.
//!
//! In: the list, its folder, the files. Out: forward, back, or the files that keep it from either.
//! A file that somebody changed after the crash is never written: it decides the way, or stops both.

use std::io;

use cap_std::fs::Dir;

use super::super::disk::{Lookup, join};
use super::super::print::{self, Print};
use super::super::state::State;
use super::{Journal, Left, Replay, Step, replaced, staged};
use crate::plan::Disk;

/// What is at the path of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Holds {
    Before,
    After,
    /// Nothing but the size of a file: what a power cut leaves of one that was never brought to the disk.
    Torn,
    /// Somebody changed it since.
    Else,
}

/// One step as it stands.
#[derive(Clone, Copy, Debug)]
struct Standing {
    holds: Holds,
    /// The new file still waits in the folder.
    waits: bool,
    /// … and is whole.
    ready: bool,
    /// The old file is there to be put back.
    kept: bool,
    removes: bool,
}

impl Standing {
    fn of(step: &Step, at: usize, folder: &str, lookup: &mut Lookup<'_>) -> Self {
        let holds = match lookup.at(&step.path) {
            disk if print::is(&disk, step.after.as_ref()) => Holds::After,
            disk if print::is(&disk, step.before.as_ref()) => Holds::Before,
            Disk::File(content) if content.bytes.iter().all(|byte| *byte == 0) => Holds::Torn,
            _ => Holds::Else,
        };
        let new = lookup.at(&join(folder, &staged(at)));
        let whole = |disk: &Disk, print: &Option<Print>| print.is_some() && print::is(disk, print.as_ref());
        Self {
            holds,
            waits: new != Disk::Absent,
            ready: whole(&new, &step.after),
            kept: step.before.is_none() || whole(&lookup.at(&join(folder, &replaced(at))), &step.before),
            removes: step.after.is_none(),
        }
    }

    fn goes_forward(self) -> bool {
        match self.holds {
            Holds::After => true,
            Holds::Before => self.removes || self.ready,
            Holds::Torn => self.ready,
            Holds::Else => self.removes || !self.waits,
        }
    }

    fn goes_back(self) -> bool {
        match self.holds {
            Holds::Before => true,
            Holds::After | Holds::Torn => self.kept,
            Holds::Else => self.removes || self.waits,
        }
    }

    /// Still to be done on the way forward.
    fn is_open(self) -> bool {
        matches!(self.holds, Holds::Before | Holds::Torn)
    }

    /// To be undone on the way back.
    fn is_done(self) -> bool {
        matches!(self.holds, Holds::After | Holds::Torn)
    }
}

/// Which way a list went in the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Forward,
    Back,
}

/// Why it went neither way.
#[derive(Debug)]
pub enum Stuck {
    /// Files that were changed since.
    Changed(Vec<String>),
    Io(String, io::Error),
    Left(Vec<String>),
}

impl Replay<'_> {
    /// Goes the way that is open: forward if it can.
    pub fn settle(&self) -> Result<Way, Stuck> {
        let found = self.standings();
        if found.iter().all(|step| step.goes_forward()) {
            self.forward(|at| found[at].is_open()).map_err(|failed| Stuck::Io(failed.path, failed.error))?;
            self.finish().map_err(|error| Stuck::Io(self.state.undo(), error))?;
            return Ok(Way::Forward);
        }
        if found.iter().all(|step| step.goes_back()) {
            let Left(left) = self.back(|at| found[at].is_done());
            return if left.is_empty() { Ok(Way::Back) } else { Err(Stuck::Left(left)) };
        }
        let changed = found.iter().zip(&self.journal.steps).filter(|(found, _)| found.holds == Holds::Else);
        Err(Stuck::Changed(changed.map(|(_, step)| step.path.clone()).collect()))
    }

    /// Takes back what this run did so far.
    pub fn take_back(&self) -> Left {
        let found = self.standings();
        self.back(|at| found[at].is_done())
    }

    fn standings(&self) -> Vec<Standing> {
        let (folder, mut lookup) = (self.state.journal(), Lookup::new(self.dir));
        let steps = self.journal.steps.iter().enumerate();
        steps.map(|(at, step)| Standing::of(step, at, &folder, &mut lookup)).collect()
    }
}

/// The list of a folder; nothing when it can't be trusted.
pub fn list(dir: &Dir, folder: &str, state: &State) -> Option<Journal> {
    match Lookup::new(dir).at(&format!("{folder}/{}", super::LIST)) {
        Disk::File(content) => Journal::decode(&content.bytes, state),
        _ => None,
    }
}
