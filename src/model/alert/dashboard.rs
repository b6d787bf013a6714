//! Dashboards: the rows of `panels/*.yaml`, and every alert of the most protected environment as lines on a panel.
//!
//! In: the rules of all environments and the panels of the catalogue. Out: panels with places, for any environment.
//! Refuses: templates with undefined names, expressions that aren't PromQL, metrics that no profile in force has.

mod grid;
mod limit;
mod rows;
mod variable;

use super::super::fact::{Value, at, list, name, named};
use serde::{Serialize, Serializer};

use super::words::{Scope, Words};
use super::{Alert, Fault, profile, runbook};
use crate::catalog::alert::{self as catalog, Alerts, Looks, Shows};
use crate::template::AUTHORED;
use rows::Board;
use variable::Filter;

#[derive(Clone, Debug, Serialize)]
pub struct Dashboard {
    /// `system`, `infrastructure`, …
    pub name: String,
    pub uid: String,
    /// Name of its file: `system-health`.
    pub file: String,
    pub title: String,
    /// The environment that it opens with, then the others.
    pub environments: Vec<String>,
    pub variables: Vec<Variable>,
    pub rows: Vec<Row>,
}

/// A filter of the dashboard, whose values the metrics tell.
#[derive(Clone, Debug, Serialize)]
pub struct Variable {
    pub name: String,
    pub title: String,
    #[serde(serialize_with = "authored")]
    pub query: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub id: u32,
    pub y: u32,
    pub title: String,
    pub panels: Vec<Panel>,
}

#[derive(Clone, Debug, Default, Serialize)]
pub struct Panel {
    pub id: u32,
    pub x: u32,
    pub y: u32,
    pub w: u32,
    pub h: u32,
    pub r#type: String,
    pub title: String,
    pub description: String,
    pub shows: Shows,
    pub unit: Option<String>,
    pub queries: Vec<Query>,
    /// From low to high; the first has no number.
    pub steps: Vec<Step>,
    /// The runbooks of the alerts whose lines these are.
    pub links: Vec<Link>,
    pub looks: Looks,
}

#[derive(Clone, Debug, Serialize)]
pub struct Link {
    pub alert: String,
    pub url: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct Query {
    /// `A`, `B`, …
    pub id: String,
    #[serde(serialize_with = "authored")]
    pub expr: String,
    pub legend: String,
    pub instant: bool,
    pub dashed: bool,
    /// For its own environment alone.
    #[serde(skip)]
    pub literal: String,
}

/// From this number on it is as bad as this severity; none is well.
#[derive(Clone, Debug, Serialize)]
pub struct Step {
    pub number: Value,
    pub severity: Option<String>,
}

/// The variables in it are meant; what the spec wrote was made harmless.
fn authored<S: Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&format!("{AUTHORED}{text}"))
}

pub fn all(
    model: &Value,
    catalog: &Alerts,
    words: &Words,
    alerts: &[Alert],
    faults: &mut Vec<Fault>,
) -> Vec<Dashboard> {
    // Panels are PromQL, as the rules that they draw.
    if profile::language(model).is_some() {
        return Vec::new();
    }
    let live = name(at(model, "live"));
    let deployed = list(model, "deployed");
    let Some(first) = named(deployed, live) else { return Vec::new() };
    let others: Vec<&Value> = deployed.iter().filter(|environment| name(environment) != live).collect();
    let mut dashboards = Vec::new();
    for (kind, source) in &catalog.dashboards {
        let Some(title) = &source.title else { continue };
        let uid = runbook::dashboard(name(model), kind);
        let mut made = |environment| {
            let rules = alerts.iter().filter(|it| it.dashboard == uid && it.environment == name(environment));
            let filters = filters(model, environment, catalog, words, faults);
            Board::new(model, environment, catalog, words, &filters).rows(source, rules.collect(), faults)
        };
        let mut rows = made(first);
        for environment in &others {
            compare(&mut rows, &made(environment), live);
        }
        rows.retain(|row| !row.panels.is_empty());
        if rows.is_empty() || !worth(&rows, source, catalog) {
            continue;
        }
        grid::place(&mut rows);
        let names =
            std::iter::once(first).chain(others.iter().copied()).map(|environment| name(environment).to_owned());
        dashboards.push(Dashboard {
            name: kind.clone(),
            uid,
            file: source.file.clone().unwrap_or_else(|| kind.clone()),
            title: title.clone(),
            environments: names.collect(),
            variables: variables(model, first, catalog, words, faults),
            rows,
        });
    }
    dashboards
}

