//! What a renamed or removed name means outside the tree: what stays, and what a person does.
//!
//! In: what became of the names, both models, the catalog. Out: identities, with the steps that the blueprints and the
//! engines concerned know. Refuses: steps that don't render.

use tera::Context;

use crate::catalog::{Catalog, Meaning, Task};
use crate::diagnostic::Diagnostic;
use crate::model::Model;
use crate::model::fact::{Value, facts, list, name, named, none, text};
use crate::plan::{Fate, Identity, Step};
use crate::render;
use crate::spec::identity::{Change, Kind, renames};
use crate::template::Dialect;

/// What the changes mean, in the same order; `old` is what the spec last applied meant.
pub fn identities(
    changes: &[Change],
    old: &Model,
    new: &Model,
    catalog: &Catalog,
) -> Result<Vec<Identity>, Vec<Diagnostic>> {
    let deployed = old.list("deployed");
    let concerned: Vec<&Change> = changes.iter().filter(|change| is_outside(change, deployed)).collect();
    if concerned.is_empty() {
        return Ok(Vec::new());
    }
    let mut blueprints = render::selected(new, catalog)?;
    for blueprint in render::selected(old, catalog)? {
        if !blueprints.iter().any(|known| known.id == blueprint.id) {
            blueprints.push(blueprint);
        }
    }
    let own = |kind: Kind| {
        let told = blueprints.iter().filter_map(move |it| Some((&it.id, it.manifest.identity.get(kind.key())?)));
        told.map(|(id, meaning)| (format!("{id}/blueprint.yaml: identity"), meaning.clone())).collect()
    };
    let around = Around { old, new, catalog, own: &own, renames: renames(changes) };
    concerned.into_iter().map(|change| around.identity(change).map_err(|fault| vec![fault])).collect()
}

/// Something of ours may run or lie under the name: it was deployed, or it is a place for data.
fn is_outside(change: &Change, deployed: &[Value]) -> bool {
    let (kind, name) = match change {
        Change::Renamed { kind, from, .. } => (*kind, from),
        Change::Removed { kind, name } => (*kind, name),
        Change::Suspected { kind, gone, .. } => (*kind, gone),
    };
    match kind {
        Kind::Team | Kind::Dependency => false,
        Kind::Bucket | Kind::Destination => true,
        Kind::Environment => named(deployed, name).is_some(),
        Kind::Name | Kind::Service | Kind::Datastore => !deployed.is_empty(),
    }
}

/// Who says what, with a name for messages.
type Told = Vec<(String, Meaning)>;

struct Around<'a> {
    old: &'a Model,
    new: &'a Model,
    catalog: &'a Catalog,
    own: &'a dyn Fn(Kind) -> Told,
    renames: Vec<(String, String)>,
}

impl Around<'_> {
    fn identity(&self, change: &Change) -> Result<Identity, Diagnostic> {
        let (kind, fate, from, to) = match change {
            Change::Renamed { kind, from, to, .. } => (*kind, Fate::Renamed, from, Some(to)),
            Change::Removed { kind, name } => (*kind, Fate::Removed, name, None),
            Change::Suspected { kind, gone, .. } => (*kind, Fate::Unsaid, gone, None),
        };
        let told: Told = (self.own)(kind).into_iter().chain(self.of_engine(kind, from).transpose()?).collect();
        let context = self.context(kind, from, to);
        let mut stays = Vec::new();
        for (id, meaning) in &told {
            if let Some(text) = &meaning.stays {
                stays.push(self.catalog.templates.inline(Dialect::Text, id, text, &context)?.trim().to_owned());
            }
        }
        stays.retain(|text| !text.is_empty());
        let phase = |tasks: fn(&Meaning) -> &Vec<Task>| self.steps(&told, tasks, &context);
        let steps = match fate {
            Fate::Renamed => [phase(|it| &it.before)?, phase(|it| &it.after)?].concat(),
            Fate::Removed => phase(|it| &it.remove)?,
            Fate::Unsaid => Vec::new(),
        };
        Ok(Identity { kind: kind.word().into(), fate, from: from.clone(), to: to.cloned(), stays, steps })
    }

    /// What the engine says that keeps the data: of a store its own, of an address the one that its scheme belongs to.
    fn of_engine(&self, kind: Kind, from: &str) -> Option<Result<(String, Meaning), Diagnostic>> {
        let engine = match kind {
            Kind::Datastore => text(named(self.old.list("datastores"), from)?, "engine")?,
            Kind::Bucket => {
                let own = self.old.list("environments").iter().flat_map(|one| list(one, "datastores"));
                let mut stores = self.old.list("datastores").iter().chain(own);
                text(stores.find(|store| text(store, "size.bucket") == Some(from))?, "engine")?
            }
            Kind::Destination => self.catalog.engine_of(from.split_once("://")?.0)?,
            _ => return None,
        };
        let key = if kind == Kind::Destination { Kind::Bucket.key() } else { kind.key() };
        let named = |meaning| (format!("engines/{engine}.yaml: identity"), meaning);
        Some(self.catalog.meaning(engine, key)?.map(named))
    }

    fn steps(
        &self,
        told: &Told,
        tasks: fn(&Meaning) -> &Vec<Task>,
        context: &Context,
    ) -> Result<Vec<Step>, Diagnostic> {
        let mut steps = Vec::new();
        for (id, meaning) in told {
            for task in tasks(meaning) {
                steps.extend(self.step(id, task, context)?);
            }
        }
        Ok(steps)
    }

    fn step(&self, id: &str, task: &Task, context: &Context) -> Result<Option<Step>, Diagnostic> {
        let templates = &self.catalog.templates;
        if let Some(when) = &task.when
            && !templates.holds(id, when, context)?
        {
            return Ok(None);
        }
        let say = templates.inline(Dialect::Text, id, &task.say, context)?.trim().to_owned();
        let Some(run) = &task.run else { return Ok(Some(Step { say, run: None })) };
        let run = templates.inline(Dialect::Shell, id, run, context)?.trim().to_owned();
        Ok((!run.is_empty()).then_some(Step { say, run: Some(run) }))
    }

    /// What the steps may read: both names, both models, the places concerned and the thing itself, before and now.
    fn context(&self, kind: Kind, from: &str, to: Option<&String>) -> Context {
        let section = match kind {
            Kind::Service => "services",
            Kind::Datastore => "datastores",
            Kind::Environment => "environments",
            _ => "",
        };
        let item = |model: &Model, own: &str| named(model.list(section), own).cloned().unwrap_or_else(none);
        let mut context = Context::new();
        context.insert("from", from);
        context.insert("to", &to);
        context.insert_value("m", self.new.facts().clone());
        context.insert_value("before", self.old.facts().clone());
        context.insert_value("was", item(self.old, from));
        context.insert_value("item", to.map_or_else(none, |to| item(self.new, to)));
        context.insert_value("places", Value::from(self.places(kind, from)));
        context
    }

    /// The environments that something is deployed to, as they were and as they are.
    fn places(&self, kind: Kind, from: &str) -> Vec<Value> {
        let later = |before: &Value| -> Option<&Value> {
            let own = name(before);
            let now = self.renames.iter().find(|(from, _)| from == own).map_or(own, |(_, to)| to);
            named(self.new.list("deployed"), now)
        };
        let mut places = Vec::new();
        for before in self.old.list("deployed") {
            let now = later(before);
            if if kind == Kind::Environment { name(before) == from } else { now.is_some() } {
                places.push(facts!({ "before": before, "now": now }));
            }
        }
        places
    }
}
