//! Model and catalog make artifacts.
//!
//! In: a model and a catalog. Out: artifacts, each checked as its format. Refuses: faults of templates,
//! paths that leave the root, two outputs for one path.

mod boards;
mod inputs;
mod names;
mod outputs;
mod ownership;
mod page;
mod paths;
mod reach;
mod remarks;
mod select;
mod shared;

use names::Names;
pub use remarks::{REFUSED, Remarked, UNWISE, remarks};
use serde::Serialize;
pub use shared::alone;
use tera::{Context, Value};

use crate::artifact::Artifact;
use crate::catalog::{Blueprint, Catalog, template_path};
use crate::diagnostic::Diagnostic;

pub const RENDER: &str = "OPS303";
pub const FORMAT: &str = "OPS305";

/// Renders every selected output. The model is whatever serialises to what templates call `m`.
pub fn render(model: &impl Serialize, catalog: &Catalog) -> Result<Vec<Artifact>, Vec<Diagnostic>> {
    only(model, catalog, None)
}

/// The blueprints that a model asks for.
pub fn selected<'a>(model: &impl Serialize, catalog: &'a Catalog) -> Result<Vec<&'a Blueprint>, Vec<Diagnostic>> {
    let value =
        Value::try_from_serializable(model).map_err(|error| vec![Diagnostic::error(RENDER, error.to_string())])?;
    let mut context = Context::new();
    context.insert_value("m", value);
    let all: Vec<&Blueprint> = catalog.blueprints.values().collect();
    let (chosen, faults) = select::selected(&all, catalog, &context);
    if faults.is_empty() { Ok(chosen) } else { Err(faults) }
}

/// How much there is to render: text without values costs nothing.
fn weight(blueprint: &Blueprint, catalog: &Catalog) -> usize {
    let files = blueprint.manifest.outputs.iter();
    let files = files.filter_map(|output| catalog.files.get(&template_path(&blueprint.id, output, &catalog.files)));
    files.map(|source| source.text.matches("<{").count() + source.text.matches("<%").count()).sum()
}

/// The same for one blueprint.
pub fn only(model: &impl Serialize, catalog: &Catalog, id: Option<&str>) -> Result<Vec<Artifact>, Vec<Diagnostic>> {
    let unwritable = |error: tera::Error| vec![Diagnostic::error(RENDER, error.to_string())];
    let model = Value::try_from_serializable(model).map_err(unwritable)?;
    let wanted: Vec<&Blueprint> =
        catalog.blueprints.values().filter(|blueprint| id.is_none_or(|id| id == blueprint.id)).collect();
    let names = (!catalog.proven).then(|| Names::of(catalog, &model));
    let unknown = names.iter().flat_map(|names| names.conditions(&wanted)).collect::<Vec<_>>();
    if !unknown.is_empty() {
        return Err(unknown);
    }
    let mut context = Context::new();
    context.insert_value("m", model.clone());
    let answers = inputs::answers(&model);
    let (chosen, mut faults) = select::selected(&wanted, catalog, &context);
    faults.extend(inputs::check(catalog, &answers));
    faults.extend(names.iter().flat_map(|names| names.check(&chosen)));
    if !faults.is_empty() {
        return Err(faults);
    }
    let work = |blueprint: &&Blueprint| {
        let (mut artifacts, mut faults) = (Vec::new(), Vec::new());
        outputs::ready(&[blueprint], catalog, &context);
        outputs::render(blueprint, catalog, &inputs::of(blueprint, &answers), &context, &mut artifacts, &mut faults);
        (artifacts, faults)
    };
    let mut artifacts = Vec::new();
    for (made, found) in shared::each(&chosen, |blueprint| weight(blueprint, catalog), work) {
        artifacts.extend(made);
        faults.extend(found);
    }
    faults.extend(paths::claims(&artifacts));
    faults.extend(boards::faults(&artifacts));
    if id.is_none() && faults.is_empty() {
        faults.extend(reach::check(&model, &artifacts));
    }
    if faults.is_empty() { Ok(artifacts) } else { Err(faults) }
}
