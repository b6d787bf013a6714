//! The inputs of blueprints: defaults of the manifest, answers of the spec.
//!
//! In: the catalog and `blueprints.inputs`. Out: the values a template sees. Refuses: inputs that no manifest
//! declares, and values of another type.

use serde_json::{Map, Value};

use crate::catalog::{Blueprint, Catalog, Input};
use crate::diagnostic::Diagnostic;
use crate::template::nearest;

pub const INPUT: &str = "OPS306";

/// What a template reads as `inputs`.
pub fn of(blueprint: &Blueprint, answers: &Map<String, Value>) -> Map<String, Value> {
    let own = answers.get(&blueprint.id);
    let value = |name: &str, input: &Input| own.and_then(|own| own.get(name)).unwrap_or(&input.default).clone();
    blueprint.manifest.inputs.iter().map(|(name, input)| (name.clone(), value(name, input))).collect()
}

/// What the spec says: blueprint → input → value.
pub fn answers(model: &tera::Value) -> Map<String, Value> {
    let said = model.get_from_path("blueprints.inputs").and_then(|said| serde_json::to_value(said).ok());
    said.and_then(|said| said.as_object().cloned()).unwrap_or_default()
}

/// Every answer belongs to an input and has its type.
pub fn check(catalog: &Catalog, answers: &Map<String, Value>) -> Vec<Diagnostic> {
    answers.iter().flat_map(|(id, values)| blueprint_inputs(catalog, id, values)).collect()
}

fn blueprint_inputs(catalog: &Catalog, id: &str, values: &Value) -> Vec<Diagnostic> {
    let Some(blueprint) = catalog.blueprints.get(id) else {
        let known: Vec<&str> = catalog.blueprints.keys().map(String::as_str).collect();
        return vec![unknown(format!("blueprints.inputs names {id:?}, which is no blueprint"), id, &known)];
    };
    let inputs = &blueprint.manifest.inputs;
    let wrong = |(name, value): (&String, &Value)| match inputs.get(name) {
        None => {
            let known: Vec<&str> = inputs.keys().map(String::as_str).collect();
            Some(unknown(format!("{id} has no input {name:?}"), name, &known))
        }
        Some(input) if !input.accepts(value) => {
            let message = format!("blueprints.inputs.{id}.{name} is {value}, but {} is asked for", input.kind);
            Some(Diagnostic::error(INPUT, message).help(input.help.clone()))
        }
        Some(_) => None,
    };
    values.as_object().into_iter().flatten().filter_map(wrong).collect()
}

fn unknown(message: String, name: &str, known: &[&str]) -> Diagnostic {
    let fault = Diagnostic::error(INPUT, message);
    match nearest(name, known) {
        Some(near) => fault.help(format!("did you mean `{near}`?")),
        None => fault.help(format!("there is {}", known.join(", "))),
    }
}
