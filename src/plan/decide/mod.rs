//! The decision table: base, disk and new render of one file → what happens to it.
//!
//! In: the three states, the mode, and what the user said. Out: a verdict with action, record, content and note.
//! Never overwrites a line that a person wrote, unless told to.

mod region;
mod settle;
mod verdict;

use super::Options;
use super::base::{Base, has_conflict_markers, is_newer};
use super::entry::{Action, Record};
use super::existing::{Content, Disk, Recorded};
use crate::artifact::{Artifact, Mode};
use settle::Three;
use verdict::{record, rendered};

pub use verdict::Verdict;

/// A file that the render produces.
pub fn produced(base: Option<&Recorded>, disk: &Disk, new: &Artifact, mode: Mode, options: &Options) -> Verdict {
    match mode {
        Mode::Yours => yours(disk, new),
        Mode::Seed => seed(base, disk, new),
        _ => match (disk.obstacle(), mode) {
            (Some(why), _) => Verdict::stop(Action::Blocked, why),
            (None, Mode::Keys | Mode::Block) => region::produced(base, disk, new, mode, options),
            (None, _) => owned(base, disk, new, mode, options),
        },
    }
}

fn yours(disk: &Disk, new: &Artifact) -> Verdict {
    match disk {
        Disk::File(content) if content.same(&rendered(new)) => Verdict::only(Action::Same),
        _ => Verdict::only(Action::Yours).note("never written; `diff` shows what opsgen would write"),
    }
}

/// Written once; whatever stands there afterwards is the user's, and the base is frozen.
fn seed(base: Option<&Recorded>, disk: &Disk, new: &Artifact) -> Verdict {
    match (base, disk) {
        (None, Disk::Absent) => create(new, Mode::Seed),
        (None, Disk::File(content)) if content.same(&rendered(new)) => {
            Verdict::new(Action::Adopt, record(new, Mode::Seed))
        }
        (None, Disk::Behind { .. } | Disk::Folded(_)) => {
            Verdict::stop(Action::Blocked, disk.obstacle().unwrap_or_default())
        }
        (Some(_), Disk::Absent) => Verdict::only(Action::Gone),
        _ => Verdict::only(Action::Same),
    }
}

fn owned(base: Option<&Recorded>, disk: &Disk, new: &Artifact, mode: Mode, options: &Options) -> Verdict {
    let here = match disk {
        Disk::File(content) => Some(content),
        _ => None,
    };
    match (base, here) {
        (None, None) => create(new, mode),
        (None, Some(content)) if content.same(&rendered(new)) => Verdict::new(Action::Adopt, record(new, mode)),
        (None, Some(disk)) if options.adopt => Three { base: None, disk, new, mode }.verdict(options.conflicts),
        (None, Some(_)) => Verdict::stop(Action::Unowned, "opsgen didn't write this file and won't overwrite it"),
        (Some(_), None) => Verdict::only(Action::Gone),
        (Some(recorded), Some(content)) => three_way(recorded, content, new, mode, options),
    }
}

fn create(new: &Artifact, mode: Mode) -> Verdict {
    Verdict::new(Action::Create, record(new, mode)).write(rendered(new))
}

fn three_way(recorded: &Recorded, disk: &Content, new: &Artifact, mode: Mode, options: &Options) -> Verdict {
    let next = rendered(new);
    let fresh = refresh(recorded, new, mode);
    if disk.same(&next) {
        return settled(fresh);
    }
    if has_conflict_markers(&disk.bytes) {
        return Verdict::stop(Action::Conflict, "holds the marks of an unfinished merge");
    }
    let base = match recorded {
        Recorded::Base(base) => base,
        Recorded::Unreadable(bytes) => return unreadable(bytes, fresh, mode),
    };
    if disk.same(&base.content) {
        return Verdict::new(Action::Update, fresh).write(super::in_ending_of(disk, &next));
    }
    match mode {
        Mode::Locked if options.conflicts == super::Conflicts::Theirs => {
            Verdict::new(Action::Update, fresh).write(super::in_ending_of(disk, &next)).note("your edit goes")
        }
        Mode::Locked => Verdict::stop(Action::Locked, "the file is locked, and it was edited"),
        _ if next.same(&base.content) => Verdict::new(Action::Kept, fresh).note("your edit stays"),
        _ => Three { base: Some(&base.content), disk, new, mode }.verdict(options.conflicts),
    }
}

/// Right on disk; at most the record of it changes.
fn settled(record: Record) -> Verdict {
    Verdict::new(if record == Record::Keep { Action::Same } else { Action::Refresh }, record)
}

fn unreadable(bytes: &[u8], record: Record, mode: Mode) -> Verdict {
    match mode {
        _ if is_newer(bytes) => Verdict::stop(Action::Blocked, NEWER),
        Mode::Locked => Verdict::stop(Action::Locked, "the file is locked, and it was edited"),
        _ => Verdict::new(Action::Kept, record)
            .note("what opsgen last wrote here can't be read: every difference counts as yours"),
    }
}

/// Why a record of a format that isn't known yet stops everything.
const NEWER: &str = "was last written by a newer opsgen: take that one";

/// A file that the render no longer produces.
pub fn orphaned(base: &Recorded, disk: &Disk, mode: Mode) -> Verdict {
    let released = || Verdict::new(Action::Release, Record::Drop);
    match (base, disk) {
        (Recorded::Unreadable(bytes), _) if is_newer(bytes) => Verdict::stop(Action::Blocked, NEWER),
        (_, Disk::Absent) => Verdict::new(Action::Forget, Record::Drop),
        (_, Disk::Unreadable(why)) => Verdict::stop(Action::Blocked, format!("can't be read: {why}")),
        (Recorded::Base(base), Disk::File(content)) if matches!(mode, Mode::Keys | Mode::Block) => {
            region::orphaned(base, content, mode)
        }
        _ if matches!(mode, Mode::Seed | Mode::Yours) => released().note("no longer produced: it is yours and stays"),
        (Recorded::Base(base), Disk::File(content)) if content.same(&base.content) => {
            Verdict::new(Action::Delete, Record::Drop).note("no longer produced")
        }
        _ => released().note("no longer produced, but you changed it: it stays"),
    }
}

/// A file whose blueprint is unknown, so that nobody can say whether it should still be there.
pub fn unclaimed(base: &Base) -> Verdict {
    let id = &base.origin.blueprint;
    Verdict::stop(Action::Unclaimed, format!("written by the blueprint `{id}`, which isn't there any more"))
}

/// A file whose blueprint the user gave up: it stays, and is theirs.
pub fn forgotten(disk: &Disk) -> Verdict {
    match disk {
        Disk::Absent => Verdict::new(Action::Forget, Record::Drop),
        _ => Verdict::new(Action::Release, Record::Drop).note("its blueprint was given up: it stays"),
    }
}

/// A file that would go while nobody can say whether only its name changed.
pub fn lost() -> Verdict {
    let why = "would go, and `.opsgen/spec.yaml`, the spec last applied, can't be read: bring it back from git first";
    Verdict::stop(Action::Blocked, why)
}

/// The record after a run; unchanged when it already says the same.
fn refresh(recorded: &Recorded, new: &Artifact, mode: Mode) -> Record {
    let next = Base::of(new, mode);
    if matches!(recorded, Recorded::Base(base) if *base == next) { Record::Keep } else { Record::Write(next) }
}
