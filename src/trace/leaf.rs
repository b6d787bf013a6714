//! Answers that differ between two specs, and trees in which only some of them were changed.
//!
//! In: two trees. Out: leaves. An item that came or went is one leaf, a list is one, the order of names is one.

use crate::plan::Cause;
use crate::spec::tree::{Entry, Node, Value};

/// Most letters of an answer that are shown.
const LETTERS: usize = 60;

/// One answer that changed.
#[derive(Clone, Debug)]
pub struct Leaf {
    /// Where it stands; a renamed item has the new place first, then the old one.
    pub paths: Vec<Vec<String>>,
    /// Only the order of the names below the path changed.
    order: bool,
    line: Option<usize>,
    before: Option<String>,
    after: Option<String>,
}

impl Leaf {
    pub fn cause(&self) -> Cause {
        let key = self.paths.first().map(|path| path.join(".")).unwrap_or_default();
        Cause::Spec { key, line: self.line, before: self.before.clone(), after: self.after.clone() }
    }

    /// `into` with this answer as `from` has it.
    pub fn carried(&self, into: &Node, from: &Node) -> Node {
        self.paths.iter().fold(into.clone(), |node, path| transplant(&node, from, path, self.order))
    }
}

/// Every answer that differs.
pub fn changed(old: &Node, new: &Node) -> Vec<Leaf> {
    let mut found = Vec::new();
    compare(old, new, &mut Vec::new(), &mut found);
    found
}

fn compare(old: &Node, new: &Node, path: &mut Vec<String>, found: &mut Vec<Leaf>) {
    match (&old.value, &new.value) {
        (Value::Map(before), Value::Map(after)) => maps(before, after, path, found),
        (Value::List(before), Value::List(after)) if is_table(before, after) => {
            for (at, (before, after)) in before.iter().zip(after).enumerate() {
                path.push(at.to_string());
                compare(before, after, path, found);
                path.pop();
            }
        }
        _ if same(old, new) => {}
        _ => found.push(leaf(path, Some(new.span.line()), Some(old), Some(new))),
    }
}

fn maps(before: &[Entry], after: &[Entry], path: &mut Vec<String>, found: &mut Vec<Leaf>) {
    let find = |entries: &'_ [Entry], key: &str| entries.iter().position(|entry| entry.key == key);
    let mut renamed = Vec::new();
    for entry in after {
        path.push(entry.key.clone());
        let earlier = earlier_name(entry).filter(|was| find(after, was).is_none());
        match (find(before, &entry.key), earlier.and_then(|was| find(before, was))) {
            (Some(at), _) => compare(&before[at].value, &entry.value, path, found),
            (None, Some(at)) => {
                renamed.push(before[at].key.as_str());
                found.push(rename(path, &before[at], entry));
            }
            (None, None) => found.push(leaf(path, Some(entry.key_span.line()), None, Some(&entry.value))),
        }
        path.pop();
    }
    for entry in before {
        if find(after, &entry.key).is_none() && !renamed.contains(&entry.key.as_str()) {
            path.push(entry.key.clone());
            found.push(leaf(path, None, Some(&entry.value), None));
            path.pop();
        }
    }
    found.extend(order(before, after, path));
}

/// Maps in the same places; any other list counts as one answer.
fn is_table(before: &[Node], after: &[Node]) -> bool {
    before.len() == after.len() && before.iter().chain(after).all(|node| matches!(node.value, Value::Map(_)))
}

/// The same to whoever decodes it.
fn same(one: &Node, other: &Node) -> bool {
    one.text() == other.text() && one.json() == other.json()
}

fn earlier_name(entry: &Entry) -> Option<&str> {
    entry.value.get("was")?.scalar()
}

fn rename(path: &[String], before: &Entry, after: &Entry) -> Leaf {
    let mut earlier = path.to_vec();
    earlier.pop();
    earlier.push(before.key.clone());
    Leaf {
        paths: vec![path.to_vec(), earlier],
        order: false,
        line: Some(after.key_span.line()),
        before: Some(before.key.clone()),
        after: Some(after.key.clone()),
    }
}

