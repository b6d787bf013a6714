//! Which blueprints a model asks for.
//!
//! In: a blueprint and the context. Out: whether it is selected. Refuses: a `when` that doesn't evaluate.

use tera::{Context, Value};

use crate::catalog::{Blueprint, Catalog};
use crate::diagnostic::Diagnostic;
use crate::template::{Dialect, condition};

/// The selected blueprints, and what could not be decided.
pub fn selected<'a>(
    blueprints: &[&'a Blueprint],
    catalog: &Catalog,
    context: &Context,
) -> (Vec<&'a Blueprint>, Vec<Diagnostic>) {
    let (mut chosen, mut faults) = (Vec::new(), Vec::new());
    let conditions: Vec<String> =
        blueprints.iter().filter_map(|blueprint| blueprint.manifest.when.as_deref()).map(condition).collect();
    catalog.templates.ready(&[], conditions.iter().map(|text| (Dialect::Text, text.as_str())));
    for &blueprint in blueprints {
        match decide(blueprint, catalog, context) {
            Ok(true) => chosen.push(blueprint),
            Ok(false) => {}
            Err(fault) => faults.push(fault),
        }
    }
    (chosen, faults)
}

fn decide(blueprint: &Blueprint, catalog: &Catalog, context: &Context) -> Result<bool, Diagnostic> {
    let chosen = blueprint.manifest.choice.as_deref().is_none_or(|path| {
        let folder = blueprint.id.rsplit('/').next().unwrap_or_default();
        context.get("m").and_then(|m| at(m, path)).and_then(|answer| answer.as_str().map(str::to_owned)).as_deref()
            == Some(folder)
    });
    match &blueprint.manifest.when {
        Some(when) if chosen => {
            catalog.templates.holds(&format!("{}/blueprint.yaml: when", blueprint.id), when, context)
        }
        _ => Ok(chosen),
    }
}

/// A value by its dotted path.
pub fn at(value: &Value, path: &str) -> Option<Value> {
    if path.is_empty() { Some(value.clone()) } else { value.get_from_path(path).cloned() }
}
