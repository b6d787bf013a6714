//! Unified diffs as git prints them; on a terminal with colours, and the changed words marked.

use anstyle::{AnsiColor, Style};

use crate::plan::{Action, Change, Content, Disk, Entry, Hunk, Line, Plan, diff};

const HEADER: Style = Style::new().bold();
const PLACE: Style = AnsiColor::Cyan.on_default();
const ADDED: Style = AnsiColor::Green.on_default();
const REMOVED: Style = AnsiColor::Red.on_default();

/// The diffs of every file that changes or stands in the way, deletions first.
pub fn unified(plan: &Plan, colour: bool) -> String {
    let mut out = String::new();
    let shown = |entry: &&Entry| entry.action.is_stop() || entry.action == Action::Yours;
    for entry in plan.changes().chain(plan.entries.iter().filter(shown)) {
        file(entry, colour, &mut out);
    }
    out
}

/// The diff of one file.
pub fn file(entry: &Entry, colour: bool, out: &mut String) {
    let (old, new) = entry.sides();
    let change = diff(old, new);
    let mut head = heading(entry);
    match &change {
        Change::Binary => head.push(format!("Binary files a/{0} and b/{0} differ", entry.target)),
        Change::Text(hunks) if !hunks.is_empty() => {
            let absent = |side: &[u8], name: &str| {
                if side.is_empty() { "/dev/null".to_owned() } else { format!("{name}/{}", entry.target) }
            };
            head.push(format!("--- {}", absent(old, "a")));
            head.push(format!("+++ {}", absent(new, "b")));
        }
        Change::Text(_) => {}
    }
    for line in head {
        paint(HEADER, &line, colour, out);
        out.push('\n');
    }
    if let Change::Text(hunks) = &change {
        for hunk in hunks {
            print(hunk, colour, out);
        }
    }
}

fn heading(entry: &Entry) -> Vec<String> {
    let mut lines = Vec::new();
    if entry.action.is_stop() || matches!(entry.action, Action::Yours | Action::Release) {
        let note = entry.note.as_deref().unwrap_or_default();
        lines.push(format!("# {}: {} ({note})", entry.action.word(), entry.target));
    }
    let mode = |content: &Content| if content.executable { "100755" } else { "100644" };
    let before = match &entry.disk {
        Disk::File(content) => Some(mode(content)),
        _ => None,
    };
    let after = entry.new.as_ref().map(mode);
    if !entry.action.is_change() || entry.action == Action::Release {
        return lines;
    }
    lines.push(format!("diff --git a/{0} b/{0}", entry.target));
    match (before, after) {
        (None, Some(mode)) => lines.push(format!("new file mode {mode}")),
        (Some(mode), None) => lines.push(format!("deleted file mode {mode}")),
        (Some(before), Some(after)) if before != after => {
            lines.push(format!("old mode {before}"));
            lines.push(format!("new mode {after}"));
        }
        _ => {}
    }
    lines
}

fn print(hunk: &Hunk, colour: bool, out: &mut String) {
    let side = |(start, length): (usize, usize)| match length {
        1 => start.to_string(),
        length => format!("{start},{length}"),
    };
    paint(PLACE, &format!("@@ -{} +{} @@", side(hunk.old), side(hunk.new)), colour, out);
    out.push('\n');
    for line in &hunk.lines {
        text(line, colour, out);
        out.push('\n');
        if line.unterminated {
            out.push_str("\\ No newline at end of file\n");
        }
    }
}

fn text(line: &Line, colour: bool, out: &mut String) {
    let style = match line.sign {
        '+' => ADDED,
        '-' => REMOVED,
        _ => Style::new(),
    };
    paint(style, &line.sign.to_string(), colour, out);
    for (marked, part) in &line.parts {
        paint(if *marked { style.invert() } else { style }, part, colour, out);
    }
}

/// Text in a style; on a terminal, control characters are shown and not obeyed.
pub(super) fn paint(style: Style, text: &str, colour: bool, out: &mut String) {
    if !colour {
        return out.push_str(text);
    }
    let visible: String = text
        .chars()
        .map(|letter| if letter.is_control() && letter != '\t' { char::REPLACEMENT_CHARACTER } else { letter })
        .collect();
    out.push_str(&format!("{style}{visible}{style:#}"));
}
