//! The table where opsgen owns only a part of a user's file: its keys, or the lines between its marks.
//!
//! In: base, disk and render. Out: a verdict on the whole file. Deleting takes the part out, never the file.

use super::super::base::Base;
use super::super::entry::{Action, Record};
use super::super::existing::{Content, Disk, Recorded};
use super::super::merge::{Favour, Merged};
use super::super::region::block::Marks;
use super::super::region::keys;
use super::super::{Options, text};
use super::settle::{Three, rules};
use super::verdict::{Verdict, record, rendered};
use crate::artifact::{Artifact, Mode};

/// Why our part can't be looked at.
const NOT_TEXT: &str = "isn't text, so a part of it can't be ours";

/// A file of which the render is a part.
pub fn produced(base: Option<&Recorded>, disk: &Disk, new: &Artifact, mode: Mode, options: &Options) -> Verdict {
    if let Some(why) = unfit(base, new, mode) {
        return Verdict::stop(Action::Blocked, why);
    }
    let base = match base {
        Some(Recorded::Base(base)) => Some(Some(&base.content)),
        // An unreadable record: what is new serves as base.
        Some(Recorded::Unreadable(_)) => Some(None),
        None => None,
    };
    let part = Part { base, new, mode, options };
    match (disk, mode) {
        (Disk::File(content), Mode::Keys) => part.keys(content),
        (Disk::File(content), _) => part.block(content),
        (_, _) if base.is_some() => Verdict::only(Action::Gone),
        (_, Mode::Keys) => Verdict::new(Action::Create, record(new, mode)).write(rendered(new)),
        _ => part.block_of_its_own(),
    }
}

/// Why a render can't be a part of a file.
fn unfit(base: Option<&Recorded>, new: &Artifact, mode: Mode) -> Option<&'static str> {
    let whole =
        matches!(base, Some(Recorded::Base(base)) if !matches!(base.mode, Mode::Keys | Mode::Block | Mode::Yours));
    match mode {
        Mode::Keys if new.format != "toml" => {
            Some("isn't TOML, and only keys of a TOML file can be ours: take another mode")
        }
        Mode::Block if new.executable || new.bytes.starts_with(b"#!") => {
            Some("is a script, which can't be a part of a file: take another mode")
        }
        Mode::Block if whole => {
            Some("was written whole until now: delete it and run with `--restore`, or take another mode")
        }
        _ => None,
    }
}

/// A file of which the render is no longer a part.
pub fn orphaned(base: &Base, disk: &Content, mode: Mode) -> Verdict {
    let Some((disk_text, base_text)) = text::lf(&disk.bytes).zip(text::lf(&base.content.bytes)) else {
        return Verdict::new(Action::Release, Record::Drop).note(NOT_TEXT);
    };
    let without = match mode {
        Mode::Keys => Ok(Some(keys::merge(Some(&base_text), &disk_text, None, &base.keys).text(Favour::Mine))),
        _ => without_block(base, &disk_text, &base_text),
    };
    match without {
        Ok(Some(left)) if left == disk_text => Verdict::new(Action::Forget, Record::Drop),
        Ok(Some(left)) => Verdict::new(Action::Update, Record::Drop)
            .write(on(disk, &left))
            .note("no longer produced: its part of the file goes"),
        Ok(None) => {
            Verdict::new(Action::Release, Record::Drop).note("no longer produced, but you changed it: it stays")
        }
        Err(torn) => Verdict::stop(Action::Blocked, torn),
    }
}

/// The file without an unedited block; nothing when it was edited.
fn without_block(base: &Base, disk: &str, last: &str) -> Result<Option<String>, String> {
    let marks = marks(&base.format, &base.origin.blueprint)?;
    match marks.find(disk)? {
        Some(region) if region != last => Ok(None),
        _ => marks.remove(disk).map(Some),
    }
}

fn marks(format: &str, blueprint: &str) -> Result<Marks, String> {
    Marks::of(format, blueprint).ok_or_else(|| format!("is {format}, which has no comments to mark a block with"))
}

