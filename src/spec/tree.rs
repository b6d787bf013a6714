//! What the user wrote, with places: maps, lists and raw scalar text.
//!
//! In: nothing; `read` makes it from YAML. Out: nodes to decode, merge and look answers up in.
//! Refuses nothing: `1.10` stays `1.10`, and what a scalar means is decided by whoever decodes it.

use std::sync::{Arc, LazyLock};

use serde_json::Value as Json;

use crate::diagnostic::{Source, Span};

/// A value of the file.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    pub value: Value,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `plain` is false for text in quotes and for block text.
    Scalar {
        text: String,
        plain: bool,
    },
    List(Vec<Node>),
    Map(Vec<Entry>),
}

/// A key with its value, in the order of the file.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub key: String,
    pub key_span: Span,
    pub value: Node,
}

/// The answer that stands at a path, as text, and where.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// `services.api.port`.
    pub path: String,
    pub text: String,
    pub span: Span,
}

static NOWHERE: LazyLock<Arc<Source>> = LazyLock::new(|| Source::new("", ""));

impl Node {
    /// A map without keys that stands nowhere: the start of defaults.
    pub fn empty() -> Self {
        Self { value: Value::Map(Vec::new()), span: Self::nowhere() }
    }

    pub fn nowhere() -> Span {
        Span { source: NOWHERE.clone(), range: 0..0 }
    }

    /// The place, unless the node is a default.
    pub fn place(&self) -> Option<Span> {
        (!self.span.source.name.is_empty()).then(|| self.span.clone())
    }

    /// Nothing was written, or `null`.
    pub fn is_null(&self) -> bool {
        matches!(&self.value, Value::Scalar { text, plain: true } if matches!(text.as_str(), "" | "~" | "null" | "Null" | "NULL"))
    }

    /// The bare word.
    pub fn is_word(&self, word: &str) -> bool {
        matches!(&self.value, Value::Scalar { text, plain: true } if text == word)
    }

    pub fn scalar(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar { text, .. } if !self.is_null() => Some(text),
            _ => None,
        }
    }

    pub fn entries(&self) -> &[Entry] {
        match &self.value {
            Value::Map(entries) => entries,
            _ => &[],
        }
    }

    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entries().iter().find(|entry| entry.key == key).map(|entry| &entry.value)
    }

    /// The node at a dotted path; a number picks from a list.
    pub fn find(&self, path: &str) -> Option<&Node> {
        let mut node = self;
        for part in path.split('.').filter(|part| !part.is_empty()) {
            node = match &node.value {
                Value::List(items) => items.get(part.parse::<usize>().ok()?)?,
                _ => node.get(part)?,
            };
        }
        Some(node)
    }

    /// The answer at a path, when one was given.
    pub fn lookup(&self, path: &str) -> Option<(String, Span)> {
        let node = self.find(path)?;
        (!node.is_null()).then(|| (node.text(), node.span.clone()))
    }

    /// Every answer at a path in which `*` stands for any name.
    pub fn answers(&self, pattern: &str) -> Vec<Answer> {
        let mut found = Vec::new();
        let parts: Vec<&str> = pattern.split('.').filter(|part| !part.is_empty()).collect();
        self.collect(&parts, String::new(), &mut found);
        found
    }

    fn collect(&self, parts: &[&str], path: String, found: &mut Vec<Answer>) {
        let Some((part, rest)) = parts.split_first() else {
            if !self.is_null() {
                found.push(Answer { path, text: self.text(), span: self.span.clone() });
            }
            return;
        };
        let join = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
        match &self.value {
            Value::Map(entries) => {
                for entry in entries.iter().filter(|entry| *part == "*" || entry.key == *part) {
                    entry.value.collect(rest, join(&entry.key), found);
                }
            }
            Value::List(items) => {
                for (at, item) in items.iter().enumerate().filter(|(at, _)| *part == "*" || at.to_string() == *part) {
                    item.collect(rest, join(&at.to_string()), found);
                }
            }
            Value::Scalar { .. } => {}
        }
    }

    /// The value on one line, as a person would say it.
    pub fn text(&self) -> String {
        match &self.value {
            Value::Scalar { text, .. } => text.clone(),
            Value::List(items) => items.iter().map(Node::text).collect::<Vec<_>>().join(", "),
            Value::Map(entries) => {
                let told: Vec<_> =
                    entries.iter().map(|entry| format!("{}: {}", entry.key, entry.value.inner())).collect();
                told.join(", ")
            }
        }
    }

    fn inner(&self) -> String {
        match &self.value {
            Value::Scalar { .. } => self.text(),
            Value::List(_) => format!("[{}]", self.text()),
            Value::Map(_) => format!("{{ {} }}", self.text()),
        }
    }

    /// As JSON, with the YAML 1.2 core meaning of plain scalars.
    pub fn json(&self) -> Json {
        match &self.value {
            _ if self.is_null() => Json::Null,
            Value::Scalar { text, plain } => scalar_json(text, *plain),
            Value::List(items) => items.iter().map(Node::json).collect(),
            Value::Map(entries) => {
                Json::Object(entries.iter().map(|entry| (entry.key.clone(), entry.value.json())).collect())
            }
        }
    }

    /// What kind of thing it is, for messages.
    pub fn kind(&self) -> &'static str {
        match &self.value {
            _ if self.is_null() => "nothing",
            Value::Scalar { .. } => "a single value",
            Value::List(_) => "a list",
            Value::Map(_) => "a map",
        }
    }
}

fn scalar_json(text: &str, plain: bool) -> Json {
    if !plain {
        return Json::from(text);
    }
    match text {
        "true" => Json::from(true),
        "false" => Json::from(false),
        _ => match text.parse::<i64>() {
            Ok(number) => Json::from(number),
            Err(_) => match text.parse::<f64>() {
                Ok(number) if text.starts_with(|c: char| c.is_ascii_digit() || c == '-') => Json::from(number),
                _ => Json::from(text),
            },
        },
    }
}
