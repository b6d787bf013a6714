//! A hunk that can be taken or not: split where context lies between its changes, edited, put into the file.
//!
//! In: a hunk and the lines of the file. Out: the lines afterwards. Refuses an edit that doesn't fit the file.

use crate::plan::{Cause, Hunk, Line};

/// Lines of context around a part of a split hunk.
const CONTEXT: usize = 3;

/// A hunk, and why it is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    pub hunk: Hunk,
    pub causes: Vec<Cause>,
}

/// Lines of the file, counted from 0, and what comes in their place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    at: usize,
    length: usize,
    lines: Vec<String>,
}

impl Piece {
    /// The hunk as one change, context and all.
    pub fn change(&self) -> Change {
        let new = self.hunk.lines.iter().filter(|line| line.sign != '-').map(whole).collect();
        Change { at: first(self.hunk.old), length: self.hunk.old.1, lines: new }
    }

    /// One piece for each run of changed lines; itself when there is only one.
    pub fn split(&self) -> Vec<Self> {
        let lines = &self.hunk.lines;
        let runs = runs(lines);
        let part = |at: usize| {
            let (start, end) = runs[at];
            let before = if at == 0 { 0 } else { runs[at - 1].1 };
            let after = runs.get(at + 1).map_or(lines.len(), |next| next.0);
            let from = start.saturating_sub(CONTEXT).max(before);
            let to = (end + CONTEXT).min(after);
            let old = range(self.hunk.old, &lines[..from], &lines[from..to], '+');
            let new = range(self.hunk.new, &lines[..from], &lines[from..to], '-');
            Self { hunk: Hunk { old, new, lines: lines[from..to].to_vec() }, causes: self.causes.clone() }
        };
        (0..runs.len()).map(part).collect()
    }

    pub fn can_split(&self) -> bool {
        runs(&self.hunk.lines).len() > 1
    }

    /// What an editor is given.
    pub fn editable(&self) -> String {
        let mut text = String::from(
            "# Edit the hunk, then save and leave the editor.\n\
             # To keep a line that goes (-), make its - a space. To leave a line out that comes (+), delete it.\n\
             # Lines that start with # are left out. An empty file leaves the hunk as it was.\n",
        );
        for line in &self.hunk.lines {
            text.push_str(&format!("{}{}\n", line.sign, line.text()));
            if line.unterminated {
                text.push_str("\\ No newline at end of file\n");
            }
        }
        text
    }

    /// The change that an edited hunk makes; nothing when there is none left in it, an error when it doesn't fit the file.
    pub fn edited(&self, text: &str) -> Result<Option<Change>, String> {
        let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('#') && !line.starts_with("@@")).collect();
        if lines.iter().all(|line| line.trim().is_empty()) {
            return Ok(None);
        }
        let (mut old, mut new) = (Vec::new(), Vec::new());
        for (at, line) in lines.iter().enumerate() {
            let end = if lines.get(at + 1).is_some_and(|next| next.starts_with('\\')) { "" } else { "\n" };
            let rest = line.get(1..).unwrap_or_default();
            match line.chars().next() {
                Some('\\') => {}
                Some('-') => old.push(format!("{rest}{end}")),
                Some('+') => new.push(format!("{rest}{end}")),
                Some(' ') | None => [&mut old, &mut new].into_iter().for_each(|side| side.push(format!("{rest}{end}"))),
                Some(_) => return Err(format!("no line starts with a space, - or + here: {line}")),
            }
        }
        let wanted: Vec<String> = self.hunk.lines.iter().filter(|line| line.sign != '+').map(whole).collect();
        if old != wanted {
            return Err("its lines with a space and with - aren't the lines of the file any more".into());
        }
        Ok(Some(Change { at: first(self.hunk.old), length: self.hunk.old.1, lines: new }))
    }
}

/// The text with the changes in it, which don't overlap.
pub fn compose(text: &str, changes: &[Change]) -> String {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let mut ordered: Vec<&Change> = changes.iter().collect();
    ordered.sort_by_key(|change| change.at);
    let (mut out, mut next) = (String::new(), 0);
    for change in ordered {
        out.extend(lines[next.min(change.at)..change.at.min(lines.len())].iter().copied());
        change.lines.iter().for_each(|line| out.push_str(line));
        next = change.at + change.length;
    }
    out.extend(lines[next.min(lines.len())..].iter().copied());
    out
}

/// Start and end of each run of changed lines.
fn runs(lines: &[Line]) -> Vec<(usize, usize)> {
    let mut found: Vec<(usize, usize)> = Vec::new();
    for (at, _) in lines.iter().enumerate().filter(|(_, line)| line.sign != ' ') {
        match found.last_mut() {
            Some(run) if run.1 == at => run.1 = at + 1,
            _ => found.push((at, at + 1)),
        }
    }
    found
}

/// First line and number of lines of one side of a part.
fn range(all: (usize, usize), before: &[Line], part: &[Line], other: char) -> (usize, usize) {
    let count = |lines: &[Line]| lines.iter().filter(|line| line.sign != other).count();
    let (start, length) = (first(all) + count(before), count(part));
    (if length == 0 { start } else { start + 1 }, length)
}

/// Lines before the first line of a range.
fn first((start, length): (usize, usize)) -> usize {
    if length == 0 { start } else { start - 1 }
}

/// The line as it stands in the file.
fn whole(line: &Line) -> String {
    format!("{}{}", line.text(), if line.unterminated { "" } else { "\n" })
}
