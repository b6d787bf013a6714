//! Strategy, migrations and variables in their template form.

use serde_json::{Value, json};

use super::super::fact::{at, name, text, with};
use super::{each, some};

pub fn delivery(answered: &Value) -> Value {
    let rollback = at(answered, "rollback");
    let by = each(at(rollback, "by"), team);
    with(
        answered,
        json!({
            "strategy": strategy(at(answered, "strategy")),
            "rollback": with(rollback, json!({ "by": by })),
        }),
    )
}

/// The team's name; rights belong to a team as a whole.
fn team(party: &Value) -> Value {
    let text = party.as_str().unwrap_or_default();
    json!(text.strip_suffix(" on call").unwrap_or(text))
}

/// The chosen way's own answers stand beside its name.
fn strategy(answered: &Value) -> Value {
    let way = if at(answered, "canary").is_null() { at(answered, "blue_green") } else { at(answered, "canary") };
    let blank = json!({ "steps": [], "bake": null, "success": [], "samples": null, "no_data": null, "switch": null, "keep_old": null });
    let mut facts = with(&blank, way.clone());
    facts["kind"] = at(answered, "kind").clone();
    facts["because"] = at(answered, "because").clone();
    facts
}

pub fn configuration(answered: &Value) -> Value {
    with(answered, json!({ "variables": each(at(answered, "variables"), variable) }))
}

fn variable(answered: &Value) -> Value {
    let values = each(at(answered, "in"), |value| json!({ "environment": name(value), "value": at(value, "value") }));
    with(
        answered,
        json!({
            "default": typed(at(answered, "default"), text(answered, "type").unwrap_or_default()),
            "range": range(at(answered, "range")),
            "length": range(at(answered, "length")),
            "in": values,
        }),
    )
}

/// A default as the type that it has.
fn typed(default: &Value, kind: &str) -> Value {
    let Some(text) = default.as_str() else { return default.clone() };
    match kind {
        "integer" => text.parse::<i64>().map_or_else(|_| default.clone(), Value::from),
        "boolean" => text.parse::<bool>().map_or_else(|_| default.clone(), Value::from),
        _ => default.clone(),
    }
}

fn range(answered: &Value) -> Value {
    let Some(text) = answered.as_str() else { return Value::Null };
    let (min, max) = text.split_once("..").unwrap_or((text, text));
    let bound = |bound: &str| if bound.is_empty() { Value::Null } else { some(&json!(bound)) };
    json!({ "text": text, "min": bound(min), "max": bound(max) })
}
