//! Checks every name that the selected blueprints read, before any of them is rendered.
//!
//! In: blueprints and the model. Out: diagnostics. Refuses: unknown names in manifests and templates.

use std::sync::Arc;

use tera::Value;

use crate::catalog::{Blueprint, Catalog, Output, Remark, template_path};
use crate::diagnostic::{Diagnostic, Source, Span};
use crate::template::{Scope, Shape, Templates};

/// The names that a model has.
pub struct Names<'a> {
    catalog: &'a Catalog,
    /// The platform that fills the slots.
    platform: Option<&'a str>,
    scope: Scope,
}

impl<'a> Names<'a> {
    pub fn of(catalog: &'a Catalog, model: &'a Value) -> Self {
        let sample = serde_json::to_value(model).unwrap_or_default();
        let platform = model.get_from_path("platform.id").and_then(Value::as_str);
        Self { catalog, platform, scope: Scope::from([("m".to_owned(), Shape::of(&sample))]) }
    }

    pub fn check(&self, blueprints: &[&Blueprint]) -> Vec<Diagnostic> {
        let mut faults: Vec<Diagnostic> = Vec::new();
        for blueprint in blueprints {
            let mut scope = self.scope.clone();
            let inputs = &blueprint.manifest.inputs;
            let fields = inputs.keys().map(|name| (name.clone(), Shape::Any));
            scope.insert("inputs".into(), if inputs.is_empty() { Shape::Any } else { Shape::map(fields) });
            for remark in &blueprint.manifest.findings {
                faults.extend(of_remark(blueprint, remark, &scope));
            }
            for output in &blueprint.manifest.outputs {
                faults.extend(of_output(blueprint, output, self.catalog, &scope, self.platform));
            }
        }
        unique(faults)
    }

    /// The conditions that decide which blueprints are selected: an unknown name in one would quietly be false.
    pub fn conditions(&self, blueprints: &[&Blueprint]) -> Vec<Diagnostic> {
        let mut faults = Vec::new();
        for blueprint in blueprints {
            if let Some(when) = &blueprint.manifest.when {
                Templates::check_expression(&blueprint.source, when, &self.scope, &mut faults);
            }
        }
        faults
    }
}

fn of_remark(blueprint: &Blueprint, remark: &Remark, base: &Scope) -> Vec<Diagnostic> {
    let (mut faults, mut scope) = (Vec::new(), base.clone());
    for (variable, list) in remark.for_each.loops().unwrap_or_default() {
        let shape = Templates::check_expression(&blueprint.source, list, &scope, &mut faults);
        scope.insert(variable.to_owned(), shape.item());
    }
    Templates::check_expression(&blueprint.source, &remark.when, &scope, &mut faults);
    for text in [&remark.key, &remark.say, &remark.help] {
        let text = Source::new(format!("{}/blueprint.yaml: findings", blueprint.id), text.clone());
        faults.extend(Templates::check_text(&text, &scope));
    }
    faults
}

fn of_output(
    blueprint: &Blueprint,
    output: &Output,
    catalog: &Catalog,
    base: &Scope,
    platform: Option<&str>,
) -> Vec<Diagnostic> {
    let mut faults = Vec::new();
    let mut scope = base.clone();
    for (variable, list) in output.for_each.loops().unwrap_or_default() {
        let shape = Templates::check_expression(&blueprint.source, list, &scope, &mut faults);
        scope.insert(variable.to_owned(), shape.item());
    }
    if let Some(when) = &output.when {
        Templates::check_expression(&blueprint.source, when, &scope, &mut faults);
    }
    let path =
        Source::new(format!("{}/blueprint.yaml: path of {}", blueprint.id, output.template), output.path.clone());
    faults.extend(Templates::check_text(&path, &scope));
    let template = template_path(&blueprint.id, output, &catalog.files);
    faults.extend(catalog.templates.check(&template, &scope, platform));
    faults
}

/// A partial that many templates include is told once.
fn unique(faults: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let place = |span: &Option<Span>| span.as_ref().map(|span| (Arc::as_ptr(&span.source), span.range.clone()));
    let mut kept: Vec<Diagnostic> = Vec::new();
    for fault in faults {
        if !kept.iter().any(|one| one.message == fault.message && place(&one.span) == place(&fault.span)) {
            kept.push(fault);
        }
    }
    kept
}
