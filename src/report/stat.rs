//! A line a file with how much changes in it, as `git diff --stat`.

use anstyle::AnsiColor;

use super::summary::{counts, diff_counts, name};
use super::unified::paint;
use crate::plan::{Entry, Plan};

/// Widest bar.
const BAR: usize = 40;

/// Changed files, deletions first, then what stands in the way.
pub fn stat(plan: &Plan, colour: bool) -> String {
    let entries: Vec<(&Entry, (usize, usize))> =
        plan.changes().chain(plan.stops()).map(|entry| (entry, diff_counts(entry))).collect();
    let width = entries.iter().map(|(entry, _)| name(entry).chars().count()).max().unwrap_or(0);
    let most = entries.iter().map(|(_, (added, removed))| added + removed).max().unwrap_or(0);
    let mut out = String::new();
    for (entry, (added, removed)) in &entries {
        out.push_str(&format!(" {:width$} | {:>5} ", name(entry), added + removed));
        paint(AnsiColor::Green.on_default(), &"+".repeat(bar(*added, most)), colour, &mut out);
        paint(AnsiColor::Red.on_default(), &"-".repeat(bar(*removed, most)), colour, &mut out);
        out.push('\n');
    }
    out.push_str(&format!(" {}\n", counts(plan)));
    out
}

fn bar(count: usize, most: usize) -> usize {
    if most <= BAR { count } else { (count * BAR).div_ceil(most) }
}
