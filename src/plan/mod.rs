//! Artifacts and what exists → a plan: which file is created, changed, kept, or stands in the way.
//!
//! In: the new render, the disk and the record of the last write, all as values. Out: a `Plan`.
//! Never reads or writes anything; never overwrites what a person wrote.

mod base;
mod cause;
mod decide;
mod entry;
mod existing;
pub mod glob;
mod hunk;
mod identity;
mod lineage;
pub mod merge;
pub mod paths;
mod produced;
pub mod region;
pub mod saved;
mod stop;
pub mod text;

use std::collections::{BTreeMap, BTreeSet};

use crate::artifact::{Artifact, At, Mode};

pub use base::{Base, mode_name, mode_of};
pub use cause::Cause;
pub use entry::{Action, Entry, Plan, Record};
pub use existing::{Content, Disk, Existing, Recorded};
pub use hunk::{Change, Hunk, Line, diff};
pub use identity::{Fate, Identity, Step};
pub use stop::{code, diagnostics, released, unfinished};

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

    /// Part of what was asked for.
    fn wants(&self, entry: &Entry) -> bool {
        self.only.is_empty() || self.only.iter().any(|wanted| glob::names(wanted, entry.paths()))
    }

    /// The first wish that names none of the files, with its option.
    pub fn unmatched(&self, plan: &Plan) -> Option<String> {
        let named = |wanted: &&String| plan.entries.iter().any(|entry| glob::names(wanted, entry.paths()));
        let only = self.only.iter().find(|wanted| !named(wanted)).map(|wanted| format!("--only {wanted}"));
        let restored = |wanted: &&String| plan.entries.iter().any(|entry| entry.paths().any(|path| path == *wanted));
        only.or_else(|| {
            let restore = self.restore.iter().filter(|_| !plan.partial).find(|wanted| !restored(wanted));
            restore.map(|wanted| format!("--restore {wanted}"))
        })
    }

    fn mode(&self, path: &str, set: Mode) -> Mode {
        let found = self.modes.iter().rev().find(|(pattern, _)| glob::matches(pattern, path));
        found.map_or(set, |(_, mode)| *mode)
    }
}

/// Decides what happens to every file.
pub fn plan(artifacts: Vec<Artifact>, existing: &Existing, options: &Options) -> Plan {
    let clashes = clashes(&artifacts, options);
    let pasts = lineage::pasts(&artifacts, existing, options);
    let mut entries: Vec<Entry> = Vec::with_capacity(artifacts.len());
    let mut taken: BTreeSet<String> = BTreeSet::new();
    let mut left: BTreeSet<String> = BTreeSet::new();
    for new in artifacts {
        let past = pasts.get(&new.path).copied();
        let entry = produced::entry(new, past, existing, options, &clashes);
        if let Some(past) = past {
            taken.insert(past.path.to_owned());
            // The file was put elsewhere, and this entry doesn't take it along.
            let before = past.target(entry.at, options);
            if before != entry.target && entry.from.is_none() {
                left.insert(past.path.to_owned());
            }
        }
        entries.push(entry);
    }
    for (path, recorded) in &existing.bases {
        if !taken.contains(path) || left.contains(path) {
            entries.push(orphan_entry(path, recorded, existing, options, left.contains(path)));
        }
    }
    let all = entries.len();
    entries.retain(|entry| options.wants(entry));
    entries.sort_by(|one, other| one.target.cmp(&other.target));
    Plan {
        partial: entries.len() < all,
        entries,
        prefix: options.prefix.clone(),
        spec: options.spec.clone(),
        before: existing.spec.clone(),
        causes: BTreeMap::new(),
        identities: Vec::new(),
    }
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

fn orphan_entry(path: &str, recorded: &Recorded, existing: &Existing, options: &Options, moved: bool) -> Entry {
    let (at, origin, set, live) = match recorded {
        Recorded::Base(base) => (base.at, base.origin.clone(), base.mode, base.live.clone()),
        Recorded::Unreadable(_) => Default::default(),
    };
    let target = options.target(at, path);
    let disk = existing.at(&target);
    let mode = options.mode(path, set);
    let verdict = match recorded {
        _ if paths::refusal(path).is_some() => decide::forgotten(&Disk::Absent),
        Recorded::Base(base) if options.forget.contains(&base.origin.blueprint) => decide::forgotten(&disk),
        Recorded::Base(base) if is_unclaimed(base, options) => decide::unclaimed(base),
        _ => match decide::orphaned(recorded, &disk, mode) {
            verdict if is_past_lost(existing) && verdict.action != Action::Forget => decide::lost(),
            verdict => verdict,
        },
    };
    Entry {
        path: path.to_owned(),
        at,
        target,
        action: verdict.action,
        mode,
        origin,
        disk,
        recorded: Some(recorded.clone()),
        result: verdict.result,
        record: if moved { Record::Keep } else { verdict.record },
        conflicts: verdict.conflicts,
        live: live.filter(|_| verdict.action == Action::Release),
        note: verdict.note,
        ..Entry::default()
    }
}

fn is_unclaimed(base: &Base, options: &Options) -> bool {
    options.blueprints.as_ref().is_some_and(|known| !known.contains(&base.origin.blueprint))
}

/// Files were written, and what they were written from is gone or torn: nothing says whether a name changed.
fn is_past_lost(existing: &Existing) -> bool {
    existing.spec.as_ref().is_none_or(|spec| base::has_conflict_markers(spec))
}

fn in_ending_of(disk: &Content, new: &Content) -> Content {
    Content { bytes: text::as_on(&disk.bytes, &new.bytes), executable: new.executable }
}

#[cfg(test)]
mod tests;
