//! Dashboards: the panels of the catalogue, then one panel for what each alert looks at, with its limits as lines.
//!
//! In: the rules of the most protected environment and `panels/*.yaml`. Out: panels with their places.
//! Refuses: templates with undefined names, expressions that aren't PromQL.

use super::super::fact::{Value, at, list, name, named, none};
use indexmap::IndexMap;
use serde::Serialize;

use super::promql::{Line, lines};
use super::rule::TEMPLATE;
use super::target::expand;
use super::words::{Scope, Words};
use super::{Alert, Fault, number, profile, runbook};
use crate::catalog::alert::{self as catalog, Alerts, Shows, Unit};
use crate::diagnostic::Diagnostic;

/// Columns of the grid, and the size of a panel in it.
const COLUMNS: u32 = 24;
const WIDTH: u32 = 12;
const HEIGHT: u32 = 8;

#[derive(Clone, Debug, Serialize)]
pub struct Dashboard {
    /// `system`, `infrastructure`, …
    pub name: String,
    pub uid: String,
    /// Name of its file: `system-health`.
    pub file: String,
    pub title: String,
    pub environment: String,
    pub rows: Vec<Row>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub id: u32,
    pub y: u32,
    pub title: String,
    pub panels: Vec<Panel>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Panel {
    pub id: u32,
    pub x: u32,
    pub y: u32,
    pub w: u32,
    pub h: u32,
    pub title: String,
    pub description: String,
    pub shows: Shows,
    pub queries: Vec<Query>,
    /// From low to high; the first has no number.
    pub steps: Vec<Step>,
    /// The alert whose lines these are.
    pub alert: Option<String>,
    pub runbook_url: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Query {
    /// `A`, `B`, …
    pub id: String,
    pub expr: String,
    pub legend: String,
}

/// From this number on it is as bad as this severity; none is well.
#[derive(Clone, Debug, Serialize)]
pub struct Step {
    pub number: Value,
    pub severity: Option<String>,
}

pub fn all(
    model: &Value,
    catalog: &Alerts,
    words: &Words,
    alerts: &[Alert],
    faults: &mut Vec<Fault>,
) -> Vec<Dashboard> {
    let live = name(at(model, "live"));
    let Some(environment) = named(list(model, "deployed"), live) else {
        return Vec::new();
    };
    let spec = name(model);
    let mut dashboards = Vec::new();
    for (kind, source) in &catalog.dashboards {
        let uid = runbook::dashboard(spec, kind);
        let own = own(model, environment, catalog, words, source, faults);
        let mut rows: IndexMap<String, Vec<Panel>> = IndexMap::new();
        if !own.is_empty() {
            rows.insert("overview".into(), own);
        }
        for rules in by_target(alerts.iter().filter(|it| it.dashboard == uid && live == it.environment)) {
            rows.entry(rules[0].component.clone()).or_default().push(alerted(&rules));
        }
        if !rows.is_empty() {
            dashboards.push(Dashboard {
                name: kind.clone(),
                uid,
                file: source.file.clone().unwrap_or_else(|| kind.clone()),
                title: source.title.clone(),
                environment: live.to_owned(),
                rows: placed(rows),
            });
        }
    }
    dashboards
}

/// Rules of one alert about one target, worst first as they come.
fn by_target<'a>(alerts: impl Iterator<Item = &'a Alert>) -> Vec<Vec<&'a Alert>> {
    let mut groups: IndexMap<(&str, &str), Vec<&Alert>> = IndexMap::new();
    for alert in alerts {
        groups.entry((&alert.name, &alert.target)).or_default().push(alert);
    }
    groups.into_values().collect()
}

fn alerted(rules: &[&Alert]) -> Panel {
    let first = rules[0];
    let drawn: Vec<Vec<Line>> = rules.iter().map(|rule| lines(&rule.expr)).collect();
    let queries = drawn[0].iter().enumerate().map(|(at, line)| query(at, line, &first.legend)).collect();
    let limits =
        rules.iter().zip(&drawn).filter_map(|(rule, lines)| Some((lines.first()?.limit?, rule.severity.clone())));
    let above = drawn[0].first().is_none_or(|line| line.above);
    let waits = rules.iter().map(|rule| {
        format!("{}{}", rule.severity, rule.wait.as_ref().map_or_else(String::new, |wait| format!(" after {wait}")))
    });
    let title = if first.target.is_empty() { first.name.clone() } else { format!("{} ({})", first.name, first.target) };
    Panel {
        title,
        description: format!("{}. Alerts: {}.", first.summary, waits.collect::<Vec<_>>().join(", ")),
        shows: first.shows,
        queries,
        steps: steps(limits.collect(), above),
        alert: Some(first.name.clone()),
        runbook_url: Some(first.runbook_url.clone()),
        ..empty()
    }
}

