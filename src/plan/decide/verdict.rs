//! What the table says about one file.
//!
//! Plain values: action, record, what is written, where both sides clash.

use super::super::base::Base;
use super::super::entry::{Action, Record};
use super::super::existing::Content;
use super::super::merge::Conflict;
use crate::artifact::{Artifact, Mode};

#[derive(Debug, PartialEq, Eq)]
pub struct Verdict {
    pub action: Action,
    pub record: Record,
    /// What the file holds afterwards; nothing when it isn't touched.
    pub result: Option<Content>,
    pub conflicts: Vec<Conflict>,
    pub note: Option<String>,
}

impl Verdict {
    pub fn new(action: Action, record: Record) -> Self {
        Self { action, record, result: None, conflicts: Vec::new(), note: None }
    }

    /// Nothing happens, not even to the record.
    pub fn only(action: Action) -> Self {
        Self::new(action, Record::Keep)
    }

    pub fn stop(action: Action, note: impl Into<String>) -> Self {
        Self::only(action).note(note)
    }

    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }

    pub fn write(mut self, content: Content) -> Self {
        self.result = Some(content);
        self
    }

    pub fn clash(mut self, conflicts: Vec<Conflict>) -> Self {
        self.conflicts = conflicts;
        self
    }
}

/// The content of a render.
pub fn rendered(new: &Artifact) -> Content {
    Content { bytes: new.bytes.clone(), executable: new.executable }
}

/// The record that a write of this render leaves behind.
pub fn record(new: &Artifact, mode: Mode) -> Record {
    Record::Write(Base::of(new, mode))
}
