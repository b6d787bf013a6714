//! Renders the outputs of one blueprint.
//!
//! In: a blueprint and the context. Out: artifacts. Refuses: faults of its templates.

use serde_json::{Map, Value as Json};
use tera::{Context, Value};

use super::{FORMAT, RENDER, page, paths, select};
use crate::artifact::{Artifact, Origin, Pin};
use crate::catalog::{Blueprint, Catalog, Output, dialect, template_path};
use crate::diagnostic::Diagnostic;
use crate::format::{self, Dialect, json, markdown};
use crate::template::{Root, condition, recorded};

struct Job<'a> {
    blueprint: &'a Blueprint,
    catalog: &'a Catalog,
    output: &'a Output,
    /// For messages: the manifest's place.
    name: String,
}

/// Compiles what the blueprints may render, all at once.
pub fn ready(blueprints: &[&Blueprint], catalog: &Catalog, context: &Context) {
    let outputs = || blueprints.iter().flat_map(|it| it.manifest.outputs.iter().map(|output| (it.id.as_str(), output)));
    let conditions: Vec<String> = outputs().filter_map(|(_, output)| output.when.as_deref()).map(condition).collect();
    let conditions = conditions.iter().map(|text| (Dialect::Text, text.as_str()));
    let paths = outputs().map(|(_, output)| (Dialect::Path, output.path.as_str()));
    // What is wrong with one is told when it is rendered.
    drop(catalog.templates.ready(&[], conditions.chain(paths)));
    // A condition over an item of a loop can't be decided yet.
    let never = |output: &Output| {
        let when = output.when.as_deref().filter(|_| output.for_each.loops().is_ok_and(|loops| loops.is_empty()));
        when.is_some_and(|when| catalog.templates.holds("when", when, context) == Ok(false))
    };
    let root = |(id, output)| dialect(output).ok().map(|dialect| (dialect, template_path(id, output, &catalog.files)));
    let rendered = outputs().filter(|(_, output)| !never(output));
    let roots: Vec<Root> = rendered.filter_map(root).map(|(dialect, path)| Root { dialect, path }).collect();
    drop(catalog.templates.ready(&roots, std::iter::empty()));
}

pub fn render(
    blueprint: &Blueprint,
    catalog: &Catalog,
    inputs: &Map<String, Json>,
    context: &Context,
    artifacts: &mut Vec<Artifact>,
    faults: &mut Vec<Diagnostic>,
) {
    let mut context = context.clone();
    context.insert("inputs", inputs);
    for output in &blueprint.manifest.outputs {
        let name = format!("{}/blueprint.yaml: {}", blueprint.id, output.template);
        let job = Job { blueprint, catalog, output, name };
        let loops = output.for_each.loops().unwrap_or_default();
        job.each(&loops, &context, &mut Vec::new(), artifacts, faults);
    }
}

impl Job<'_> {
    fn each(
        &self,
        loops: &[(&str, &str)],
        context: &Context,
        items: &mut Vec<String>,
        artifacts: &mut Vec<Artifact>,
        faults: &mut Vec<Diagnostic>,
    ) {
        let Some(((variable, list), inner)) = loops.split_first() else {
            match self.one(context, items) {
                Ok(artifact) => artifacts.extend(artifact),
                Err(fault) => faults.push(fault),
            }
            return;
        };
        let list = match listed(self.catalog, &self.name, list, context) {
            Ok(list) => list,
            Err(fault) => return faults.push(fault),
        };
        for item in list {
            let mut context = context.clone();
            items.push(name_of(&item));
            context.insert_value((*variable).to_owned(), item);
            self.each(inner, &context, items, artifacts, faults);
            items.pop();
        }
    }

    fn one(&self, context: &Context, items: &[String]) -> Result<Option<Artifact>, Diagnostic> {
        let templates = &self.catalog.templates;
        if let Some(when) = &self.output.when
            && !templates.holds(&format!("{}: when", self.name), when, context)?
        {
            return Ok(None);
        }
        let fault = |message: String| Diagnostic::error(RENDER, format!("{}: {message}", self.name));
        let path = templates.inline(Dialect::Path, &format!("{}: path", self.name), &self.output.path, context)?;
        paths::legal(&path).map_err(fault)?;
        let moved_from = match &self.output.moved_from {
            Some(before) => {
                Some(templates.inline(Dialect::Path, &format!("{}: moved_from", self.name), before, context)?)
            }
            None => None,
        };
        let template = template_path(&self.blueprint.id, self.output, &self.catalog.files);
        let root = Root { dialect: dialect(self.output).map_err(fault)?, path: template };
        let (text, seen) = recorded(|| templates.render(&root, context));
        let text = text?;
        self.well_formed(&root, &path, &text, context)?;
        let text = match root.dialect {
            Dialect::Markdown => markdown::tidy(&text),
            Dialect::Grafana => json::canonical(&text).map_err(|error| fault(error.to_string()))?,
            _ => text,
        };
        self.whole(&root, &path, &text, context)?;
        let pins = seen.into_iter().filter(|(_, pin)| text.contains(pin)).map(|(subject, text)| Pin { subject, text });
        Ok(Some(Artifact {
            pins: pins.collect(),
            format: self.format(&path),
            path,
            at: self.output.at.into(),
            bytes: text.into_bytes(),
            executable: self.output.executable,
            mode: self.output.mode.into(),
            origin: Origin {
                blueprint: self.blueprint.id.clone(),
                output: self.output.template.clone(),
                item: (!items.is_empty()).then(|| items.join("/")),
            },
            keys: self.output.keys.clone().into_iter().collect(),
            moved_from,
            live: self.output.live.clone(),
            verify: self.output.verify.clone(),
        }))
    }
}

