//! All templates, compiled once a dialect, and the one way to render them.
//!
//! In: files, the templates that outputs name with their dialects, facts. Out: rendered text.
//! Refuses: a file that isn't there, a template that doesn't compile, a value that is not defined.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use tera::{Context, Delimiters, ErrorKind, Tera, TeraResult, Value};

use super::prepare::{self, Calls};
use super::{filters, functions, lists, scope, trace};
use crate::diagnostic::{Diagnostic, Source, Span};
use crate::format::Dialect;

pub const TEMPLATE: &str = "OPS301";

/// A slot of a platform: the partial that fills it, or why nothing does.
#[derive(Clone, Debug)]
pub enum Slot {
    File(String),
    Unsupported(String),
}

/// What the functions answer from.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Function name → what is looked up → the reference.
    pub references: BTreeMap<&'static str, BTreeMap<String, String>>,
    /// Platform → slot → what fills it.
    pub slots: BTreeMap<String, BTreeMap<String, Slot>>,
}

impl Facts {
    pub fn reference(&self, function: &str, name: &str) -> Result<Value, String> {
        let known = self.references.get(function);
        match known.and_then(|known| known.get(name)) {
            Some(text) if function == "pin" => Ok(Value::safe_string(text)),
            Some(text) => Ok(Value::normal_string(text)),
            // An image that no data file knows is still named by its tag; it is only never given a digest.
            None if function == "image" && name.contains(':') => Ok(Value::normal_string(name)),
            None => Err(format!(
                "no data file knows {function}({name:?}); add it below blueprints/pins with the place it was seen"
            )),
        }
    }

    pub fn slot(&self, platform: &str, slot: &str) -> Result<Slot, String> {
        let fills = self.slots.get(platform).and_then(|slots| slots.get(slot));
        fills.cloned().ok_or_else(|| format!("the platform {platform:?} has no slot {slot:?}; add slots/{slot}.yaml.tera or `unsupported: {{ {slot}: why }}`"))
    }
}

/// A template that an output renders.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Root {
    pub dialect: Dialect,
    pub path: String,
}

/// The compiled templates. Cheap to clone.
#[derive(Clone)]
pub struct Templates {
    pub(super) shared: Arc<Shared>,
}

pub struct Shared {
    pub facts: Facts,
    /// Every variable name that some template may look up.
    pub variables: BTreeSet<String>,
    pub(super) files: BTreeMap<String, Arc<Source>>,
    /// Lines carry marks that tell where they came from.
    pub(super) traced: bool,
    engines: OnceLock<BTreeMap<Dialect, Tera>>,
}

impl Templates {
    /// Compiles what the roots reach. `variables` are the names that a context may hold.
    pub fn load(
        files: BTreeMap<String, Arc<Source>>,
        roots: &[Root],
        facts: Facts,
        variables: BTreeSet<String>,
    ) -> Result<Self, Vec<Diagnostic>> {
        let mut shared = Shared { facts, variables, files, traced: false, engines: OnceLock::new() };
        shared.variables.extend(shared.files.values().flat_map(|source| scope::bound_names(&source.text)));
        let shared = Arc::new(shared);
        let (engines, faults) = build(&shared, roots);
        let _ = shared.engines.set(engines);
        if faults.is_empty() { Ok(Self { shared }) } else { Err(faults) }
    }

    /// Every file that some output reaches.
    pub fn reached_files(&self) -> BTreeSet<String> {
        let engines = self.shared.engines.get().into_iter().flat_map(BTreeMap::values);
        engines.flat_map(|tera| tera.get_template_names().map(str::to_owned)).collect()
    }

    /// The same templates with marked lines, as far as one root needs them.
    pub(super) fn traced(&self, root: &Root) -> Option<Self> {
        let Shared { facts, variables, files, .. } = &*self.shared;
        let (facts, variables, files) = (facts.clone(), variables.clone(), files.clone());
        let shared = Arc::new(Shared { facts, variables, files, traced: true, engines: OnceLock::new() });
        let (engines, faults) = build(&shared, std::slice::from_ref(root));
        let _ = shared.engines.set(engines);
        faults.is_empty().then_some(Self { shared })
    }

    pub fn render(&self, root: &Root, context: &Context) -> Result<String, Diagnostic> {
        let rendered = self.shared.render(root.dialect, &root.path, context);
        rendered.map_err(|error| self.shared.diagnostic(&error, &root.path))
    }

