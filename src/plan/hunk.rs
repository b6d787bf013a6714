//! What changes inside a file: unified hunks, with the changed words marked.
//!
//! In: bytes before and after. Out: hunks. Line endings are no change; bytes that aren't text have no hunks.

use serde::Serialize;
use similar::{ChangeTag, DiffOp, InlineChangeOptions, TextDiff};

use super::text;

/// Lines of context around a change.
const CONTEXT: usize = 3;

/// Files above this many lines get no word marks: they cost more than they show.
const WORDS_UP_TO: usize = 5_000;

/// A run of changed lines with what stands around it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Hunk {
    /// First line and number of lines before.
    pub old: (usize, usize),
    /// First line and number of lines after.
    pub new: (usize, usize),
    pub lines: Vec<Line>,
}

/// One line of a hunk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// ` `, `-` or `+`.
    pub sign: char,
    /// The text in pieces; the marked ones are what changed.
    pub parts: Vec<(bool, String)>,
    /// The file ends here without a line end.
    pub unterminated: bool,
}

impl Line {
    /// The line without its marks.
    pub fn text(&self) -> String {
        self.parts.iter().map(|(_, part)| part.as_str()).collect()
    }
}

/// The difference of two contents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// At least one side isn't text.
    Binary,
    Text(Vec<Hunk>),
}

impl Change {
    /// Added and removed lines.
    pub fn counts(&self) -> (usize, usize) {
        let Self::Text(hunks) = self else { return (0, 0) };
        let count = |sign| hunks.iter().flat_map(|hunk| &hunk.lines).filter(|line| line.sign == sign).count();
        (count('+'), count('-'))
    }
}

/// Compares two contents.
pub fn diff(old: &[u8], new: &[u8]) -> Change {
    let (Some(old), Some(new)) = (text::lf(old), text::lf(new)) else { return Change::Binary };
    let (old, new): (&str, &str) = (&old, &new);
    let diff = TextDiff::from_lines(old, new);
    let words = diff.old_len().max(diff.new_len()) <= WORDS_UP_TO;
    Change::Text(diff.grouped_ops(CONTEXT).iter().map(|group| hunk(&diff, group, words)).collect())
}

fn hunk(diff: &TextDiff<'_, '_, str>, ops: &[DiffOp], words: bool) -> Hunk {
    let old = range(ops.iter().map(DiffOp::old_range));
    let new = range(ops.iter().map(DiffOp::new_range));
    let lines = ops.iter().flat_map(|op| if words { marked(diff, op) } else { plain(diff, op) }).collect();
    Hunk { old, new, lines }
}

/// First line (as git counts: the line before an empty range) and length.
fn range(ranges: impl Iterator<Item = std::ops::Range<usize>> + Clone) -> (usize, usize) {
    let start = ranges.clone().map(|range| range.start).min().unwrap_or(0);
    let end = ranges.map(|range| range.end).max().unwrap_or(0);
    (if end > start { start + 1 } else { start }, end - start)
}

fn marked(diff: &TextDiff<'_, '_, str>, op: &DiffOp) -> Vec<Line> {
    let mut options = InlineChangeOptions::new();
    options.semantic_cleanup(true);
    diff.iter_inline_changes_with_options(op, options)
        .map(|change| {
            let parts = change.values().iter().map(|(mark, part)| (*mark, (*part).to_owned())).collect();
            line(change.tag(), parts, change.missing_newline())
        })
        .collect()
}

fn plain(diff: &TextDiff<'_, '_, str>, op: &DiffOp) -> Vec<Line> {
    diff.iter_changes(op)
        .map(|change| line(change.tag(), vec![(false, change.value().to_owned())], change.missing_newline()))
        .collect()
}

fn line(tag: ChangeTag, mut parts: Vec<(bool, String)>, unterminated: bool) -> Line {
    if let Some((_, last)) = parts.last_mut()
        && last.ends_with('\n')
    {
        last.pop();
    }
    parts.retain(|(_, part)| !part.is_empty());
    let sign = match tag {
        ChangeTag::Equal => ' ',
        ChangeTag::Delete => '-',
        ChangeTag::Insert => '+',
    };
    Line { sign, parts, unterminated }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hunks(old: &str, new: &str) -> Vec<Hunk> {
        match diff(old.as_bytes(), new.as_bytes()) {
            Change::Text(hunks) => hunks,
            Change::Binary => panic!("text"),
        }
    }

    #[test]
    fn the_changed_word_is_marked() {
        let hunks = hunks("a\nimage: web:1.2.3 here\nb\n", "a\nimage: web:1.2.4 here\nb\n");
        assert_eq!((hunks[0].old, hunks[0].new), ((1, 3), (1, 3)));
        let removed = &hunks[0].lines[1];
        assert_eq!((removed.sign, removed.text().as_str()), ('-', "image: web:1.2.3 here"));
        assert!(removed.parts.iter().any(|(mark, part)| *mark && !part.contains("image")), "{removed:?}");
    }

    #[test]
    fn an_empty_side_counts_as_git_does() {
        let added = hunks("", "a\nb");
        assert_eq!((added[0].old, added[0].new), ((0, 0), (1, 2)));
        assert!(added[0].lines[1].unterminated);
        assert_eq!(diff(b"", b"a\nb").counts(), (2, 0));
    }

    #[test]
    fn line_endings_and_binary() {
        assert_eq!(diff(b"a\r\n", b"a\n"), Change::Text(vec![]));
        assert_eq!(diff(b"\xff", b"a\n"), Change::Binary);
    }
}
