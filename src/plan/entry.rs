//! The plan: what happens to every file, and what must still be true when it happens.
//!
//! Plain values. Preview, check and write take the same plan.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::base::Base;
use super::cause::Cause;
use super::existing::{Content, Disk, Recorded};
use super::identity::{Fate, Identity};
use super::merge::Conflict;
use crate::artifact::{At, Mode, Origin};

/// What happens to a file.
#[derive(
    Clone, Copy, Debug, Default, Hash, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Ours, not edited, no longer produced.
    Delete,
    /// Edited by the user and no longer produced: it stays and becomes theirs.
    Release,
    Create,
    Update,
    /// Edited by the user and changed by us, and both fit together.
    Merge,
    /// Right as it is, but under another name from now on.
    Move,
    /// Edited by the user and changed by us in the same place; both are written with marks between them.
    Marked,
    /// Edited by the user and changed by us in the same place.
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
    #[default]
    Same,
}

impl Action {
    /// Changes a file, or gives one up.
    pub fn is_change(self) -> bool {
        matches!(
            self,
            Self::Delete | Self::Release | Self::Create | Self::Update | Self::Merge | Self::Move | Self::Marked
        )
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
            Self::Merge => "merged",
            Self::Move => "moved",
            Self::Marked => "marked",
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
#[derive(Clone, Debug, Default, PartialEq, Eq)]
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
    /// The new render as it is, in the disk's line ending.
    pub new: Option<Content>,
    /// What the file holds afterwards, when it is written: the new render, a merge, or a merge with marks.
    pub result: Option<Content>,
    /// Path from the top folder under which it lies until now, when it moves.
    pub from: Option<String>,
    /// Path of the record that goes when this one is written: the name it had before.
    pub record_from: Option<String>,
    pub record: Record,
    /// Where both sides changed the same lines.
    pub conflicts: Vec<Conflict>,
    /// What keeps happening when the file is given up.
    pub live: Option<String>,
    /// Why, where the action alone doesn't say it.
    pub note: Option<String>,
}

impl Entry {
    /// What is written to the file itself.
    pub fn write(&self) -> Option<&Content> {
        self.result.as_ref()
    }

    /// Every name under which a person may know the file.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        [self.target.as_str(), self.path.as_str()].into_iter().chain(self.from.as_deref())
    }

    /// Where the file lies before the plan is carried out.
    pub fn source(&self) -> &str {
        self.from.as_deref().unwrap_or(&self.target)
    }

    /// The bytes before and after, for a diff; nothing where the file isn't touched or shown.
    pub fn sides(&self) -> (&[u8], &[u8]) {
        let old = match &self.disk {
            Disk::File(content) => content.bytes.as_slice(),
            _ => &[],
        };
        match self.action {
            Action::Delete => (old, &[]),
            _ if self.result.is_some() => (old, self.result.as_ref().map_or(&[], |content| content.bytes.as_slice())),
            Action::Conflict | Action::Unowned | Action::Locked | Action::Yours => {
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
    /// Only a part of what the spec asks for: the spec isn't recorded as applied.
    pub partial: bool,
    /// Why each hunk is there: by target, one list a hunk.
    pub causes: BTreeMap<String, Vec<Vec<Cause>>>,
    /// Names outside the tree that the spec calls otherwise now, or not at all.
    pub identities: Vec<Identity>,
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

    /// Names of which nobody said whether they were changed or given up: nothing is written while one stands.
    pub fn unsaid(&self) -> impl Iterator<Item = &Identity> {
        self.identities.iter().filter(|identity| identity.fate == Fate::Unsaid)
    }

    /// No file changes and nothing stands in the way; records may still be brought up to date.
    pub fn is_empty(&self) -> bool {
        self.changes().next().is_none() && self.stops().next().is_none()
    }

    /// Nothing was ever written here and nothing of ours is here yet.
    pub fn is_first(&self) -> bool {
        self.before.is_none() && self.entries.iter().all(|entry| entry.action == Action::Create)
    }

    /// Targets that lie outside the spec's own folder, where another spec may claim the same.
    pub fn shared(&self) -> impl Iterator<Item = &str> {
        let produced = self.entries.iter().filter(|entry| entry.new.is_some() && entry.at == At::Top);
        produced.map(|entry| entry.target.as_str())
    }

    pub fn count(&self, action: Action) -> usize {
        self.entries.iter().filter(|entry| entry.action == action).count()
    }
}