/// Names that both have stand in another order.
fn order(before: &[Entry], after: &[Entry], path: &[String]) -> Option<Leaf> {
    let shared = |entries: &[Entry], others: &[Entry]| -> Vec<String> {
        let known = |key: &str| others.iter().any(|other| other.key == key);
        entries.iter().map(|entry| entry.key.clone()).filter(|key| known(key)).collect()
    };
    let (old, new) = (shared(before, after), shared(after, before));
    (old != new).then(|| Leaf {
        paths: vec![path.to_vec()],
        order: true,
        line: after.first().map(|entry| entry.key_span.line()),
        before: Some(short(&old.join(", "))),
        after: Some(short(&new.join(", "))),
    })
}

fn leaf(path: &[String], line: Option<usize>, before: Option<&Node>, after: Option<&Node>) -> Leaf {
    let told = |node: Option<&Node>| node.map(|node| short(&node.text()));
    Leaf { paths: vec![path.to_vec()], order: false, line, before: told(before), after: told(after) }
}

fn short(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() <= LETTERS {
        return text;
    }
    format!("{}…", text.chars().take(LETTERS).collect::<String>())
}

/// `into` with what stands at the path in `from`, or without it when nothing does.
fn transplant(into: &Node, from: &Node, path: &[String], order: bool) -> Node {
    let (entries, others) = match (&into.value, &from.value) {
        (Value::Map(entries), Value::Map(others)) => (entries, others),
        (Value::List(items), Value::List(others)) => return item(into, items, others, path, order),
        _ => return from.clone(),
    };
    let mut entries = entries.clone();
    match path.split_first() {
        None if order => sort(&mut entries, others),
        None => return from.clone(),
        Some((key, rest)) => graft(&mut entries, others, key, rest, order),
    }
    Node { value: Value::Map(entries), span: into.span.clone() }
}

fn item(into: &Node, items: &[Node], others: &[Node], path: &[String], order: bool) -> Node {
    let mut items = items.to_vec();
    let at = path.first().and_then(|at| at.parse::<usize>().ok());
    if let Some((at, other)) = at.and_then(|at| Some((at, others.get(at)?)))
        && at < items.len()
    {
        items[at] = transplant(&items[at], other, &path[1..], order);
        return Node { value: Value::List(items), span: into.span.clone() };
    }
    Node { value: Value::List(others.to_vec()), span: into.span.clone() }
}

fn graft(entries: &mut Vec<Entry>, others: &[Entry], key: &str, rest: &[String], order: bool) {
    let at = entries.iter().position(|entry| entry.key == key);
    let other = others.iter().position(|entry| entry.key == key);
    match (at, other) {
        (Some(at), Some(other)) => {
            entries[at].value = transplant(&entries[at].value, &others[other].value, rest, order);
        }
        (Some(at), None) => {
            entries.remove(at);
        }
        (None, Some(other)) => {
            let before = |entry: &Entry| others[..other].iter().any(|known| known.key == entry.key);
            let place = entries.iter().rposition(before).map_or(0, |at| at + 1);
            entries.insert(place, others[other].clone());
        }
        (None, None) => {}
    }
}

/// Names that both have take the other's order; the rest keeps its place.
fn sort(entries: &mut [Entry], others: &[Entry]) {
    let place = |entry: &Entry| others.iter().position(|other| other.key == entry.key);
    let slots: Vec<usize> = (0..entries.len()).filter(|at| place(&entries[*at]).is_some()).collect();
    let mut shared: Vec<Entry> = slots.iter().map(|at| entries[*at].clone()).collect();
    shared.sort_by_key(|entry| place(entry));
    for (at, entry) in slots.into_iter().zip(shared) {
        entries[at] = entry;
    }
}
