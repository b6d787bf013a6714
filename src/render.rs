//! Model and catalog make artifacts.
//!
//! In: a model and a catalog. Out: artifacts, each checked as its format. Refuses: faults of templates,
//! paths that leave the root, two outputs for one path.

mod inputs;
mod names;
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
pub const FORMAT: &str = "OPS305";

/// Renders every selected output. The model is whatever serialises to what templates call `m`.
pub fn render(model: &impl Serialize, catalog: &Catalog) -> Result<Vec<Artifact>, Vec<Diagnostic>> {
    only(model, catalog, None)
}

/// The same for one blueprint.
pub fn only(model: &impl Serialize, catalog: &Catalog, id: Option<&str>) -> Result<Vec<Artifact>, Vec<Diagnostic>> {
    let sample = serde_json::to_value(model).map_err(|error| vec![Diagnostic::error(RENDER, error.to_string())])?;
    let value =
        Value::try_from_serializable(&sample).map_err(|error| vec![Diagnostic::error(RENDER, error.to_string())])?;
    let mut context = Context::new();
    context.insert_value("m", value);
    let wanted = || catalog.blueprints.values().filter(|blueprint| id.is_none_or(|id| id == blueprint.id));
    let conditions = names::conditions(wanted(), &sample);
    if !conditions.is_empty() {
        return Err(conditions);
    }
    let (chosen, mut faults) = select::selected(wanted(), catalog, &context);
    faults.extend(inputs::check(catalog, &sample));
    faults.extend(names::check(&chosen, catalog, &sample));
    if !faults.is_empty() {
        return Err(faults);
    }
    let mut artifacts = Vec::new();
    for blueprint in chosen {
        outputs::render(blueprint, catalog, &inputs::of(blueprint, &sample), &context, &mut artifacts, &mut faults);
    }
    faults.extend(paths::claims(&artifacts));
    if faults.is_empty() { Ok(artifacts) } else { Err(faults) }
}
