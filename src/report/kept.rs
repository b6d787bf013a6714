//! Which lines of a file are the user's: those in which it differs from the new render.
//!
//! In: an entry. Out: line numbers, and words for them.

use crate::plan::{Action, Change, Disk, Entry, Hunk, diff};

/// The user's lines in the file as it will be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// First and last line of each run.
    pub lines: Vec<(usize, usize)>,
    /// Lines of ours that the user took out: how many, and after which line.
    pub removed: Vec<(usize, usize)>,
}

/// The user's lines; nothing where the file holds none, or isn't a mix of both.
pub fn kept(entry: &Entry) -> Option<Kept> {
    let after = match (entry.action, &entry.result, &entry.disk) {
        (Action::Merge | Action::Move, Some(result), _) => result,
        (Action::Kept, _, Disk::File(content)) => content,
        _ => return None,
    };
    let Change::Text(hunks) = diff(&entry.new.as_ref()?.bytes, &after.bytes) else { return None };
    let mut found = Kept::default();
    for hunk in &hunks {
        found.collect(hunk);
    }
    (found != Kept::default()).then_some(found)
}

impl Kept {
    /// Runs of `+` are the user's; a run of `-` without them is what the user took out.
    fn collect(&mut self, hunk: &Hunk) {
        let mut next = if hunk.new.1 == 0 { hunk.new.0 + 1 } else { hunk.new.0 };
        for run in hunk.lines.chunk_by(|one, other| (one.sign == ' ') == (other.sign == ' ')) {
            let added = run.iter().filter(|line| line.sign == '+').count();
            match run[0].sign {
                ' ' => next += run.len(),
                _ if added > 0 => {
                    self.lines.push((next, next + added - 1));
                    next += added;
                }
                _ => self.removed.push((run.len(), next - 1)),
            }
        }
    }

    /// `lines 3–5, 9; 2 lines taken out after line 12`.
    pub fn words(&self) -> String {
        let ranges: Vec<String> = self
            .lines
            .iter()
            .map(|(first, last)| if first == last { first.to_string() } else { format!("{first}–{last}") })
            .collect();
        let one = matches!(self.lines.as_slice(), [(first, last)] if first == last);
        let lines =
            (!ranges.is_empty()).then(|| format!("{} {}", if one { "line" } else { "lines" }, ranges.join(", ")));
        let removed = self.removed.iter().map(|(count, after)| {
            format!("{count} {} taken out after line {after}", if *count == 1 { "line" } else { "lines" })
        });
        lines.into_iter().chain(removed).collect::<Vec<_>>().join("; ")
    }
}

/// `your edit kept: lines 3–5`, for an entry that holds some.
pub fn words(entry: &Entry) -> Option<String> {
    kept(entry).map(|kept| format!("your edit kept: {}", kept.words()))
}
