//! Which line of one text is which line of another.

use std::ops::Range;

use similar::{DiffOp, TextDiff};

/// Lines of two texts that are the same line.
pub enum Pairs {
    Same,
    Aligned {
        there: Vec<Option<usize>>,
        back: Vec<Option<usize>>,
        /// Runs of lines that stand in each other's place.
        swapped: Vec<(Range<usize>, Range<usize>)>,
    },
}

impl Pairs {
    pub fn of(one: &str, other: &str) -> Self {
        if one == other {
            return Self::Same;
        }
        let diff = TextDiff::from_lines(one, other);
        let (mut there, mut back) = (vec![None; diff.old_len()], vec![None; diff.new_len()]);
        let mut swapped = Vec::new();
        for op in diff.ops() {
            match *op {
                DiffOp::Equal { old_index, new_index, len } => {
                    for step in 0..len {
                        there[old_index + step] = Some(new_index + step);
                        back[new_index + step] = Some(old_index + step);
                    }
                }
                _ => swapped.push((op.old_range(), op.new_range())),
            }
        }
        Self::Aligned { there, back, swapped }
    }

    /// The line of the second text that a line of the first one is.
    pub fn there(&self, line: usize) -> Option<usize> {
        match self {
            Self::Same => Some(line),
            Self::Aligned { there, .. } => there.get(line).copied().flatten(),
        }
    }

    /// The lines of the first text in whose place a line of the second one stands: of runs of the same length, the one beside it.
    pub fn instead_of(&self, line: usize) -> Range<usize> {
        let Self::Aligned { swapped, .. } = self else { return line..line + 1 };
        match swapped.iter().find(|(_, new)| new.contains(&line)) {
            Some((old, new)) if old.len() == new.len() => {
                let at = old.start + line - new.start;
                at..at + 1
            }
            Some((old, _)) => old.clone(),
            None => 0..0,
        }
    }

    /// The line of the first text that a line of the second one is.
    pub fn back(&self, line: usize) -> Option<usize> {
        match self {
            Self::Same => Some(line),
            Self::Aligned { back, .. } => back.get(line).copied().flatten(),
        }
    }
}
