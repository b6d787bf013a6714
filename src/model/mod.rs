//! What is meant: the spec with every default, name, schedule and shared path settled, and the alerts that follow.
//!
//! In: a spec and the catalog. Out: one tree of facts, the `m` of templates. Refuses names that the catalog doesn't hold;
//! the tree of a refused spec is still whole, so that review can look at it.

pub mod alert;
mod answered;
mod answers;
mod backup;
mod chosen;
mod datastore;
mod delivery;
mod environment;
pub mod fact;
pub mod failure;
mod platform;
mod schedule;
mod service;
pub mod slo;
mod topology;
mod variable;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::catalog::Catalog;
use crate::diagnostic::Diagnostic;
use crate::spec::Spec;
use fact::{Value, at, empty, fact, facts, list, name, no, none, nothing, text, with, yes};

/// Every fact that templates, review and reports may read. Serialises to what templates call `m`.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub struct Model {
    facts: Value,
}

impl Model {
    /// The fact at a dotted path; null when there is none.
    pub fn at(&self, path: &str) -> &Value {
        at(&self.facts, path)
    }

    /// The items at a dotted path.
    pub fn list(&self, path: &str) -> &[Value] {
        list(&self.facts, path)
    }

    /// The text at a dotted path.
    pub fn text(&self, path: &str) -> Option<&str> {
        text(&self.facts, path)
    }

    /// The whole tree.
    pub fn facts(&self) -> &Value {
        &self.facts
    }
}

/// Settles everything that follows from the spec. The list says what the catalog can't give.
pub fn resolve(spec: &Spec, catalog: &Catalog) -> (Model, Vec<Diagnostic>) {
    let mut faults = chosen::faults(spec, catalog);
    let answered = answered::answers(&written(spec));
    let known = Known::of(catalog);
    let facts = base(&answered, &known);
    let facts = with(&facts, environments(&answered, &facts, &known));
    let facts = with(&facts, shared(&facts, catalog, &known));
    let promised = slo::resolve(&facts, &catalog.alerts);
    let facts = with(&facts, slo::placed(&facts, &promised.slos));
    let mut alerts = alert::resolve(&facts, &catalog.alerts);
    alerts.faults.extend(promised.faults);
    // What alerts lack when a platform or an engine is unknown follows from that, and would only hide it.
    if faults.is_empty() {
        faults.extend(alerts.faults.iter().map(|fault| told(fault, spec)));
    }
    faults.extend(chosen::uninstalled(spec, catalog));
    let facts = with(&facts, alerted(&facts, &alerts));
    let (failures, broken) = failure::resolve(&facts, &catalog.alerts, &alerts.alerts);
    if !faults.iter().any(Diagnostic::is_error) {
        faults.extend(broken.iter().map(|fault| told(fault, spec)));
    }
    let facts = with(&facts, facts!({ "failures": failures, "observed": observed(&facts) }));
    let rows = questions(spec, catalog, &facts);
    let facts = with(&facts, facts!({ "topology": topology::resolve(&facts), "answers": rows }));
    (Model { facts }, faults)
}

/// The spec as facts: each environment with what it sees.
fn written(spec: &Spec) -> Value {
    let root = fact(&**spec);
    let environments = list(&root, "environments").iter();
    let seen = environments.map(|it| with(it, spec.effective(name(it)).map_or_else(none, fact)));
    with(&root, facts!({ "environments": seen.collect::<Vec<_>>() }))
}

/// A fault of an alert, at the line that made it.
fn told(fault: &alert::Fault, spec: &Spec) -> Diagnostic {
    let span = fault.key.as_deref().and_then(|key| spec.lookup(key)).map(|(_, span)| span);
    fault.diagnostic.clone().maybe_at(span)
}

/// The alerts as a whole, of each environment, and their runbooks. Tests stand with the whole only: they are long.
fn alerted(facts: &Value, resolved: &alert::Resolved) -> Value {
    let brief: Vec<Value> = resolved.alerts.iter().map(|alert| fact(alert.brief())).collect();
    let own = |environment: &Value| -> Value {
        let mine = brief.iter().filter(|alert| text(alert, "environment") == Some(name(environment)));
        let mine: Vec<&Value> = mine.collect();
        let mut components: Vec<&str> = mine.iter().filter_map(|alert| text(alert, "component")).collect();
        components.dedup();
        with(environment, facts!({ "alert_components": components, "alerts": mine }))
    };
    let each = |key: &str| list(facts, key).iter().map(own).collect::<Vec<_>>();
    let one = |key: &str| if at(facts, key).is_none() { none() } else { own(at(facts, key)) };
    facts!({
        "alerts": resolved.alerts, "runbooks": resolved.runbooks, "dashboards": resolved.dashboards, "exports": resolved.exports, "unsaid": resolved.unsaid,
        "environments": each("environments"), "deployed": each("deployed"), "live": one("live"),
    })
}

/// Data of the catalog that facts lean on.
struct Known {
    engines: Value,
    stacks: Value,
    migrations: Value,
    metrics: Value,
    hosts: Value,
    paths: Value,
    makers: Vec<Value>,
}

impl Known {
    fn of(catalog: &Catalog) -> Self {
        let file = |path: &str| catalog.datum(path).cloned().unwrap_or_else(none);
        Self {
            engines: catalog.folder("engines"),
            stacks: catalog.folder("stacks"),
            migrations: catalog.folder("migrations"),
            metrics: catalog.folder("metrics"),
            hosts: file("repositories/hosts"),
            paths: file("paths/paths"),
            makers: catalog.facts("backup"),
        }
    }
}

