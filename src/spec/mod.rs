//! What the user wrote: one YAML file of answers.
//!
//! In: a source. Out: `Spec` and every fault at once; a faulty answer keeps a poisoned default so that the rest is still judged.
//! Refuses what it doesn't know; never reads the disk.

pub mod checks;
pub mod decode;
pub mod identity;
mod macros;
pub mod map;
mod merge;
pub mod read;
pub mod scalar;
pub mod sections;
pub mod splice;
pub mod suggest;
pub mod tree;
pub mod units;

use std::ops::Deref;
use std::sync::Arc;

use serde_json::{Value as Json, json};

pub use decode::{Decode, Shape};
pub use map::{Labels, Map, Named, Raw};
pub use read::source;
pub use scalar::{Maybe, Text};
pub use sections::*;
pub use tree::{Answer, Node};
pub use units::*;

use crate::diagnostic::{Diagnostic, Source, Span, codes};
use decode::{Context, Definitions};
use macros::section;

section! {
    /// The operations of one service, answered.
    pub struct Answers {
        /// Version of this format.
        version: u32,
        /// Which versions of the program may read it.
        opsgen: Option<Requirement>,
        /// Answers of an organisation beneath these.
        extends: Vec<Extends>,
        /// Name of the whole, used in paths and host names.
        name: Text,
        /// The name it had before.
        was: Option<Text>,
        /// What it is, in one line.
        summary: Option<Text>,
        /// How much must be answered.
        quality: Quality = "production",
        /// Where the code lives.
        repository: Repository = "{}",
        /// The team that owns it.
        owner: Option<Text>,
        /// People.
        teams: Map<Team>,
        /// What runs.
        services: Map<Service>,
        /// What keeps data.
        datastores: Map<Datastore>,
        /// What we call and don't run.
        dependencies: Map<Dependency>,
        /// Where it runs.
        hosting: Hosting,
        /// Places where it runs, in order of promotion.
        environments: Map<Environment>,
        /// From commit to production and back.
        delivery: Delivery = "{}",
        /// Variables, secrets, flags.
        configuration: Configuration = "{}",
        /// What can be seen.
        observability: Observability = "{}",
        /// Who hears of trouble.
        alerting: Alerting = "{}",
        /// What people do when something broke.
        incidents: Incidents = "{}",
        /// How data survives, by store.
        backups: Map<Backup>,
        /// How things come back.
        recovery: Recovery,
        /// What happens when something we call is slow or gone.
        resilience: Resilience = "{}",
        /// Who gets in, what is protected.
        security: Security = "{}",
        /// What it may cost.
        cost: Cost = "{}",
        /// What is written down.
        docs: Docs = "{}",
        /// Findings that are put up with for a while.
        waivers: Vec<Waiver>,
        /// Who owns the files that are written.
        outputs: Outputs,
        /// Blueprints and their inputs.
        blueprints: Blueprints = "{}",
    }
}

/// A decoded file, with its tree and what each environment sees.
#[derive(Clone, Debug)]
pub struct Spec {
    pub source: Arc<Source>,
    answers: Answers,
    tree: Node,
    effective: Vec<(String, Effective)>,
}

impl Deref for Spec {
    type Target = Answers;

    fn deref(&self) -> &Answers {
        &self.answers
    }
}

impl Spec {
    /// What was written, with places.
    pub fn tree(&self) -> &Node {
        &self.tree
    }

    /// The answer at `delivery.rollback.within`, when one was given.
    pub fn lookup(&self, path: &str) -> Option<(String, Span)> {
        self.tree.lookup(path)
    }

    /// Every answer at a path in which `*` stands for any name.
    pub fn answers_at(&self, pattern: &str) -> Vec<Answer> {
        self.tree.answers(pattern)
    }

    /// What an environment sees: the base with its overlay.
    pub fn effective(&self, environment: &str) -> Option<&Effective> {
        self.effective.iter().find(|(name, _)| name == environment).map(|(_, seen)| seen)
    }

