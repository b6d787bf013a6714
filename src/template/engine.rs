//! All templates: compiled when they are first needed, a dialect each, and the one way to render them.
//!
//! In: files, the facts that functions answer from. Out: rendered text.
//! Refuses: a file that isn't there, a template that doesn't compile, a value that is not defined.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock, Weak};

use tera::{Context, ErrorKind, Tera, TeraResult};

use super::facts::{Facts, Slot};
use super::fault::{named_file, place_error, unclosed};
use super::prepare::{self, Calls};
use super::source::delimiters;
use super::store::Store;
use super::{filters, functions, lists, scope, trace};
use crate::diagnostic::{Diagnostic, Source, Span};
use crate::format::Dialect;

pub const TEMPLATE: &str = "OPS301";

type Files = BTreeMap<String, Arc<Source>>;

/// A template that an output renders.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Root {
    pub dialect: Dialect,
    pub path: String,
}

/// The templates. Cheap to clone, and shared by threads.
#[derive(Clone)]
pub struct Templates {
    pub(super) shared: Arc<Shared>,
}

pub struct Shared {
    pub facts: Facts,
    pub(super) files: Files,
    /// Lines carry marks that tell where they came from.
    pub(super) traced: bool,
    /// The names that a context may hold.
    given: BTreeSet<String>,
    /// Those and every name that some template binds.
    variables: OnceLock<BTreeSet<String>>,
    engines: BTreeMap<Dialect, OnceLock<Engine>>,
    me: Weak<Shared>,
}

/// The compiled templates of a dialect: files, and texts of manifests.
struct Engine {
    files: Store,
    texts: Store,
}

impl Templates {
    /// `variables` are the names that a context may hold. Nothing is compiled yet.
    pub fn new(files: Files, facts: Facts, variables: BTreeSet<String>) -> Self {
        Self { shared: Shared::new(files, facts, variables, false) }
    }

    /// Compiles what the roots reach, whichever platform fills the slots, and says everything that is wrong.
    pub fn check_all(&self, roots: &[Root]) -> Vec<Diagnostic> {
        self.shared.compile(roots, true)
    }

    /// Compiles roots, and texts of manifests, at once: together they cost less than one by one.
    pub fn ready<'t>(&self, roots: &[Root], texts: impl Iterator<Item = (Dialect, &'t str)>) -> Vec<Diagnostic> {
        let mut by_dialect: BTreeMap<Dialect, BTreeSet<String>> = BTreeMap::new();
        for (dialect, text) in texts.filter(|(_, text)| has_tags(text)) {
            if let Ok(source) = plain(dialect, text) {
                by_dialect.entry(dialect).or_default().insert(source);
            }
        }
        for (dialect, texts) in by_dialect {
            if let Some(engine) = self.shared.engine(dialect) {
                engine.texts.learn(texts.iter().map(String::as_str));
            }
        }
        self.shared.compile(roots, false)
    }

    /// Every file that the roots reach.
    pub fn reached_files(&self, roots: &[Root]) -> BTreeSet<String> {
        let (texts, _) = self.shared.closure(roots, true);
        texts.into_values().flat_map(BTreeMap::into_keys).collect()
    }

    /// The same templates with marked lines.
    pub(super) fn traced(&self) -> Self {
        let Shared { facts, files, given, .. } = &*self.shared;
        Self { shared: Shared::new(files.clone(), facts.clone(), given.clone(), true) }
    }

    pub fn render(&self, root: &Root, context: &Context) -> Result<String, Diagnostic> {
        let rendered = self.shared.render(root.dialect, &root.path, context);
        rendered.map_err(|error| self.shared.diagnostic(&error, &root.path))
    }

    /// Whether the template has no tags.
    pub fn is_constant(&self, root: &Root) -> bool {
        self.shared.files.get(&root.path).is_some_and(|source| !has_tags(&source.text))
    }

    /// Renders a text that stands in a manifest or data file. `name` tells where.
    pub fn inline(&self, dialect: Dialect, name: &str, text: &str, context: &Context) -> Result<String, Diagnostic> {
        if !has_tags(text) {
            return Ok(text.to_owned());
        }
        let source = || Source::new(name, text);
        let prepared = plain(dialect, text).map_err(|at| unclosed(&source(), at))?;
        let rendered = self.shared.known(dialect).and_then(|engine| engine.texts.text(&prepared, context, true));
        rendered.map(clean).map_err(|error| place_error(&error, &source()))
    }

    /// Whether an expression holds.
    pub fn holds(&self, name: &str, expression: &str, context: &Context) -> Result<bool, Diagnostic> {
        Ok(self.inline(Dialect::Text, name, &condition(expression), context)? == "yes")
    }

    /// The value of an expression.
    pub fn value(&self, name: &str, expression: &str, context: &Context) -> Result<serde_json::Value, Diagnostic> {
        let text = self.inline(Dialect::Text, name, &format!("<{{ {expression} | json | raw }}>"), context)?;
        serde_json::from_str(&text).map_err(|error| Diagnostic::error(TEMPLATE, format!("{expression}: {error}")))
    }
}

/// The template that says whether an expression holds.
pub fn condition(expression: &str) -> String {
    format!("<% if {expression} %>yes<% endif %>")
}

fn has_tags(text: &str) -> bool {
    ["<{", "<%", "<#"].iter().any(|tag| text.contains(tag))
}

/// A text of a manifest as the engine takes it, or where a tag is never closed.
fn plain(dialect: Dialect, text: &str) -> Result<String, usize> {
    prepare::prepare(text, dialect.syntax(), &|name| name.to_owned(), None).map(|(text, _)| text)
}

