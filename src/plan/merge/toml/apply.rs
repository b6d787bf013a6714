//! Carries what theirs changed into ours.
//!
//! In: three layouts. Out: ours with the changes, conflicts where both changed one thing. Refuses: a change inside a
//! section that the user took away.

use super::super::{Conflict, Merged};
use super::layout::{Layout, Unit};
use super::{Owner, Three, unit};

/// Merges the units.
pub fn apply(three: &Three<'_>, owner: Owner) -> Option<Merged> {
    if !counted_alike(three) {
        return None;
    }
    let mut job = Job { three, owner, out: Vec::new() };
    job.out.push(match owner {
        Owner::File => unit::comments(three.base.preamble, three.ours.preamble, three.theirs.preamble),
        Owner::Keys => Merged::clean(three.ours.preamble),
    });
    for unit in &three.ours.units {
        let merged = job.unit(unit);
        job.out.push(merged);
    }
    job.added()?;
    job.out.push(match owner {
        Owner::File => unit::comments(three.base.epilogue, three.ours.epilogue, three.theirs.epilogue),
        Owner::Keys => Merged::clean(three.ours.epilogue),
    });
    let mut merged = Merged::default();
    job.out.into_iter().for_each(|part| merged.pieces_of(part));
    Some(merged)
}

/// Tables that nothing but their order tells apart can't be followed: theirs must have left them as they were.
fn counted_alike(three: &Three<'_>) -> bool {
    let Three { base, ours, theirs } = three;
    let counted = || base.counted.iter().chain(&ours.counted).chain(&theirs.counted);
    let units = |layout: &Layout<'_>| -> Vec<(String, String)> {
        let is_counted = |id: &str| counted().any(|begin| id.trim_start_matches('[').starts_with(begin));
        layout.units.iter().filter(|unit| is_counted(&unit.id)).map(|unit| (unit.id.clone(), unit.text())).collect()
    };
    counted().next().is_none() || units(base) == units(theirs)
}

struct Job<'j, 'a> {
    three: &'j Three<'a>,
    owner: Owner,
    /// What stands before the first unit of ours, then each unit with what is added behind it.
    out: Vec<Merged>,
}

impl Job<'_, '_> {
    /// A unit of ours.
    fn unit(&self, ours: &Unit<'_>) -> Merged {
        let Three { base, theirs, .. } = self.three;
        if let Some(merged) = self.removed_section(ours) {
            return merged;
        }
        let before = base.find(&ours.id);
        match (before, theirs.find(&ours.id)) {
            (_, Some(theirs)) => unit::both(before, ours, theirs),
            (Some(before), None) if alike(before, ours) => Merged::default(),
            (Some(before), None) => contested(before.text(), ours.text(), String::new()),
            (None, None) => Merged::clean(&ours.text()),
        }
    }

    /// A unit of a section that theirs has no more: it goes as a whole, or is in conflict as a whole.
    fn removed_section(&self, unit: &Unit<'_>) -> Option<Merged> {
        let Three { base, ours, theirs } = self.three;
        let gone = |layout: &Layout<'_>| layout.find(&unit.section).is_none();
        if unit.section.is_empty() || gone(base) || !gone(theirs) {
            return None;
        }
        let edited = |unit: &Unit<'_>| base.find(&unit.id).is_none_or(|before| !alike(before, unit));
        let is_edited = ours.section(&unit.section).any(edited);
        match self.owner {
            Owner::Keys if unit.is_header() && is_edited => Some(Merged::clean(&unit.text())),
            Owner::Keys => None,
            Owner::File if unit.is_header() && is_edited => {
                let text = |layout: &Layout<'_>| layout.section(&unit.section).map(Unit::text).collect::<String>();
                Some(contested(text(base), text(ours), String::new()))
            }
            Owner::File => Some(Merged::default()),
        }
    }

    /// Units of theirs that ours doesn't have: behind what they follow in theirs.
    fn added(&mut self) -> Option<()> {
        let Three { base, ours, theirs } = self.three;
        let mut end = ours.section("").count();
        let (mut section, mut slot) = ("", 0);
        for new in &theirs.units {
            if new.section != section {
                end = last_of(ours, section).unwrap_or(end);
                (section, slot) = (&new.section, self.opening(end));
            }
            if let Some(at) = ours.place(&new.id) {
                slot = if ours.units[at].section == new.section { at + 1 } else { slot };
                continue;
            }
            let before = base.find(&new.id);
            if before.is_some_and(|before| alike(before, new)) {
                continue;
            }
            let header_gone = !section.is_empty() && ours.find(section).is_none();
            if header_gone && base.find(section).is_some() {
                return None;
            }
            let added = match before {
                Some(before) => contested(before.text(), String::new(), new.text()),
                None => Merged::clean(&self.apart(new, slot)),
            };
            self.out[slot].pieces_of(added);
        }
        Some(())
    }

    /// Where a new section begins: in a user's file behind everything, unless a section of ours stands there.
    fn opening(&self, end: usize) -> usize {
        let ours = &self.three.ours;
        let alone = self.owner == Owner::Keys && end == ours.section("").count();
        if alone { ours.units.len() } else { end }
    }

    /// A unit as it is added: a section at the end of a user's file stands apart.
    fn apart(&self, new: &Unit<'_>, slot: usize) -> String {
        let text = new.text();
        let last = slot == self.three.ours.units.len() && slot > 0;
        let close = self.owner == Owner::Keys && last && new.is_header() && !text.starts_with('\n');
        if close { format!("\n{text}") } else { text }
    }
}

/// The place behind the last unit of a section.
fn last_of(layout: &Layout<'_>, section: &str) -> Option<usize> {
    layout.units.iter().rposition(|unit| unit.section == section).map(|at| at + 1)
}

/// The same text, blank lines aside.
fn alike(one: &Unit<'_>, other: &Unit<'_>) -> bool {
    one.body == other.body && one.comments() == other.comments()
}

fn contested(base: String, ours: String, theirs: String) -> Merged {
    let mut merged = Merged::default();
    merged.conflict(Conflict { base, ours, theirs });
    merged
}
