//! The arrows in a row: text → spec → model → artifacts → plan.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use indexmap::IndexMap;
use jiff::civil::Date;

use super::console::Console;
use super::fault::Fault;
use super::input;
use super::options::{Choices, Global, SpecArg};
use super::today::today;
use crate::artifact::{Artifact, Mode};
use crate::catalog::{self, Catalog, Layer};
use crate::diagnostic::{Diagnostic, Source};
use crate::model::fact::{Value, text, texts};
use crate::model::{self, Model};
use crate::plan::{self, Identity, Options, Plan, mode_of};
use crate::render;
use crate::review;
use crate::spec::identity::{self, Change};
use crate::spec::{self, Spec};
use crate::trace;
use crate::workspace::{Place, Workspace};

/// A plan, with what is needed to show it and to carry it out.
pub struct Planned {
    pub plan: Plan,
    pub workspace: Workspace,
    pub place: Place,
    /// Everything that is unwise but doesn't stop us.
    pub warnings: Vec<Diagnostic>,
    /// What the spec leaves open.
    pub notes: Vec<String>,
    /// The spec as the user named it.
    pub spec: String,
    /// Names that are gone while others appeared: somebody must say whether they are the same.
    pub unsaid: Vec<Change>,
    read: Spec,
    catalog: Arc<Catalog>,
    pub today: Date,
    /// The last day on which the same would be found.
    pub until: Option<Date>,
}

impl Planned {
    /// Finds out why each hunk is there, for those who will read it: it takes as long as the plan itself.
    pub fn explained(mut self) -> Self {
        self.plan.causes = trace::causes(&self.plan, &self.read, &self.catalog);
        self
    }

    /// Only blueprints of the program took part.
    pub fn is_own(&self) -> bool {
        self.catalog.proven
    }
}

/// What became of the names of the spec last applied; nothing when there is none that can be read.
#[derive(Default)]
struct Names {
    old: Option<Spec>,
    changes: Vec<Change>,
}

impl Names {
    fn of(before: Option<&[u8]>, read: &Read, choices: &Choices) -> Self {
        let before = before.filter(|before| *before != read.source.text.as_bytes());
        let Some(text) = before.and_then(|before| std::str::from_utf8(before).ok()) else { return Self::default() };
        let (old, faults) = spec::parse(Source::new("the spec last applied", text));
        if faults.iter().any(Diagnostic::is_error) {
            return Self::default();
        }
        let changes = identity::changes(&old, &read.spec, &choices.retire);
        Self { old: Some(old), changes }
    }

    fn identities(&self, read: &Read) -> Result<Vec<Identity>, Fault> {
        let Some(old) = self.old.as_ref().filter(|_| !self.changes.is_empty()) else { return Ok(Vec::new()) };
        let (old, _) = model::resolve(old, &read.catalog);
        trace::identities(&self.changes, &old, &read.model, &read.catalog).map_err(Fault::invalid)
    }

    fn unsaid(&self) -> Vec<Change> {
        self.changes.iter().filter(|change| matches!(change, Change::Suspected { .. })).cloned().collect()
    }
}

/// A spec that was read and understood, and everything that was found on the way.
struct Read {
    source: Arc<Source>,
    spec: Spec,
    catalog: Arc<Catalog>,
    model: Model,
    today: Date,
    found: Vec<Diagnostic>,
}

/// What a spec produces, and where.
pub struct Rendered {
    read: Read,
    pub artifacts: Vec<Artifact>,
    pub place: Place,
    workspace: Workspace,
}

/// The row up to the artifacts.
pub fn rendered(path: &Path, global: &Global) -> Result<Rendered, Fault> {
    let read = read(path, global)?;
    if read.found.iter().any(Diagnostic::is_error) {
        return Err(Fault::invalid(read.found));
    }
    let artifacts = render::render(&read.model, &read.catalog).map_err(Fault::invalid)?;
    let (place, workspace) = open(path, global)?;
    Ok(Rendered { read, artifacts, place, workspace })
}

/// The whole row, up to the plan.
pub fn plan(spec: &SpecArg, choices: &Choices, global: &Global) -> Result<Planned, Fault> {
    let path = input::find(spec.spec.as_deref())?;
    let Rendered { read, artifacts, place, workspace } = rendered(&path, global)?;
    let existing = workspace.read(&artifacts)?;
    let mut options = options(&read, &place, choices);
    let names = Names::of(existing.spec.as_deref(), &read, choices);
    options.renames = identity::renames(&names.changes);
    let mut plan = plan::plan(artifacts, &existing, &options);
    if let Some(wanted) = options.unmatched(&plan) {
        return Err(Fault::Usage(format!("`{wanted}` matches none of the files")));
    }
    plan.identities = names.identities(&read)?;
    let (notes, unsaid) = (notes(&read.model), names.unsaid());
    let until = review::until(&read.model, read.today);
    let Read { spec: read, catalog, today, found, .. } = read;
    let warnings = found.into_iter().chain(unsaid.iter().filter_map(Change::diagnostic)).collect();
    Ok(Planned {
        plan,
        workspace,
        place,
        warnings,
        notes,
        spec: path.display().to_string(),
        unsaid,
        read,
        catalog,
        today,
        until,
    })
}

/// The folder of a spec, and nothing read yet.
pub fn workspace(spec: &SpecArg, global: &Global) -> Result<(Place, Workspace), Fault> {
    open(&input::find(spec.spec.as_deref())?, global)
}

