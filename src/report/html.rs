//! A plan as one page that needs nothing else: no script, no network, readable in light and in dark.
//!
//! In: a plan, and the command that made it. Out: HTML in which nothing of the files is markup.

use super::conflict::{clashes, settle, sides};
use super::summary::{counts, detail, diff_counts, name};
use super::{reason, unified};
use crate::plan::{Cause, Change, Entry, Hunk, Line, Plan, diff};
use crate::risk::assess;

const STYLE: &str = include_str!("page.css");

/// The whole page.
pub fn html(plan: &Plan, command: &str) -> String {
    let shown: Vec<&Entry> = plan.changes().chain(plan.stops()).collect();
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>opsgen: {0}</title>\n\
         <style>\n{STYLE}</style>\n</head>\n<body>\n<h1>opsgen</h1>\n<p>{0}</p>\n",
        escaped(&counts(plan))
    );
    risks(plan, &mut out);
    names(plan, &mut out);
    ways(plan, command, &mut out);
    table(&shown, &mut out);
    for (at, entry) in shown.iter().enumerate() {
        file(plan, entry, at, &mut out);
    }
    out + "</body>\n</html>\n"
}

fn risks(plan: &Plan, out: &mut String) {
    let risks = assess(plan);
    if risks.is_empty() {
        return;
    }
    out.push_str("<h2>Look at these first</h2>\n<ul>\n");
    for risk in risks {
        out.push_str(&format!("<li><code>{}</code> {}</li>\n", escaped(&risk.path), escaped(&risk.what)));
    }
    out.push_str("</ul>\n");
}

fn names(plan: &Plan, out: &mut String) {
    if !plan.identities.is_empty() {
        let text = escaped(super::names(plan).trim());
        out.push_str(&format!("<h2>Names that exist outside the files</h2>\n<pre class=\"ways\">{text}</pre>\n"));
    }
}

fn ways(plan: &Plan, command: &str, out: &mut String) {
    let ways = settle(plan, command);
    if !ways.is_empty() {
        let text = escaped(&ways.join("\n"));
        out.push_str(&format!(
            "<h2 class=\"bad\">Conflicts: settle them with one of these</h2>\n<pre class=\"ways\">{text}</pre>\n"
        ));
    }
}

fn table(shown: &[&Entry], out: &mut String) {
    out.push_str("<h2>Files</h2>\n<table class=\"files\">\n<tr><th>file</th><th>what</th><th>+</th><th>−</th></tr>\n");
    for (at, entry) in shown.iter().enumerate() {
        let (added, removed) = diff_counts(entry);
        let class = if entry.action.is_stop() { " class=\"bad\"" } else { "" };
        out.push_str(&format!(
            "<tr><td><a href=\"#f{at}\"><code>{}</code></a></td><td{class}>{}</td>\
             <td class=\"n\">{added}</td><td class=\"n\">{removed}</td></tr>\n",
            escaped(&name(entry)),
            entry.action.word()
        ));
    }
    out.push_str("</table>\n");
}

fn file(plan: &Plan, entry: &Entry, at: usize, out: &mut String) {
    let (old, new) = entry.sides();
    out.push_str(&format!(
        "<details open id=\"f{at}\"><summary><code>{}</code> <span class=\"soft\">{} {}</span></summary>\n",
        escaped(&name(entry)),
        entry.action.word(),
        escaped(&detail(entry))
    ));
    for mode in unified::modes(entry) {
        out.push_str(&format!("<div class=\"note soft\">{mode}</div>\n"));
    }
    for clash in clashes(entry) {
        out.push_str("<div class=\"clash\">");
        for (who, text) in sides(clash.conflict) {
            out.push_str(&format!("<div><span class=\"bad\">{who}</span><pre>{}</pre></div>", escaped(text)));
        }
        out.push_str("</div>\n");
    }
    match diff(old, new) {
        Change::Binary => out.push_str("<div class=\"note soft\">not text</div>\n"),
        Change::Text(hunks) => {
            out.push_str("<table class=\"diff\">\n");
            for (at, one) in hunks.iter().enumerate() {
                hunk(one, reason::causes(plan, entry, at), out);
            }
            out.push_str("</table>\n");
        }
    }
    out.push_str("</details>\n");
}

fn hunk(hunk: &Hunk, causes: &[Cause], out: &mut String) {
    let (mut old, mut new) = (hunk.old.0, hunk.new.0);
    let reason = match reason::line(causes).as_str() {
        "" => String::new(),
        reason => format!(" <span class=\"cause\">{}</span>", escaped(reason)),
    };
    let place = unified::place(hunk);
    out.push_str(&format!("<tr class=\"place\"><td colspan=\"3\">{place}{reason}</td></tr>\n"));
    for line in &hunk.lines {
        let class = match line.sign {
            '+' => "add",
            '-' => "remove",
            _ => "same",
        };
        let number = |shown: bool, number: usize| if shown { number.to_string() } else { String::new() };
        let (before, after) = (number(line.sign != '+', old), number(line.sign != '-', new));
        out.push_str(&format!(
            "<tr class=\"{class}\"><td class=\"n\">{before}</td><td class=\"n\">{after}</td><td>{}{}</td></tr>\n",
            line.sign,
            text(line)
        ));
        old += usize::from(line.sign != '+');
        new += usize::from(line.sign != '-');
    }
}

fn text(line: &Line) -> String {
    let part = |(marked, part): &(bool, String)| {
        if *marked { format!("<mark>{}</mark>", escaped(part)) } else { escaped(part) }
    };
    line.parts.iter().map(part).collect()
}

/// Text that is only text on the page.
fn escaped(text: &str) -> String {
    let letter = |letter: char| match letter {
        '&' => "&amp;".to_owned(),
        '<' => "&lt;".to_owned(),
        '>' => "&gt;".to_owned(),
        '"' => "&quot;".to_owned(),
        '\'' => "&#39;".to_owned(),
        '\t' | '\n' => letter.to_string(),
        _ if letter.is_control() => char::REPLACEMENT_CHARACTER.to_string(),
        _ => letter.to_string(),
    };
    text.chars().map(letter).collect()
}
