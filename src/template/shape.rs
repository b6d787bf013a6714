//! The fields that a value has, so that a misspelt one is found before anything is rendered.
//!
//! In: a sample value, in which every optional field is null. Out: a tree of known fields. Refuses nothing.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Anything may be asked of it: null in the sample, or the result of a filter.
    Any,
    /// A string, number or boolean.
    Leaf,
    List(Arc<Shape>),
    /// Shared, because every scope of every template holds the whole model.
    Map(Arc<BTreeMap<String, Shape>>),
}

impl Shape {
    pub fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::Any,
            Value::Bool(_) | Value::Number(_) | Value::String(_) => Self::Leaf,
            Value::Array(items) => Self::List(Arc::new(items.iter().map(Self::of).fold(Self::Any, Self::union))),
            Value::Object(map) if map.is_empty() => Self::Any,
            Value::Object(map) => Self::map(map.iter().map(|(key, value)| (key.clone(), Self::of(value)))),
        }
    }

    pub fn map(fields: impl IntoIterator<Item = (String, Self)>) -> Self {
        Self::Map(Arc::new(fields.into_iter().collect()))
    }

    /// What either has.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        match (self, other) {
            (Self::Any, other) | (other, Self::Any) => other,
            (Self::Leaf, Self::Leaf) => Self::Leaf,
            (Self::List(a), Self::List(b)) => Self::List(Arc::new(Self::clone(&a).union(Self::clone(&b)))),
            (Self::Map(a), Self::Map(b)) => {
                let mut fields = Arc::unwrap_or_clone(a);
                for (key, value) in b.iter() {
                    let known = fields.remove(key).unwrap_or(Self::Any);
                    fields.insert(key.clone(), known.union(value.clone()));
                }
                Self::Map(Arc::new(fields))
            }
            _ => Self::Any,
        }
    }

    /// The shape of a field, or the fields there are.
    pub fn field(&self, name: &str) -> Result<Self, Vec<&str>> {
        match self {
            Self::Any => Ok(Self::Any),
            Self::Map(fields) => fields.get(name).cloned().ok_or_else(|| fields.keys().map(String::as_str).collect()),
            Self::Leaf | Self::List(_) => Err(Vec::new()),
        }
    }

    /// The shape of an item of a list.
    pub fn item(&self) -> Self {
        match self {
            Self::List(item) => (**item).clone(),
            _ => Self::Any,
        }
    }
}

/// The known name that a misspelt one is closest to.
pub fn nearest<'n>(name: &str, known: &[&'n str]) -> Option<&'n str> {
    // Of two that are as near, the one that begins alike is meant.
    let begins = |candidate: &str| candidate.chars().next() != name.chars().next();
    let scored = known.iter().map(|candidate| (distance(name, candidate), begins(candidate), *candidate));
    scored.filter(|(distance, ..)| *distance <= name.len().max(3) / 3 + 1).min().map(|(.., candidate)| candidate)
}

/// Levenshtein's distance.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut before = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let cost = before + usize::from(x != *y);
            before = row[j + 1];
            row[j + 1] = cost.min(before + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_know_what_any_of_their_items_has() {
        let shape = Shape::of(&serde_json::json!([{ "a": 1 }, { "a": null, "b": { "c": 1 } }]));
        assert!(shape.item().field("b").unwrap().field("c").is_ok());
        assert_eq!(shape.item().field("d"), Err(vec!["a", "b"]));
        assert_eq!(nearest("servics", &["services", "name"]), Some("services"));
        assert_eq!(nearest("qqqqqqq", &["services", "name"]), None);
    }
}
