//! A patch that `git apply` takes: the bytes as they are, line endings and all.
//!
//! In: a plan. Out: bytes. Only what would be written: files in the way are no part of it.

use similar::{Algorithm, DiffOp, capture_diff_slices, group_diff_ops};

use super::unified::modes;
use crate::plan::{Action, Disk, Entry, Plan};

/// Lines of context around a change.
const CONTEXT: usize = 3;

/// Everything that changes on disk.
pub fn patch(plan: &Plan) -> Vec<u8> {
    let mut out = Vec::new();
    plan.changes().filter(|entry| entry.action != Action::Release).for_each(|entry| file(entry, &mut out));
    out
}

fn file(entry: &Entry, out: &mut Vec<u8>) {
    let old = match &entry.disk {
        Disk::File(content) => Some(content.bytes.as_slice()),
        _ => None,
    };
    let new = entry.result.as_ref().map(|content| content.bytes.as_slice());
    let new = new.or(old.filter(|_| entry.action != Action::Delete));
    heading(entry).iter().for_each(|line| out.extend_from_slice(format!("{line}\n").as_bytes()));
    if old.unwrap_or_default() == new.unwrap_or_default() {
        return;
    }
    let name = |side: Option<&[u8]>, prefix: &str, path: &str| match side {
        Some(_) => tabbed(&quoted(prefix, path)),
        None => "/dev/null".into(),
    };
    let names = [("---", name(old, "a/", entry.source())), ("+++", name(new, "b/", &entry.target))];
    names.iter().for_each(|(sign, name)| out.extend_from_slice(format!("{sign} {name}\n").as_bytes()));
    hunks(&lines(old.unwrap_or_default()), &lines(new.unwrap_or_default()), out);
}

fn heading(entry: &Entry) -> Vec<String> {
    let (from, to) = (entry.source(), &entry.target);
    let mut lines = vec![format!("diff --git {} {}", quoted("a/", from), quoted("b/", to))];
    lines.extend(modes(entry));
    if entry.from.is_some() {
        lines.extend([format!("rename from {}", quoted("", from)), format!("rename to {}", quoted("", to))]);
    }
    lines
}

/// A path as git writes it: in quotes where it holds what would end it.
fn quoted(prefix: &str, path: &str) -> String {
    let odd = |letter: char| letter.is_control() || letter == '"' || letter == '\\';
    if !path.contains(odd) {
        return format!("{prefix}{path}");
    }
    let letters = path.chars().map(|letter| match letter {
        '"' | '\\' => format!("\\{letter}"),
        _ if letter.is_control() => letter.to_string().bytes().map(|byte| format!("\\{byte:03o}")).collect(),
        _ => letter.to_string(),
    });
    format!("\"{prefix}{}\"", letters.collect::<String>())
}

/// A name with a space ends in a tab, so that git knows where it ends.
fn tabbed(name: &str) -> String {
    if name.contains(' ') { format!("{name}\t") } else { name.to_owned() }
}

fn lines(bytes: &[u8]) -> Vec<&[u8]> {
    bytes.split_inclusive(|byte| *byte == b'\n').collect()
}

fn hunks(old: &[&[u8]], new: &[&[u8]], out: &mut Vec<u8>) {
    let ops = capture_diff_slices(Algorithm::Myers, old, new);
    for group in group_diff_ops(ops, CONTEXT) {
        let place = |ranges: Vec<std::ops::Range<usize>>| {
            let start = ranges.first().map_or(0, |range| range.start);
            let length = ranges.last().map_or(0, |range| range.end) - start;
            format!("{},{length}", if length > 0 { start + 1 } else { start })
        };
        let before = place(group.iter().map(DiffOp::old_range).collect());
        let after = place(group.iter().map(DiffOp::new_range).collect());
        out.extend_from_slice(format!("@@ -{before} +{after} @@\n").as_bytes());
        for op in &group {
            if matches!(op, DiffOp::Equal { .. }) {
                old[op.old_range()].iter().for_each(|line| put(b' ', line, out));
            } else {
                old[op.old_range()].iter().for_each(|line| put(b'-', line, out));
                new[op.new_range()].iter().for_each(|line| put(b'+', line, out));
            }
        }
    }
}

fn put(sign: u8, line: &[u8], out: &mut Vec<u8>) {
    out.push(sign);
    out.extend_from_slice(line);
    if !line.ends_with(b"\n") {
        out.extend_from_slice(b"\n\\ No newline at end of file\n");
    }
}
