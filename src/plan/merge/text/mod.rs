//! Line by line: what only one side changed is taken, what both changed alike is taken once, the rest is a conflict.
//!
//! In: base, ours and theirs in LF. Out: text and conflicts in their order. As with git, changes that touch are one
//! change, and which lines are changed is decided as git does: a merge here and one of two branches agree.

mod edits;
mod shortest;
mod slide;

use std::collections::BTreeMap;
use std::iter::Peekable;
use std::ops::Range;
use std::vec::IntoIter;

use super::{Conflict, Merged};
use edits::Edit;

/// Merges the lines.
pub fn merge(base: &str, ours: &str, theirs: &str) -> Merged {
    let texts = [base, ours, theirs].map(|text| text.split_inclusive('\n').collect::<Vec<_>>());
    let [base, ours, theirs] = numbered(&texts);
    let mut job = Job { texts: &texts, at: [0; 3], merged: Merged::default() };
    let mut mine = edits::edits(&base, &ours).into_iter().peekable();
    let mut new = edits::edits(&base, &theirs).into_iter().peekable();
    while let Some(group) = Group::next(&mut mine, &mut new) {
        job.group(&group);
    }
    job.rest();
    job.merged
}

/// Equal lines have equal numbers.
fn numbered(texts: &[Vec<&str>; 3]) -> [Vec<u32>; 3] {
    let mut known: BTreeMap<&str, u32> = BTreeMap::new();
    [0, 1, 2].map(|side: usize| {
        let mut numbers = Vec::with_capacity(texts[side].len());
        for line in &texts[side] {
            let next = known.len() as u32;
            numbers.push(*known.entry(line).or_insert(next));
        }
        numbers
    })
}

type Edits = Peekable<IntoIter<Edit>>;

/// Edits of both sides that touch each other.
struct Group {
    base: Range<usize>,
    ours: Vec<Edit>,
    theirs: Vec<Edit>,
}

impl Group {
    fn next(mine: &mut Edits, new: &mut Edits) -> Option<Self> {
        let starts = [mine.peek(), new.peek()].map(|edit| edit.map(|edit| edit.base.start));
        let start = starts.into_iter().flatten().min()?;
        let mut group = Self { base: start..start, ours: Vec::new(), theirs: Vec::new() };
        loop {
            if let Some(edit) = mine.next_if(|edit| group.is_touched_by(edit)) {
                group.take(&edit.base);
                group.ours.push(edit);
            } else if let Some(edit) = new.next_if(|edit| group.is_touched_by(edit)) {
                group.take(&edit.base);
                group.theirs.push(edit);
            } else {
                return Some(group);
            }
        }
    }

    fn is_touched_by(&self, edit: &Edit) -> bool {
        edit.base.start <= self.base.end
    }

    fn take(&mut self, base: &Range<usize>) {
        self.base.end = self.base.end.max(base.end);
    }

    /// The lines of a side that stand for the lines of the base. `at` is where the side is before the group.
    fn side(&self, edits: &[Edit], at: usize) -> Range<usize> {
        let replaced: usize = edits.iter().map(|edit| edit.base.len()).sum();
        let by: usize = edits.iter().map(|edit| edit.side.len()).sum();
        at..at + self.base.len() - replaced + by
    }
}

struct Job<'t> {
    texts: &'t [Vec<&'t str>; 3],
    /// The lines of each text that are done.
    at: [usize; 3],
    merged: Merged,
}

impl Job<'_> {
    fn group(&mut self, group: &Group) {
        let unchanged = group.base.start - self.at[0];
        self.unchanged(unchanged);
        let ranges = [group.base.clone(), group.side(&group.ours, self.at[1]), group.side(&group.theirs, self.at[2])];
        let [base, ours, theirs] = [0, 1, 2].map(|side: usize| &self.texts[side][ranges[side].clone()]);
        match (group.ours.is_empty(), group.theirs.is_empty()) {
            (true, _) => self.merged.text_of(&theirs.concat()),
            (_, true) => self.merged.text_of(&ours.concat()),
            _ if ours == theirs => self.merged.text_of(&ours.concat()),
            _ => conflict(base, ours, theirs, &mut self.merged),
        }
        self.at = ranges.map(|range| range.end);
    }

    fn unchanged(&mut self, lines: usize) {
        self.merged.text_of(&self.texts[1][self.at[1]..self.at[1] + lines].concat());
        self.at = self.at.map(|at| at + lines);
    }

    fn rest(&mut self) {
        self.unchanged(self.texts[0].len() - self.at[0]);
    }
}

/// Lines with which both sides begin or end alike stand outside of the conflict.
fn conflict(base: &[&str], ours: &[&str], theirs: &[&str], merged: &mut Merged) {
    let head = common(ours.iter(), theirs.iter());
    let (before, ours) = ours.split_at(head);
    let theirs = &theirs[head..];
    let tail = common(ours.iter().rev(), theirs.iter().rev());
    let (ours, after) = ours.split_at(ours.len() - tail);
    let theirs = &theirs[..theirs.len() - tail];
    merged.text_of(&before.concat());
    merged.conflict(Conflict { base: base.concat(), ours: ours.concat(), theirs: theirs.concat() });
    merged.text_of(&after.concat());
}

fn common<'a>(one: impl Iterator<Item = &'a &'a str>, other: impl Iterator<Item = &'a &'a str>) -> usize {
    one.zip(other).take_while(|(one, other)| one == other).count()
}
