//! Plan → the text of a file that can be looked at, kept, and carried out later.

use std::collections::BTreeMap;

use super::super::entry::{Action, Entry, Plan, Record};
use super::super::existing::{Disk, Recorded};
use super::super::merge;
use super::contents::{content, digest, put};
use super::format::{self, File, Text, VERSION};

/// The plan as a file; `spec` is where the spec lies, when that says where the plan belongs.
pub fn save(plan: &Plan, spec: Option<&str>) -> String {
    let mut contents = BTreeMap::new();
    let files = plan.entries.iter().map(|entry| file(plan, entry, &mut contents)).collect();
    let spec = format::Spec {
        path: spec.map(str::to_owned),
        before: plan.before.as_deref().map(digest),
        after: put(&plan.spec, &mut contents),
    };
    let saved = File {
        plan: VERSION,
        opsgen: env!("CARGO_PKG_VERSION").to_owned(),
        digest: String::new(),
        spec,
        prefix: plan.prefix.clone(),
        partial: plan.partial,
        files,
        names: plan.identities.clone(),
        contents,
    };
    let sealed = File { digest: seal(&saved), ..saved };
    serde_json::to_string_pretty(&sealed).unwrap_or_default() + "\n"
}

/// The digest of everything but the digest.
pub fn seal(saved: &File) -> String {
    let open = File { digest: String::new(), ..saved.clone() };
    digest(serde_json::to_string(&open).unwrap_or_default().as_bytes())
}

fn file(plan: &Plan, entry: &Entry, contents: &mut BTreeMap<String, Text>) -> format::Entry {
    for bytes in embedded(entry) {
        put(bytes, contents);
    }
    format::Entry {
        path: entry.path.clone(),
        at: entry.at,
        target: entry.target.clone(),
        action: entry.action,
        mode: entry.mode,
        origin: entry.origin.clone(),
        disk: found(&entry.disk),
        recorded: entry.recorded.as_ref().map(recorded),
        new: entry.new.as_ref().filter(|_| is_shown(entry)).map(content),
        result: entry.result.as_ref().map(content),
        from: entry.from.clone(),
        record_from: entry.record_from.clone(),
        record: record(&entry.record),
        conflicts: entry.conflicts.iter().map(conflict).collect(),
        live: entry.live.clone(),
        note: entry.note.clone(),
        causes: plan.causes.get(&entry.target).cloned().unwrap_or_default(),
    }
}

/// The bytes that the entry needs to be shown and to be carried out.
fn embedded(entry: &Entry) -> Vec<&[u8]> {
    let mut found: Vec<&[u8]> = entry.result.iter().map(|content| content.bytes.as_slice()).collect();
    if let Record::Write(base) = &entry.record {
        found.push(&base.content.bytes);
    }
    if is_shown(entry) {
        found.extend(entry.new.iter().map(|content| content.bytes.as_slice()));
        if let Disk::File(content) = &entry.disk {
            found.push(&content.bytes);
        }
    }
    found
}

/// Some report shows what is in the file.
pub fn is_shown(entry: &Entry) -> bool {
    !matches!(entry.action, Action::Same | Action::Refresh | Action::Forget | Action::Adopt)
}

/// What was found, by digest.
pub fn found(disk: &Disk) -> format::Found {
    match disk {
        Disk::Absent => format::Found::Absent,
        Disk::File(file) => format::Found::File(content(file)),
        Disk::Directory => format::Found::Directory,
        Disk::Symlink => format::Found::Symlink,
        Disk::Other => format::Found::Other,
        Disk::Unreadable(why) => format::Found::Unreadable(why.clone()),
        Disk::Behind { parent, kind } => format::Found::Behind { parent: parent.clone(), link: *kind == super::LINK },
        Disk::Folded(twin) => format::Found::Folded(twin.clone()),
    }
}

/// A record by the digest of its file.
pub fn recorded(recorded: &Recorded) -> String {
    match recorded {
        Recorded::Base(base) => digest(&base.encode()),
        Recorded::Unreadable(bytes) => digest(bytes),
    }
}

fn record(record: &Record) -> format::Record {
    match record {
        Record::Keep => format::Record::Keep,
        Record::Drop => format::Record::Drop,
        Record::Write(base) => format::Record::Write(format::Base {
            mode: base.mode,
            origin: base.origin.clone(),
            live: base.live.clone(),
            format: base.format.clone(),
            keys: base.keys.clone(),
            content: content(&base.content),
        }),
    }
}

fn conflict(conflict: &merge::Conflict) -> format::Conflict {
    let merge::Conflict { base, ours, theirs } = conflict.clone();
    format::Conflict { base, ours, theirs }
}