fn empty() -> Panel {
    Panel {
        id: 0,
        x: 0,
        y: 0,
        w: WIDTH,
        h: HEIGHT,
        title: String::new(),
        description: String::new(),
        shows: Shows::Number,
        queries: Vec::new(),
        steps: Vec::new(),
        alert: None,
        runbook_url: None,
    }
}

fn query(at: usize, line: &Line, legend: &str) -> Query {
    let id = char::from(b'A' + u8::try_from(at % 26).unwrap_or(0)).to_string();
    Query { id, expr: line.expr.clone(), legend: legend.to_owned() }
}

/// Limits of an alert that fires above them begin there; those of one that fires below end there.
fn steps(mut limits: Vec<(f64, String)>, above: bool) -> Vec<Step> {
    limits.sort_by(|a, b| a.0.total_cmp(&b.0));
    let well = Step { number: none(), severity: None };
    if above {
        let rest = limits
            .into_iter()
            .map(|(limit, severity)| Step { number: number::number(limit), severity: Some(severity) });
        return std::iter::once(well).chain(rest).collect();
    }
    let numbers = std::iter::once(none()).chain(limits.iter().map(|(limit, _)| number::number(*limit)));
    let severities = limits.iter().map(|(_, severity)| Some(severity.clone())).chain([None]);
    numbers.zip(severities).map(|(number, severity)| Step { number, severity }).collect()
}

/// The panels that no alert stands behind.
fn own(
    model: &Value,
    environment: &Value,
    catalog: &Alerts,
    words: &Words,
    source: &catalog::Dashboard,
    faults: &mut Vec<Fault>,
) -> Vec<Panel> {
    let mut start = Scope::new();
    start.bind("m", model);
    start.bind("environment", environment);
    let mut panels = Vec::new();
    for panel in &source.panels {
        let made = expand(panel.for_each.as_ref(), &start).and_then(|scopes| {
            let made = scopes.into_iter().map(|(scope, items)| one(model, catalog, words, panel, scope, &items));
            made.collect::<Result<Vec<_>, _>>()
        });
        match made {
            Ok(made) => panels.extend(made.into_iter().flatten()),
            Err(message) => {
                let message = format!("panel {} of {}: {message}", panel.title, source.title);
                faults.push(Fault { key: None, diagnostic: Diagnostic::error(TEMPLATE, message) });
            }
        }
    }
    panels
}

fn one<'m>(
    model: &'m Value,
    catalog: &'m Alerts,
    words: &Words,
    panel: &catalog::Panel,
    mut scope: Scope<'m>,
    items: &[super::target::Item<'m>],
) -> Result<Option<Panel>, String> {
    if !words.when(panel.when.as_deref(), &scope)? {
        return Ok(None);
    }
    let profiles = profile::in_force(model, catalog, words, &scope)?;
    let Some((chosen, expression)) = profile::choose(&panel.profiles, words, &scope, &profiles)? else {
        return Ok(None);
    };
    profile::select(words, &mut scope, items, chosen, &profiles)?;
    let expr = words.promql(&expression.expr, &scope)?;
    promql_parser::parser::parse(&expr)?;
    let legend = words.text(expression.r#where.as_deref().unwrap_or_default(), &scope)?;
    let promised = |path: &Option<String>| {
        let text = path.as_deref().map(|path| scope.get(path).as_str().unwrap_or_default())?;
        [Unit::Ratio, Unit::Duration].into_iter().find_map(|unit| number::parse(unit, text))
    };
    let limits = |limit: Option<f64>| limit.map(|limit| (limit, "high".to_owned())).into_iter().collect();
    let (least, most) = (promised(&panel.at_least), promised(&panel.at_most));
    Ok(Some(Panel {
        title: words.text(&panel.title, &scope)?,
        description: words.text(&panel.description, &scope)?,
        shows: panel.shows,
        queries: vec![query(0, &Line { expr, limit: None, above: true }, &legend)],
        steps: if least.is_some() { steps(limits(least), false) } else { steps(limits(most), true) },
        ..empty()
    }))
}

/// Two panels abreast under the title of each row.
fn placed(rows: IndexMap<String, Vec<Panel>>) -> Vec<Row> {
    let (mut id, mut y) = (0, 0);
    let mut next = || {
        id += 1;
        id
    };
    let mut placed = Vec::new();
    for (title, mut panels) in rows {
        let row = Row { id: next(), y, title, panels: Vec::new() };
        y += 1;
        let mut x = 0;
        for panel in &mut panels {
            if x + panel.w > COLUMNS {
                (x, y) = (0, y + HEIGHT);
            }
            (panel.id, panel.x, panel.y) = (next(), x, y);
            x += panel.w;
        }
        y += HEIGHT;
        placed.push(Row { panels, ..row });
    }
    placed
}
