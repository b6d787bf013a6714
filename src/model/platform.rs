//! The platform's facts, with every key that some platform has.
//!
//! In: the facts of all platforms. Out: those of the chosen one; what it doesn't say is false for a yes-or-no, otherwise null,
//! so that a template may ask any platform any question that one of them answers.

use serde_json::{Map, Value};

/// Reasons of one platform are no questions to another.
const UNSUPPORTED: &str = "unsupported";

pub fn resolve<'a>(chosen: &Value, all: impl Iterator<Item = &'a Value>) -> Value {
    if chosen.is_null() {
        return Value::Null;
    }
    all.fold(chosen.clone(), completed)
}

fn completed(facts: Value, other: &Value) -> Value {
    let (Value::Object(mut own), Value::Object(other)) = (facts.clone(), other) else { return facts };
    for (key, value) in other.iter().filter(|(key, _)| *key != UNSUPPORTED) {
        let known = own.remove(key).unwrap_or_else(|| silence(value));
        let filled = if known.is_null() && value.is_object() { silence(value) } else { known };
        own.insert(key.clone(), completed(filled, value));
    }
    Value::Object(own)
}

/// What a platform says of a key that it doesn't have.
fn silence(value: &Value) -> Value {
    match value {
        Value::Bool(_) => Value::Bool(false),
        Value::Object(_) => Value::Object(Map::new()),
        Value::Array(_) => Value::Array(Vec::new()),
        _ => Value::Null,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    #[test]
    fn a_platform_answers_what_only_another_one_says() {
        let own = json!({ "id": "a", "capabilities": { "jobs": true } });
        let other =
            json!({ "id": "b", "capabilities": { "volumes": true, "jobs": false }, "unsupported": { "x": "why" } });
        let facts = super::resolve(&own, [&own, &other].into_iter());
        assert_eq!(facts["id"], "a");
        assert_eq!(facts["capabilities"], json!({ "jobs": true, "volumes": false }));
        assert_eq!(facts.get("unsupported"), None);
    }
}
