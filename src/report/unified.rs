//! Unified diffs as git prints them; on a terminal with colours, and the changed words marked.

use anstyle::{AnsiColor, Style};

use super::{conflict, kept, reason};
use crate::plan::{Action, Cause, Change, Content, Disk, Entry, Hunk, Line, Plan, diff};

const HEADER: Style = Style::new().bold();
const PLACE: Style = AnsiColor::Cyan.on_default();
const REASON: Style = Style::new().dimmed();
const ADDED: Style = AnsiColor::Green.on_default();
const REMOVED: Style = AnsiColor::Red.on_default();

/// The diffs of every file that changes or stands in the way, deletions first.
pub fn unified(plan: &Plan, colour: bool) -> String {
    let mut out = String::new();
    let shown = |entry: &&Entry| entry.action.is_stop() || entry.action == Action::Yours;
    for entry in plan.changes().chain(plan.entries.iter().filter(shown)) {
        file(plan, entry, colour, &mut out);
    }
    out
}

/// The diff of one file.
pub fn file(plan: &Plan, entry: &Entry, colour: bool, out: &mut String) {
    out.push_str(&title(entry, colour));
    let (old, new) = entry.sides();
    if let Change::Text(hunks) = &diff(old, new) {
        for (at, one) in hunks.iter().enumerate() {
            hunk(one, reason::causes(plan, entry, at), colour, out);
        }
    }
}

/// Everything above the hunks of a file.
pub fn title(entry: &Entry, colour: bool) -> String {
    let (old, new) = entry.sides();
    let mut out = String::new();
    for line in [remarks(entry), heading(entry), names(entry, &diff(old, new))].concat() {
        paint(HEADER, &line, colour, &mut out);
        out.push('\n');
    }
    out
}

/// What the diff alone doesn't say: why a file stands in the way, what stays the user's.
fn remarks(entry: &Entry) -> Vec<String> {
    let mut lines = Vec::new();
    let (word, target) = (entry.action.word(), &entry.target);
    if entry.action.is_stop() || matches!(entry.action, Action::Yours | Action::Release) {
        lines.push(format!("# {word}: {target} ({})", entry.note.as_deref().unwrap_or_default()));
    } else if let Some(kept) = kept::words(entry) {
        lines.push(format!("# {word}: {target} ({kept})"));
    }
    for clash in conflict::clashes(entry) {
        let place = clash.line.map(|line| format!(" at line {line}")).unwrap_or_default();
        lines.push(format!("# both changed the same lines{place}:"));
        lines.extend(conflict::told(clash.conflict).into_iter().map(|line| format!("#{line}")));
    }
    lines
}

/// What happens to the file as a whole.
fn heading(entry: &Entry) -> Vec<String> {
    if !entry.action.is_change() || entry.action == Action::Release {
        return Vec::new();
    }
    let mut lines = vec![format!("diff --git a/{} b/{}", entry.source(), entry.target)];
    lines.extend(modes(entry));
    if let Some(from) = &entry.from {
        lines.extend([format!("rename from {from}"), format!("rename to {}", entry.target)]);
    }
    lines
}

/// What happens to the file's existence and its executable bit.
pub(super) fn modes(entry: &Entry) -> Vec<String> {
    let mode = |content: &Content| if content.executable { "100755" } else { "100644" };
    let before = match &entry.disk {
        Disk::File(content) => Some(mode(content)),
        _ => None,
    };
    match (before, entry.result.as_ref().map(mode)) {
        (None, Some(mode)) => vec![format!("new file mode {mode}")],
        (Some(mode), None) if entry.action == Action::Delete => vec![format!("deleted file mode {mode}")],
        (Some(before), Some(after)) if before != after => {
            vec![format!("old mode {before}"), format!("new mode {after}")]
        }
        _ => Vec::new(),
    }
}

fn names(entry: &Entry, change: &Change) -> Vec<String> {
    let (old, new) = entry.sides();
    let (from, to) = (entry.source(), &entry.target);
    let absent = |side: &[u8], name: String| if side.is_empty() { "/dev/null".to_owned() } else { name };
    match change {
        Change::Binary => vec![format!("Binary files a/{from} and b/{to} differ")],
        Change::Text(hunks) if !hunks.is_empty() => {
            vec![format!("--- {}", absent(old, format!("a/{from}"))), format!("+++ {}", absent(new, format!("b/{to}")))]
        }
        Change::Text(_) => Vec::new(),
    }
}

/// One hunk, with why it is there behind its place.
pub fn hunk(hunk: &Hunk, causes: &[Cause], colour: bool, out: &mut String) {
    paint(PLACE, &place(hunk), colour, out);
    let reason = reason::line(causes);
    if !reason.is_empty() {
        out.push(' ');
        paint(REASON, &reason, colour, out);
    }
    out.push('\n');
    for line in &hunk.lines {
        text(line, colour, out);
        out.push('\n');
        if line.unterminated {
            out.push_str("\\ No newline at end of file\n");
        }
    }
}

/// `@@ -1,2 +1,3 @@`.
pub fn place(hunk: &Hunk) -> String {
    let side = |(start, length): (usize, usize)| match length {
        1 => start.to_string(),
        length => format!("{start},{length}"),
    };
    format!("@@ -{} +{} @@", side(hunk.old), side(hunk.new))
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
