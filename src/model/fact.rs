//! Reading and writing the tree of facts that templates see.
//!
//! In: JSON values made from the spec. Out: their parts, `Null` where nothing was answered. Refuses nothing.

use serde_json::{Map, Value};

/// A map of facts in a stable order.
pub type Facts = Map<String, Value>;

static NOTHING: Value = Value::Null;

/// The value at a dotted path; `Null` when a part of it is missing.
pub fn at<'a>(value: &'a Value, path: &str) -> &'a Value {
    path.split('.').fold(value, |value, key| value.get(key).unwrap_or(&NOTHING))
}

/// The text at a dotted path.
pub fn text<'a>(value: &'a Value, path: &str) -> Option<&'a str> {
    at(value, path).as_str()
}

/// The items of the list at a dotted path; none when it isn't a list.
pub fn list<'a>(value: &'a Value, path: &str) -> &'a [Value] {
    at(value, path).as_array().map_or(&[], Vec::as_slice)
}

/// The `name` of an object in a list of names.
pub fn name(value: &Value) -> &str {
    text(value, "name").unwrap_or_default()
}

/// The object of that name.
pub fn named<'a>(items: &'a [Value], wanted: &str) -> Option<&'a Value> {
    items.iter().find(|item| name(item) == wanted)
}

/// The texts of a list.
pub fn texts<'a>(value: &'a Value, path: &str) -> Vec<&'a str> {
    list(value, path).iter().filter_map(Value::as_str).collect()
}

/// The object with more facts; a later fact of the same key wins.
pub fn with(value: &Value, more: Value) -> Value {
    let mut facts = value.as_object().cloned().unwrap_or_default();
    if let Value::Object(more) = more {
        facts.extend(more);
    }
    Value::Object(facts)
}

/// Seconds of a duration such as `30s`, or of a retention such as `30d`, `12w`, `1y`.
pub fn seconds(text: &str) -> Option<u64> {
    let duration = text.parse::<crate::spec::Duration>().map(crate::spec::Duration::seconds);
    duration.ok().or_else(|| Some(text.parse::<crate::spec::Retention>().ok()?.days()? * 86_400))
}
