//! A file of the render → its entry: where it lies until now, what the table says, what is recorded.
//!
//! In: the artifact and its past. Out: an entry. A file that moves takes the user's edits along.

use std::collections::BTreeMap;

use super::base::Base;
use super::decide::{self, Verdict};
use super::entry::{Action, Entry, Record};
use super::existing::{Content, Disk, Existing, Recorded};
use super::lineage::Past;
use super::{Options, text};
use crate::artifact::{Artifact, Mode};

pub fn entry(
    new: Artifact,
    past: Option<Past<'_>>,
    existing: &Existing,
    options: &Options,
    clashes: &BTreeMap<String, String>,
) -> Entry {
    let target = options.target(new.at, &new.path);
    let mode = options.mode(&new.path, new.mode);
    let before = past.map(|past| past.target(new.at, options)).filter(|before| *before != target);
    let moves = before.is_some() && existing.at(&target) == Disk::Absent;
    let from = before.filter(|_| moves && mode != Mode::Yours);
    let disk = existing.at(from.as_ref().unwrap_or(&target));
    let from = from.filter(|_| matches!(disk, Disk::File(_)));
    // The old file is still there, so what stands under the new name is a stranger's.
    let stranger = past.filter(|_| from.is_none() && matches!(disk, Disk::File(_))).is_some_and(|past| {
        let before = past.target(new.at, options);
        before != target && matches!(existing.at(&before), Disk::File(_))
    });
    let wanted = options.restore.contains(&new.path) || options.restore.contains(&target);
    let base = past.map(|past| past.recorded).filter(|_| !(stranger || wanted && disk == Disk::Absent));
    let verdict = match clashes.get(&target) {
        Some(why) => Verdict::stop(Action::Blocked, why.clone()),
        None => decide::produced(base, &disk, &new, mode, options),
    };
    let record_from = past.map(|past| past.path.to_owned()).filter(|path| *path != new.path);
    let verdict = carried(verdict, &disk, base, &new, mode, from.is_some(), record_from.is_some());
    Entry {
        action: verdict.action,
        result: verdict.result,
        conflicts: verdict.conflicts,
        note: verdict.note,
        record: verdict.record,
        record_from,
        from,
        mode,
        disk: disk.clone(),
        recorded: past.map(|past| past.recorded.clone()),
        new: Some(in_ending_of(&disk, &new)),
        target,
        at: new.at,
        path: new.path,
        origin: new.origin,
        ..Entry::default()
    }
}

/// A file that moves is written under its new name whatever the table says, and its record moves too.
fn carried(
    verdict: Verdict,
    disk: &Disk,
    base: Option<&Recorded>,
    new: &Artifact,
    mode: Mode,
    moves: bool,
    renamed: bool,
) -> Verdict {
    if verdict.action.is_stop() {
        return verdict;
    }
    let mut verdict = verdict;
    if (moves || renamed) && verdict.record == Record::Keep {
        verdict.record = match base {
            Some(Recorded::Base(base)) => Record::Write(Base { content: base.content.clone(), ..Base::of(new, mode) }),
            _ => Record::Write(Base::of(new, mode)),
        };
    }
    match disk {
        Disk::File(content) if moves && verdict.result.is_none() => {
            Verdict { action: Action::Move, result: Some(content.clone()), ..verdict }
        }
        _ => verdict,
    }
}

fn in_ending_of(disk: &Disk, new: &Artifact) -> Content {
    let bytes = match disk {
        Disk::File(content) => text::as_on(&content.bytes, &new.bytes),
        _ => new.bytes.clone(),
    };
    Content { bytes, executable: new.executable }
}
