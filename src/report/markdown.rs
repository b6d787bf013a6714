//! A plan as a comment in a pull request: counts, risks, a table, and the diffs folded away.

use super::summary::{counts, diff_counts};
use super::unified::file;
use crate::plan::{Entry, Plan};
use crate::risk::assess;

/// Longest diff of one file, in lines; more than that nobody reads in a comment.
const LINES: usize = 400;

/// The plan as GitHub-flavoured Markdown.
pub fn markdown(plan: &Plan) -> String {
    let mut out = format!("### opsgen: {}\n", counts(plan));
    let risks = assess(plan);
    if !risks.is_empty() {
        out.push_str("\n**Look at these first**\n\n");
        for risk in &risks {
            out.push_str(&format!("- {} {}\n", code(&risk.path), risk.what));
        }
    }
    let shown: Vec<&Entry> = plan.changes().chain(plan.stops()).collect();
    if shown.is_empty() {
        return out;
    }
    out.push_str("\n| file | what | + | − |\n|---|---|--:|--:|\n");
    for entry in &shown {
        let (added, removed) = diff_counts(entry);
        let path = code(&entry.target).replace('|', "\\|");
        out.push_str(&format!("| {path} | {} | {added} | {removed} |\n", entry.action.word()));
    }
    for entry in shown {
        details(entry, &mut out);
    }
    out
}

fn details(entry: &Entry, out: &mut String) {
    let mut text = String::new();
    file(entry, false, &mut text);
    let total = text.lines().count();
    let cut: String = text.lines().take(LINES).flat_map(|line| [line, "\n"]).collect();
    let fence = "`".repeat(longest_ticks(&cut).max(2) + 1);
    out.push_str(&format!("\n<details><summary>{}</summary>\n\n{fence}diff\n{cut}{fence}\n", html(&entry.target)));
    if total > LINES {
        out.push_str(&format!("\n… {} more lines\n", total - LINES));
    }
    out.push_str("\n</details>\n");
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