/// Drops the lines that turned out empty.
fn clean(text: String) -> String {
    if !text.contains(filters::DROP) {
        return text;
    }
    text.split_inclusive('\n').filter(|line| trace::unmark(line).trim().chars().ne([filters::DROP])).collect()
}

/// Sources by dialect and path.
type Sources = BTreeMap<Dialect, BTreeMap<String, String>>;

impl Shared {
    fn new(files: Files, facts: Facts, given: BTreeSet<String>, traced: bool) -> Arc<Self> {
        let engines = Dialect::ALL.iter().map(|dialect| (*dialect, OnceLock::new())).collect();
        let variables = OnceLock::new();
        Arc::new_cyclic(|me| Self { facts, files, traced, given, variables, engines, me: me.clone() })
    }

    /// Every variable name that some template may look up.
    pub fn variables(&self) -> &BTreeSet<String> {
        self.variables.get_or_init(|| {
            let bound = self.files.values().flat_map(|source| scope::bound_names(&source.text));
            self.given.iter().cloned().chain(bound).collect()
        })
    }

    fn engine(&self, dialect: Dialect) -> Option<&Engine> {
        let cell = self.engines.get(&dialect)?;
        Some(cell.get_or_init(|| {
            let base = empty(dialect, &self.me);
            Engine { texts: Store::new(base.clone()), files: Store::new(base) }
        }))
    }

    fn known(&self, dialect: Dialect) -> TeraResult<&Engine> {
        self.engine(dialect).ok_or_else(|| filters::fault(format!("there is no dialect {}", dialect.name())))
    }

    pub fn render(&self, dialect: Dialect, name: &str, context: &Context) -> TeraResult<String> {
        let files = &self.known(dialect)?.files;
        if files.get(name).is_none() {
            let faults = self.compile(&[Root { dialect, path: name.to_owned() }], false);
            if let Some(fault) = faults.first() {
                return Err(filters::fault(&fault.message));
            }
        }
        let tera = files.get(name).ok_or_else(|| filters::fault(format!("there is no template {name:?}")))?;
        tera.render(name, context).map(clean)
    }

    /// Compiles the roots that aren't yet, with what they include.
    fn compile(&self, roots: &[Root], all: bool) -> Vec<Diagnostic> {
        let compiled = |root: &Root| self.engine(root.dialect).is_some_and(|engine| engine.files.holds(&root.path));
        let fresh: Vec<Root> = roots.iter().filter(|root| !compiled(root)).cloned().collect();
        let (sources, mut faults) = self.closure(&fresh, all);
        let known = !faults.is_empty();
        for (dialect, sources) in &sources {
            let added = self.known(*dialect).and_then(|engine| engine.files.add(sources));
            if let Err(error) = &added
                && !known
            {
                faults.push(self.diagnostic(error, sources.keys().next().map_or("", String::as_str)));
            }
        }
        faults
    }

    /// What the roots include and place as fragments; with `all` also slots, as any platform fills them.
    fn closure(&self, roots: &[Root], all: bool) -> (Sources, Vec<Diagnostic>) {
        let mut faults = Vec::new();
        let mut sources = Sources::new();
        let mut todo: Vec<Root> = roots.to_vec();
        while let Some(Root { dialect, path }) = todo.pop() {
            if sources.get(&dialect).is_some_and(|sources| sources.contains_key(&path)) {
                continue;
            }
            let Some(source) = self.files.get(&path) else { continue };
            let mark = |line| trace::mark(&path, line);
            let mark: Option<&dyn Fn(usize) -> String> = if self.traced { Some(&mark) } else { None };
            match prepare::prepare(&source.text, dialect.syntax(), &|name| self.resolve(&path, name), mark) {
                Ok((text, calls)) => {
                    faults.extend(self.missing(source, &calls));
                    todo.extend(self.reached(dialect, &calls, all));
                    sources.entry(dialect).or_default().insert(path, text);
                }
                Err(at) => faults.push(unclosed(source, at)),
            }
        }
        (sources, faults)
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
        let filled = |slot: &str| self.facts.slots_named(slot).next().is_some();
        let slots = calls
            .slots
            .iter()
            .filter(|(slot, _)| !filled(slot))
            .map(|(slot, at)| (format!("no platform has a slot {slot:?}"), *at));
        let at = |at: usize| Span { source: source.clone(), range: at..at + 1 };
        files.chain(slots).map(|(message, offset)| Diagnostic::error(TEMPLATE, message).at(at(offset))).collect()
    }

    fn reached(&self, dialect: Dialect, calls: &Calls, all: bool) -> Vec<Root> {
        let here = |path: &str| Root { dialect, path: path.to_owned() };
        let mut roots: Vec<Root> = calls.includes.iter().map(|(path, _)| here(path)).collect();
        roots.extend(
            calls.fragments.iter().map(|(path, _)| Root { dialect: Dialect::of_file(path), path: path.clone() }),
        );
        for (slot, _) in calls.slots.iter().filter(|_| all) {
            roots.extend(self.facts.slots_named(slot).filter_map(|slot| match slot {
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

/// An engine with our delimiters, filters and functions.
fn empty(dialect: Dialect, shared: &Weak<Shared>) -> Tera {
    let mut tera = Tera::default();
    let set = tera.set_delimiters(delimiters());
    debug_assert!(set.is_ok());
    tera.autoescape_on([""]);
    tera.set_escape_fn(|text, out| out.write_all(text.as_bytes()));
    filters::register(&mut tera, dialect);
    lists::register(&mut tera);
    functions::register(&mut tera, dialect, shared);
    tera
}
