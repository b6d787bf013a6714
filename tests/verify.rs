//! The tools that blueprints name are the tools that `opsgen verify` runs.

use opsgen::catalog::{Catalog, Layer, embedded};
use opsgen::verify::Toolbox;

fn catalog(layer: Layer) -> Catalog {
    Catalog::load(&[layer]).expect("the embedded blueprints load")
}

#[test]
fn every_tool_that_a_blueprint_names_is_known() {
    let toolbox = Toolbox::embedded();
    let catalog = catalog(embedded());
    for (id, blueprint) in &catalog.blueprints {
        for output in &blueprint.manifest.outputs {
            let unknown: Vec<_> = output.verify.iter().filter(|tool| toolbox.tool(tool).is_none()).collect();
            assert!(
                unknown.is_empty(),
                "{id}: {} names {unknown:?}, which src/verify/tools.yaml doesn't hold",
                output.template
            );
        }
    }
}

#[test]
fn every_exception_has_a_reason() {
    for exception in Toolbox::embedded().exceptions {
        assert!(exception.because.split_whitespace().count() >= 5, "{}: {}", exception.tool, exception.rule);
    }
}
