//! A plan as a comment in a pull request: counts, risks, conflicts, a table, and the diffs folded away.
//!
//! Never longer than a comment may be: the smallest diffs come first into what room there is, and what is cut is named.

use super::conflict::{clashes, settle, told};
use super::identity;
use super::summary::{counts, detail, diff_counts, name};
use super::unified::file;
use crate::plan::{Entry, Plan};
use crate::risk::assess;

/// Most bytes of the whole; the hosts of repositories take 65,536 characters.
const LIMIT: usize = 65_000;

/// Most bytes of all that stands before the diffs.
const OVERVIEW: usize = 40_000;

/// Longest diff of one file, in lines; more than that nobody reads in a comment.
const LINES: usize = 400;

/// Most files named as cut.
const NAMED: usize = 10;

/// The plan as Markdown; `command` is how the plan is made.
pub fn markdown(plan: &Plan, command: &str) -> String {
    let mut out = format!("### opsgen: {}\n", counts(plan));
    risks(plan, &mut out);
    section("\n**Names that exist outside the files**\n\n", identity::markdown(plan), "names", OVERVIEW / 4, &mut out);
    conflicts(plan, command, &mut out);
    let shown: Vec<&Entry> = plan.changes().chain(plan.stops()).collect();
    if shown.is_empty() {
        return out;
    }
    table(&shown, &mut out);
    let (fitting, cut) = fit(plan, &shown, LIMIT.saturating_sub(out.len()));
    fitting.iter().for_each(|part| out.push_str(part));
    out.push_str(&cut_note(&cut));
    out
}

fn risks(plan: &Plan, out: &mut String) {
    let risks = assess(plan);
    let lines = risks.iter().map(|risk| format!("- {} {}\n", code(&risk.path), risk.what));
    section("\n**Look at these first**\n\n", lines.collect(), "risks", OVERVIEW / 4, out);
}

fn conflicts(plan: &Plan, command: &str, out: &mut String) {
    let all = plan.entries.iter().flat_map(|entry| clashes(entry).into_iter().map(move |clash| (entry, clash)));
    let told = all.map(|(entry, clash)| {
        let place = clash.line.map(|line| format!(":{line}")).unwrap_or_default();
        format!("{}\n\n{}\n", code(&format!("{}{place}", entry.target)), fenced("", &told(clash.conflict).join("\n")))
    });
    section("\n**Both you and opsgen changed these lines**\n\n", told.collect(), "conflicts", OVERVIEW / 2, out);
    let ways = settle(plan, command);
    if !ways.is_empty() {
        out.push_str(&format!("\nSettle it with one of these:\n\n{}\n", fenced("sh", &ways.join("\n"))));
    }
}

fn table(shown: &[&Entry], out: &mut String) {
    let row = |entry: &&Entry| {
        let (added, removed) = diff_counts(entry);
        let cell = |text: &str| text.replace('|', "\\|");
        let kept = super::kept::words(entry).map(|words| format!("; {words}")).unwrap_or_default();
        format!("| {} | {}{kept} | {added} | {removed} |\n", cell(&code(&name(entry))), entry.action.word())
    };
    let room = OVERVIEW.saturating_sub(out.len());
    let head = "\n| file | what | + | − |\n|---|---|--:|--:|\n";
    section(head, shown.iter().map(row).collect(), "files", room, out);
}

/// A heading with as many parts as there is room for, and how many more there are.
fn section(head: &str, parts: Vec<String>, what: &str, room: usize, out: &mut String) {
    if parts.is_empty() {
        return;
    }
    out.push_str(head);
    let (mut used, mut shown) = (0, 0);
    for part in &parts {
        used += part.len();
        if used > room {
            break;
        }
        out.push_str(part);
        shown += 1;
    }
    if shown < parts.len() {
        out.push_str(&format!("\n… and {} more {what}\n", parts.len() - shown));
    }
}

/// The diffs that fit, the smallest first, in the order of the plan; and the files whose diffs don't.
fn fit<'a>(plan: &Plan, shown: &[&'a Entry], room: usize) -> (Vec<String>, Vec<&'a Entry>) {
    let parts: Vec<String> = shown.iter().map(|entry| details(plan, entry)).collect();
    let mut order: Vec<usize> = (0..parts.len()).collect();
    order.sort_by_key(|at| parts[*at].len());
    let mut left = room.saturating_sub(2_000);
    let mut fits = vec![false; parts.len()];
    for at in order {
        if parts[at].len() > left {
            break;
        }
        left -= parts[at].len();
        fits[at] = true;
    }
    let cut = shown.iter().zip(&fits).filter(|(_, fits)| !**fits).map(|(entry, _)| *entry).collect();
    (parts.into_iter().zip(fits).filter(|(_, fits)| *fits).map(|(part, _)| part).collect(), cut)
}

fn cut_note(cut: &[&Entry]) -> String {
    if cut.is_empty() {
        return String::new();
    }
    let named: Vec<String> = cut.iter().take(NAMED).map(|entry| code(&short(&entry.target))).collect();
    let more = if cut.len() > NAMED { format!(" and {} more", cut.len() - NAMED) } else { String::new() };
    format!("\nCut for length: the diffs of {}{more}. `opsgen diff` shows all of it.\n", named.join(", "))
}

/// A path that leaves room for others.
fn short(path: &str) -> String {
    let letters = path.chars().count();
    if letters <= 100 { path.to_owned() } else { format!("…{}", path.chars().skip(letters - 99).collect::<String>()) }
}

fn details(plan: &Plan, entry: &Entry) -> String {
    let mut text = String::new();
    file(plan, entry, false, &mut text);
    let total = text.lines().count();
    let cut = text.lines().take(LINES).collect::<Vec<_>>().join("\n");
    let more = if total > LINES { format!("\n… {} more lines\n", total - LINES) } else { String::new() };
    let summary = format!("{} {}", name(entry), detail(entry));
    format!("\n<details><summary>{}</summary>\n\n{}\n{more}\n</details>\n", html(summary.trim()), fenced("diff", &cut))
}

/// A block that nothing in it can end.
fn fenced(language: &str, text: &str) -> String {
    let fence = "`".repeat(longest_ticks(text).max(2) + 1);
    format!("{fence}{language}\n{text}\n{fence}")
}

/// The longest run of backticks: a fence must be longer.
fn longest_ticks(text: &str) -> usize {
    text.split(|letter| letter != '`').map(str::len).max().unwrap_or(0)
}

fn code(text: &str) -> String {
    let ticks = "`".repeat(longest_ticks(text) + 1);
    format!("{ticks}{text}{ticks}")
}

fn html(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
