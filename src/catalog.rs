//! Blueprints, platforms and data files, read from `(path, bytes)` pairs.
//!
//! In: layers of files; a later layer overrides an earlier one file by file. Out: the catalog.
//! Refuses: manifests that don't read, templates that don't compile, platforms that don't exist.

pub mod alert;
mod embedded;
mod facts;
mod load;
mod manifest;
mod read;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use embedded::embedded;
pub use load::{dialect, template_path};
pub use manifest::{Figures, ForEach, Input, Keeping, Manifest, Meaning, Output, Page, Place, Remark, Task};

use tera::Value;

use crate::diagnostic::{Diagnostic, Source};
use crate::template::Templates;

/// Files from one place: the program, a folder.
#[derive(Clone, Debug, Default)]
pub struct Layer {
    pub name: String,
    /// Path below the blueprints folder, `/`-separated, and content.
    pub files: Vec<(String, Vec<u8>)>,
}

/// One blueprint with its manifest.
#[derive(Clone)]
pub struct Blueprint {
    /// The folder: `hosting/fly`.
    pub id: String,
    /// The layer its manifest came from.
    pub layer: String,
    pub manifest: Manifest,
    pub source: Arc<Source>,
}

/// Everything that can be emitted.
#[derive(Clone)]
pub struct Catalog {
    pub blueprints: BTreeMap<String, Blueprint>,
    /// Folder name → facts of platform.yaml with its `id`.
    pub platforms: BTreeMap<String, Value>,
    /// Data files by path without extension: `engines/postgres`, `pins/actions`.
    pub data: BTreeMap<String, Value>,
    pub alerts: alert::Alerts,
    /// Every text file, as it was read.
    pub files: BTreeMap<String, Arc<Source>>,
    pub templates: Templates,
    /// Our tests have seen every name in them: nothing of somebody else's is among them.
    pub proven: bool,
}

impl Catalog {
    /// The facts of a platform, with `id`.
    pub fn platform(&self, id: &str) -> Option<&Value> {
        self.platforms.get(id)
    }

    /// A data file by its path without extension.
    pub fn datum(&self, path: &str) -> Option<&Value> {
        self.data.get(path)
    }

    /// The answers an area with one choice accepts: the folders below it.
    pub fn choices(&self, area: &str) -> Vec<&str> {
        let prefix = format!("{area}/");
        let folders = self.blueprints.keys().filter_map(|id| id.strip_prefix(prefix.as_str()));
        let platforms = self.platforms.keys().map(String::as_str).filter(|_| area == facts::PLATFORMS);
        let mut names: Vec<&str> = folders.chain(platforms).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// The facts of every folder of an area, with its name as `id`.
    pub fn facts(&self, area: &str) -> Vec<Value> {
        let own = |path: &str| path.strip_prefix(area)?.strip_prefix('/')?.strip_suffix("/facts").map(str::to_owned);
        let found = self.data.iter().filter_map(|(path, facts)| Some((own(path)?, facts)));
        let named = found.map(|(id, facts)| {
            let mut facts = facts.as_map().cloned().unwrap_or_default();
            facts.insert("id".into(), id.into());
            Value::from(facts)
        });
        named.collect()
    }

    /// What a kind of name means to an engine; or why its file can't be read.
    pub fn meaning(&self, engine: &str, kind: &str) -> Option<Result<Meaning, Diagnostic>> {
        let told = self.datum(&format!("engines/{engine}"))?.get_from_path("identity")?.get_from_path(kind)?;
        let read = serde_json::to_value(told).and_then(serde_json::from_value);
        let refused =
            |error| Diagnostic::error(load::MANIFEST, format!("engines/{engine}.yaml: identity.{kind}: {error}"));
        Some(read.map_err(refused))
    }

    /// The engine whose addresses begin with a scheme.
    pub fn engine_of(&self, scheme: &str) -> Option<&str> {
        let engines = self.data.iter().filter_map(|(path, facts)| Some((path.strip_prefix("engines/")?, facts)));
        let mut known =
            engines.filter(|(_, facts)| facts.get_from_path("scheme").and_then(Value::as_str) == Some(scheme));
        known.next().map(|(name, _)| name)
    }

    /// Every data file of a folder as one map: file name → content.
    pub fn folder(&self, folder: &str) -> Value {
        let prefix = format!("{folder}/");
        let files = self.data.iter();
        let files: BTreeMap<String, Value> = files
            .filter_map(|(path, content)| Some((path.strip_prefix(&prefix)?.to_owned(), content.clone())))
            .collect();
        Value::from(files)
    }

    /// The questionnaire's documents, in order of their file names.
    pub fn documents(&self) -> Vec<&Value> {
        self.data.iter().filter(|(path, _)| path.starts_with("questions/")).map(|(_, content)| content).collect()
    }
}
