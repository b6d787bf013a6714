//! A saved plan and the tree as it is now: ready, already done, or stale.
//!
//! In: a saved plan, and what exists. Out: the whole plan, or what moved. Compares digests, never times.

use std::collections::BTreeSet;

use super::super::entry::{Action, Entry, Plan, Record};
use super::super::existing::{Disk, Existing, Recorded};
use super::format::{self, File};
use super::save::{found, recorded};
use super::{Saved, contents};
use crate::artifact::{Artifact, At};

/// What a saved plan is worth now.
#[derive(Clone, Debug, PartialEq)]
pub enum State {
    /// Everything is as the plan saw it.
    Ready(Plan),
    /// Everything is as the plan would make it.
    Done,
    /// What moved since, a line each.
    Stale(Vec<String>),
}

/// Every path that the plan looks at, as something that can be looked up.
pub fn places(file: &File) -> Vec<Artifact> {
    let paths: BTreeSet<&str> = file
        .files
        .iter()
        .flat_map(|saved| [Some(&saved.target), saved.from.as_ref()])
        .flatten()
        .map(String::as_str)
        .collect();
    paths.into_iter().map(|path| Artifact { path: path.to_owned(), at: At::Top, ..Artifact::default() }).collect()
}

/// Compares the plan with the tree.
pub fn state(saved: &Saved, existing: &Existing) -> State {
    let moved = moved(saved, existing);
    if moved.is_empty() {
        State::Ready(whole(saved, existing))
    } else if is_done(saved, existing) {
        State::Done
    } else {
        State::Stale(moved)
    }
}

fn moved(saved: &Saved, existing: &Existing) -> Vec<String> {
    let leaves: BTreeSet<&str> = saved.file.files.iter().filter_map(|file| file.from.as_deref()).collect();
    let mut moved = Vec::new();
    for file in &saved.file.files {
        let source = file.from.as_ref().unwrap_or(&file.target);
        let now = existing.at(source);
        if found(&now) != file.disk {
            moved.push(format!("`{source}` {}", change(&file.disk, &now)));
        }
        if file.from.is_some() && !leaves.contains(file.target.as_str()) && existing.at(&file.target) != Disk::Absent {
            moved.push(format!("`{}` is there now", file.target));
        }
        let path = file.record_from.as_ref().unwrap_or(&file.path);
        if existing.bases.get(path).map(recorded) != file.recorded {
            moved.push(format!("what opsgen last wrote to `{source}` is recorded differently now"));
        }
    }
    if existing.spec.as_deref().map(contents::digest) != saved.file.spec.before {
        moved.push("another spec was applied since".into());
    }
    moved
}

/// What happened to a file, in words.
fn change(before: &format::Found, now: &Disk) -> String {
    match (before, now) {
        (_, Disk::Absent) => "is gone".into(),
        (format::Found::Absent, Disk::File(_)) => "is there now".into(),
        (format::Found::File(was), Disk::File(is)) if was.sha256 == contents::digest(&is.bytes) => {
            format!("{} executable now", if is.executable { "is" } else { "isn't" })
        }
        (_, Disk::File(_)) => "changed".into(),
        (_, other) => format!("{} now", other.obstacle().unwrap_or_default()),
    }
}

/// The plan with all that the tree holds: the workspace looks at it once more before it writes.
fn whole(saved: &Saved, existing: &Existing) -> Plan {
    let mut plan = saved.plan.clone();
    plan.before = existing.spec.clone();
    for entry in &mut plan.entries {
        entry.disk = existing.at(entry.source());
        entry.recorded = existing.bases.get(entry.record_from.as_ref().unwrap_or(&entry.path)).cloned();
    }
    plan
}

/// Everything is as it would be afterwards.
fn is_done(saved: &Saved, existing: &Existing) -> bool {
    let targets: BTreeSet<&str> = saved.plan.entries.iter().map(|entry| entry.target.as_str()).collect();
    let pairs = || saved.plan.entries.iter().zip(&saved.file.files);
    let spec = existing.spec.as_deref().map(contents::digest);
    let spec_done = spec.as_ref()
        == if saved.file.partial { saved.file.spec.before.as_ref() } else { Some(&saved.file.spec.after) };
    spec_done
        && pairs().all(|(entry, file)| file_done(entry, file, existing, &targets))
        && pairs().all(|(entry, file)| record_done(entry, file, existing))
}

fn file_done(entry: &Entry, file: &format::Entry, existing: &Existing, targets: &BTreeSet<&str>) -> bool {
    let now = existing.at(&entry.target);
    match (&entry.result, entry.action) {
        (Some(result), _) => {
            let left =
                entry.from.iter().all(|from| targets.contains(from.as_str()) || existing.at(from) == Disk::Absent);
            left && matches!(&now, Disk::File(content) if content == result)
        }
        (None, Action::Delete) => now == Disk::Absent,
        (None, _) => found(&existing.at(entry.source())) == file.disk,
    }
}

fn record_done(entry: &Entry, file: &format::Entry, existing: &Existing) -> bool {
    let now = existing.bases.get(&entry.path);
    let old_gone = entry.record_from.iter().all(|path| !existing.bases.contains_key(path));
    match &entry.record {
        Record::Keep => {
            existing.bases.get(entry.record_from.as_ref().unwrap_or(&entry.path)).map(recorded) == file.recorded
        }
        Record::Drop => now.is_none() && old_gone,
        Record::Write(base) => old_gone && matches!(now, Some(Recorded::Base(found)) if found == base),
    }
}
