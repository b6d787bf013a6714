//! Incidents, recovery, resilience, security and documents in their template form.

use super::super::fact::{Value, at, empty, entries, facts, list, nothing, text, texts, with, yes};
use super::{each, or, party};

/// A day that stands in for `{date}` where people read a name.
const SOME_DAY: &str = "2026-11-21";

pub fn incidents(answered: &Value) -> Value {
    let channel = text(answered, "channel");
    let each_day = channel.filter(|name| name.contains("{date}")).map(|name| name.replace("{date}", SOME_DAY));
    let severities = each(at(answered, "severities"), |row| with(row, facts!({ "about": at(row, "meaning") })));
    let tell = each(at(answered, "tell"), |row| with(row, facts!({ "to": at(row, "teams") })));
    with(answered, facts!({ "severities": severities, "tell": tell, "channel_like": each_day }))
}

pub fn recovery(answered: &Value) -> Value {
    let rows = each(at(answered, "scenarios"), |row| with(row, facts!({ "by": each(at(row, "by"), party) })));
    with(answered, facts!({ "rows": rows }))
}

pub fn resilience(answered: &Value) -> Value {
    let defaults = at(answered, "defaults");
    let policies = each(at(answered, "policies"), |row| policy(row, defaults));
    with(answered, facts!({ "defaults": policy(defaults, nothing()), "policies": policies }))
}

/// A row with what the defaults say where it is silent.
fn policy(row: &Value, defaults: &Value) -> Value {
    let inherited = |key: &str| or(at(row, key), at(defaults, key).clone());
    let codes = if list(row, "never_retry").is_empty() { at(defaults, "never_retry") } else { at(row, "never_retry") };
    with(
        row,
        facts!({
            "timeout": inherited("timeout"),
            "retries": inherited("retries"),
            "backoff": backoff(&inherited("backoff")),
            "library": inherited("library"),
            "never_retry": or(codes, empty()),
            "idempotent": yes(row, "idempotent"),
        }),
    )
}

fn backoff(answered: &Value) -> Value {
    let text = answered.as_str().unwrap_or("none");
    let (kind, delay) = text.split_once(' ').map_or((text, None), |(kind, delay)| (kind, Some(delay)));
    facts!({ "text": text, "kind": kind, "delay": delay })
}

pub fn security(answered: &Value) -> Value {
    let fields = entries(at(answered, "encryption.fields"));
    let fields: Vec<Value> = fields.map(|(name, how)| facts!({ "name": name, "how": how })).collect();
    with(answered, facts!({ "encryption": with(at(answered, "encryption"), facts!({ "fields": fields })) }))
}

pub fn docs(answered: &Value) -> Value {
    let write = texts(answered, "write");
    let wanted = |kind: &str| write.is_empty() || write.contains(&kind);
    let status = text(answered, "status").unwrap_or("draft");
    with(
        answered,
        facts!({
            "status": status,
            "runbooks": wanted("runbooks"), "diagrams": wanted("diagrams"),
            "deployment": wanted("deployment"), "specs": true,
        }),
    )
}
