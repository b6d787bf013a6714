//! A merge, and what the user said about conflicts → the verdict.
//!
//! In: base, disk and render of one file. Out: a verdict. A merge that doesn't parse is never written without marks.

use super::super::Conflicts;
use super::super::entry::Action;
use super::super::existing::Content;
use super::super::merge::{Conflict, Favour, Merged, Rules, Sides, merge};
use super::super::text;
use super::verdict::{Verdict, record, rendered};
use crate::artifact::{Artifact, Mode};
use crate::format;

/// One file of which base, disk and render all differ.
pub struct Three<'a> {
    /// Nothing when opsgen never wrote it: what both have in common serves.
    pub base: Option<&'a Content>,
    pub disk: &'a Content,
    pub new: &'a Artifact,
    pub mode: Mode,
}

impl Three<'_> {
    /// The merge of the three, with conflicts settled as the user said.
    pub fn verdict(&self, conflicts: Conflicts) -> Verdict {
        match self.merged() {
            Some(merged) => self.settle(&merged, conflicts),
            None => self.opaque(conflicts),
        }
    }

    /// Nothing when one side isn't text.
    fn merged(&self) -> Option<Merged> {
        let (ours, theirs) = (text::lf(&self.disk.bytes)?, text::lf(&self.new.bytes)?);
        let base = match self.base {
            Some(base) => text::lf(&base.bytes)?.into_owned(),
            None => text::shared(&ours, &theirs),
        };
        let rules = rules(self.new);
        Some(merge(Sides { base: &base, ours: &ours, theirs: &theirs }, rules))
    }

    pub fn settle(&self, merged: &Merged, conflicts: Conflicts) -> Verdict {
        let told: Vec<Conflict> = merged.conflicts().cloned().collect();
        let favour = match conflicts {
            _ if told.is_empty() => Favour::Mine,
            Conflicts::Stop => return stop(told),
            Conflicts::Markers => return self.write(Action::Marked, merged.text(Favour::Markers)).clash(told),
            Conflicts::Mine => Favour::Mine,
            Conflicts::Theirs => Favour::Theirs,
        };
        let text = merged.text(favour);
        if !told.is_empty() && format::check(&self.new.format, &text).is_err() {
            return stop(told).note("settled that way it would no longer be well formed; settle it by hand");
        }
        self.write(Action::Merge, text).clash(told)
    }

    /// Bytes that can't be merged: one side as a whole, or a conflict.
    fn opaque(&self, conflicts: Conflicts) -> Verdict {
        match conflicts {
            Conflicts::Mine => Verdict::new(Action::Kept, record(self.new, self.mode)).note("your file stays"),
            Conflicts::Theirs => {
                let content = Content { executable: self.executable(), ..rendered(self.new) };
                Verdict::new(Action::Update, record(self.new, self.mode)).write(content)
            }
            _ => Verdict::stop(Action::Conflict, "you edited it, opsgen would change it too, and it isn't text"),
        }
    }

    fn write(&self, action: Action, text: String) -> Verdict {
        let bytes = text::as_on(&self.disk.bytes, text.as_bytes());
        let content = Content { bytes, executable: self.executable() };
        let record = record(self.new, self.mode);
        match content == *self.disk {
            true => Verdict::new(Action::Kept, record).note("your edit stays"),
            false => Verdict::new(action, record).write(content).note("your edit stays"),
        }
    }

    /// The bit that one side changed wins; without a base, the render's.
    fn executable(&self) -> bool {
        match self.base {
            Some(base) if base.executable != self.disk.executable => self.disk.executable,
            _ => self.new.executable,
        }
    }
}

/// What the merge must know about a render.
pub fn rules(new: &Artifact) -> Rules<'_> {
    Rules { format: &new.format, pins: &new.pins, keys: &new.keys }
}

fn stop(conflicts: Vec<Conflict>) -> Verdict {
    let places = match conflicts.len() {
        1 => "the same lines".to_owned(),
        many => format!("the same lines in {many} places"),
    };
    Verdict::stop(Action::Conflict, format!("you and opsgen changed {places}")).clash(conflicts)
}
