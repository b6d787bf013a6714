//! Alerts: every alert of the catalogue × environment × target × severity, ready to be placed.
//!
//! In: the rest of the model as templates see it, and the alert catalogue. Out: rules with their tests, and one runbook a name.
//! Refuses: expressions that don't parse, metrics that no profile gives, thresholds that can't be reached.

pub(super) mod around;
mod cases;
mod checked;
pub(super) mod condition;
mod dashboard;
mod export;
mod impact;
mod lint;
mod names;
pub(super) mod number;
mod probe;
pub(super) mod profile;
pub(super) mod promql;
mod rule;
mod runbook;
pub(super) mod target;
mod times;
mod unsaid;
mod wording;
pub(super) mod words;

use super::fact::{Map, Value, list, name};
use std::panic::resume_unwind;
use std::sync::Arc;
use std::thread;

use indexmap::IndexMap;
use promql_parser::parser::Expr;
use serde::Serialize;

use crate::catalog::alert::{Alerts, Shows};
use crate::diagnostic::Diagnostic;

pub use cases::Test;
pub use dashboard::Dashboard;
pub use export::Export;
use promql::Line;
pub use runbook::Runbook;
pub use unsaid::Unsaid;

/// A fault and the spec key that it is about; the caller knows where that key stands.
#[derive(Clone, Debug)]
pub struct Fault {
    pub key: Option<String>,
    pub diagnostic: Diagnostic,
}

/// One rule.
#[derive(Clone, Debug, Serialize)]
pub struct Alert {
    /// The same for the same alert about the same thing, whatever its limit: what outside systems know a rule by.
    pub id: String,
    pub name: String,
    pub slug: String,
    pub component: String,
    pub environment: String,
    pub service: Option<String>,
    pub store: Option<String>,
    /// The items it is about: `api`, `jobs/default`.
    pub target: String,
    /// What it is about: the name that its scope gives an item, and the item's own.
    #[serde(skip)]
    pub items: Vec<(String, String)>,
    pub severity: String,
    pub signal: String,
    pub measure: Option<String>,
    pub profile: String,
    pub expr: String,
    /// The same, read; none where rules are in another language than PromQL.
    #[serde(skip)]
    pub tree: Option<Arc<Expr>>,
    /// What a graph shows of it.
    #[serde(skip)]
    pub lines: Arc<[Line]>,
    #[serde(rename = "for")]
    pub wait: Option<String>,
    pub keep_firing_for: Option<String>,
    pub labels: IndexMap<String, String>,
    /// Go templates of Prometheus.
    pub annotations: IndexMap<String, String>,
    /// For people and other documents: without values.
    pub summary: String,
    pub runbook: String,
    pub runbook_url: String,
    pub dashboard: String,
    pub team: String,
    pub threshold: Option<Threshold>,
    pub params: Map,
    #[serde(skip)]
    pub commands: Value,
    /// The series that the expression reads.
    #[serde(skip)]
    pub series: Vec<String>,
    #[serde(skip)]
    pub shows: Shows,
    /// What one series is called in a graph.
    #[serde(skip)]
    pub legend: String,
    pub respond: Option<String>,
    /// It also fires when there are no series at all: while nothing is measured it proves nothing.
    pub blind: bool,
    pub channels: Vec<String>,
    pub tests: Vec<Test>,
    /// Some test needs a day of samples, too many for an evaluation a minute.
    pub slow: bool,
}

impl Alert {
    /// Without its tests.
    pub fn brief(&self) -> Self {
        Self { tests: Vec::new(), ..self.clone() }
    }
}

/// What the value is compared with.
#[derive(Clone, Debug, Serialize)]
pub struct Threshold {
    pub text: String,
    /// In base units: shares of one, seconds, bytes.
    pub number: Value,
    pub above: bool,
    /// The spec key; none for a default of the catalogue.
    pub key: Option<String>,
}

#[derive(Clone, Debug, Default)]
pub struct Resolved {
    pub alerts: Vec<Alert>,
    pub runbooks: Vec<Runbook>,
    pub dashboards: Vec<Dashboard>,
    pub exports: Vec<Export>,
    pub unsaid: Vec<Unsaid>,
    pub faults: Vec<Fault>,
}

