//! Objectives: what is promised, how it is counted, and which burns of its error budget somebody is told of.
//!
//! In: the model without alerts and the indicators of the catalogue. Out: objectives with recording rules, thresholds and samples
//! for tests, on each environment and each of its items. Refuses: a promise of all or nothing, a bound outside of the histogram.

mod bound;
mod burn;
mod exact;
mod indicator;
mod record;
mod traffic;

use std::collections::BTreeSet;

use serde::Serialize;

use super::alert::{Fault, target, words};
use super::fact::{Value, at, facts, list, name, none, with};
use crate::catalog::alert::Alerts;

pub use bound::Bound;
pub use burn::{Dropped, Row};
pub use record::Group;
pub use traffic::Traffic;

/// A share that can't be promised: all, more, or nothing.
pub const NO_BUDGET: &str = "OPS350";
/// A bound that the histogram can't tell anything about.
pub const OUTSIDE: &str = "OPS351";

/// One objective in one environment.
#[derive(Clone, Debug, Serialize)]
pub struct Slo {
    /// Label `slo`.
    pub name: String,
    pub environment: String,
    /// The item that promises it.
    pub target: String,
    /// Label `service`.
    pub service: String,
    /// `99.9%`
    pub objective: String,
    pub share: Value,
    /// What may fail: `0.1%`.
    pub budget: String,
    /// The same, of one.
    pub allowed: Value,
    pub period: String,
    /// What counts as good.
    pub good: String,
    pub events: String,
    /// The spec keys of the promise and of its period.
    pub key: String,
    pub period_key: String,
    pub profile: String,
    pub within: Option<Bound>,
    /// The recorded share and events of the period.
    pub period_ratio: String,
    pub period_total: String,
    /// Whether anything is recorded where the rules run. Otherwise each alert counts its windows itself, and nobody counts the period.
    pub recorded: bool,
    /// The share of bad events in the last hour, as PromQL.
    pub hour: String,
    /// What the alert about a budget that is gone takes as its conditions.
    pub exhausted: Vec<burn::Condition>,
    pub rows: Vec<Row>,
    pub dropped: Vec<Dropped>,
    pub traffic: Option<Traffic>,
    pub groups: Vec<Group>,
    pub samples: Vec<Sample>,
    /// The series of the profile that are counted.
    pub series: Vec<String>,
}

/// A series of the tests.
#[derive(Clone, Debug, Serialize)]
pub struct Sample {
    pub series: String,
    /// `good`, `bad` or `all`.
    pub counts: &'static str,
}

#[derive(Clone, Debug, Default)]
pub struct Resolved {
    pub slos: Vec<Slo>,
    pub faults: Vec<Fault>,
}

pub fn resolve(model: &Value, catalog: &Alerts) -> Resolved {
    let words = words::Words::shared();
    let mut resolved = Resolved::default();
    for environment in list(model, "deployed") {
        let mut start = words::Scope::new();
        start.bind("m", model);
        start.bind("environment", environment);
        for (id, sli) in &catalog.indicators {
            let Ok(targets) = target::expand(sli.for_each.as_ref(), &start) else { continue };
            for (scope, items) in targets {
                let faults = &mut resolved.faults;
                let found = indicator::Maker { model, environment, catalog, words, id, sli, faults }.all(scope, &items);
                resolved.slos.extend(found);
            }
        }
    }
    resolved
}

/// The objectives where templates look for them: on environments, and on the items that promise them.
pub fn placed(facts: &Value, slos: &[Slo]) -> Value {
    let own = |environment: &Value| -> Value {
        let mine: Vec<&Slo> = slos.iter().filter(|slo| slo.environment == name(environment)).collect();
        let services = list(environment, "services").iter().map(|service| {
            let promised: Vec<&&Slo> = mine.iter().filter(|slo| slo.target == name(service)).collect();
            let mut samples: Vec<&Sample> = promised.iter().flat_map(|slo| &slo.samples).collect();
            let mut known = BTreeSet::new();
            samples.retain(|sample| known.insert(&sample.series));
            with(service, facts!({ "objective_count": promised.len(), "objectives": promised, "samples": samples }))
        });
        with(environment, facts!({ "services": services.collect::<Vec<_>>(), "slos": mine }))
    };
    let each = |key: &str| list(facts, key).iter().map(own).collect::<Vec<_>>();
    let one = |key: &str| if at(facts, key).is_none() { none() } else { own(at(facts, key)) };
    facts!({
        "slos": slos, "environments": each("environments"), "deployed": each("deployed"),
        "live": one("live"), "first": one("first"), "local": one("local"),
    })
}
