//! Model and catalog make artifacts.
//!
//! In: a model and a catalog. Out: artifacts, each checked as its format. Refuses: faults of templates,
//! paths that leave the root, two outputs for one path.

mod outputs;
mod ownership;
mod paths;
mod select;

use serde::Serialize;
use tera::{Context, Value};

use crate::artifact::Artifact;
use crate::catalog::Catalog;
use crate::diagnostic::Diagnostic;

pub const RENDER: &str = "OPS303";

/// Renders every selected output. The model is whatever serialises to what templates call `m`.
pub fn render(model: &impl Serialize, catalog: &Catalog) -> Result<Vec<Artifact>, Vec<Diagnostic>> {
    only(model, catalog, None)
}

/// The same for one blueprint.
pub fn only(model: &impl Serialize, catalog: &Catalog, id: Option<&str>) -> Result<Vec<Artifact>, Vec<Diagnostic>> {
    let value =
        Value::try_from_serializable(model).map_err(|error| vec![Diagnostic::error(RENDER, error.to_string())])?;
    let mut context = Context::new();
    context.insert_value("m", value);
    let mut artifacts = Vec::new();
    let mut faults = Vec::new();
    for blueprint in catalog.blueprints.values().filter(|blueprint| id.is_none_or(|id| id == blueprint.id)) {
        match select::selected(blueprint, catalog, &context) {
            Ok(true) => outputs::render(blueprint, catalog, &context, &mut artifacts, &mut faults),
            Ok(false) => {}
            Err(fault) => faults.push(fault),
        }
    }
    faults.extend(paths::claims(&artifacts));
    if faults.is_empty() { Ok(artifacts) } else { Err(faults) }
}
