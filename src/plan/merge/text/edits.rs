//! What one text changed of another, as git sees it.
//!
//! In: lines of both as numbers. Out: ranges of the old lines and the new lines that stand for them. The merge of
//! `similar` takes other lines for changed where lines repeat, and is then clean where git stops, or the reverse.

use std::ops::Range;

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::shortest;
use super::slide::{Lines, slide};

/// Lines of the base and the lines that replace them; one of the two may be empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    pub base: Range<usize>,
    pub side: Range<usize>,
}

/// The edits in their order, at least one unchanged line between two.
pub fn edits(base: &[u32], side: &[u32]) -> Vec<Edit> {
    let [old, new] = shortest::changed(base, side).unwrap_or_else(|| good(base, side));
    let mut old = Lines { ids: base, changed: old };
    let mut new = Lines { ids: side, changed: new };
    slide(&mut old, &mut new);
    runs(&old.changed, &new.changed)
}

/// A short way, not always the shortest.
fn good(base: &[u32], side: &[u32]) -> [Vec<bool>; 2] {
    let (mut old, mut new) = (vec![true; base.len()], vec![true; side.len()]);
    for op in capture_diff_slices(Algorithm::Myers, base, side) {
        if let DiffOp::Equal { old_index, new_index, len } = op {
            old[old_index..old_index + len].fill(false);
            new[new_index..new_index + len].fill(false);
        }
    }
    [old, new]
}

fn runs(old: &[bool], new: &[bool]) -> Vec<Edit> {
    let mut found = Vec::new();
    let (mut at, mut mine) = (0, 0);
    loop {
        let changed = |flags: &[bool], from: usize| flags[from..].iter().take_while(|changed| **changed).count();
        let edit = Edit { base: at..at + changed(old, at), side: mine..mine + changed(new, mine) };
        (at, mine) = (edit.base.end + 1, edit.side.end + 1);
        if !edit.base.is_empty() || !edit.side.is_empty() {
            found.push(edit);
        }
        if at > old.len() || mine > new.len() {
            return found;
        }
    }
}
