//! Reads layers into a catalog.
//!
//! In: layers. Out: the catalog, or every fault. Refuses: manifests and data files that don't read.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value;

use super::alert::Alerts;
use super::read::parse;
use super::{Blueprint, Catalog, ForEach, Input, Layer, Manifest, Output, facts};
use crate::diagnostic::{Diagnostic, Source, Span};
use crate::template::{Dialect, Root, Templates};

pub const MANIFEST: &str = "OPS302";

impl Catalog {
    /// Reads layers and checks everything in them.
    pub fn load(layers: &[Layer]) -> Result<Self, Vec<Diagnostic>> {
        let (mut catalog, mut faults) = Self::read(layers);
        let roots = catalog.roots(&mut faults);
        faults.extend(catalog.templates.check_all(&roots));
        catalog.proven = false;
        if faults.is_empty() { Ok(catalog) } else { Err(faults) }
    }

    /// The program's own blueprints. Its tests check them, so nothing is looked at before it is needed.
    pub fn own() -> Result<Self, Vec<Diagnostic>> {
        let (catalog, faults) = Self::read(&[super::embedded()]);
        if faults.is_empty() { Ok(catalog) } else { Err(faults) }
    }

    /// Every template that some output or runbook names.
    pub fn roots(&self, faults: &mut Vec<Diagnostic>) -> Vec<Root> {
        roots(&self.blueprints, &self.files, faults)
    }

    fn read(layers: &[Layer]) -> (Self, Vec<Diagnostic>) {
        let mut faults = Vec::new();
        let (files, origins) = merge(layers, &mut faults);
        let platforms = facts::platforms(&files, &mut faults);
        let data = data(&files, &mut faults);
        let alerts = Alerts::load(&files, &mut faults);
        let mut blueprints = BTreeMap::new();
        for (path, source) in &files {
            let Some(id) = path.strip_suffix("/blueprint.yaml") else { continue };
            match parse::<Manifest>(source) {
                Ok(manifest) => {
                    let layer = origins.get(path).cloned().unwrap_or_default();
                    blueprints.insert(
                        id.to_owned(),
                        Blueprint { id: id.to_owned(), layer, manifest, source: source.clone() },
                    );
                }
                Err(fault) => faults.push(fault),
            }
        }
        inherit(&mut blueprints, &platforms, &files);
        let known = facts::facts(&data, &platforms, &files);
        let templates = Templates::new(files.clone(), known, variables(&blueprints));
        let (platforms, data) = (shared(platforms), shared(data));
        (Self { blueprints, platforms, data, alerts, files, templates, proven: true }, faults)
    }
}

/// As values that every model may hold without a copy.
fn shared(files: BTreeMap<String, Value>) -> BTreeMap<String, tera::Value> {
    files.into_iter().map(|(path, content)| (path, tera::Value::from_serializable(&content))).collect()
}

type Files = BTreeMap<String, Arc<Source>>;

/// The files of all layers, the last one winning, and the layer each came from.
fn merge(layers: &[Layer], faults: &mut Vec<Diagnostic>) -> (Files, BTreeMap<String, String>) {
    let mut files = BTreeMap::new();
    let mut origins = BTreeMap::new();
    for layer in layers {
        for (path, bytes) in &layer.files {
            match std::str::from_utf8(bytes) {
                Ok(text) => {
                    files.insert(path.clone(), Source::new(path.as_str(), text));
                    origins.insert(path.clone(), layer.name.clone());
                }
                Err(_) => faults.push(Diagnostic::error(MANIFEST, format!("{path} is not UTF-8 text"))),
            }
        }
    }
    (files, origins)
}

/// The first place in a source where a text stands.
pub fn find(source: &Arc<Source>, text: &str) -> Span {
    let at = source.text.find(text).unwrap_or(0);
    Span { source: source.clone(), range: at..at + text.len().min(source.text.len() - at) }
}

/// YAML files of the areas that hold no blueprints (pins, engines, metrics, questions), and every `facts.yaml` of a folder.
fn data(files: &Files, faults: &mut Vec<Diagnostic>) -> BTreeMap<String, Value> {
    let mut data = BTreeMap::new();
    for (path, source) in files {
        let Some(name) = path.strip_suffix(".yaml") else { continue };
        if name.matches('/').count() != 1 && !path.ends_with("/facts.yaml") {
            continue;
        }
        match parse::<Value>(source) {
            Ok(value) => drop(data.insert(name.to_owned(), value)),
            Err(fault) => faults.push(fault),
        }
    }
    data
}

