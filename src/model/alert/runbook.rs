//! One runbook an alert name, with all the rules that lead to it.
//!
//! In: rules. Out: path, link and rules of each page. Refuses nothing.

use super::super::fact::{Value, at, list, name, named, none, nothing, table, text, with};
use indexmap::IndexMap;
use serde::Serialize;

use super::Alert;
use super::impact::{self, Impact};
use crate::catalog::alert::Alerts;

#[derive(Clone, Debug, Serialize)]
pub struct Runbook {
    pub name: String,
    pub alert: String,
    pub slug: String,
    pub component: String,
    pub path: String,
    pub url: String,
    /// The part of the page that only this alert has.
    pub template: String,
    pub summary: String,
    pub signal: String,
    pub measure: Option<String>,
    pub rationale: String,
    /// How far back the leading expression looks: `5m`.
    pub windows: Vec<String>,
    /// What the leading expression compares, without its limit.
    pub values: Vec<String>,
    /// The same by each label that tells where it happens.
    pub spread: Vec<String>,
    /// What it costs at its limit; none where that can't be said.
    pub impact: Option<Impact>,
    pub severities: Vec<String>,
    /// The rule of the most protected environment, whose names stand in the commands.
    pub lead: Alert,
    pub rules: Vec<Alert>,
    /// The platform's commands for the leading rule.
    pub commands: Value,
    /// The service of the leading rule, as its environment sees it.
    pub service: Value,
    /// The store of the leading rule, as its environment sees it.
    pub store: Value,
}

pub fn all(model: &Value, catalog: &Alerts, alerts: &[Alert]) -> Vec<Runbook> {
    let mut pages: IndexMap<&str, Vec<Alert>> = IndexMap::new();
    for alert in alerts {
        pages.entry(&alert.name).or_default().push(alert.brief());
    }
    pages.sort_keys();
    let live = name(at(model, "live"));
    pages.into_values().filter_map(|rules| page(model, catalog, live, rules)).collect()
}

fn page(model: &Value, catalog: &Alerts, live: &str, rules: Vec<Alert>) -> Option<Runbook> {
    let lead = rules.iter().find(|rule| rule.environment == live).or(rules.first())?.clone();
    let source = catalog.alerts.iter().find(|alert| alert.name == lead.name)?;
    let environment = named(list(model, "deployed"), &lead.environment).unwrap_or(nothing());
    let find = |key: &str, name: &Option<String>| {
        name.as_deref().and_then(|name| named(list(environment, key), name)).cloned().unwrap_or_else(none)
    };
    let order = ["critical", "high", "medium", "low"];
    let severities = order.iter().filter(|name| rules.iter().any(|rule| rule.severity == **name));
    let service = find("services", &lead.service);
    Some(Runbook {
        name: lead.slug.clone(),
        alert: lead.name.clone(),
        slug: lead.slug.clone(),
        component: lead.component.clone(),
        path: lead.runbook.clone(),
        url: lead.runbook_url.clone(),
        template: format!("{}/runbook.md.tera", source.folder),
        summary: lead.summary.clone(),
        signal: lead.signal.clone(),
        measure: lead.measure.clone(),
        rationale: source.definition.rationale.clone(),
        windows: windows(&lead.expr),
        values: lead.lines.iter().map(|line| line.expr.clone()).collect(),
        spread: spread(catalog, &lead),
        impact: impact::of(source.definition.spends.as_ref(), &lead, &service),
        commands: commands(catalog, &lead.commands),
        service,
        store: find("datastores", &lead.store),
        severities: severities.map(|name| (*name).to_owned()).collect(),
        lead,
        rules,
    })
}

/// Every command that some platform has; none where this one lacks it, or what it takes isn't there.
fn commands(catalog: &Alerts, own: &Value) -> Value {
    let known = catalog.commands.values().flat_map(IndexMap::keys);
    with(&table(known.map(|name| (name.clone(), none()))), own.clone())
}

/// What the leading expression compares, grouped by one more label: of those that its profile says and its first metric has.
fn spread(catalog: &Alerts, lead: &Alert) -> Vec<String> {
    let Some(profile) = catalog.profiles.get(&lead.profile) else { return Vec::new() };
    let metric = lead.series.first().and_then(|series| profile.metric(series));
    let Some((metric, line)) = metric.zip(lead.lines.first()) else { return Vec::new() };
    let grouped = line.expr.contains(" by (");
    let labels = profile.spread.iter().filter(|label| grouped && metric.labels.contains(label));
    let labels =
        labels.filter(|label| !line.expr.contains(&format!("{label})")) && !line.expr.contains(&format!("{label},")));
    labels.map(|label| line.expr.replace(" by (", &format!(" by ({label}, "))).collect()
}

/// The ranges of an expression, each once: `[5m]`.
fn windows(expr: &str) -> Vec<String> {
    let ranges = expr.split('[').skip(1).filter_map(|rest| Some(rest.split_once(']')?.0.split(':').next()?.to_owned()));
    let ranges = ranges.filter(|range| range.starts_with(|c: char| c.is_ascii_digit()));
    let mut found: Vec<String> = Vec::new();
    for range in ranges {
        if !found.contains(&range) {
            found.push(range);
        }
    }
    found
}

/// `HttpErrorRateHigh` → `http-error-rate-high`
pub fn slug(name: &str) -> String {
    let mut slug = String::new();
    let mut last = '-';
    for c in name.chars() {
        if c.is_ascii_uppercase() && last != '-' && !last.is_ascii_uppercase() {
            slug.push('-');
        }
        slug.push(c.to_ascii_lowercase());
        last = c;
    }
    slug
}

pub fn path(model: &Value, slug: &str) -> String {
    format!("{}/{slug}.md", text(model, "paths.runbooks").unwrap_or("docs/runbooks"))
}

pub fn url(model: &Value, path: &str) -> String {
    let prefix = text(model, "paths.prefix").unwrap_or_default();
    let base = text(model, "links.docs").unwrap_or_default();
    [base, prefix, path]
        .iter()
        .filter(|part| !part.is_empty())
        .map(|part| part.trim_matches('/'))
        .collect::<Vec<_>>()
        .join("/")
}

/// At most 40 characters, as Grafana wants it.
pub fn dashboard(spec: &str, kind: &str) -> String {
    let uid = format!("{spec}-{kind}");
    uid.chars().rev().take(40).collect::<Vec<_>>().into_iter().rev().collect()
}
