//! One file of a plan: which of its changed lines come from the blueprint, from the spec, from the user.
//!
//! In: an entry and the last spec's render. Out: a verdict a hunk; the lines that the spec changed stay to be explained.

use std::collections::{BTreeMap, BTreeSet};

use super::lines::Pairs;
use super::past::Past;
use crate::plan::{Cause, Change, Entry, Hunk, Recorded, diff, text};

/// A file with changed lines.
pub struct File {
    pub target: String,
    /// Paths under which a render may hold it: its own, then the one it had before.
    pub paths: Vec<String>,
    /// As the last spec renders it today.
    pub past: String,
    /// As it is rendered now.
    pub new: String,
    pub hunks: Vec<Found>,
    blueprint: String,
}

/// What is known about a hunk.
#[derive(Debug, Default)]
pub struct Found {
    yours: bool,
    blueprint: bool,
    unknown: bool,
    /// Lines of `past` that the spec takes away.
    pub removed: BTreeSet<usize>,
    /// Lines of `new` that the spec adds.
    pub added: BTreeSet<usize>,
}

impl File {
    /// Nothing for a file that shows no hunks.
    pub fn of(entry: &Entry, past: &Past) -> Option<Self> {
        let (old, result) = entry.sides();
        let Change::Text(hunks) = diff(old, result) else { return None };
        if hunks.is_empty() {
            return None;
        }
        let new = entry.new.as_ref().map_or(Some(String::new()), |content| lf(&content.bytes))?;
        let paths: Vec<String> =
            [Some(&entry.path), entry.record_from.as_ref()].into_iter().flatten().cloned().collect();
        let past = match past {
            Past::Same => Some(new.clone()),
            Past::Rendered(_, render) => {
                Some(paths.iter().find_map(|path| render.get(path)).cloned().unwrap_or_default())
            }
            Past::Lost => None,
        };
        let lines = Lines::of(entry, lf(old)?, past.as_deref(), &new, &lf(result)?);
        Some(Self {
            target: entry.target.clone(),
            hunks: hunks.iter().map(|hunk| lines.judge(hunk)).collect(),
            past: past.unwrap_or_default(),
            new,
            paths,
            blueprint: entry.origin.blueprint.clone(),
        })
    }

    /// What another render holds for this file.
    pub fn text_in<'a>(&self, render: &'a BTreeMap<String, String>) -> &'a str {
        self.paths.iter().find_map(|path| render.get(path)).map_or("", String::as_str)
    }

    /// The causes, with what was found out about the spec's part in each hunk.
    pub fn causes(&self, spec: Vec<Vec<Cause>>) -> Vec<Vec<Cause>> {
        let told = self.hunks.iter().zip(spec);
        told.map(|(hunk, spec)| {
            let blueprint = hunk.blueprint.then(|| Cause::Blueprint { id: self.blueprint.clone() });
            let unknown = hunk.unknown.then_some(Cause::Unknown);
            let yours = hunk.yours.then_some(Cause::Yours);
            spec.into_iter().chain(blueprint).chain(unknown).chain(yours).collect()
        })
        .collect()
    }
}

fn lf(bytes: &[u8]) -> Option<String> {
    text::lf(bytes).map(std::borrow::Cow::into_owned)
}

/// How the lines of the five texts belong together: result → new → past → base → disk.
struct Lines {
    has_base: bool,
    from_disk: Pairs,
    /// Nothing when the past is lost: then base and new are compared.
    from_base: Option<Pairs>,
    from_past: Pairs,
    from_new: Pairs,
}

impl Lines {
    fn of(entry: &Entry, disk: String, past: Option<&str>, new: &str, result: &str) -> Self {
        let base = match &entry.recorded {
            Some(Recorded::Base(base)) => lf(&base.content.bytes),
            _ => None,
        };
        let text = base.as_deref().unwrap_or_default();
        Self {
            has_base: base.is_some(),
            from_disk: Pairs::of(&disk, text),
            from_base: past.map(|past| Pairs::of(text, past)),
            from_past: Pairs::of(past.unwrap_or(text), new),
            from_new: Pairs::of(new, result),
        }
    }

    fn judge(&self, hunk: &Hunk) -> Found {
        let first = |(start, length): (usize, usize)| if length > 0 { start - 1 } else { start };
        let (mut old, mut new) = (first(hunk.old), first(hunk.new));
        let mut found = Found::default();
        for line in &hunk.lines {
            match line.sign {
                '-' => self.removed(old, &mut found),
                '+' => self.added(new, &mut found),
                _ => {}
            }
            old += usize::from(line.sign != '+');
            new += usize::from(line.sign != '-');
        }
        found
    }

    /// A line of the disk that goes.
    fn removed(&self, line: usize, found: &mut Found) {
        let Some(line) = self.from_disk.there(line) else {
            found.yours = true;
            return;
        };
        let Some(from_base) = &self.from_base else {
            found.unknown |= self.from_past.there(line).is_none();
            return;
        };
        match from_base.there(line) {
            None => found.blueprint = true,
            Some(line) if self.from_past.there(line).is_none() => {
                found.removed.insert(line);
            }
            Some(_) => {}
        }
    }

    /// A line of the result that comes; one that holds both sides' changes stands for those of the new render that it was made of.
    fn added(&self, line: usize, found: &mut Found) {
        match self.from_new.back(line) {
            Some(line) => self.rendered(line, found),
            None => self.from_new.instead_of(line).for_each(|line| self.rendered(line, found)),
        }
    }

    /// A line of the new render.
    fn rendered(&self, line: usize, found: &mut Found) {
        let Some(before) = self.from_past.back(line) else {
            match self.from_base {
                Some(_) => found.added.insert(line),
                None => std::mem::replace(&mut found.unknown, true),
            };
            return;
        };
        let base = self.from_base.as_ref().map_or(Some(before), |pairs| pairs.back(before));
        match base {
            None => found.blueprint = true,
            Some(line) => found.yours |= self.has_base && self.from_disk.back(line).is_none(),
        }
    }
}
