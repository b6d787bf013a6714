//! What the selected blueprints have to say about the spec: answers that they lack, and answers that will not do.
//!
//! In: a model and a catalog. Out: findings, each with the key of the spec that it is about. Refuses: nothing itself;
//! a finding that says `refuse` is an error for its reader.

use serde::Serialize;
use tera::{Context, Value};

use super::{inputs, outputs, select};
use crate::catalog::{Blueprint, Catalog, Remark};
use crate::diagnostic::Diagnostic;
use crate::format::Dialect;

/// A blueprint can't do its work with this answer.
pub const REFUSED: &str = "OPS166";
/// A blueprint does its work, and something about it should be known.
pub const UNWISE: &str = "OPS167";

/// A finding, before its place is known.
pub struct Remarked {
    pub key: String,
    pub diagnostic: Diagnostic,
}

/// Everything that the blueprints of this model say.
pub fn remarks(model: &impl Serialize, catalog: &Catalog) -> Vec<Remarked> {
    let speaking: Vec<&Blueprint> =
        catalog.blueprints.values().filter(|blueprint| !blueprint.manifest.findings.is_empty()).collect();
    let Ok(model) = Value::try_from_serializable(model) else { return Vec::new() };
    if speaking.is_empty() {
        return Vec::new();
    }
    let answers = inputs::answers(&model);
    let mut context = Context::new();
    context.insert_value("m", model);
    // What is wrong with a condition is told when its blueprint is rendered.
    let (chosen, _) = select::selected(&speaking, catalog, &context);
    let said = chosen.into_iter().flat_map(|blueprint| {
        let mut context = context.clone();
        context.insert("inputs", &inputs::of(blueprint, &answers));
        blueprint
            .manifest
            .findings
            .iter()
            .flat_map(move |remark| of(blueprint, remark, catalog, &context))
            .collect::<Vec<_>>()
    });
    said.collect()
}

fn of(blueprint: &Blueprint, remark: &Remark, catalog: &Catalog, context: &Context) -> Vec<Remarked> {
    let place = format!("{}/blueprint.yaml: findings", blueprint.id);
    let mut contexts = vec![context.clone()];
    for (variable, list) in remark.for_each.loops().unwrap_or_default() {
        let grown = contexts.iter().map(|context| {
            let items = outputs::listed(catalog, &place, list, context)?;
            let with = |item| {
                let mut context = context.clone();
                context.insert_value(variable.to_owned(), item);
                context
            };
            Ok(items.into_iter().map(with).collect::<Vec<_>>())
        });
        contexts = match grown.collect::<Result<Vec<_>, Diagnostic>>() {
            Ok(grown) => grown.concat(),
            Err(fault) => return vec![Remarked { key: remark.key.clone(), diagnostic: fault }],
        };
    }
    contexts.iter().filter_map(|context| one(remark, catalog, &place, context).transpose()).map(settled).collect()
}

fn settled(said: Result<Remarked, Diagnostic>) -> Remarked {
    said.unwrap_or_else(|diagnostic| Remarked { key: String::new(), diagnostic })
}

fn one(remark: &Remark, catalog: &Catalog, place: &str, context: &Context) -> Result<Option<Remarked>, Diagnostic> {
    let templates = &catalog.templates;
    if !templates.holds(place, &remark.when, context)? {
        return Ok(None);
    }
    let text = |text: &str| templates.inline(Dialect::Text, place, text, context);
    let (key, message, help) = (text(&remark.key)?, text(&remark.say)?, text(&remark.help)?);
    let diagnostic =
        if remark.refuse { Diagnostic::error(REFUSED, message) } else { Diagnostic::warning(UNWISE, message) };
    Ok(Some(Remarked { key, diagnostic: diagnostic.help(help) }))
}