pub fn open(spec: &Path, global: &Global) -> Result<(Place, Workspace), Fault> {
    let place = match &global.root {
        Some(root) => Place::root(root)?,
        None => Place::of_spec(spec)?,
    };
    let workspace = Workspace::open(&place)?;
    Ok((place, workspace))
}

/// Settles what a run that was cut off left behind, and says so: only a command that writes may.
pub fn recover(workspace: &Workspace, console: Console) -> Result<(), Fault> {
    if let Some(recovered) = workspace.recover()? {
        console.shout(&recovered.words());
    }
    Ok(())
}

/// Everything that is wrong or unwise.
pub fn findings(spec: &SpecArg, global: &Global) -> Result<Vec<Diagnostic>, Fault> {
    let path = input::find(spec.spec.as_deref())?;
    let mut read = read(&path, global)?;
    if !read.found.iter().any(Diagnostic::is_error)
        && let Err(faults) = render::render(&read.model, &read.catalog)
    {
        read.found.extend(faults);
    }
    Ok(read.found)
}

fn read(path: &Path, global: &Global) -> Result<Read, Fault> {
    let source = input::read(path)?;
    let (spec, mut found) = spec::parse(source.clone());
    let catalog = match catalog(global, Some((&spec, path))) {
        Ok(catalog) => catalog,
        Err(Fault::Told(faults, exit)) => return Err(Fault::Told([found, faults].concat(), exit)),
        Err(fault) => return Err(fault),
    };
    let today = today().map_err(Fault::Usage)?;
    let (model, faults) = model::resolve(&spec, &catalog);
    found.extend(faults);
    found.extend(review::review(&model, today, &|key| spec.lookup(key).map(|(_, span)| span)));
    if !found.iter().any(Diagnostic::is_error) {
        found.extend(remarked(&spec, &model, &catalog, today));
    }
    Ok(Read { source, spec, catalog, model, today, found })
}

/// What the blueprints say about the spec, where it stands, unless a warning of theirs is waived.
fn remarked(spec: &Spec, model: &Model, catalog: &Catalog, today: Date) -> Vec<Diagnostic> {
    let mut said = render::remarks(model, catalog);
    said.retain(|one| {
        one.diagnostic.is_error() || !review::silenced(model.facts(), one.diagnostic.code, &one.key, today)
    });
    said.into_iter().map(|one| one.diagnostic.maybe_at(spec.lookup(&one.key).map(|(_, span)| span))).collect()
}

/// What every spec of a run shares that adds no blueprints of its own.
static SHARED: Mutex<Option<Arc<Catalog>>> = Mutex::new(None);

/// Embedded blueprints, then those the spec adds, then those of the command line.
pub fn catalog(global: &Global, spec: Option<(&Spec, &Path)>) -> Result<Arc<Catalog>, Fault> {
    if spec.is_some_and(|(spec, _)| !spec.blueprints.from.is_empty()) {
        return layered(global, spec).map(Arc::new);
    }
    let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
    match &*shared {
        Some(catalog) => Ok(catalog.clone()),
        None => {
            let catalog = Arc::new(layered(global, None)?);
            *shared = Some(catalog.clone());
            Ok(catalog)
        }
    }
}

fn layered(global: &Global, spec: Option<(&Spec, &Path)>) -> Result<Catalog, Fault> {
    if spec.is_none() && global.blueprints.is_empty() {
        return Catalog::own().map_err(Fault::invalid);
    }
    let mut layers: Vec<Layer> = vec![catalog::embedded()];
    if let Some((spec, path)) = spec {
        let here = path.parent().unwrap_or(Path::new(""));
        for folder in &spec.blueprints.from {
            layers.push(input::layer(&here.join(folder.text.as_str()))?);
        }
    }
    for folder in &global.blueprints {
        layers.push(input::layer(folder)?);
    }
    Catalog::load(&layers).map_err(Fault::invalid)
}

fn options(read: &Read, place: &Place, choices: &Choices) -> Options {
    Options {
        prefix: place.prefix.clone(),
        modes: modes(&read.spec),
        blueprints: Some(read.catalog.blueprints.keys().cloned().collect()),
        restore: choices.restore.iter().cloned().collect::<BTreeSet<_>>(),
        forget: choices.forget.iter().cloned().collect(),
        conflicts: choices.conflicts.into(),
        adopt: choices.adopt,
        only: choices.only.clone(),
        spec: read.source.text.as_bytes().to_vec(),
        ..Options::default()
    }
}

/// Who owns which files, as the spec says.
fn modes(spec: &Spec) -> Vec<(String, Mode)> {
    let outputs = spec.outputs.iter();
    outputs.filter_map(|entry| Some((entry.name.text.clone(), mode_of(entry.value.mode.word())?))).collect()
}

/// Most questions named in a summary.
const NOTES: usize = 8;

/// What the spec leaves open: the first keys with a question that each answers, and how many more.
fn notes(model: &Model) -> Vec<String> {
    let key = |row: &Value| text(row, "open").and(texts(row, "keys").first().copied()).map(str::to_owned);
    let mut open: IndexMap<String, String> = IndexMap::new();
    for row in model.list("answers") {
        if let Some(key) = key(row) {
            open.entry(key).or_insert_with(|| text(row, "question").unwrap_or_default().to_owned());
        }
    }
    let width = open.keys().take(NOTES).map(String::len).max().unwrap_or_default();
    let mut notes: Vec<String> =
        open.iter().take(NOTES).map(|(key, question)| format!("{key:<width$}  {question}")).collect();
    if open.len() > NOTES {
        notes.push(format!("… and {} more", open.len() - NOTES));
    }
    notes
}
