//! The decision table: base, disk and new render of one file → what happens to it.
//!
//! In: the three states and the mode. Out: action, record and note; `None` where nothing is to be said.
//! Never merges: a file that both sides changed is a conflict.

use super::base::{Base, mode_name};
use super::entry::{Action, Record};
use super::existing::{Content, Disk, Recorded};
use crate::artifact::{Artifact, Mode};

/// What the table says about one file.
#[derive(Debug, PartialEq, Eq)]
pub struct Verdict {
    pub action: Action,
    pub record: Record,
    pub note: Option<String>,
}

impl Verdict {
    fn new(action: Action, record: Record) -> Self {
        Self { action, record, note: None }
    }

    fn only(action: Action) -> Self {
        Self::new(action, Record::Keep)
    }

    pub fn stop(action: Action, note: impl Into<String>) -> Self {
        Self { action, record: Record::Keep, note: Some(note.into()) }
    }

    fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }
}

/// A file that the render produces.
pub fn produced(base: Option<&Recorded>, disk: &Disk, new: &Artifact, mode: Mode) -> Verdict {
    match mode {
        Mode::Yours => yours(disk, new),
        Mode::Seed => seed(base, disk, new),
        Mode::Keys | Mode::Block => {
            Verdict::stop(Action::Blocked, format!("mode `{}` can't be applied yet", mode_name(mode)))
        }
        Mode::Managed | Mode::Locked => match disk.obstacle() {
            Some(why) => Verdict::stop(Action::Blocked, why),
            None => owned(base, disk, new, mode),
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
        (None, Disk::Absent) => Verdict::new(Action::Create, write(new, Mode::Seed)),
        (None, Disk::File(content)) if content.same(&rendered(new)) => {
            Verdict::new(Action::Adopt, write(new, Mode::Seed))
        }
        (None, Disk::Behind { .. } | Disk::Folded(_)) => {
            Verdict::stop(Action::Blocked, disk.obstacle().unwrap_or_default())
        }
        (Some(_), Disk::Absent) => Verdict::only(Action::Gone),
        _ => Verdict::only(Action::Same),
    }
}

fn owned(base: Option<&Recorded>, disk: &Disk, new: &Artifact, mode: Mode) -> Verdict {
    let next = rendered(new);
    let here = match disk {
        Disk::File(content) => Some(content),
        _ => None,
    };
    match (base, here) {
        (None, None) => Verdict::new(Action::Create, write(new, mode)),
        (None, Some(content)) if content.same(&next) => Verdict::new(Action::Adopt, write(new, mode)),
        (None, Some(_)) => Verdict::stop(Action::Unowned, "opsgen didn't write this file and won't overwrite it"),
        (Some(_), None) => Verdict::only(Action::Gone),
        (Some(recorded), Some(content)) => three_way(recorded, content, new, mode),
    }
}

fn three_way(recorded: &Recorded, disk: &Content, new: &Artifact, mode: Mode) -> Verdict {
    let next = rendered(new);
    let record = refresh(recorded, new, mode);
    if disk.same(&next) {
        let action = if record == Record::Keep { Action::Same } else { Action::Refresh };
        return Verdict::new(action, record);
    }
    let edited = match recorded {
        Recorded::Base(base) if disk.same(&base.content) => return Verdict::new(Action::Update, record),
        Recorded::Base(base) if !next.same(&base.content) => {
            return Verdict::stop(Action::Conflict, "you edited it, and opsgen would change it too");
        }
        Recorded::Base(_) => "your edit stays",
        Recorded::Unreadable(_) => "what opsgen last wrote here can't be read: every difference counts as yours",
    };
    match mode {
        Mode::Locked => Verdict::stop(Action::Locked, "the file is locked, and it was edited"),
        _ => Verdict::new(Action::Kept, record).note(edited),
    }
}

/// A file that the render no longer produces.
pub fn orphaned(base: &Recorded, disk: &Disk, mode: Mode) -> Verdict {
    match (base, disk) {
        (_, Disk::Absent) => Verdict::new(Action::Forget, Record::Drop),
        (_, Disk::Unreadable(why)) => Verdict::stop(Action::Blocked, format!("can't be read: {why}")),
        (Recorded::Base(base), Disk::File(content)) if mode != Mode::Yours && content.same(&base.content) => {
            Verdict::new(Action::Delete, Record::Drop).note("no longer produced")
        }
        _ => Verdict::new(Action::Release, Record::Drop).note("no longer produced, but you changed it: it stays"),
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

fn rendered(new: &Artifact) -> Content {
    Content { bytes: new.bytes.clone(), executable: new.executable }
}

fn write(new: &Artifact, mode: Mode) -> Record {
    Record::Write(Base::of(new, mode))
}

/// The record after a run; unchanged when it already says the same.
fn refresh(recorded: &Recorded, new: &Artifact, mode: Mode) -> Record {
    let next = Base::of(new, mode);
    if matches!(recorded, Recorded::Base(base) if *base == next) { Record::Keep } else { Record::Write(next) }
}
