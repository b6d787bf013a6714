//! The catalog as text.
//!
//! In: the catalog. Out: text for a terminal. Refuses nothing: an unknown id gives nothing.

use std::fmt::Write as _;

use crate::catalog::{Blueprint, Catalog, Manifest};

/// One line a blueprint: id and summary.
pub fn list(catalog: &Catalog) -> String {
    let width = catalog.blueprints.keys().map(String::len).max().unwrap_or(0);
    catalog
        .blueprints
        .values()
        .map(|blueprint| format!("{:width$}  {}\n", blueprint.id, blueprint.manifest.summary))
        .collect()
}

/// When a blueprint applies, its inputs and its outputs.
pub fn show(catalog: &Catalog, id: &str) -> Option<String> {
    catalog.blueprints.get(id).map(describe)
}

fn describe(blueprint: &Blueprint) -> String {
    let manifest = &blueprint.manifest;
    let mut out = format!(
        "{}: {}\n\nfrom     {}\nemitted  {}\n",
        blueprint.id,
        manifest.summary,
        blueprint.layer,
        condition(manifest)
    );
    if !manifest.inputs.is_empty() {
        out.push_str("\ninputs\n");
    }
    for (name, input) in &manifest.inputs {
        let _ = writeln!(out, "  {name} ({}, default {})  {}", input.kind, input.default, input.help);
    }
    if !manifest.outputs.is_empty() {
        out.push_str("\noutputs\n");
    }
    for output in &manifest.outputs {
        let _ = writeln!(out, "  {}  from {}", output.path, output.template);
        for (variable, list) in output.for_each.loops().unwrap_or_default() {
            let _ = writeln!(out, "      for each {variable} in {list}");
        }
        if let Some(when) = &output.when {
            let _ = writeln!(out, "      when {when}");
        }
        if !output.verify.is_empty() {
            let _ = writeln!(out, "      verified by {}", output.verify.join(", "));
        }
    }
    out
}

fn condition(manifest: &Manifest) -> String {
    match (&manifest.choice, &manifest.when) {
        (Some(key), None) => format!("where the spec's `{key}` names it"),
        (Some(key), Some(when)) => format!("where the spec's `{key}` names it, when {when}"),
        (None, Some(when)) => format!("when {when}"),
        (None, None) => "always".into(),
    }
}
