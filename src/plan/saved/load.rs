//! The text of a saved plan → a plan again.
//!
//! In: text of anybody. Out: a plan that can be shown. Refuses what isn't whole, what is newer, and what no plan may do.

use std::collections::BTreeMap;

use super::super::base::Base;
use super::super::entry::{Entry, Plan, Record};
use super::super::existing::{Content, Disk};
use super::super::merge;
use super::contents;
use super::format::{self, File, VERSION};
use super::save::seal;
use super::{Saved, code, trust};
use crate::diagnostic::Diagnostic;

type Contents = BTreeMap<String, Vec<u8>>;

/// A JSON object that says that it is a plan: what the file is, not whether it is whole.
pub fn is_saved(text: &str) -> bool {
    text.trim_start().strip_prefix('{').is_some_and(|rest| rest.trim_start().starts_with("\"plan\""))
}

/// The plan of a file.
pub fn load(name: &str, text: &str) -> Result<Saved, Diagnostic> {
    let damaged = |why: String| {
        Diagnostic::error(code::DAMAGED, format!("`{name}` is no whole plan: {why}"))
            .help("a plan is carried out as it was saved or not at all; make it again with `opsgen diff --out FILE`")
    };
    let value: serde_json::Value = serde_json::from_str(text).map_err(|error| damaged(error.to_string()))?;
    match value["plan"].as_u64() {
        Some(version) if version > u64::from(VERSION) => return Err(newer(name, version, &value["opsgen"])),
        Some(version) if version < u64::from(VERSION) => return Err(damaged(format!("there is no version {version}"))),
        _ => {}
    }
    let file: File = serde_json::from_value(value).map_err(|error| damaged(error.to_string()))?;
    if seal(&file) != file.digest {
        return Err(damaged("it was changed after it was saved".into()));
    }
    let contents = contents::read(&file.contents)
        .map_err(|digest| damaged(format!("the content `{digest}` isn't what its digest says")))?;
    let plan = plan(&file, &contents).map_err(|digest| damaged(format!("the content `{digest}` is missing")))?;
    trust::check(&file, &plan).map_err(damaged)?;
    Ok(Saved { file, plan })
}

fn newer(name: &str, version: u64, made_by: &serde_json::Value) -> Diagnostic {
    let by = made_by.as_str().map(|made_by| format!(", made by opsgen {made_by}")).unwrap_or_default();
    let message = format!("`{name}` is a plan of version {version}{by}; this opsgen reads version {VERSION}");
    Diagnostic::error(code::NEWER, message)
        .help("carry it out with the opsgen that made it, or make it again with this one")
}

/// The plan with all that is embedded; a file whose content doesn't matter is empty until the tree is looked at.
fn plan(file: &File, contents: &Contents) -> Result<Plan, String> {
    let entries = file.files.iter().map(|saved| entry(saved, contents)).collect::<Result<_, _>>()?;
    let causes = file.files.iter().filter(|saved| !saved.causes.is_empty());
    let spec = contents.get(&file.spec.after).ok_or_else(|| file.spec.after.clone())?;
    Ok(Plan {
        entries,
        prefix: file.prefix.clone(),
        spec: spec.clone(),
        partial: file.partial,
        identities: file.names.clone(),
        causes: causes.map(|saved| (saved.target.clone(), saved.causes.clone())).collect(),
        ..Plan::default()
    })
}

fn entry(saved: &format::Entry, contents: &Contents) -> Result<Entry, String> {
    let content = |saved: &Option<format::Content>| saved.as_ref().map(|saved| whole(saved, contents)).transpose();
    Ok(Entry {
        path: saved.path.clone(),
        at: saved.at,
        target: saved.target.clone(),
        action: saved.action,
        mode: saved.mode,
        origin: saved.origin.clone(),
        disk: disk(&saved.disk, contents),
        recorded: None,
        new: content(&saved.new)?,
        result: content(&saved.result)?,
        from: saved.from.clone(),
        record_from: saved.record_from.clone(),
        record: record(saved, contents)?,
        conflicts: saved.conflicts.iter().cloned().map(conflict).collect(),
        live: saved.live.clone(),
        note: saved.note.clone(),
    })
}

fn whole(saved: &format::Content, contents: &Contents) -> Result<Content, String> {
    let bytes = contents.get(&saved.sha256).ok_or_else(|| saved.sha256.clone())?;
    Ok(Content { bytes: bytes.clone(), executable: saved.executable })
}

fn disk(found: &format::Found, contents: &Contents) -> Disk {
    match found.clone() {
        format::Found::Absent => Disk::Absent,
        format::Found::File(saved) => {
            let bytes = contents.get(&saved.sha256).cloned().unwrap_or_default();
            Disk::File(Content { bytes, executable: saved.executable })
        }
        format::Found::Directory => Disk::Directory,
        format::Found::Symlink => Disk::Symlink,
        format::Found::Other => Disk::Other,
        format::Found::Unreadable(why) => Disk::Unreadable(why),
        format::Found::Behind { parent, link } => {
            Disk::Behind { parent, kind: if link { super::LINK } else { "a file" } }
        }
        format::Found::Folded(twin) => Disk::Folded(twin),
    }
}

fn record(saved: &format::Entry, contents: &Contents) -> Result<Record, String> {
    Ok(match &saved.record {
        format::Record::Keep => Record::Keep,
        format::Record::Drop => Record::Drop,
        format::Record::Write(base) => Record::Write(Base {
            at: saved.at,
            mode: base.mode,
            origin: base.origin.clone(),
            live: base.live.clone(),
            format: base.format.clone(),
            keys: base.keys.clone(),
            content: whole(&base.content, contents)?,
        }),
    })
}

fn conflict(saved: format::Conflict) -> merge::Conflict {
    let format::Conflict { base, ours, theirs } = saved;
    merge::Conflict { base, ours, theirs }
}
