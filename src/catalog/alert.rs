//! The alert catalogue: one folder an alert, one file a metric profile, one file of commands a platform and a place where rules run.
//!
//! In: `(path, bytes)` of all blueprint files. Out: definitions, profiles and commands by name.
//! Refuses: a file that isn't what its format says, an alert without a runbook or without tests.

mod definition;
mod failure;
mod metric;
mod normal;
mod panel;
mod sli;

use std::collections::BTreeMap;
use std::sync::Arc;

use indexmap::IndexMap;
use serde::de::DeserializeOwned;

use super::read::parse;
use crate::diagnostic::{Diagnostic, Source};

pub use definition::{Case, Definition, Expression, OneOrMany, Param, Samples, Severity, Shows, Spends, Unit};
pub use failure::{Definition as FailureDefinition, Effect, Expectation, Failure};
pub use metric::{Filter, Inside, Metric, MetricKind, Profile};
pub use normal::{Normal, Normality, Normals, Shown};
pub use panel::{Dashboard, Looks, Panel, Query, Row, claims};
pub use sli::{Burn, Counts, Indicator, Objective, Sli};

/// A file of the alert catalogue that can't be read as what its place says.
pub const UNREADABLE: &str = "OPS340";
/// An alert folder without its runbook or without a firing and a silent test.
pub const INCOMPLETE: &str = "OPS341";

/// Rows that a dashboard takes from a file that there isn't.
pub const NO_ROWS: &str = "OPS359";

/// An alert folder.
#[derive(Clone, Debug)]
pub struct Alert {
    /// The folder above: `http`, `postgres`.
    pub component: String,
    /// The folder: `HttpErrorRateHigh`.
    pub name: String,
    /// `alerts/http/HttpErrorRateHigh`
    pub folder: String,
    pub definition: Definition,
    pub tests: Vec<Case>,
}

/// Everything that alerts are made from.
#[derive(Clone, Debug, Default)]
pub struct Alerts {
    pub alerts: Vec<Alert>,
    pub profiles: IndexMap<String, Profile>,
    /// Folder below `slos/` → how a promise is counted.
    pub indicators: IndexMap<String, Sli>,
    /// Burns of an error budget that somebody is told of, worst first.
    pub burns: IndexMap<String, Burn>,
    /// Kind of dashboard → its own panels.
    pub dashboards: IndexMap<String, Dashboard>,
    /// Folder (`hosting/…`, `rules/…`) → name of a command → its template.
    pub commands: BTreeMap<String, IndexMap<String, String>>,
    pub failures: Vec<Failure>,
    /// Metric profile → what its metrics are like when all is well.
    pub normal: IndexMap<String, Normality>,
}

impl Alerts {
    /// Reads `alerts/**`, `slos/**`, `failures/**`, `normal/*.yaml`, `metrics/*.yaml` and every `commands.yaml`; leaves all other files alone.
    pub fn load(files: &BTreeMap<String, Arc<Source>>, faults: &mut Vec<Diagnostic>) -> Self {
        let mut alerts = Self::default();
        for (path, source) in files {
            match path.split('/').collect::<Vec<_>>().as_slice() {
                ["metrics", file] => {
                    if let (Some(name), Some(profile)) = (file.strip_suffix(".yaml"), decode(source, faults)) {
                        alerts.profiles.insert(name.to_owned(), profile);
                    }
                }
                ["panels", file] => {
                    if let Some(name) = file.strip_suffix(".yaml")
                        && let Some(panels) = decode(source, faults)
                    {
                        alerts.dashboards.insert(name.to_owned(), panels);
                    }
                }
                ["slos", "burns.yaml"] => {
                    alerts.burns.extend(decode::<IndexMap<_, _>>(source, faults).unwrap_or_default());
                }
                ["slos", name, "slo.yaml"] => {
                    alerts.indicators.extend(decode(source, faults).map(|sli| ((*name).to_owned(), sli)));
                }
                [area, folder, "commands.yaml"] => {
                    if let Some(commands) = decode(source, faults) {
                        alerts.commands.insert(format!("{area}/{folder}"), commands);
                    }
                }
                ["normal", file] => {
                    if let (Some(name), Some(normal)) = (file.strip_suffix(".yaml"), decode(source, faults)) {
                        alerts.normal.insert(name.to_owned(), normal);
                    }
                }
                ["failures", name, "failure.yaml"] => {
                    if let Some(definition) = decode(source, faults) {
                        let folder = format!("failures/{name}");
                        alerts.failures.push(Failure { name: (*name).to_owned(), folder, definition });
                    }
                }
                ["alerts", component, name, "alert.yaml"] => {
                    alerts.alerts.extend(folder(files, component, name, source, faults));
                }
                _ => {}
            }
        }
        for alert in &alerts.alerts {
            faults.extend(untested(alert, &alerts.profiles));
        }
        faults.extend(alerts.missing_rows());
        alerts
    }

