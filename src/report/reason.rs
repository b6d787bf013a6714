//! Why a hunk is there, on one line.

use crate::plan::{Cause, Entry, Plan};

/// Longest reason; a spec may hold whole paragraphs.
const LONGEST: usize = 160;

/// The reasons of one hunk; empty when they aren't known.
pub fn causes<'a>(plan: &'a Plan, entry: &Entry, hunk: usize) -> &'a [Cause] {
    plan.causes.get(&entry.target).and_then(|hunks| hunks.get(hunk)).map_or(&[], Vec::as_slice)
}

/// All reasons of a hunk, as `git diff` shows the function that a hunk lies in.
pub fn line(causes: &[Cause]) -> String {
    let all: Vec<String> = causes.iter().map(ToString::to_string).collect();
    let flat = all.join("; ").split_whitespace().collect::<Vec<_>>().join(" ");
    let flat: String = flat.chars().filter(|letter| !letter.is_control()).collect();
    if flat.chars().count() <= LONGEST {
        return flat;
    }
    flat.chars().take(LONGEST - 1).chain(['…']).collect()
}