    /// Renders a text that stands in a manifest or data file. `name` tells where.
    pub fn inline(&self, dialect: Dialect, name: &str, text: &str, context: &Context) -> Result<String, Diagnostic> {
        let source = Source::new(name, text);
        let unclosed = |at: usize| unclosed(&source, at);
        let (text, _) =
            prepare::prepare(text, dialect.syntax(), &|name| name.to_owned(), &|_| String::new()).map_err(unclosed)?;
        let tera = self.shared.engine(dialect);
        let rendered = tera.and_then(|tera| tera.render_str(&text, context, true));
        rendered.map(clean).map_err(|error| place_error(&error, &source))
    }

    /// Whether an expression holds.
    pub fn holds(&self, name: &str, expression: &str, context: &Context) -> Result<bool, Diagnostic> {
        let text = format!("<% if {expression} %>yes<% endif %>");
        Ok(self.inline(Dialect::Text, name, &text, context)? == "yes")
    }

    /// The value of an expression.
    pub fn value(&self, name: &str, expression: &str, context: &Context) -> Result<serde_json::Value, Diagnostic> {
        let text = self.inline(Dialect::Text, name, &format!("<{{ {expression} | json | raw }}>"), context)?;
        serde_json::from_str(&text).map_err(|error| Diagnostic::error(TEMPLATE, format!("{expression}: {error}")))
    }
}

/// Drops the lines that turned out empty.
fn clean(text: String) -> String {
    if !text.contains(filters::DROP) {
        return text;
    }
    text.split_inclusive('\n').filter(|line| trace::unmark(line).trim().chars().ne([filters::DROP])).collect()
}

fn build(shared: &Arc<Shared>, roots: &[Root]) -> (BTreeMap<Dialect, Tera>, Vec<Diagnostic>) {
    let mut faults = Vec::new();
    let mut texts: BTreeMap<Dialect, BTreeMap<String, String>> = BTreeMap::new();
    let mut todo: Vec<Root> = roots.to_vec();
    while let Some(Root { dialect, path }) = todo.pop() {
        if texts.get(&dialect).is_some_and(|texts| texts.contains_key(&path)) {
            continue;
        }
        let Some(source) = shared.files.get(&path) else { continue };
        let mark = |line| if shared.traced { trace::mark(&path, line) } else { String::new() };
        match prepare::prepare(&source.text, dialect.syntax(), &|name| shared.resolve(&path, name), &mark) {
            Ok((text, calls)) => {
                faults.extend(shared.missing(source, &calls));
                todo.extend(shared.reached(dialect, &calls));
                texts.entry(dialect).or_default().insert(path, text);
            }
            Err(at) => faults.push(unclosed(source, at)),
        }
    }
    let mut engines = BTreeMap::new();
    for &dialect in Dialect::ALL {
        let texts = texts.remove(&dialect).unwrap_or_default();
        match compile(dialect, shared, texts) {
            Ok(tera) => drop(engines.insert(dialect, tera)),
            Err(errors) if faults.is_empty() => faults.extend(errors),
            Err(_) => {}
        }
    }
    (engines, faults)
}

fn compile(dialect: Dialect, shared: &Arc<Shared>, texts: BTreeMap<String, String>) -> Result<Tera, Vec<Diagnostic>> {
    let mut tera = empty(dialect, shared).map_err(|error| vec![Diagnostic::error(TEMPLATE, error.to_string())])?;
    let names: Vec<String> = texts.keys().cloned().collect();
    match tera.add_raw_templates(texts) {
        Ok(()) => Ok(tera),
        Err(error) => Err(vec![shared.diagnostic(&error, names.first().map_or("", String::as_str))]),
    }
}

fn empty(dialect: Dialect, shared: &Arc<Shared>) -> TeraResult<Tera> {
    let mut tera = Tera::default();
    tera.set_delimiters(Delimiters {
        block_start: "<%".into(),
        block_end: "%>".into(),
        variable_start: "<{".into(),
        variable_end: "}>".into(),
        comment_start: "<#".into(),
        comment_end: "#>".into(),
    })?;
    tera.autoescape_on([""]);
    tera.set_escape_fn(|text, out| out.write_all(text.as_bytes()));
    filters::register(&mut tera, dialect);
    lists::register(&mut tera);
    functions::register(&mut tera, dialect, shared);
    Ok(tera)
}

