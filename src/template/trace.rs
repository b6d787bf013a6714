//! Finds the template line that made a line of output, by rendering again with marked lines.
//!
//! In: a root, its context, an output line. Out: a span in a template. Refuses nothing: at worst the first line.

use std::sync::Arc;

use tera::Context;

use super::engine::{Root, Templates};
use crate::diagnostic::{Source, Span};

/// Private-use letters that no template holds.
const OPEN: char = '\u{e000}';
const CLOSE: char = '\u{e001}';

/// What stands before each line of a traced template.
pub fn mark(path: &str, line: usize) -> String {
    format!("{OPEN}{path}:{line}{CLOSE}")
}

/// The text without marks.
pub fn unmark(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(OPEN) {
        out.push_str(before);
        rest = after.split_once(CLOSE).map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    out
}

impl Templates {
    /// Where the given line of the output (from 1) was written.
    pub fn locate(&self, root: &Root, context: &Context, line: usize) -> Option<Span> {
        let marked = self.traced().render(root, context).ok();
        let found = marked.as_deref().and_then(|text| last_mark(text, line));
        let (path, line) = found.unwrap_or((root.path.as_str(), 1));
        let source = self.shared.files.get(path)?;
        Some(Span { source: source.clone(), range: line_range(source, line) })
    }
}

/// The last mark at or before the end of an output line.
fn last_mark(text: &str, line: usize) -> Option<(&str, usize)> {
    let end: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
    let head = &text[..end];
    let start = head.rfind(OPEN)? + OPEN.len_utf8();
    let (mark, _) = head[start..].split_once(CLOSE)?;
    let (path, number) = mark.rsplit_once(':')?;
    Some((path, number.parse().ok()?))
}

/// The line without its leading blanks.
pub fn line_range(source: &Arc<Source>, line: usize) -> std::ops::Range<usize> {
    let start: usize = source.text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let text = source.text.get(start..).unwrap_or("").split('\n').next().unwrap_or("");
    let lead = text.len() - text.trim_start().len();
    start + lead..start + text.trim_end().len().max(lead)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_mark_before_a_line_is_its_origin() {
        let text = format!("{}a\n{}b\nc\n", mark("t", 1), mark("p/q", 7));
        assert_eq!(last_mark(&text, 3), Some(("p/q", 7)));
        assert_eq!(unmark(&text), "a\nb\nc\n");
    }
}
