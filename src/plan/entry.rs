//! The plan: what happens to every file, and what must still be true when it happens.
//!
//! Plain values. Preview, check and write take the same plan.

use serde::Serialize;

use super::base::Base;
use super::existing::{Content, Disk, Recorded};
use crate::artifact::{At, Mode, Origin};

/// What happens to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Ours, not edited, no longer produced.
    Delete,
    /// Edited by the user and no longer produced: it stays and becomes theirs.
    Release,
    Create,
    Update,
    /// Edited by the user and changed by us.
    Conflict,
    /// There, different, and never written by us.
    Unowned,
    /// Edited by the user although the file is locked.
    Locked,
    /// Something that isn't a file is in the way, or the path can't be ours.
    Blocked,
    /// Written by a blueprint that isn't known any more.
    Unclaimed,
    /// Edited by the user, unchanged by us.
    Kept,
    /// Deleted by the user: stays deleted.
    Gone,
    /// The user's own, and different from what we would write.
    Yours,
    /// Already there as we would write it: from now on ours.
    Adopt,
    /// Right on disk; only the record of it changes.
    Refresh,
    /// Gone from the disk and from the render; only the record of it goes.
    Forget,
    Same,
}

impl Action {
    /// Changes a file, or gives one up.
    pub fn is_change(self) -> bool {
        matches!(self, Self::Delete | Self::Release | Self::Create | Self::Update)
    }

    /// Stops the whole plan: nothing is written while one stands.
    pub fn is_stop(self) -> bool {
        matches!(self, Self::Conflict | Self::Unowned | Self::Locked | Self::Blocked | Self::Unclaimed)
    }

    /// As reports name it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Delete => "deleted",
            Self::Release => "released",
            Self::Create => "created",
            Self::Update => "updated",
            Self::Conflict => "conflict",
            Self::Unowned => "not ours",
            Self::Locked => "locked",
            Self::Blocked => "blocked",
            Self::Unclaimed => "unclaimed",
            Self::Kept => "kept",
            Self::Gone => "stays deleted",
            Self::Yours => "yours",
            Self::Adopt => "adopted",
            Self::Refresh | Self::Forget | Self::Same => "unchanged",
        }
    }
}

/// What happens to the record of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Record {
    #[default]
    Keep,
    Write(Base),
    Drop,
}

/// One file of the plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Path of the artifact, from the folder that `at` names.
    pub path: String,
    pub at: At,
    /// Path from the top folder: what is shown and written.
    pub target: String,
    pub action: Action,
    pub mode: Mode,
    pub origin: Origin,
    /// What must still be there when the plan is carried out.
    pub disk: Disk,
    /// The record that must still be there.
    pub recorded: Option<Recorded>,
    /// What we would write: the new render, in the disk's line ending.
    pub new: Option<Content>,
    pub record: Record,
    /// Why, where the action alone doesn't say it.
    pub note: Option<String>,
}

impl Entry {
    /// What is written to the file itself.
    pub fn write(&self) -> Option<&Content> {
        self.new.as_ref().filter(|_| matches!(self.action, Action::Create | Action::Update))
    }

    /// The bytes before and after, for a diff; nothing where the file isn't touched or shown.
    pub fn sides(&self) -> (&[u8], &[u8]) {
        let old = match &self.disk {
            Disk::File(content) => content.bytes.as_slice(),
            _ => &[],
        };
        match self.action {
            Action::Delete => (old, &[]),
            Action::Create | Action::Update | Action::Conflict | Action::Unowned | Action::Locked | Action::Yours => {
                (old, self.new.as_ref().map_or(&[], |content| content.bytes.as_slice()))
            }
            _ => (&[], &[]),
        }
    }
}

/// Everything that one `apply` would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Ordered by target.
    pub entries: Vec<Entry>,
    /// The spec's folder, from the top folder; empty when they are the same.
    pub prefix: String,
    /// The spec that this plan was made from.
    pub spec: Vec<u8>,
    /// The spec that was last applied.
    pub before: Option<Vec<u8>>,
}

impl Plan {
    /// Files that change, deletions first.
    pub fn changes(&self) -> impl Iterator<Item = &Entry> {
        let of = |delete: bool| {
            self.entries
                .iter()
                .filter(move |entry| entry.action.is_change() && (entry.action == Action::Delete) == delete)
        };
        of(true).chain(of(false))
    }

    /// What keeps the plan from being carried out.
    pub fn stops(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(|entry| entry.action.is_stop())
    }

    /// No file changes and nothing stands in the way; records may still be brought up to date.
    pub fn is_empty(&self) -> bool {
        self.changes().next().is_none() && self.stops().next().is_none()
    }

    /// Nothing was ever written here and nothing of ours is here yet.
    pub fn is_first(&self) -> bool {
        self.before.is_none() && self.entries.iter().all(|entry| entry.action == Action::Create)
    }

    pub fn count(&self, action: Action) -> usize {
        self.entries.iter().filter(|entry| entry.action == action).count()
    }
}
