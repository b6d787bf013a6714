//! Which line of one text is which line of another.

use similar::{DiffOp, TextDiff};

/// Lines of two texts that are the same line.
pub enum Pairs {
    Same,
    Aligned { there: Vec<Option<usize>>, back: Vec<Option<usize>> },
}

impl Pairs {
    pub fn of(one: &str, other: &str) -> Self {
        if one == other {
            return Self::Same;
        }
        let diff = TextDiff::from_lines(one, other);
        let (mut there, mut back) = (vec![None; diff.old_len()], vec![None; diff.new_len()]);
        for op in diff.ops() {
            if let DiffOp::Equal { old_index, new_index, len } = *op {
                for step in 0..len {
                    there[old_index + step] = Some(new_index + step);
                    back[new_index + step] = Some(old_index + step);
                }
            }
        }
        Self::Aligned { there, back }
    }

    /// The line of the second text that a line of the first one is.
    pub fn there(&self, line: usize) -> Option<usize> {
        match self {
            Self::Same => Some(line),
            Self::Aligned { there, .. } => there.get(line).copied().flatten(),
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
