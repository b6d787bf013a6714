//! Measures, thresholds, channels and logs in their template form.

use super::super::fact::{Value, at, entries, fact, facts, get, list, name, named, none, text, texts, with, yes};
use super::{each, or, some, time};

/// Severities, worst first.
const SEVERITIES: &[&str] = &["critical", "high", "medium", "low"];
/// Ways to reach people, as a channel names them.
const CHANNELS: &[&str] = &["slack", "pagerduty", "opsgenie", "email", "discord", "teams", "sns", "webhook"];

/// `level` is the environment's own log level.
pub fn observability(answered: &Value, environment: &str, level: Option<&Value>) -> Value {
    let dashboards = at(answered, "dashboards");
    let logs = at(answered, "logs");
    let level = level.filter(|level| !level.is_none()).unwrap_or(at(logs, "level"));
    let here = facts!({
        "level": level,
        "keep": by_environment(at(logs, "keep"), environment),
        "body": by_environment(at(logs, "body"), environment),
    });
    let ai = at(answered, "ai");
    with(
        answered,
        facts!({
            "dashboards": with(dashboards, facts!({ "kinds": kinds(answered) })),
            "logs": with(logs, here),
            "business": each(at(answered, "business"), business),
            "ai": if ai.is_none() { none() } else { with(ai, facts!({ "measures": measures(ai) })) },
        }),
    )
}

/// An answer that may differ by environment: a plain value, or a list of `{ name, value }`.
fn by_environment(answered: &Value, environment: &str) -> Value {
    if let Some(rows) = answered.as_array() {
        return named(rows, environment).map_or_else(none, |row| at(row, "value").clone());
    }
    if answered.is_map() { get(answered, environment).clone() } else { answered.clone() }
}

/// The dashboards that have something to show.
fn kinds(answered: &Value) -> Vec<String> {
    let said = texts(answered, "dashboards.show");
    let all = ["system", "infrastructure", "business", "ai"];
    let wanted = if said.is_empty() { all.to_vec() } else { said };
    let shown = wanted.into_iter().filter(|kind| match *kind {
        "business" => !list(answered, "business").is_empty(),
        "ai" => !at(answered, "ai").is_none(),
        _ => true,
    });
    shown.map(str::to_owned).collect()
}

fn business(answered: &Value) -> Value {
    let threshold = threshold(&with(at(answered, "alert"), facts!({ "name": name(answered) })));
    let failures = self::threshold(&with(at(answered, "failures"), facts!({ "name": name(answered) })));
    let anomaly = |row: &&Value| text(row, "condition.value") == Some("anomaly");
    let (anomalies, limits): (Vec<&Value>, Vec<&Value>) = list(&threshold, "conditions").iter().partition(anomaly);
    with(
        answered,
        facts!({
            "target": at(&threshold, "target"), "conditions": limits, "anomalies": anomalies,
            "failures": at(&failures, "conditions"),
        }),
    )
}

fn measures(ai: &Value) -> Vec<Value> {
    let sections = entries(ai).filter(|(_, value)| !get(value, "levels").is_none());
    sections.map(|(key, value)| threshold(&with(&facts!({ "name": key }), value.clone()))).collect()
}

pub fn alerting(answered: &Value) -> Value {
    let on_call = at(answered, "on_call");
    with(
        answered,
        facts!({
            "channels": each(at(answered, "channels"), channel),
            "thresholds": each(at(answered, "thresholds"), threshold),
            "on_call": with(on_call, facts!({ "tool": some(at(on_call, "tool")), "hours": time::hours(at(on_call, "hours")) })),
        }),
    )
}

fn channel(answered: &Value) -> Value {
    let kind = CHANNELS.iter().find(|kind| !at(answered, kind).is_none());
    let secret = text(answered, "url").or(text(answered, "key"));
    with(
        answered,
        facts!({
            "type": kind,
            "target": kind.map(|kind| at(answered, kind)),
            "secret": secret,
            "file": secret.map(str::to_lowercase),
        }),
    )
}

/// A threshold with its conditions, worst severity first.
fn threshold(answered: &Value) -> Value {
    let levels = list(answered, "levels");
    let sorted =
        SEVERITIES.iter().flat_map(|severity| levels.iter().filter(|level| text(level, "severity") == Some(*severity)));
    let conditions: Vec<Value> = sorted.map(|level| condition(level, name(answered))).collect();
    let blank = facts!({ "target": none(), "metric": none(), "never": false, "because": none() });
    with(&with(&blank, answered.clone()), facts!({ "conditions": conditions }))
}

fn condition(level: &Value, measure: &str) -> Value {
    let anomaly = yes(level, "anomaly");
    let value = if anomaly { fact("anomaly") } else { at(level, "value").clone() };
    let direction = or(at(level, "direction"), fact("above"));
    facts!({
        "severity": at(level, "severity"),
        "condition": facts!({
            "measure": measure, "direction": direction, "value": value,
            "for": at(level, "for"), "text": at(level, "text"),
        }),
    })
}
