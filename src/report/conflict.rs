//! What both sides want where they clash, and the commands that settle it.
//!
//! In: a plan, and the command that made it. Out: text.

use anstyle::{AnsiColor, Style};

use super::command::quoted;
use super::unified::paint;
use crate::plan::merge::Conflict;
use crate::plan::{Action, Disk, Entry, Plan, text};

/// Most lines shown of each side.
const LINES: usize = 3;

/// One clash, with where it is in the user's file.
pub struct Clash<'a> {
    pub line: Option<usize>,
    pub conflict: &'a Conflict,
}

/// The clashes of a file, with their lines on disk.
pub fn clashes(entry: &Entry) -> Vec<Clash<'_>> {
    let disk = match &entry.disk {
        Disk::File(content) => text::lf(&content.bytes),
        _ => None,
    };
    let disk = disk.unwrap_or_default();
    let mut from = 0;
    let clash = |conflict| {
        let at = place(&disk, from, conflict);
        from = at.map_or(from, |at| at + conflict.ours.len());
        Clash { line: at.map(|at| disk[..at].matches('\n').count() + 1), conflict }
    };
    entry.conflicts.iter().map(clash).collect()
}

/// Where the user's lines begin; nothing when they were taken out.
fn place(disk: &str, from: usize, conflict: &Conflict) -> Option<usize> {
    if conflict.ours.is_empty() {
        return None;
    }
    disk.get(from..)?.find(&conflict.ours).map(|at| from + at)
}

/// The sides of a clash, as the user knows them.
pub fn sides(conflict: &Conflict) -> [(&'static str, &str); 3] {
    [("yours", &conflict.ours), ("last generated", &conflict.base), ("new", &conflict.theirs)]
}

/// The first lines of a side, and how many more there are.
pub fn excerpt(side: &str) -> Vec<String> {
    let mut lines: Vec<String> = side.lines().take(LINES).map(str::to_owned).collect();
    let more = side.lines().count() - lines.len();
    if lines.is_empty() {
        lines.push("(nothing)".into());
    }
    if more > 0 {
        lines.push(format!("… {more} more"));
    }
    lines
}

/// Every conflict with both intents, then how to settle them; empty when there is none.
pub fn conflicts(plan: &Plan, command: &str, colour: bool) -> String {
    let mut out = String::new();
    for entry in in_conflict(plan) {
        let clashes = clashes(entry);
        for (at, clash) in clashes.iter().enumerate() {
            let place = clash.line.map(|line| format!(":{line}")).unwrap_or_default();
            let title = format!("conflict: {}{place} ({} of {})", entry.target, at + 1, clashes.len());
            paint(AnsiColor::Red.on_default().bold(), &title, colour, &mut out);
            out.push('\n');
            for line in told(clash.conflict) {
                paint(Style::new(), &line, colour, &mut out);
                out.push('\n');
            }
        }
    }
    let ways = settle(plan, command);
    if !ways.is_empty() {
        out.push_str(&format!("{}settle it:\n", if out.is_empty() { "" } else { "\n" }));
        ways.iter().for_each(|way| out.push_str(&format!("  {way}\n")));
    }
    if out.is_empty() { out } else { format!("\n{out}") }
}

/// The three sides of a clash, a line each with their names before them.
pub fn told(conflict: &Conflict) -> Vec<String> {
    let told = |(name, side): (&str, &str)| {
        let lines = excerpt(side).into_iter().enumerate();
        lines.map(|(at, line)| format!("  {:15} | {line}", if at == 0 { name } else { "" })).collect::<Vec<_>>()
    };
    sides(conflict).into_iter().flat_map(told).collect()
}

/// The commands that settle the conflicts of a plan.
pub fn settle(plan: &Plan, command: &str) -> Vec<String> {
    let targets: Vec<&str> = in_conflict(plan).map(|entry| entry.target.as_str()).collect();
    let only = match targets.as_slice() {
        [] => return Vec::new(),
        [one] => format!(" --only {}", quoted(one)),
        _ => String::new(),
    };
    let mut ways: Vec<String> = [
        ("-i", "asks about every hunk"),
        ("--conflicts mine", "keeps your lines"),
        ("--conflicts theirs", "takes the new ones"),
        ("--conflicts markers", "writes both with marks between them, for an editor or a merge tool"),
    ]
    .iter()
    .map(|(how, what)| format!("{command}{only} {how:19}  # {what}"))
    .collect();
    if targets.len() > 1 {
        ways.push("add `--only PATH` to settle one file at a time".into());
    }
    ways
}

fn in_conflict(plan: &Plan) -> impl Iterator<Item = &Entry> {
    plan.entries.iter().filter(|entry| entry.action == Action::Conflict)
}
