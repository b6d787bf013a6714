//! Measures, thresholds, channels and logs in their template form.

use serde_json::{Value, json};

use super::super::fact::{at, list, name, text, texts, with};
use super::{each, or, some, time};

/// Severities, worst first.
const SEVERITIES: &[&str] = &["critical", "high", "medium", "low"];
/// Ways to reach people, as a channel names them.
const CHANNELS: &[&str] = &["slack", "pagerduty", "opsgenie", "email", "discord", "teams", "sns", "webhook"];

/// `level` is the environment's own log level.
pub fn observability(answered: &Value, environment: &str, level: Option<&Value>) -> Value {
    let dashboards = at(answered, "dashboards");
    let logs = at(answered, "logs");
    let level = level.filter(|level| !level.is_null()).unwrap_or(at(logs, "level"));
    let here = json!({
        "level": level,
        "keep": by_environment(at(logs, "keep"), environment),
        "body": by_environment(at(logs, "body"), environment),
    });
    let ai = at(answered, "ai");
    with(
        answered,
        json!({
            "dashboards": with(dashboards, json!({ "kinds": kinds(answered) })),
            "logs": with(logs, here),
            "business": each(at(answered, "business"), business),
            "ai": if ai.is_null() { Value::Null } else { with(ai, json!({ "measures": measures(ai) })) },
        }),
    )
}

/// An answer that may differ by environment: a plain value, or a list of `{ name, value }`.
fn by_environment(answered: &Value, environment: &str) -> Value {
    match answered {
        Value::Array(rows) => {
            let row = rows.iter().find(|row| name(row) == environment);
            row.map_or(Value::Null, |row| at(row, "value").clone())
        }
        Value::Object(map) => map.get(environment).cloned().unwrap_or(Value::Null),
        value => value.clone(),
    }
}

/// The dashboards that have something to show.
fn kinds(answered: &Value) -> Vec<String> {
    let said = texts(answered, "dashboards.show");
    let all = ["system", "infrastructure", "business", "ai"];
    let wanted = if said.is_empty() { all.to_vec() } else { said };
    let shown = wanted.into_iter().filter(|kind| match *kind {
        "business" => !list(answered, "business").is_empty(),
        "ai" => !at(answered, "ai").is_null(),
        _ => true,
    });
    shown.map(str::to_owned).collect()
}

fn business(answered: &Value) -> Value {
    let threshold = threshold(&with(at(answered, "alert"), json!({ "name": name(answered) })));
    with(answered, json!({ "target": at(&threshold, "target"), "conditions": at(&threshold, "conditions") }))
}

fn measures(ai: &Value) -> Vec<Value> {
    let sections = ai.as_object().into_iter().flatten().filter(|(_, value)| value.get("levels").is_some());
    sections.map(|(key, value)| threshold(&with(&json!({ "name": key }), value.clone()))).collect()
}

pub fn alerting(answered: &Value) -> Value {
    let on_call = at(answered, "on_call");
    with(
        answered,
        json!({
            "channels": each(at(answered, "channels"), channel),
            "thresholds": each(at(answered, "thresholds"), threshold),
            "on_call": with(on_call, json!({ "tool": some(at(on_call, "tool")), "hours": time::hours(at(on_call, "hours")) })),
        }),
    )
}

fn channel(answered: &Value) -> Value {
    let kind = CHANNELS.iter().find(|kind| !at(answered, kind).is_null());
    let secret = text(answered, "url").or(text(answered, "key"));
    with(
        answered,
        json!({
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
    let blank = json!({ "target": null, "metric": null, "never": false, "because": null });
    with(&with(&blank, answered.clone()), json!({ "conditions": conditions }))
}

fn condition(level: &Value, measure: &str) -> Value {
    let anomaly = at(level, "anomaly") == &json!(true);
    let value = if anomaly { json!("anomaly") } else { at(level, "value").clone() };
    let direction = or(at(level, "direction"), json!("above"));
    json!({
        "severity": at(level, "severity"),
        "condition": {
            "measure": measure, "direction": direction, "value": value,
            "for": at(level, "for"), "text": at(level, "text"),
        },
    })
}
