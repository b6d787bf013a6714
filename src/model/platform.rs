//! The platform's facts, with every key that some platform has.
//!
//! In: the facts of all platforms. Out: those of the chosen one; what it doesn't say is false for a yes-or-no, otherwise null,
//! so that a template may ask any platform any question that one of them answers.
use tera::value::ValueKind;

use super::fact::{Map, Value, empty, none};

/// Reasons of one platform are no questions to another.
const UNSUPPORTED: &str = "unsupported";

pub fn resolve<'a>(chosen: &Value, all: impl Iterator<Item = &'a Value>) -> Value {
    if chosen.is_none() {
        return none();
    }
    all.fold(chosen.clone(), completed)
}

fn completed(facts: Value, other: &Value) -> Value {
    let (Some(own), Some(other)) = (facts.as_map(), other.as_map()) else { return facts };
    let mut own = own.clone();
    for (key, value) in other.iter().filter(|(key, _)| key.as_str() != Some(UNSUPPORTED)) {
        let known = own.get(key).cloned().unwrap_or_else(|| silence(value));
        let filled = if known.is_none() && value.is_map() { silence(value) } else { known };
        own.insert(key.clone(), completed(filled, value));
    }
    Value::from(own)
}

/// What a platform says of a key that it doesn't have.
fn silence(value: &Value) -> Value {
    match value.kind() {
        ValueKind::Bool => Value::from(false),
        ValueKind::Map => Value::from(Map::new()),
        ValueKind::Array => empty(),
        _ => none(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::model::fact::fact;

    #[test]
    fn a_platform_answers_what_only_another_one_says() {
        let own = json!({ "id": "a", "capabilities": { "jobs": true } });
        let other =
            json!({ "id": "b", "capabilities": { "volumes": true, "jobs": false }, "unsupported": { "x": "why" } });
        let (own, other) = (fact(own), fact(other));
        let facts: Value = serde_json::to_value(super::resolve(&own, [&own, &other].into_iter())).expect("facts");
        assert_eq!(facts["id"], "a");
        assert_eq!(facts["capabilities"], json!({ "jobs": true, "volumes": false }));
        assert_eq!(facts.get("unsupported"), None);
    }
}
