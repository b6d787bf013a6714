//! Where a new key goes in a map that is there, in the style of that map.

use super::{Edit, quote};
use crate::spec::tree::{Entry, Node, Value};

/// Spaces that a level takes when the file doesn't show it.
const STEP: usize = 2;

/// A key, and what is under it, as the last of a map.
pub fn entry(text: &str, map: &Node, path: &[&str], value: &str, step: usize) -> Option<Edit> {
    let Value::Map(entries) = &map.value else { return None };
    let flow = text[map.span.range.clone()].starts_with('{');
    match entries.last() {
        Some(last) if flow => in_flow(text, map, last, path, value),
        Some(last) => Some(in_block(text, entries.first()?, last, path, value, step)),
        None => None,
    }
}

/// How far the file indents.
pub fn step(root: &Node) -> usize {
    let nested = root.entries().iter().filter(|entry| matches!(entry.value.value, Value::Map(_)));
    let columns = nested.filter_map(|entry| {
        let inner = entry.value.entries().first()?;
        let below = inner.key_span.line() > entry.key_span.line();
        below.then(|| column(&inner.key_span.source.text, inner.key_span.range.start))
    });
    columns.filter(|columns| *columns > 0).min().unwrap_or(STEP)
}

fn in_block(text: &str, first: &Entry, last: &Entry, path: &[&str], value: &str, step: usize) -> Edit {
    let indent = column(text, first.key_span.range.start);
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let told = block(path, value, indent, step).join(newline);
    let end = end(last);
    if text[..end].ends_with('\n') {
        return Edit { range: end..end, text: format!("{told}{newline}") };
    }
    let rest = &text[end..];
    let line = rest.find('\n').map_or(rest.len(), |at| if rest[..at].ends_with('\r') { at - 1 } else { at });
    Edit { range: end + line..end + line, text: format!("{newline}{told}") }
}

/// A line for each key of the path.
fn block(path: &[&str], value: &str, indent: usize, step: usize) -> Vec<String> {
    let lead = |depth: usize| " ".repeat(indent + depth * step);
    let keys = path.iter().enumerate().map(|(depth, key)| format!("{}{}:", lead(depth), quote::word(key)));
    let mut lines: Vec<String> = keys.collect();
    if let Some(line) = lines.last_mut() {
        line.push_str(&format!(" {}", quote::word(value)));
    }
    lines
}

fn in_flow(text: &str, map: &Node, last: &Entry, path: &[&str], value: &str) -> Option<Edit> {
    let (first, rest) = path.split_first()?;
    let told = format!("{}: {}", quote::word(first), quote::flow(rest, value));
    let end = end(last);
    let close = map.span.range.end;
    let comma = comma(text.get(end..close)?).map(|at| end + at + 1);
    let start = text[..last.key_span.range.start].rfind('\n').map_or(0, |at| at + 1);
    let own_line = start > map.span.range.start && text[start..last.key_span.range.start].trim().is_empty();
    match (own_line, comma) {
        (false, None) => Some(Edit { range: end..end, text: format!(", {told}") }),
        (false, Some(comma)) => Some(Edit { range: comma..comma, text: format!(" {told}") }),
        (true, comma) => Some(on_its_line(text, start, last, comma, &told)),
    }
}

/// The last key stands on a line of its own: so does the new one.
fn on_its_line(text: &str, start: usize, last: &Entry, comma: Option<usize>, told: &str) -> Edit {
    let end = end(last);
    let from = comma.unwrap_or(end);
    let line = text[from..].find('\n').map_or(text.len(), |at| from + at);
    let line = if text[..line].ends_with('\r') { line - 1 } else { line };
    let comment = text[from..line].trim_start().starts_with('#') || text[from..line].trim().is_empty();
    if !comment {
        let lead = if comma.is_some() { " " } else { ", " };
        return Edit { range: from..from, text: format!("{lead}{told}") };
    }
    let indent = &text[start..last.key_span.range.start];
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let (before, after) = if comma.is_some() { ("", ",") } else { (",", "") };
    Edit { range: end..line, text: format!("{before}{}{newline}{indent}{told}{after}", &text[end..line]) }
}

/// The comma after the last value, past white space and comments.
fn comma(text: &str) -> Option<usize> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let code = line.find('#').map_or(line, |hash| &line[..hash]);
        if let Some(found) = code.find(',') {
            return Some(at + found);
        }
        at += line.len();
    }
    None
}

/// Where the text of an entry ends; an empty value has no place of its own.
fn end(entry: &Entry) -> usize {
    let key = entry.key_span.range.end;
    end_of(&entry.value).map_or(key, |end| end.max(key))
}

fn end_of(node: &Node) -> Option<usize> {
    let span = &node.span;
    let text = &span.source.text[span.range.clone()];
    match &node.value {
        _ if text.starts_with(['{', '[']) => Some(span.range.end),
        Value::Map(entries) => entries.last().map(end),
        Value::List(items) => items.last().and_then(end_of),
        Value::Scalar { text: told, .. } => {
            let blank = if told.ends_with("\n\n") { 0 } else { blank_lines(text) };
            (!text.trim().is_empty()).then_some(span.range.end - blank)
        }
    }
}

/// Bytes of the empty lines after the last line: a block of text may own them without meaning them.
fn blank_lines(text: &str) -> usize {
    let told = text.trim_end();
    text[told.len()..].find('\n').map_or(0, |line| text.len() - told.len() - line - 1)
}

fn column(text: &str, at: usize) -> usize {
    let start = text[..at].rfind('\n').map_or(0, |line| line + 1);
    text[start..at].chars().count()
}