impl Shared {
    fn engine(&self, dialect: Dialect) -> TeraResult<&Tera> {
        let engine = self.engines.get().and_then(|engines| engines.get(&dialect));
        engine.ok_or_else(|| filters::fault(format!("the dialect {} has no templates", dialect.name())))
    }

    pub fn render(&self, dialect: Dialect, name: &str, context: &Context) -> TeraResult<String> {
        self.engine(dialect)?.render(name, context).map(clean)
    }

    /// A partial beside the template, in its blueprint, or named from the root.
    pub(super) fn resolve(&self, from: &str, name: &str) -> String {
        let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
        let blueprint: String = from.split('/').take(2).collect::<Vec<_>>().join("/");
        let candidates = [format!("{folder}/{name}"), format!("{blueprint}/{name}"), name.to_owned()];
        candidates.iter().find(|path| self.files.contains_key(*path)).cloned().unwrap_or_else(|| name.to_owned())
    }

    fn missing(&self, source: &Arc<Source>, calls: &Calls) -> Vec<Diagnostic> {
        let absent = calls.includes.iter().chain(&calls.fragments).filter(|(path, _)| !self.files.contains_key(path));
        let files = absent.map(|(path, at)| (format!("there is no template {path:?}"), *at));
        let filled = |slot: &str| self.slots_named(slot).next().is_some();
        let slots = calls
            .slots
            .iter()
            .filter(|(slot, _)| !filled(slot))
            .map(|(slot, at)| (format!("no platform has a slot {slot:?}"), *at));
        let at = |at: usize| Span { source: source.clone(), range: at..at + 1 };
        files.chain(slots).map(|(message, offset)| Diagnostic::error(TEMPLATE, message).at(at(offset))).collect()
    }

    fn slots_named<'s>(&'s self, slot: &'s str) -> impl Iterator<Item = &'s Slot> {
        self.facts.slots.values().filter_map(move |slots| slots.get(slot))
    }

    fn reached(&self, dialect: Dialect, calls: &Calls) -> Vec<Root> {
        let here = |path: &str| Root { dialect, path: path.to_owned() };
        let mut roots: Vec<Root> = calls.includes.iter().map(|(path, _)| here(path)).collect();
        roots.extend(
            calls.fragments.iter().map(|(path, _)| Root { dialect: Dialect::of_file(path), path: path.clone() }),
        );
        for (slot, _) in &calls.slots {
            roots.extend(self.slots_named(slot).filter_map(|slot| match slot {
                Slot::File(path) => Some(here(path)),
                Slot::Unsupported(_) => None,
            }));
        }
        roots
    }

    fn diagnostic(&self, error: &tera::Error, root: &str) -> Diagnostic {
        let name = match error.kind() {
            ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => report.filename().to_owned(),
            _ => named_file(&error.to_string()).unwrap_or_else(|| root.to_owned()),
        };
        match self.files.get(&name).or_else(|| self.files.get(root)) {
            Some(source) => place_error(error, source),
            None => Diagnostic::error(TEMPLATE, error.to_string()),
        }
    }
}

fn unclosed(source: &Arc<Source>, at: usize) -> Diagnostic {
    Diagnostic::error(TEMPLATE, "this tag is never closed").at(Span { source: source.clone(), range: at..at + 2 })
}

/// The file in ` --> name:line:column`.
fn named_file(text: &str) -> Option<String> {
    let place = text.lines().find_map(|line| line.trim_start().strip_prefix("--> "))?;
    place.rsplitn(3, ':').nth(2).map(str::to_owned)
}

/// Tera tells the place of an unknown filter, function or test only in its text: ` --> name:line:column`.
fn unplaced(text: &str, source: &Arc<Source>) -> Diagnostic {
    let message = text.lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned();
    let fault = Diagnostic::error(TEMPLATE, message);
    let place = text.lines().find_map(|line| line.trim_start().strip_prefix("--> "));
    let line = place.and_then(|place| place.rsplit(':').nth(1)?.parse::<usize>().ok());
    match line {
        Some(line) => fault.at(Span { source: source.clone(), range: trace::line_range(source, line) }),
        None => fault,
    }
}

/// Puts Tera's error on its line of the template as it was written.
fn place_error(error: &tera::Error, source: &Arc<Source>) -> Diagnostic {
    let (ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report)) = error.kind() else {
        return unplaced(&error.to_string(), source);
    };
    let range = trace::line_range(source, report.span().start_line);
    Diagnostic::error(TEMPLATE, report.message()).at(Span { source: source.clone(), range })
}