/// A threshold that no alert listens to.
pub const UNHEARD: &str = "OPS162";

/// Thresholds of measures that nothing measures here: said, so that nobody waits for their alert.
fn unheard(model: &Value, alerts: &[Alert]) -> Vec<Fault> {
    let rows = list(model, "alerting.thresholds").iter();
    let names = rows.filter(|row| !list(row, "conditions").is_empty()).map(name);
    let silent = names.filter(|name| !alerts.iter().any(|alert| alert.measure.as_deref() == Some(name)));
    let fault = |name: &str| Fault {
        key: Some(format!("alerting.thresholds.{name}")),
        diagnostic: Diagnostic::warning(
            UNHEARD,
            format!("nothing measures `{name}` here, so this threshold makes no alert"),
        )
        .label("never fires")
        .help("measure it (`observability`, a store's exporter), or leave the threshold out"),
    };
    silent.map(fault).collect()
}

/// The alerts of one environment.
fn of(model: &Value, environment: &Value, catalog: &Alerts) -> (Vec<Alert>, Vec<Fault>, Vec<Unsaid>) {
    let words = words::Words::shared();
    let (mut alerts, mut faults, mut unsaid) = (Vec::new(), Vec::new(), Vec::new());
    let mut start = words::Scope::new();
    start.bind("m", model);
    start.bind("environment", environment);
    let mut arounds = around::Arounds::default();
    for alert in &catalog.alerts {
        let mut maker = rule::Maker {
            model,
            environment,
            start: &start,
            catalog,
            words,
            alert,
            arounds: &mut arounds,
            faults: &mut faults,
            unsaid: &mut unsaid,
        };
        let drafts = maker.drafts();
        // What only its own service understands can't be tried here.
        let tested = profile::language(model).is_none();
        let tests = if tested { cases::of(&drafts, alert, words, &mut faults) } else { vec![Vec::new(); drafts.len()] };
        alerts.extend(drafts.into_iter().zip(tests).map(|(draft, tests)| Alert {
            slow: tests.iter().any(|test| test.slow),
            tests,
            ..draft.alert
        }));
    }
    (alerts, faults, unsaid)
}

/// `model` is everything but the alerts.
pub fn resolve(model: &Value, catalog: &Alerts) -> Resolved {
    let words = words::Words::shared();
    words.learn_conditions(catalog);
    let names = names::Names::of(model);
    let mut resolved = Resolved { faults: names.faults(catalog), ..Resolved::default() };
    let catalog = &*names.catalog(catalog);
    // Environments know nothing of each other, so each has its thread.
    let found: Vec<(Vec<Alert>, Vec<Fault>, Vec<Unsaid>)> = thread::scope(|scope| {
        let works =
            list(model, "deployed").iter().map(|environment| scope.spawn(move || of(model, environment, catalog)));
        let works: Vec<_> = works.collect();
        works.into_iter().map(|work| work.join().unwrap_or_else(|panic| resume_unwind(panic))).collect()
    });
    for (alerts, faults, unsaid) in found {
        resolved.alerts.extend(alerts);
        let new = |it: &Unsaid| !resolved.unsaid.contains(it);
        let unsaid: Vec<Unsaid> = unsaid.into_iter().filter(new).collect();
        resolved.unsaid.extend(unsaid);
        let known = |fault: &Fault, all: &[Fault]| all.iter().any(|other| other.diagnostic == fault.diagnostic);
        for fault in faults {
            // What is wrong in every environment is told once.
            if !known(&fault, &resolved.faults) {
                resolved.faults.push(fault);
            }
        }
    }
    resolved.alerts.sort_by(|a, b| (&a.environment, &a.component).cmp(&(&b.environment, &b.component)));
    resolved.faults.extend(unheard(model, &resolved.alerts));
    resolved.faults.extend(unsaid::fault(model, &resolved.unsaid, &resolved.alerts));
    resolved.runbooks = runbook::all(model, catalog, &resolved.alerts);
    resolved.exports = export::all(model, catalog, &resolved.alerts);
    resolved.dashboards = dashboard::all(model, catalog, words, &resolved.alerts, &mut resolved.faults);
    resolved
}
