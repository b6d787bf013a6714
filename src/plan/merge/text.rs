//! Line by line: what only one side changed is taken, what both changed alike is taken once, the rest is a conflict.
//!
//! In: base, ours and theirs in LF. Out: text and conflicts in their order. As with git, changes that touch are one change.

use similar::{MergeRegion, MergeResolution, TextMerge};

use super::{Conflict, Merged};

type Lines<'a> = TextMerge<'a, 'a, 'a, str>;

/// Merges the lines.
pub fn merge(base: &str, ours: &str, theirs: &str) -> Merged {
    let lines = TextMerge::from_lines(base, ours, theirs);
    let mut merged = Merged::default();
    for region in lines.regions() {
        match region.resolution() {
            MergeResolution::Theirs => merged.text_of(&theirs_of(&lines, region).concat()),
            MergeResolution::Conflict => conflict(&lines, region, &mut merged),
            _ => merged.text_of(&ours_of(&lines, region).concat()),
        }
    }
    merged
}

fn ours_of<'a>(lines: &'a Lines<'_>, region: &MergeRegion) -> Vec<&'a str> {
    region.ours_range().filter_map(|at| lines.ours_line(at)).collect()
}

fn theirs_of<'a>(lines: &'a Lines<'_>, region: &MergeRegion) -> Vec<&'a str> {
    region.theirs_range().filter_map(|at| lines.theirs_line(at)).collect()
}

/// Lines with which both sides begin or end alike stand outside of the conflict.
fn conflict(lines: &Lines<'_>, region: &MergeRegion, merged: &mut Merged) {
    let base: String = region.base_range().filter_map(|at| lines.base_line(at)).collect();
    let (ours, theirs) = (ours_of(lines, region), theirs_of(lines, region));
    let (head, ours, theirs) = split(&ours, &theirs);
    let tail = common(ours.iter().rev(), theirs.iter().rev());
    let (ours, after) = ours.split_at(ours.len() - tail);
    let (theirs, _) = theirs.split_at(theirs.len() - tail);
    merged.text_of(&head.concat());
    merged.conflict(Conflict { base, ours: ours.concat(), theirs: theirs.concat() });
    merged.text_of(&after.concat());
}

type Split<'s, 'a> = (&'s [&'a str], &'s [&'a str], &'s [&'a str]);

/// What both begin with, and the rest of each.
fn split<'s, 'a>(ours: &'s [&'a str], theirs: &'s [&'a str]) -> Split<'s, 'a> {
    let (head, ours) = ours.split_at(common(ours.iter(), theirs.iter()));
    (head, ours, &theirs[head.len()..])
}

fn common<'a>(one: impl Iterator<Item = &'a &'a str>, other: impl Iterator<Item = &'a &'a str>) -> usize {
    one.zip(other).take_while(|(one, other)| one == other).count()
}