fn around<'a>(answered: &'a Value, variables: &'a [Value], known: &'a Known) -> environment::Around<'a> {
    environment::Around {
        project: text(answered, "name").unwrap_or_default(),
        environments: list(answered, "environments"),
        dependencies: list(answered, "dependencies"),
        variables,
        config_file: text(answered, "configuration.file"),
        engines: &known.engines,
        stacks: &known.stacks,
        makers: &known.makers,
    }
}

/// The base: what holds where no environment says otherwise.
fn base(answered: &Value, known: &Known) -> Value {
    let environments: Vec<&str> = list(answered, "environments").iter().map(name).collect();
    let services: Vec<&str> = list(answered, "services").iter().map(name).collect();
    let variables = variable::resolve(list(answered, "configuration.variables"), &environments, &services);
    let parts = around(answered, &variables, known).parts(answered);
    let repository = delivery::repository(at(answered, "repository"), &known.hosts);
    let links = delivery::links(&repository, at(answered, "docs"));
    let configuration = with(at(answered, "configuration"), facts!({ "variables": variables }));
    let facts = facts!({
        "services": parts.services, "datastores": parts.datastores, "backups": parts.backups,
        "configuration": configuration, "repository": repository, "links": links,
    });
    with(answered, facts)
}

fn environments(answered: &Value, facts: &Value, known: &Known) -> Value {
    let variables = list(facts, "configuration.variables");
    let around = around(answered, variables, known);
    let all: Vec<Value> = around.environments.iter().map(|it| around.environment(it, it)).collect();
    let deployed: Vec<&Value> = all.iter().filter(|it| no(it, "local")).collect();
    facts!({
        "deployed": deployed,
        "live": deployed.last(),
        "first": deployed.first(),
        "local": all.iter().find(|it| yes(it, "local")),
        "environments": all,
    })
}

/// Facts of the whole that several artifacts share.
fn shared(facts: &Value, catalog: &Catalog, known: &Known) -> Value {
    let builder = list(facts, "services").iter().find(|service| yes(service, "builds"));
    let stack = builder.map_or(nothing(), |service| at(service, "stack"));
    let first = text(facts, "first.name").unwrap_or_default();
    let stages =
        delivery::stages(list(facts, "delivery.stages"), at(stack, "commands"), list(facts, "datastores"), first);
    let chosen = text(facts, "hosting.platform").and_then(|id| catalog.platform(id)).unwrap_or(nothing());
    let platform = platform::resolve(chosen, catalog.platforms.values());
    let migrations = delivery::migrations(at(facts, "delivery.migrations"), &known.migrations);
    let logs = facts!({ "logs": at(facts, "live.observability.logs") });
    facts!({
        "stack": stack,
        "image": delivery::image(at(facts, "delivery.image")),
        "pipeline": delivery::pipeline(&stages, list(facts, "configuration.variables")),
        "delivery": with(at(facts, "delivery"), facts!({ "stages": stages, "migrations": migrations })),
        "observability": if at(facts, "live").is_none() { at(facts, "observability").clone() } else { with(at(facts, "observability"), logs) },
        "profiles": delivery::profiles(facts, &platform, &known.metrics),
        "platform": platform,
        "rules": folder(facts, catalog, "rules", "observability.metrics.rules_run_in"),
        "uptime": folder(facts, catalog, "uptime", "observability.uptime.tool"),
        "error_tracker": folder(facts, catalog, "errors", "observability.errors"),
        "log_store": folder(facts, catalog, "logs", "observability.logs.to"),
        "trace_store": folder(facts, catalog, "traces", "observability.traces.to"),
        "paths": with(&known.paths, facts!({ "prefix": text(facts, "repository.path").unwrap_or_default() })),
        "channels": at(facts, "alerting.channels"),
        "alerts": empty(),
        "runbooks": empty(),
        "failures": empty(),
        "unsaid": empty(),
        "observed": false,
    })
}

/// Whether anything watches that a step of ops/bin/observe installs.
fn observed(facts: &Value) -> bool {
    let places = ["rules.id", "uptime.id", "error_tracker.id", "log_store.id", "trace_store.id"];
    places.into_iter().any(|place| text(facts, place).is_some()) || !list(facts, "dashboards").is_empty()
}

/// What the folder of an answer tells of itself; its name is the answer as it stands in a path.
fn folder(facts: &Value, catalog: &Catalog, area: &str, key: &str) -> Value {
    let answer = text(facts, key).map(|answer| answer.replace(' ', "-"));
    let known = catalog.facts(area);
    let chosen = known.iter().find(|folder| text(folder, "id") == answer.as_deref()).cloned();
    platform::resolve(&chosen.unwrap_or_else(|| facts!({})), known.iter())
}

fn questions(spec: &Spec, catalog: &Catalog, facts: &Value) -> Vec<Value> {
    let documents = catalog.documents();
    let evidence = catalog.datum("evidence/evidence").unwrap_or(nothing());
    let mut context = tera::Context::new();
    context.insert_value("m", facts.clone());
    // few conditions stand in many questions
    let evaluate = |condition: &str| catalog.templates.holds("questions", condition, &context).unwrap_or(true);
    let conditions = answers::conditions(&documents, evidence);
    let known: BTreeMap<&str, bool> =
        conditions.into_iter().map(|condition| (condition, evaluate(condition))).collect();
    let holds = |condition: &str| known.get(condition).copied().unwrap_or(true);
    answers::Questions { documents, evidence, spec, facts, holds: &holds }.rows()
}