/// A platform that is the same as another takes its outputs, with its own templates where it has them.
fn inherit(blueprints: &mut BTreeMap<String, Blueprint>, platforms: &BTreeMap<String, Value>, files: &Files) {
    for (id, platform) in platforms {
        let Some(base) = platform.get("same_as").and_then(Value::as_str) else { continue };
        let Some(base) = blueprints.get(&format!("{}/{base}", facts::PLATFORMS)).cloned() else { continue };
        let own_id = format!("{}/{id}", facts::PLATFORMS);
        let mut taken = base.clone();
        taken.id.clone_from(&own_id);
        for output in &mut taken.manifest.outputs {
            let own = format!("{own_id}/{}", output.template);
            output.template = if files.contains_key(&own) { own } else { template_path(&base.id, output, files) };
        }
        if let Some(own) = blueprints.remove(&own_id) {
            let paths: BTreeSet<String> = own.manifest.outputs.iter().map(|output| output.path.clone()).collect();
            taken.manifest.outputs.retain(|output| !paths.contains(&output.path));
            taken.manifest.outputs.extend(own.manifest.outputs);
            taken.manifest.inputs.extend(own.manifest.inputs);
            taken.manifest.summary = own.manifest.summary;
            taken.source = own.source;
            taken.layer = own.layer;
        }
        blueprints.insert(own_id, taken);
    }
}

/// The file of an output's template: inside its folder, or named from the root.
pub fn template_path(id: &str, output: &Output, files: &Files) -> String {
    let inside = format!("{id}/{}", output.template);
    if files.contains_key(&inside) { inside } else { output.template.clone() }
}

/// The dialect an output is written in.
pub fn dialect(output: &Output) -> Result<Dialect, String> {
    match &output.dialect {
        Some(name) => Dialect::named(name).ok_or_else(|| {
            let known: Vec<&str> = Dialect::ALL.iter().map(|dialect| dialect.name()).collect();
            format!("there is no dialect {name:?}; there is {}", known.join(", "))
        }),
        None => Ok(output.format.as_deref().and_then(Dialect::named).unwrap_or_else(|| Dialect::of_file(&output.path))),
    }
}

/// An input has a known type, and its default is of that type.
fn inputs(blueprint: &Blueprint, faults: &mut Vec<Diagnostic>) {
    for (name, input) in &blueprint.manifest.inputs {
        let message = if !Input::KINDS.contains(&input.kind.as_str()) {
            format!("the input {name} has the type {:?}; there is {}", input.kind, Input::KINDS.join(", "))
        } else if !input.accepts(&input.default) {
            format!("the default of the input {name} is no {}", input.kind)
        } else {
            continue;
        };
        faults.push(Diagnostic::error(MANIFEST, message).at(find(&blueprint.source, name)));
    }
}

fn roots(blueprints: &BTreeMap<String, Blueprint>, files: &Files, faults: &mut Vec<Diagnostic>) -> Vec<Root> {
    let mut roots = Vec::new();
    for path in files.keys().filter(|path| path.starts_with("alerts/") && path.ends_with(".md.tera")) {
        roots.push(Root { dialect: Dialect::Markdown, path: path.clone() });
    }
    for blueprint in blueprints.values() {
        inputs(blueprint, faults);
        for output in &blueprint.manifest.outputs {
            let path = template_path(&blueprint.id, output, files);
            let at = |text: &str| find(&blueprint.source, text);
            if !files.contains_key(&path) {
                let message = format!("{} names the template {:?}, which doesn't exist", blueprint.id, output.template);
                faults.push(Diagnostic::error(MANIFEST, message).at(at(&output.template)));
            }
            if let Err(message) = output.for_each.loops() {
                faults.push(Diagnostic::error(MANIFEST, message).at(at("for_each")));
            }
            match dialect(output) {
                Ok(dialect) => roots.push(Root { dialect, path }),
                Err(message) => faults.push(Diagnostic::error(MANIFEST, message).at(at(&output.template))),
            }
        }
    }
    roots
}

/// The names that a context may hold.
fn variables(blueprints: &BTreeMap<String, Blueprint>) -> BTreeSet<String> {
    let mut names = BTreeSet::from(["m".to_owned(), "inputs".to_owned()]);
    for output in blueprints.values().flat_map(|blueprint| &blueprint.manifest.outputs) {
        if let ForEach::Each(_) | ForEach::Nested(_) = output.for_each {
            names.extend(output.for_each.loops().unwrap_or_default().into_iter().map(|(name, _)| name.to_owned()));
        }
    }
    names
}