    /// All answers as templates see them: names as lists, short forms expanded, each environment with what it sees.
    pub fn json(&self) -> Json {
        let mut root = json!(self.answers);
        let environments = root.get_mut("environments").and_then(Json::as_array_mut);
        for (environment, (_, seen)) in environments.into_iter().flatten().zip(&self.effective) {
            if let (Some(into), Json::Object(from)) = (environment.as_object_mut(), json!(seen)) {
                into.extend(from);
            }
        }
        root
    }
}

/// Read a spec. Faulty answers are poisoned defaults; the list says all that is wrong.
pub fn parse(source: Arc<Source>) -> (Spec, Vec<Diagnostic>) {
    let (tree, faults) = read::read(&source);
    understood(source, tree, faults)
}

/// The same for a tree that isn't a text's own: answers of one file among those of another.
pub fn decode_tree(source: Arc<Source>, tree: Node) -> (Spec, Vec<Diagnostic>) {
    understood(source, tree, Vec::new())
}

fn understood(source: Arc<Source>, tree: Node, faults: Vec<Diagnostic>) -> (Spec, Vec<Diagnostic>) {
    let broken = faults.iter().any(|fault| matches!(fault.code, codes::SYNTAX | codes::EMPTY | codes::TOO_LARGE));
    let broken = broken || (tree.entries().is_empty() && faults.iter().any(Diagnostic::is_error));
    let mut cx = Context::default();
    let answers = if broken { None } else { Answers::decode(&tree, &mut cx) };
    cx.faults.splice(0..0, faults);
    let decoded = answers.is_some();
    let mut answers = answers.unwrap_or_default();
    if decoded {
        checks::check(&answers, &tree, &mut cx);
    }
    name_environments(&mut answers);
    let effective: Vec<_> = answers
        .environments
        .iter()
        .map(|entry| {
            let seen = merge::effective(&tree, &entry.name, &entry.value, &mut cx);
            (entry.name.text.clone(), seen)
        })
        .collect();
    let mut faults = cx.faults;
    checks::mask(&tree, &source, &mut faults);
    let spec = Spec { source, answers, tree, effective };
    faults.sort_by_key(|fault| fault.span.as_ref().map_or(0, |span| span.range.start));
    (spec, faults)
}

/// `one_of: environments` stands for their names.
fn name_environments(answers: &mut Answers) {
    let names: Vec<Text> = answers.environments.iter().map(|environment| environment.name.clone()).collect();
    for variable in &mut answers.configuration.variables.entries {
        if matches!(&variable.value.one_of[..], [only] if *only == "environments") {
            variable.value.one_of.clone_from(&names);
        }
    }
}

/// JSON Schema of the file, 2020-12.
pub fn schema() -> Json {
    let mut defs = Definitions::new();
    let root = Answers::schema(&mut defs);
    let mut schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "opsgen spec",
    });
    if let (Some(into), Json::Object(root)) = (schema.as_object_mut(), root) {
        into.extend(root);
        into.insert("$defs".into(), json!(defs));
    }
    schema
}

/// Which paths exist, as `Spec::json` prints them.
pub fn shape() -> Shape {
    let Shape::Object(mut keys) = Answers::shape() else { return Shape::Any };
    let seen = [
        ("services", <Map<Service>>::shape()),
        ("datastores", <Map<Datastore>>::shape()),
        ("hosting", Hosting::shape()),
        ("observability", Observability::shape()),
        ("alerting", Alerting::shape()),
        ("backups", <Map<Backup>>::shape()),
    ];
    for (key, shape) in &mut keys {
        if let ("environments", Shape::Names(inner)) = (*key, shape)
            && let Shape::Object(fields) = inner.as_mut()
        {
            fields.retain(|(key, _)| !seen.iter().any(|(name, _)| name == key));
            fields.extend(seen.clone());
        }
    }
    Shape::Object(keys)
}
