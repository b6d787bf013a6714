//! An edit of the spec's text: one answer more, everything else byte for byte as it was.
//!
//! In: the text, where the answer goes, and the answer. Out: the new text, with comments, order and style kept.
//! Refuses (`None`) what doesn't parse and any place where the result wouldn't read as the old answers plus the new one.

mod insert;
mod quote;

use super::read;
use super::tree::{Entry, Node, Value};
use crate::diagnostic::{Diagnostic, Source};

/// Sets the single value at a path: `["outputs", "docs/x.md"]`, `["services", "api", "was"]`, `["was"]`.
///
/// Missing maps on the way are made; a value that is there is replaced. A new key becomes the last one of its map.
pub fn set(text: &str, path: &[&str], value: &str) -> Option<String> {
    let (mark, body) = text.strip_prefix('\u{feff}').map_or(("", text), |body| ("\u{feff}", body));
    let before = tree(body)?;
    let made = change(body, &before, path, value)?.apply(body);
    let wanted = with(&before, path, value)?;
    (plain(&tree(&made)?) == plain(&wanted)).then(|| format!("{mark}{made}"))
}

/// Bytes that go, and what comes in their place.
#[derive(Debug)]
struct Edit {
    range: std::ops::Range<usize>,
    text: String,
}

impl Edit {
    fn apply(&self, text: &str) -> String {
        format!("{}{}{}", &text[..self.range.start], self.text, &text[self.range.end..])
    }
}

fn tree(text: &str) -> Option<Node> {
    let (tree, faults) = read::read(&Source::new("spec", text));
    (!faults.iter().any(Diagnostic::is_error)).then_some(tree)
}

/// Follows the path as far as it exists, then replaces or inserts.
fn change(text: &str, root: &Node, path: &[&str], value: &str) -> Option<Edit> {
    let mut node = root;
    for (depth, part) in path.iter().enumerate() {
        let Some(entry) = node.entries().iter().find(|entry| entry.key == *part) else {
            return insert::entry(text, node, &path[depth..], value, insert::step(root));
        };
        let rest = &path[depth + 1..];
        if rest.is_empty() || is_empty(&entry.value) {
            return replace(text, entry, rest, value);
        }
        node = &entry.value;
    }
    None
}

/// The value of a key that is there.
fn replace(text: &str, entry: &Entry, rest: &[&str], value: &str) -> Option<Edit> {
    let told = quote::flow(rest, value);
    let at = entry.key_span.range.end;
    if entry.value.is_null() && text.get(entry.value.span.range.clone())?.trim().is_empty() {
        let gap = text[at..].len() - text[at..].trim_start_matches([' ', '\t']).len();
        let colon = text[at + gap..].starts_with(':');
        let (place, lead) = if colon { (at + gap + 1, " ") } else { (at, ": ") };
        return Some(Edit { range: place..place, text: format!("{lead}{told}") });
    }
    let is_map = matches!(entry.value.value, Value::Map(_)) && !is_empty(&entry.value);
    let range = entry.value.span.range.clone();
    (!is_map && !text[range.clone()].contains('\n')).then_some(Edit { range, text: told })
}

/// Nothing, an empty list or map, or the word `none`: a map may take its place.
fn is_empty(node: &Node) -> bool {
    match &node.value {
        Value::List(items) => items.is_empty(),
        Value::Map(entries) => entries.is_empty(),
        Value::Scalar { .. } => node.is_null() || node.is_word("none"),
    }
}

/// The tree as it must be afterwards.
fn with(node: &Node, path: &[&str], value: &str) -> Option<Node> {
    let Some((first, rest)) = path.split_first() else {
        return Some(Node { value: Value::Scalar { text: value.to_owned(), plain: true }, span: Node::nowhere() });
    };
    let mut entries = match &node.value {
        Value::Map(entries) => entries.clone(),
        _ if is_empty(node) => Vec::new(),
        _ => return None,
    };
    match entries.iter_mut().find(|entry| entry.key == *first) {
        Some(entry) => entry.value = with(&entry.value, rest, value)?,
        None => {
            let value = with(&Node::empty(), rest, value)?;
            entries.push(Entry { key: (*first).to_owned(), key_span: Node::nowhere(), value });
        }
    }
    Some(Node { value: Value::Map(entries), span: Node::nowhere() })
}

/// A tree without places; whether a scalar stands in quotes doesn't matter here.
fn plain(node: &Node) -> Node {
    let value = match &node.value {
        Value::Scalar { text, .. } => Value::Scalar { text: text.clone(), plain: true },
        Value::List(items) => Value::List(items.iter().map(plain).collect()),
        Value::Map(entries) => Value::Map(
            entries
                .iter()
                .map(|entry| Entry { key: entry.key.clone(), key_span: Node::nowhere(), value: plain(&entry.value) })
                .collect(),
        ),
    };
    Node { value, span: Node::nowhere() }
}

#[cfg(test)]
mod tests;