/// A dashboard of borrowed rows alone shows nothing of its own.
fn worth(rows: &[Row], source: &catalog::Dashboard, catalog: &Alerts) -> bool {
    let taken = source.rows.iter().filter_map(|row| catalog.dashboards.get(row.r#use.as_ref()?));
    let borrowed: Vec<&str> = taken.flat_map(|source| &source.rows).map(|row| row.title.as_str()).collect();
    rows.iter().any(|row| !borrowed.contains(&row.title.as_str()))
}

/// Where another environment reads other series than the variable leads to, the panel stays with its own.
fn compare(rows: &mut [Row], others: &[Row], live: &str) {
    let others: Vec<&Panel> = others.iter().flat_map(|row| &row.panels).collect();
    for panel in rows.iter_mut().flat_map(|row| &mut row.panels) {
        let Some(other) = others.iter().find(|other| other.title == panel.title) else { continue };
        // What it doesn't have there, a replica that is only here, can't differ.
        let same = |query: &Query| {
            let mut there = other.queries.iter().filter(|it| it.legend == query.legend).peekable();
            there.peek().is_none() || there.any(|it| it.expr == query.expr)
        };
        if !panel.queries.iter().all(same) {
            panel.queries.iter_mut().for_each(|query| query.expr.clone_from(&query.literal));
            panel.description.push_str(&format!(" Always of {live}, whichever environment is chosen."));
        }
    }
}

type Found<'c> = Vec<(&'c String, &'c catalog::Filter)>;

/// The filters that the metric profiles in force offer, each once.
fn offered<'c>(
    model: &Value,
    scope: &Scope<'_>,
    catalog: &'c Alerts,
    words: &Words,
    faults: &mut Vec<Fault>,
) -> Found<'c> {
    let profiles = profile::in_force(model, catalog, words, scope).unwrap_or_else(|message| {
        faults.push(rows::fault(format!("metric profiles of the dashboards: {message}")));
        Vec::new()
    });
    let mut found: Found<'c> = Vec::new();
    for (name, filter) in profiles.iter().flat_map(|(_, profile)| &profile.filters) {
        if !found.iter().any(|(known, _)| *known == name) {
            found.push((name, filter));
        }
    }
    found
}

fn scope<'m>(model: &'m Value, environment: &'m Value) -> Scope<'m> {
    let mut scope = Scope::new();
    scope.bind("m", model);
    scope.bind("environment", environment);
    scope
}

fn filters(
    model: &Value,
    environment: &Value,
    catalog: &Alerts,
    words: &Words,
    faults: &mut Vec<Fault>,
) -> Vec<Filter> {
    let found = offered(model, &scope(model, environment), catalog, words, faults);
    found.into_iter().filter_map(|(name, filter)| Filter::new(name, &filter.label).ok()).collect()
}

/// What fills the filters: the values of a label of the series that the profile names.
fn variables(
    model: &Value,
    environment: &Value,
    catalog: &Alerts,
    words: &Words,
    faults: &mut Vec<Fault>,
) -> Vec<Variable> {
    let scope = scope(model, environment);
    let mut made = Vec::new();
    for (key, filter) in offered(model, &scope, catalog, words, faults) {
        let series = words.promql(&filter.of, &scope);
        match series.and_then(|series| variable::read(&series)) {
            Ok(series) => made.push(Variable {
                name: key.clone(),
                title: filter.title.clone(),
                query: format!(
                    "label_values({}, {})",
                    variable::vary(&series, name(environment), &[], &Vec::new()),
                    filter.label
                ),
            }),
            Err(message) => faults.push(rows::fault(format!("filter {key} of the dashboards: {message}"))),
        }
    }
    made
}