/// The render as a part, and what is known about it.
struct Part<'a> {
    /// What was last written; the inner nothing: it can't be read.
    base: Option<Option<&'a Content>>,
    new: &'a Artifact,
    mode: Mode,
    options: &'a Options,
}

impl Part<'_> {
    fn keys(&self, disk: &Content) -> Verdict {
        let Some((ours, theirs)) = text::lf(&disk.bytes).zip(text::lf(&self.new.bytes)) else {
            return Verdict::stop(Action::Blocked, NOT_TEXT);
        };
        let last = self.base.map(|base| base.unwrap_or(disk)).and_then(|base| text::lf(&base.bytes));
        let merged = match self.base {
            Some(None) => Merged::default(),
            _ => keys::merge(last.as_deref(), &ours, Some(&theirs), rules(self.new).keys),
        };
        if matches!(self.base, Some(None)) || merged.is_clean() && merged.text(Favour::Mine) == ours {
            return self.unchanged(if self.base.is_some() { Action::Kept } else { Action::Adopt });
        }
        let base = self.base.flatten();
        Three { base, disk, new: self.new, mode: self.mode }.settle(&merged, self.options.conflicts)
    }

    fn block(&self, disk: &Content) -> Verdict {
        let placed = self.placed(disk);
        placed.unwrap_or_else(|torn| Verdict::stop(Action::Blocked, torn))
    }

    fn placed(&self, disk: &Content) -> Result<Verdict, String> {
        let text = text::lf(&disk.bytes).ok_or(NOT_TEXT)?;
        let marks = self.marks()?;
        let new = text::lf(&self.new.bytes).ok_or(NOT_TEXT)?;
        let Some(region) = marks.find(&text)? else {
            return match self.base {
                Some(_) if !self.options.restore.contains(&self.new.path) => Ok(Verdict::only(Action::Gone)),
                _ => Ok(Verdict::new(Action::Update, self.record())
                    .write(on(disk, &marks.put(&text, &new)?))
                    .note("a block is added to your file")),
            };
        };
        // The table runs on the block alone; what comes of it takes the block's place.
        let inner = Content { bytes: region.into_bytes(), executable: self.new.executable };
        let recorded = self.base.map(|base| self.inner_record(base));
        let verdict = super::owned(recorded.as_ref(), &Disk::File(inner), self.new, self.mode, self.options);
        match &verdict.result {
            Some(part) => {
                let part = String::from_utf8_lossy(&part.bytes).into_owned();
                let whole = on(disk, &marks.put(&text, &part)?);
                Ok(Verdict { result: Some(whole), ..verdict })
            }
            None => Ok(verdict),
        }
    }

    fn inner_record(&self, base: Option<&Content>) -> Recorded {
        match base {
            Some(content) => Recorded::Base(Base { content: content.clone(), ..Base::of(self.new, self.mode) }),
            None => Recorded::Unreadable(Vec::new()),
        }
    }

    fn block_of_its_own(&self) -> Verdict {
        let text = String::from_utf8_lossy(&self.new.bytes);
        match self.marks().and_then(|marks| marks.put("", &text)) {
            Ok(whole) => Verdict::new(Action::Create, self.record())
                .write(Content { bytes: whole.into_bytes(), executable: self.new.executable }),
            Err(torn) => Verdict::stop(Action::Blocked, torn),
        }
    }

    fn unchanged(&self, action: Action) -> Verdict {
        Verdict::new(action, self.record())
    }

    fn marks(&self) -> Result<Marks, String> {
        marks(&self.new.format, &self.new.origin.blueprint)
    }

    fn record(&self) -> Record {
        record(self.new, self.mode)
    }
}

/// Text in the line ending of the file it replaces; who may run the file doesn't change.
fn on(disk: &Content, text: &str) -> Content {
    Content { bytes: text::as_on(&disk.bytes, text.as_bytes()), executable: disk.executable }
}
