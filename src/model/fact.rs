//! Reading and writing the tree of facts that templates see.
//!
//! In: values made from the spec. Out: their parts, nothing where nothing was answered. Refuses nothing.
//! A fact is a value of the template engine: lists and maps are shared, so a copy costs next to nothing.

use std::sync::LazyLock;

use indexmap::Equivalent;
use serde::Serialize;
pub use tera::value::Key;
pub use tera::{Map, Value};

static NOTHING: LazyLock<Value> = LazyLock::new(Value::none);

/// A map of facts, written `facts!({ "name": value, … })`; keys keep their order.
macro_rules! facts {
    ({ $($key:tt : $value:expr),* $(,)? }) => {{
        let pairs = [$(($crate::model::fact::Key::Str($key), $crate::model::fact::fact(&$value))),*];
        $crate::model::fact::Value::from($crate::model::fact::Map::from_iter(pairs))
    }};
}
pub(crate) use facts;

/// Whatever can be written down, as a fact.
pub fn fact(value: impl Serialize) -> Value {
    Value::from_serializable(&value)
}

/// The fact that nothing was answered.
pub fn none() -> Value {
    Value::none()
}

/// The same, for whoever looks at it.
pub fn nothing() -> &'static Value {
    &NOTHING
}

/// A list without items.
pub fn empty() -> Value {
    Value::from(Vec::<Value>::new())
}

/// The value of a key; nothing when it is missing.
pub fn get<'a>(value: &'a Value, key: &str) -> &'a Value {
    value.as_map().and_then(|facts| facts.get(&Named(key))).unwrap_or(&NOTHING)
}

/// A key to look up, which need not live as long as the facts.
#[derive(Hash)]
struct Named<'k>(&'k str);

impl Equivalent<Key<'static>> for Named<'_> {
    fn equivalent(&self, key: &Key<'static>) -> bool {
        key.as_str() == Some(self.0)
    }
}

/// The value at a dotted path; nothing when a part of it is missing.
pub fn at<'a>(value: &'a Value, path: &str) -> &'a Value {
    path.split('.').fold(value, get)
}

/// The text at a dotted path.
pub fn text<'a>(value: &'a Value, path: &str) -> Option<&'a str> {
    at(value, path).as_str()
}

/// Whether the answer at a dotted path is yes.
pub fn yes(value: &Value, path: &str) -> bool {
    at(value, path).as_bool() == Some(true)
}

/// Whether the answer at a dotted path is no, which is more than no answer.
pub fn no(value: &Value, path: &str) -> bool {
    at(value, path).as_bool() == Some(false)
}

/// The items of the list at a dotted path; none when it isn't a list.
pub fn list<'a>(value: &'a Value, path: &str) -> &'a [Value] {
    at(value, path).as_array().unwrap_or_default()
}

/// The keys and values of a map; none when it isn't one.
pub fn entries(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value.as_map().into_iter().flatten().filter_map(|(key, value)| Some((key.as_str()?, value)))
}

/// What a map says: without keys that hold nothing or an empty list.
pub fn spoken(value: &Value) -> impl Iterator<Item = (Key<'static>, Value)> {
    let silent = |value: &Value| value.is_none() || value.as_array().is_some_and(<[Value]>::is_empty);
    let said = value.as_map().into_iter().flatten().filter(move |(_, value)| !silent(value));
    said.map(|(key, value)| (key.clone(), value.clone()))
}

/// The `name` of an object in a list of names.
pub fn name(value: &Value) -> &str {
    get(value, "name").as_str().unwrap_or_default()
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
    let Some(own) = value.as_map().filter(|own| !own.is_empty()) else {
        return if more.is_map() { more } else { Value::from(Map::new()) };
    };
    let mut facts = own.clone();
    facts.extend(more.into_map().unwrap_or_default());
    Value::from(facts)
}

/// A map of what each name stands for.
pub fn table(rows: impl IntoIterator<Item = (String, Value)>) -> Value {
    Value::from(rows.into_iter().map(|(name, value)| (Key::from(name), value)).collect::<Map>())
}

/// Days of a retention, whose `m` are months.
pub fn days(text: &str) -> Option<u64> {
    text.parse::<crate::spec::Retention>().ok()?.days()
}

/// Seconds of a duration such as `30s`, or of a retention such as `30d`, `12w`, `1y`.
pub fn seconds(text: &str) -> Option<u64> {
    let duration = text.parse::<crate::spec::Duration>().map(crate::spec::Duration::seconds);
    duration.ok().or_else(|| Some(text.parse::<crate::spec::Retention>().ok()?.days()? * 86_400))
}
