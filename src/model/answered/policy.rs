//! Incidents, recovery, resilience, security and documents in their template form.

use serde_json::{Value, json};

use super::super::fact::{at, list, text, texts, with};
use super::{each, or, party};

pub fn incidents(answered: &Value) -> Value {
    let severities = each(at(answered, "severities"), |row| with(row, json!({ "about": at(row, "meaning") })));
    let tell = each(at(answered, "tell"), |row| with(row, json!({ "to": at(row, "teams") })));
    with(answered, json!({ "severities": severities, "tell": tell }))
}

pub fn recovery(answered: &Value) -> Value {
    let rows = each(at(answered, "scenarios"), |row| with(row, json!({ "by": each(at(row, "by"), party) })));
    with(answered, json!({ "rows": rows }))
}

pub fn resilience(answered: &Value) -> Value {
    let defaults = at(answered, "defaults");
    let policies = each(at(answered, "policies"), |row| policy(row, defaults));
    with(answered, json!({ "defaults": policy(defaults, &Value::Null), "policies": policies }))
}

/// A row with what the defaults say where it is silent.
fn policy(row: &Value, defaults: &Value) -> Value {
    let inherited = |key: &str| or(at(row, key), at(defaults, key).clone());
    let codes = if list(row, "never_retry").is_empty() { at(defaults, "never_retry") } else { at(row, "never_retry") };
    with(
        row,
        json!({
            "timeout": inherited("timeout"),
            "retries": inherited("retries"),
            "backoff": backoff(&inherited("backoff")),
            "library": inherited("library"),
            "never_retry": or(codes, json!([])),
            "idempotent": at(row, "idempotent") == &json!(true),
        }),
    )
}

fn backoff(answered: &Value) -> Value {
    let text = answered.as_str().unwrap_or("none");
    let (kind, delay) = text.split_once(' ').map_or((text, None), |(kind, delay)| (kind, Some(delay)));
    json!({ "text": text, "kind": kind, "delay": delay })
}

pub fn security(answered: &Value) -> Value {
    let fields = at(answered, "encryption.fields").as_object().into_iter().flatten();
    let fields: Vec<Value> = fields.map(|(name, how)| json!({ "name": name, "how": how })).collect();
    with(answered, json!({ "encryption": with(at(answered, "encryption"), json!({ "fields": fields })) }))
}

pub fn docs(answered: &Value) -> Value {
    let write = texts(answered, "write");
    let wanted = |kind: &str| write.is_empty() || write.contains(&kind);
    let status = text(answered, "status").unwrap_or("draft");
    with(
        answered,
        json!({
            "status": status,
            "runbooks": wanted("runbooks"), "diagrams": wanted("diagrams"),
            "deployment": wanted("deployment"), "specs": true,
        }),
    )
}
