//! What is on disk, and what opsgen last wrote: the two things a new render is compared with.
//!
//! In: values that `workspace` read. Out: comparisons. Refuses nothing.

use std::collections::BTreeMap;

use super::base::Base;
use super::text;

/// Bytes and the executable bit: all of a file that opsgen owns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Content {
    pub bytes: Vec<u8>,
    pub executable: bool,
}

impl Content {
    /// Equal to a reader: text is compared without regard to line endings.
    pub fn same(&self, other: &Self) -> bool {
        self.executable == other.executable && text::same(&self.bytes, &other.bytes)
    }
}

/// What was found at a path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Disk {
    #[default]
    Absent,
    File(Content),
    Directory,
    Symlink,
    /// A socket, a device, a pipe.
    Other,
    /// It is there, but reading it failed: why.
    Unreadable(String),
    /// A parent is no folder: which, and what it is instead.
    Behind {
        parent: String,
        kind: &'static str,
    },
    /// Nothing of this name, but of one that differs only in case.
    Folded(String),
}

impl Disk {
    /// What is in the way of a file, in words; nothing when a file can be written here.
    pub fn obstacle(&self) -> Option<String> {
        match self {
            Self::Absent | Self::File(_) => None,
            Self::Directory => Some("is a directory".into()),
            Self::Symlink => Some("is a symbolic link".into()),
            Self::Other => Some("is not a regular file".into()),
            Self::Unreadable(why) => Some(format!("can't be read: {why}")),
            Self::Behind { parent, kind } => Some(format!("its parent `{parent}` is {kind}")),
            Self::Folded(twin) => Some(format!("differs only in case from `{twin}`, which exists")),
        }
    }
}

/// A base file as it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recorded {
    Base(Base),
    /// Broken or with conflict markers of a git merge: its raw bytes.
    Unreadable(Vec<u8>),
}

/// Everything that a new render is compared with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Existing {
    /// By the path of the artifact.
    pub bases: BTreeMap<String, Recorded>,
    /// By the path from the top folder.
    pub disk: BTreeMap<String, Disk>,
    /// The spec that was last applied.
    pub spec: Option<Vec<u8>>,
}

impl Existing {
    /// What is at a path from the top folder.
    pub fn at(&self, target: &str) -> Disk {
        self.disk.get(target).cloned().unwrap_or(Disk::Absent)
    }
}
