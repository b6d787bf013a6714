//! Artifacts and what exists → a plan: which file is created, changed, kept, or stands in the way.
//!
//! In: the new render, the disk and the record of the last write, all as values. Out: a `Plan`.
//! Never reads or writes anything; never merges; never overwrites what a person wrote.

mod base;
mod cause;
mod decide;
mod entry;
mod existing;
pub mod glob;
mod hunk;
pub mod merge;
pub mod paths;
mod stop;
pub mod text;

use std::collections::{BTreeMap, BTreeSet};

use crate::artifact::{Artifact, At, Mode};
use decide::Verdict;

pub use base::{Base, mode_name, mode_of};
pub use cause::Cause;
pub use entry::{Action, Entry, Plan, Record};
pub use existing::{Content, Disk, Existing, Recorded};
pub use hunk::{Change, Hunk, Line, diff};
pub use stop::{code, diagnostics, unfinished};

/// What the plan depends on besides the files.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The spec's folder, from the top folder; empty when they are the same.
    pub prefix: String,
    /// Modes set by the spec: pattern and mode, the last that matches wins.
    pub modes: Vec<(String, Mode)>,
    /// The blueprints that exist; without it every record is taken as known.
    pub blueprints: Option<BTreeSet<String>>,
    /// Files that the user deleted and wants back.
    pub restore: BTreeSet<String>,
    /// What happens where both sides changed the same lines.
    pub conflicts: Conflicts,
    /// Files that are there and were never written by us are merged with the new render.
    pub adopt: bool,
    /// Only files that match one of these; empty: all.
    pub only: Vec<String>,
    /// Items with another name: from, to.
    pub renames: Vec<(String, String)>,
    /// Blueprints that are gone for good: their files become the user's.
    pub forget: BTreeSet<String>,
    /// The spec that the artifacts were made from.
    pub spec: Vec<u8>,
}

/// What happens where both sides changed the same lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Conflicts {
    /// Nothing at all is written.
    #[default]
    Stop,
    /// Both are written, with marks.
    Markers,
    Mine,
    Theirs,
}

impl Options {
    /// Path from the top folder.
    pub fn target(&self, at: At, path: &str) -> String {
        match at {
            At::Here if !self.prefix.is_empty() => format!("{}/{path}", self.prefix),
            _ => path.to_owned(),
        }
    }

    fn mode(&self, path: &str, set: Mode) -> Mode {
        let found = self.modes.iter().rev().find(|(pattern, _)| glob::matches(pattern, path));
        found.map_or(set, |(_, mode)| *mode)
    }
}

/// Decides what happens to every file.
pub fn plan(artifacts: Vec<Artifact>, existing: &Existing, options: &Options) -> Plan {
    let clashes = clashes(&artifacts, options);
    let produced: BTreeMap<String, At> = artifacts.iter().map(|new| (new.path.clone(), new.at)).collect();
    let mut entries: Vec<Entry> =
        artifacts.into_iter().map(|new| produced_entry(new, existing, options, &clashes)).collect();
    for (path, recorded) in &existing.bases {
        let at = at_of(recorded, produced.get(path).copied());
        let moved = produced.get(path).is_some_and(|new| options.target(*new, path) != options.target(at, path));
        if !produced.contains_key(path) || moved {
            entries.push(orphan_entry(path, at, recorded, existing, options, moved));
        }
    }
    entries.sort_by(|one, other| one.target.cmp(&other.target));
    let before = existing.spec.clone();
    Plan { entries, prefix: options.prefix.clone(), spec: options.spec.clone(), before, ..Plan::default() }
}

/// Paths of the render that may not be written, and why.
fn clashes(artifacts: &[Artifact], options: &Options) -> BTreeMap<String, String> {
    let targets: Vec<String> = artifacts.iter().map(|new| options.target(new.at, &new.path)).collect();
    let mut found = paths::clashes(targets.iter().map(String::as_str));
    for (new, target) in artifacts.iter().zip(&targets) {
        if let Some(why) = paths::refusal(&new.path) {
            found.insert(target.clone(), why);
        }
    }
    found
}

fn produced_entry(new: Artifact, existing: &Existing, options: &Options, clashes: &BTreeMap<String, String>) -> Entry {
    let target = options.target(new.at, &new.path);
    let mode = options.mode(&new.path, new.mode);
    let disk = existing.at(&target);
    let recorded = existing.bases.get(&new.path);
    let ours = recorded.filter(|base| options.target(at_of(base, Some(new.at)), &new.path) == target);
    let wanted = options.restore.contains(&new.path) || options.restore.contains(&target);
    let base = ours.filter(|_| !(wanted && disk == Disk::Absent));
    let verdict = match clashes.get(&target) {
        Some(why) => Verdict::stop(Action::Blocked, why.clone()),
        None => decide::produced(base, &disk, &new, mode),
    };
    let content = Content { bytes: in_ending_of(&disk, &new.bytes), executable: new.executable };
    Entry {
        path: new.path,
        at: new.at,
        target,
        action: verdict.action,
        mode,
        origin: new.origin,
        disk,
        recorded: recorded.cloned(),
        result: matches!(verdict.action, Action::Create | Action::Update).then(|| content.clone()),
        new: Some(content),
        record: verdict.record,
        note: verdict.note,
        live: new.live,
        ..Entry::default()
    }
}

fn orphan_entry(path: &str, at: At, recorded: &Recorded, existing: &Existing, options: &Options, moved: bool) -> Entry {
    let target = options.target(at, path);
    let disk = existing.at(&target);
    let (origin, set) = match recorded {
        Recorded::Base(base) => (base.origin.clone(), base.mode),
        Recorded::Unreadable(_) => Default::default(),
    };
    let mode = options.mode(path, set);
    let verdict = match recorded {
        _ if paths::refusal(path).is_some() => decide::forgotten(&Disk::Absent),
        Recorded::Base(base) if options.forget.contains(&base.origin.blueprint) => decide::forgotten(&disk),
        Recorded::Base(base) if is_unclaimed(base, options) => decide::unclaimed(base),
        _ => decide::orphaned(recorded, &disk, mode),
    };
    let record = if moved { Record::Keep } else { verdict.record };
    Entry {
        path: path.to_owned(),
        at,
        target,
        action: verdict.action,
        mode,
        origin,
        disk,
        recorded: Some(recorded.clone()),
        record,
        note: verdict.note,
        ..Entry::default()
    }
}

fn is_unclaimed(base: &Base, options: &Options) -> bool {
    options.blueprints.as_ref().is_some_and(|known| !known.contains(&base.origin.blueprint))
}

/// Where the recorded file lies: a record that can't be read lies where the render puts it.
fn at_of(recorded: &Recorded, new: Option<At>) -> At {
    match recorded {
        Recorded::Base(base) => base.at,
        Recorded::Unreadable(_) => new.unwrap_or_default(),
    }
}

fn in_ending_of(disk: &Disk, new: &[u8]) -> Vec<u8> {
    match disk {
        Disk::File(content) => text::as_on(&content.bytes, new),
        _ => new.to_vec(),
    }
}

#[cfg(test)]
mod tests;
