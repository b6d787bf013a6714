//! What template functions answer from: pins, images, tools, and the slots of every platform.
//!
//! In: data files and platform files. Out: `Facts`. Refuses: a platform that takes from one that doesn't exist.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use crate::diagnostic::{Diagnostic, Source};
use crate::template::{Facts, Slot};

/// The area whose folders are platforms.
pub const PLATFORMS: &str = "hosting";

pub fn facts(
    data: &BTreeMap<String, Value>,
    platforms: &BTreeMap<String, Value>,
    files: &BTreeMap<String, Arc<Source>>,
) -> Facts {
    let references = BTreeMap::from([
        ("pin", table(data, "pins/actions", pin)),
        ("image", table(data, "pins/images", image)),
        ("tool", table(data, "pins/tools", |_, row| text(row, "version"))),
    ]);
    let slots = platforms.keys().map(|id| (id.clone(), slots(id, platforms, files))).collect();
    Facts { references, slots }
}

fn table(
    data: &BTreeMap<String, Value>,
    path: &str,
    reference: fn(&str, &Value) -> Option<String>,
) -> BTreeMap<String, String> {
    let rows = data.get(path).and_then(|rows| rows.as_object()).into_iter().flatten();
    rows.filter_map(|(name, row)| Some((name.clone(), reference(name, row)?))).collect()
}

fn text(row: &Value, key: &str) -> Option<String> {
    row.get(key)?.as_str().map(str::to_owned)
}

/// `actions/checkout@SHA # v7.0.1`; nothing for an action that must not be used.
fn pin(name: &str, row: &Value) -> Option<String> {
    if row.get("refuse").is_some() {
        return None;
    }
    let name = row.get("uses").and_then(Value::as_str).unwrap_or(name);
    Some(format!("{name}@{} # {}", text(row, "sha")?, text(row, "tag")?))
}

/// `python:3.12-slim@sha256:…` when the digest is known, else by tag.
fn image(name: &str, row: &Value) -> Option<String> {
    let tagged = text(row, "reference").unwrap_or_else(|| name.to_owned());
    Some(match text(row, "digest") {
        Some(digest) => format!("{tagged}@{digest}"),
        None => tagged,
    })
}

fn slots(
    id: &str,
    platforms: &BTreeMap<String, Value>,
    files: &BTreeMap<String, Arc<Source>>,
) -> BTreeMap<String, Slot> {
    let mut found = BTreeMap::new();
    let Some(platform) = platforms.get(id) else { return found };
    if let Some(base) = platform.get("same_as").and_then(Value::as_str).filter(|base| *base != id) {
        found = slots(base, platforms, files);
    }
    let reasons = platform.get("unsupported").and_then(Value::as_object).into_iter().flatten();
    for (slot, why) in reasons {
        found.insert(slot.clone(), Slot::Unsupported(why.as_str().unwrap_or_default().to_owned()));
    }
    let folder = format!("{PLATFORMS}/{id}/slots/");
    for path in files.keys().filter(|path| path.ends_with(".tera")) {
        if let Some(name) = path.strip_prefix(folder.as_str()) {
            let slot = name.split('.').next().unwrap_or(name);
            found.insert(slot.to_owned(), Slot::File(path.clone()));
        }
    }
    found
}

/// Every platform.yaml, with the folder's name as `id`.
pub fn platforms(files: &BTreeMap<String, Arc<Source>>, faults: &mut Vec<Diagnostic>) -> BTreeMap<String, Value> {
    let mut platforms = BTreeMap::new();
    for (path, source) in files {
        let folder =
            path.strip_prefix(PLATFORMS).and_then(|path| path.strip_prefix('/')?.strip_suffix("/platform.yaml"));
        let Some(id) = folder else { continue };
        match super::read::parse::<serde_json::Map<String, Value>>(source) {
            Ok(mut facts) => {
                facts.insert("id".into(), id.into());
                platforms.insert(id.to_owned(), Value::Object(facts));
            }
            Err(fault) => faults.push(fault),
        }
    }
    inherit(&mut platforms, files, faults);
    platforms
}

/// Adds what is missing, at every depth. `unsupported` is each platform's own.
fn complete(own: &mut serde_json::Map<String, Value>, inherited: serde_json::Map<String, Value>) {
    for (key, value) in inherited {
        match (own.get_mut(&key), value) {
            (Some(Value::Object(own)), Value::Object(value)) if key != "unsupported" => complete(own, value),
            (Some(_), _) => {}
            (None, value) => drop(own.insert(key, value)),
        }
    }
}

/// A platform that is the same as another has its facts, where it says nothing else.
fn inherit(
    platforms: &mut BTreeMap<String, Value>,
    files: &BTreeMap<String, Arc<Source>>,
    faults: &mut Vec<Diagnostic>,
) {
    let bases: Vec<(String, String)> =
        platforms.iter().filter_map(|(id, facts)| Some((id.clone(), text(facts, "same_as")?))).collect();
    for (id, base) in bases {
        let Some(inherited) = platforms.get(&base).and_then(Value::as_object).cloned() else {
            let source = files.get(&format!("{PLATFORMS}/{id}/platform.yaml"));
            let fault = Diagnostic::error(
                super::load::MANIFEST,
                format!("the platform {id} is the same as {base}, which doesn't exist"),
            );
            faults.push(fault.maybe_at(source.map(|source| super::load::find(source, &base))));
            continue;
        };
        if let Some(own) = platforms.get_mut(&id).and_then(Value::as_object_mut) {
            complete(own, inherited);
        }
    }
}
