//! A run of changed lines can often stand a little higher or lower and mean the same; this puts it where git puts it.
//!
//! In: lines of two texts as numbers, and which of them are changed. Out: the same with each run slid down as far as it
//! goes, or to where the other text has a run too. So two people's changes are apart or together as git sees them.

use std::ops::Range;

/// Lines of one text, and which of them the other doesn't have.
#[derive(Clone, Debug)]
pub struct Lines<'a> {
    pub ids: &'a [u32],
    pub changed: Vec<bool>,
}

/// Slides the runs of both texts.
pub fn slide(one: &mut Lines<'_>, other: &mut Lines<'_>) {
    one.slide_along(&other.changed);
    other.slide_along(&one.changed);
}

impl Lines<'_> {
    fn slide_along(&mut self, other: &[bool]) {
        let mut run = Run::first(&self.changed);
        let mut across = Run::first(other);
        loop {
            if !run.range.is_empty() {
                self.place(&mut run, &mut across, other);
            }
            if !run.next(&self.changed) || !across.next(other) {
                return;
            }
        }
    }

    /// Puts one run where it belongs. Runs that it meets become part of it.
    fn place(&mut self, run: &mut Run, across: &mut Run, other: &[bool]) {
        let (mut highest, mut meets);
        loop {
            let length = run.range.len();
            while self.up(run) {
                across.previous(other);
            }
            highest = run.range.end;
            meets = !across.range.is_empty();
            while self.down(run) {
                across.next(other);
                meets |= !across.range.is_empty();
            }
            if run.range.len() == length {
                break;
            }
        }
        while meets && run.range.end > highest && across.range.is_empty() && self.up(run) {
            across.previous(other);
        }
    }

    fn up(&mut self, run: &mut Run) -> bool {
        let Range { start, end } = run.range;
        if start == 0 || self.ids[start - 1] != self.ids[end - 1] {
            return false;
        }
        self.changed[start - 1] = true;
        self.changed[end - 1] = false;
        run.range = start - 1..end - 1;
        while run.range.start > 0 && self.changed[run.range.start - 1] {
            run.range.start -= 1;
        }
        true
    }

    fn down(&mut self, run: &mut Run) -> bool {
        let Range { start, end } = run.range;
        if end == self.ids.len() || self.ids[start] != self.ids[end] {
            return false;
        }
        self.changed[start] = false;
        self.changed[end] = true;
        run.range = start + 1..end + 1;
        while run.range.end < self.changed.len() && self.changed[run.range.end] {
            run.range.end += 1;
        }
        true
    }
}

/// Changed lines between two unchanged ones; often none.
struct Run {
    range: Range<usize>,
}

impl Run {
    fn first(changed: &[bool]) -> Self {
        Self { range: 0..length(changed, 0) }
    }

    fn next(&mut self, changed: &[bool]) -> bool {
        if self.range.end == changed.len() {
            return false;
        }
        let start = self.range.end + 1;
        self.range = start..start + length(changed, start);
        true
    }

    fn previous(&mut self, changed: &[bool]) {
        let Some(end) = self.range.start.checked_sub(1) else { return };
        let start = changed[..end].iter().rposition(|changed| !changed).map_or(0, |at| at + 1);
        self.range = start..end;
    }
}

fn length(changed: &[bool], start: usize) -> usize {
    changed[start..].iter().take_while(|changed| **changed).count()
}
