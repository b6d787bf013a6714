//! What a plan does, a line a file, and how many of each.

use std::collections::BTreeMap;

use anstyle::{AnsiColor, Style};

use super::identity::names;
use super::kept;
use super::unified::paint;
use crate::plan::{Action, Entry, Plan, diff};
use crate::risk::{Weight, assess};

/// Every file that changes, stands in the way, or is the user's; then what is risky, then the counts.
pub fn summary(plan: &Plan, colour: bool) -> String {
    let shown =
        |entry: &&Entry| entry.action.is_stop() || matches!(entry.action, Action::Kept | Action::Gone | Action::Yours);
    let entries: Vec<&Entry> = plan.changes().chain(plan.entries.iter().filter(shown)).collect();
    let width = entries.iter().map(|entry| name(entry).chars().count()).max().unwrap_or(0);
    let mut out = String::new();
    for entry in &entries {
        out.push_str(&line(entry, width, colour));
    }
    for risk in assess(plan).iter().filter(|risk| risk.weight == Weight::High) {
        out.push_str(&format!("\nrisk: {} {}\n", risk.path, risk.what));
    }
    out.push_str(&names(plan));
    out.push_str(&format!("\n{}\n", counts(plan)));
    out
}

/// What happens to one file.
pub fn line(entry: &Entry, width: usize, colour: bool) -> String {
    let mut out = String::new();
    paint(style(entry.action), &format!("{:>13}", entry.action.word()), colour, &mut out);
    out.push_str(format!("  {:width$}  {}", name(entry), detail(entry)).trim_end());
    out.push('\n');
    out
}

/// The file's path; for a file that moves, both.
pub fn name(entry: &Entry) -> String {
    match &entry.from {
        Some(from) => format!("{from} → {}", entry.target),
        None => entry.target.clone(),
    }
}

/// How much changes, what stays the user's, and why.
pub fn detail(entry: &Entry) -> String {
    let (added, removed) = diff_counts(entry);
    let counts = [(added, '+'), (removed, '-')];
    let counts = counts.iter().filter(|(count, _)| *count > 0).map(|(count, sign)| format!("{sign}{count}"));
    let counts = counts.collect::<Vec<_>>().join(" ");
    let note = entry.note.clone().filter(|_| entry.action != Action::Delete);
    let parts = match (note, kept::kept(entry)) {
        (Some(note), None) if entry.result.is_none() => vec![note],
        (_, None) if entry.action == Action::Merge => vec![counts],
        (note, None) => vec![counts, note.unwrap_or_default()],
        (Some(note), Some(kept)) if entry.action == Action::Kept => vec![format!("{note}: {}", kept.words())],
        (_, Some(_)) => vec![counts, kept::words(entry).unwrap_or_default()],
    };
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

/// Added and removed lines of a file.
pub(super) fn diff_counts(entry: &Entry) -> (usize, usize) {
    let (old, new) = entry.sides();
    diff(old, new).counts()
}

fn style(action: Action) -> Style {
    match action {
        Action::Create => AnsiColor::Green.on_default(),
        Action::Update | Action::Merge | Action::Move => AnsiColor::Yellow.on_default(),
        Action::Marked => AnsiColor::Red.on_default(),
        Action::Delete | Action::Release => AnsiColor::Red.on_default(),
        action if action.is_stop() => AnsiColor::Red.on_default().bold(),
        _ => Style::new().dimmed(),
    }
}

/// `12 created, 3 updated, 1 deleted`, or that there is nothing to do.
pub fn counts(plan: &Plan) -> String {
    let of = |actions: &[Action]| actions.iter().map(|action| plan.count(*action)).sum::<usize>();
    let all = [
        (of(&[Action::Create]), "created"),
        (of(&[Action::Update]), "updated"),
        (of(&[Action::Merge]), "merged with your edits"),
        (of(&[Action::Marked]), "with conflict marks"),
        (of(&[Action::Move]), "moved"),
        (of(&[Action::Delete]), "deleted"),
        (of(&[Action::Release]), "released"),
        (of(&[Action::Kept]), "kept as you edited them"),
        (of(&[Action::Gone]), "stay deleted"),
        (of(&[Action::Conflict]), "in conflict"),
        (of(&[Action::Unowned, Action::Locked, Action::Blocked, Action::Unclaimed]), "blocked"),
    ];
    let said: Vec<String> =
        all.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")).collect();
    match (plan.is_empty(), said.is_empty()) {
        (true, true) => "nothing to do".into(),
        (true, false) => format!("nothing to do ({})", said.join(", ")),
        _ => said.join(", "),
    }
}

/// The first plan of an empty tree: files by blueprint, and what is still open.
pub fn first(plan: &Plan, notes: &[String]) -> String {
    let mut areas: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for entry in &plan.entries {
        areas.entry(&entry.origin.blueprint).or_default().push(&entry.target);
    }
    let width = areas.keys().map(|area| area.len()).max().unwrap_or(0);
    let mut out = String::new();
    for (area, paths) in &areas {
        let some = paths.iter().take(3).copied().collect::<Vec<_>>().join(", ");
        let more = if paths.len() > 3 { ", …" } else { "" };
        out.push_str(&format!("  {area:width$}  {:>3}  {some}{more}\n", paths.len()));
    }
    out.push_str(&format!("\n{}\n", counts(plan)));
    if !notes.is_empty() {
        out.push_str("\nstill open:\n");
        for note in notes {
            out.push_str(&format!("  {note}\n"));
        }
    }
    out
}