/// The items of a `for_each`. A plain path is walked; anything with filters is evaluated by the engine.
pub fn listed(catalog: &Catalog, name: &str, expression: &str, context: &Context) -> Result<Vec<Value>, Diagnostic> {
    let (root, path) = expression.split_once('.').unwrap_or((expression, ""));
    let plain = expression.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.'));
    let walked = context.get(root).filter(|_| plain).and_then(|value| select::at(value, path));
    let list = match walked {
        Some(list) => list,
        None => Value::from_serializable(&catalog.templates.value(name, expression, context)?),
    };
    match list.as_array() {
        Some(items) => Ok(items.to_vec()),
        None if list.is_none() => Ok(Vec::new()),
        None => Err(Diagnostic::error(RENDER, format!("{name}: for_each: {expression} is not a list"))),
    }
}

impl Job<'_> {
    /// As which the text is read: its dialect, its format, or what its name says.
    fn format(&self, path: &str) -> String {
        let named = self.output.dialect.as_ref().or(self.output.format.as_ref());
        named.cloned().unwrap_or_else(|| Dialect::of_file(path).name().to_owned())
    }

    /// A page has the parts that its manifest asks for; a fault is told at the template line that wrote it.
    fn whole(&self, root: &Root, path: &str, text: &str, context: &Context) -> Result<(), Diagnostic> {
        let Some(form) = &self.output.page else { return Ok(()) };
        let rules = form.figures.as_ref().and_then(|figures| {
            let (variable, path) = figures.of.split_once('.')?;
            select::at(context.get(variable)?, path)
        });
        let Some(fault) = page::check(text, form, rules.as_ref()) else { return Ok(()) };
        let diagnostic =
            Diagnostic::error(fault.code, format!("{path}:{}: {}", fault.line, fault.message)).help(fault.help);
        Err(diagnostic.maybe_at(self.catalog.templates.locate(root, context, fault.line)))
    }

    /// Reads the text as its format; a fault is told at the template line that wrote it.
    fn well_formed(&self, root: &Root, path: &str, text: &str, context: &Context) -> Result<(), Diagnostic> {
        // A file of ours that holds no value is the same for every spec, and our tests have read it.
        if self.catalog.proven && self.catalog.templates.is_constant(root) {
            return Ok(());
        }
        let name = self.format(path);
        format::check(&name, text).map_err(|fault| {
            let line = text.lines().nth(fault.line - 1).unwrap_or_default().trim();
            let message = format!("{path} would not be well formed {name}: {}", fault.message);
            let diagnostic = Diagnostic::error(FORMAT, message).label(format!("writes line {}: {line}", fault.line));
            diagnostic.maybe_at(self.catalog.templates.locate(root, context, fault.line))
        })
    }
}

/// What an item of `for_each` is called in reports.
fn name_of(item: &Value) -> String {
    let named = ["name", "slug", "alert", "id", "store"]
        .iter()
        .find_map(|key| select::at(item, key)?.as_str().map(str::to_owned));
    named.unwrap_or_else(|| item.to_string())
}