    /// Rows that a dashboard takes from a file that there isn't.
    fn missing_rows(&self) -> Vec<Diagnostic> {
        let taken =
            self.dashboards.iter().flat_map(|(name, it)| it.rows.iter().map(move |row| (name, row.r#use.as_ref())));
        let missing =
            taken.filter_map(|(name, taken)| Some((name, taken.filter(|it| !self.dashboards.contains_key(*it))?)));
        let told = |(name, taken)| {
            format!("panels/{name}.yaml takes the rows of `{taken}`, and there is no panels/{taken}.yaml")
        };
        missing.map(told).map(|message| Diagnostic::error(NO_ROWS, message)).collect()
    }

    /// The rows of a dashboard, those of others that it takes in their places.
    pub fn rows<'a>(&'a self, dashboard: &'a Dashboard) -> impl Iterator<Item = &'a Row> {
        dashboard.rows.iter().flat_map(|row| match row.r#use.as_ref().and_then(|name| self.dashboards.get(name)) {
            Some(taken) => taken.rows.iter().collect(),
            None => vec![row],
        })
    }

    /// The dashboard that draws an alert: the one that names it, then the one that names its component, then its own choice.
    pub fn dashboard_of<'a>(&'a self, alert: &'a Alert) -> &'a str {
        let said =
            |dashboard: &Dashboard| self.rows(dashboard).map(|row| row.claims(&alert.component, &alert.name)).max();
        let titled = self.dashboards.iter().filter(|(_, dashboard)| dashboard.title.is_some());
        let claims = titled.map(|(kind, dashboard)| (said(dashboard).unwrap_or(0), kind));
        let best = claims.filter(|(claim, _)| *claim > 0).rev().max_by_key(|(claim, _)| *claim);
        best.map_or(alert.definition.dashboard.as_str(), |(_, kind)| kind.as_str())
    }
}

/// Each expression that can be tried has a case that fires and one that doesn't.
fn untested(alert: &Alert, profiles: &IndexMap<String, Profile>) -> Vec<Diagnostic> {
    let foreign = |name: &String| profiles.get(name).is_some_and(|profile| profile.language.is_some());
    let meant = |case: &Case, name: &String| case.profile.as_ref().is_none_or(|profile| profile == name);
    let names = alert.definition.profiles.keys().filter(|name| !foreign(name));
    let wanted = names.flat_map(|name| [(name, true, "firing"), (name, false, "silent")]);
    let missing = wanted.filter(|(name, fires, _)| {
        (*fires || !alert.definition.always)
            && !alert.tests.iter().any(|case| case.fires == *fires && meant(case, name))
    });
    let fault = |(name, _, word): (&String, bool, &str)| {
        let message = format!("{}/tests.yaml has no {word} case for the profile `{name}`", alert.folder);
        Diagnostic::error(INCOMPLETE, message)
    };
    missing.map(fault).collect()
}

fn folder(
    files: &BTreeMap<String, Arc<Source>>,
    component: &str,
    name: &str,
    source: &Arc<Source>,
    faults: &mut Vec<Diagnostic>,
) -> Option<Alert> {
    let folder = format!("alerts/{component}/{name}");
    let definition: Definition = decode(source, faults)?;
    let tests = files.get(&format!("{folder}/tests.yaml")).and_then(|source| decode(source, faults));
    let tests: Vec<Case> = tests.unwrap_or_default();
    if !files.contains_key(&format!("{folder}/runbook.md.tera")) {
        faults.push(Diagnostic::error(INCOMPLETE, format!("{folder} has no runbook.md.tera")));
    }
    Some(Alert { component: component.to_owned(), name: name.to_owned(), folder, definition, tests })
}

fn decode<T: DeserializeOwned>(source: &Arc<Source>, faults: &mut Vec<Diagnostic>) -> Option<T> {
    parse(source).map_err(|fault| faults.push(Diagnostic { code: UNREADABLE, ..fault })).ok()
}
