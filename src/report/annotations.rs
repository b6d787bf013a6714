//! Workflow commands that put what a plan changes beside the lines of a pull request, and the Markdown of the whole.
//!
//! In: a plan. Out: lines for the log of a job. Text of files is never read as a command there.

use sha2::{Digest, Sha256};

use super::conflict::clashes;
use super::markdown::markdown;
use super::reason;
use crate::plan::{Change, Entry, Hunk, Plan, diff};

/// Annotations of one level that are shown for a step; more are dropped without a word.
const MOST: usize = 10;

/// One annotation.
struct Note {
    file: String,
    lines: (usize, usize),
    title: String,
    message: String,
}

/// What changes as warnings, what stands in the way as errors.
pub fn annotations(plan: &Plan) -> String {
    let errors: Vec<Note> = plan.stops().flat_map(stopped).collect();
    let warnings: Vec<Note> = plan.changes().flat_map(|entry| changed(plan, entry)).collect();
    level("error", &errors) + &level("warning", &warnings)
}

/// The annotations with the Markdown behind them, where no line of it is taken for a command.
pub fn log(plan: &Plan, command: &str) -> String {
    let text = markdown(plan, command);
    let digest: String = Sha256::digest(text.as_bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    format!("{}::stop-commands::opsgen-{digest}\n{text}::opsgen-{digest}::\n", annotations(plan))
}

fn level(level: &str, notes: &[Note]) -> String {
    let shown = if notes.len() > MOST { MOST - 1 } else { notes.len() };
    let mut out: String = notes.iter().take(shown).map(|note| note.command(level)).collect();
    if notes.len() > shown {
        out.push_str(&format!(
            "::{level} title=opsgen::{} more like these; the summary lists all\n",
            notes.len() - shown
        ));
    }
    out
}

impl Note {
    fn command(&self, level: &str) -> String {
        let (first, last) = self.lines;
        format!(
            "::{level} file={},line={first},endLine={last},title={}::{}\n",
            property(&self.file),
            property(&self.title),
            data(&self.message)
        )
    }
}

/// One note for each clash, or one for the file.
fn stopped(entry: &Entry) -> Vec<Note> {
    let why = entry.note.clone().unwrap_or_else(|| "can't be written".into());
    let note = |lines, message| Note {
        file: entry.target.clone(),
        lines,
        title: format!("opsgen: {}", entry.action.word()),
        message,
    };
    let notes: Vec<Note> = clashes(entry)
        .iter()
        .map(|clash| {
            let first = clash.line.unwrap_or(1);
            let last = first + clash.conflict.ours.lines().count().saturating_sub(1);
            note((first, last), format!("{why}\nnew:\n{}", clash.conflict.theirs.trim_end()))
        })
        .collect();
    if notes.is_empty() { vec![note((1, 1), why)] } else { notes }
}

/// One note for each hunk of a file that was there, one for any other.
fn changed(plan: &Plan, entry: &Entry) -> Vec<Note> {
    let (old, new) = entry.sides();
    let note = |lines, message: String| Note {
        file: entry.source().to_owned(),
        lines,
        title: format!("opsgen: {}", entry.action.word()),
        message: if message.is_empty() {
            format!("would be {} by `opsgen apply`", entry.action.word())
        } else {
            message
        },
    };
    match diff(old, new) {
        Change::Text(hunks) if !old.is_empty() && !new.is_empty() && !hunks.is_empty() => {
            let hunks = hunks.iter().enumerate();
            hunks.map(|(at, hunk)| note(changed_lines(hunk), reason::line(reason::causes(plan, entry, at)))).collect()
        }
        _ => vec![note((1, 1), entry.note.clone().unwrap_or_default())],
    }
}

/// First and last line that changes, in the file as it is.
fn changed_lines(hunk: &Hunk) -> (usize, usize) {
    let before = hunk.lines.iter().take_while(|line| line.sign == ' ').count();
    let after = hunk.lines.iter().rev().take_while(|line| line.sign == ' ').count();
    let first = hunk.old.0 + before;
    let last = (hunk.old.0 + hunk.old.1).saturating_sub(after + 1);
    (first.max(1), last.max(first).max(1))
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
