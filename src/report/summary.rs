//! What a plan does, a line a file, and how many of each.

use std::collections::BTreeMap;

use anstyle::{AnsiColor, Style};

use super::unified::paint;
use crate::plan::{Action, Entry, Plan, diff};
use crate::risk::{Weight, assess};

/// Every file that changes, stands in the way, or is the user's; then what is risky, then the counts.
pub fn summary(plan: &Plan, colour: bool) -> String {
    let shown =
        |entry: &&Entry| entry.action.is_stop() || matches!(entry.action, Action::Kept | Action::Gone | Action::Yours);
    let entries: Vec<&Entry> = plan.changes().chain(plan.entries.iter().filter(shown)).collect();
    let width = entries.iter().map(|entry| entry.target.chars().count()).max().unwrap_or(0);
    let mut out = String::new();
    for entry in &entries {
        paint(style(entry.action), &format!("{:>13}", entry.action.word()), colour, &mut out);
        out.push_str(format!("  {:width$}  {}", entry.target, detail(entry)).trim_end());
        out.push('\n');
    }
    for risk in assess(plan).iter().filter(|risk| risk.weight == Weight::High) {
        out.push_str(&format!("\nrisk: {} {}\n", risk.path, risk.what));
    }
    out.push_str(&format!("\n{}\n", counts(plan)));
    out
}

fn detail(entry: &Entry) -> String {
    let (added, removed) = diff_counts(entry);
    match (&entry.note, entry.action) {
        (Some(note), action) if action != Action::Delete => note.clone(),
        _ => [(added, '+'), (removed, '-')]
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, sign)| format!("{sign}{count}"))
            .collect::<Vec<_>>()
            .join(" "),
    }
}

/// Added and removed lines of a file.
pub(super) fn diff_counts(entry: &Entry) -> (usize, usize) {
    let (old, new) = entry.sides();
    diff(old, new).counts()
}

fn style(action: Action) -> Style {
    match action {
        Action::Create => AnsiColor::Green.on_default(),
        Action::Update => AnsiColor::Yellow.on_default(),
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
