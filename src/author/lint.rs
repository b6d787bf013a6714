//! Warnings about templates.
//!
//! In: the catalog. Out: diagnostics, sorted by file. Refuses nothing.

use std::collections::BTreeSet;

use crate::catalog::{Catalog, template_path};
use crate::diagnostic::{Diagnostic, Span};
use crate::template;

pub const UNUSED: &str = "OPS313";

/// Habits that break with another value, and files that nothing renders.
pub fn lint(catalog: &Catalog) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let reached = catalog.templates.reached_files(&catalog.roots(&mut Vec::new()));
    let named: BTreeSet<String> = catalog
        .blueprints
        .values()
        .flat_map(|blueprint| {
            blueprint.manifest.outputs.iter().map(|output| template_path(&blueprint.id, output, &catalog.files))
        })
        .collect();
    for (path, source) in catalog.files.iter().filter(|(path, _)| path.ends_with(".tera")) {
        found.extend(template::lint(path, source));
        // A folder without a manifest has its own reader: alerts and the like.
        let owner: String = path.split('/').take(2).collect::<Vec<_>>().join("/");
        let managed = catalog.files.contains_key(&format!("{owner}/blueprint.yaml"));
        if managed && !reached.contains(path) && !named.contains(path) {
            let start = Span { source: source.clone(), range: 0..source.text.lines().next().map_or(0, str::len) };
            found.push(Diagnostic::warning(UNUSED, format!("nothing renders {path}")).at(start));
        }
    }
    found
}
