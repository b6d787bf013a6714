//! Strategy, migrations and variables in their template form.

use super::super::fact::{Value, at, empty, fact, facts, name, none, text, with};
use super::{each, some};

pub fn delivery(answered: &Value) -> Value {
    let rollback = at(answered, "rollback");
    let by = each(at(rollback, "by"), team);
    with(
        answered,
        facts!({
            "strategy": strategy(at(answered, "strategy")),
            "rollback": with(rollback, facts!({ "by": by })),
        }),
    )
}

/// The team's name; rights belong to a team as a whole.
fn team(party: &Value) -> Value {
    let text = party.as_str().unwrap_or_default();
    fact(text.strip_suffix(" on call").unwrap_or(text))
}

/// The chosen way's own answers stand beside its name.
fn strategy(answered: &Value) -> Value {
    let way = if at(answered, "canary").is_none() { at(answered, "blue_green") } else { at(answered, "canary") };
    let blank = facts!({ "steps": empty(), "bake": none(), "success": empty(), "samples": none(), "no_data": none(), "switch": none(), "keep_old": none() });
    let said = facts!({ "kind": at(answered, "kind"), "because": at(answered, "because") });
    with(&with(&blank, way.clone()), said)
}

pub fn configuration(answered: &Value) -> Value {
    with(answered, facts!({ "variables": each(at(answered, "variables"), variable) }))
}

fn variable(answered: &Value) -> Value {
    let values = each(at(answered, "in"), |value| facts!({ "environment": name(value), "value": at(value, "value") }));
    with(
        answered,
        facts!({
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
    let Some(text) = answered.as_str() else { return none() };
    let (min, max) = text.split_once("..").unwrap_or((text, text));
    let bound = |bound: &str| if bound.is_empty() { none() } else { some(&fact(bound)) };
    facts!({ "text": text, "min": bound(min), "max": bound(max) })
}
