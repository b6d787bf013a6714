//! Maps whose keys are names: they keep the order and place of each name.

use std::marker::PhantomData;

use serde::{Serialize, Serializer};
use serde_json::{Value as Json, json};

use super::decode::{Context, Decode, Definitions, Shape, yaml_boolean};
use super::scalar::Text;
use super::tree::{Node, Value};
use crate::diagnostic::{Diagnostic, codes};

/// What a name may look like.
pub trait NameKind {
    const WHAT: &'static str;
    const PATTERN: &'static str;
    fn fits(name: &str) -> bool;
}

macro_rules! name_kind {
    ($(#[doc = $doc:literal])+ $name:ident, $what:literal, $pattern:literal, $fits:expr) => {
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub struct $name;

        impl NameKind for $name {
            const WHAT: &'static str = $what;
            const PATTERN: &'static str = $pattern;

            fn fits(name: &str) -> bool {
                let fits: fn(&str) -> bool = $fits;
                fits(name)
            }
        }
    };
}

fn of(name: &str, most: usize, first: fn(char) -> bool, rest: fn(char) -> bool) -> bool {
    name.len() <= most && name.starts_with(first) && name.chars().all(rest)
}

name_kind!(
    /// Ends up in paths and host names.
    Label, "lower-case letters, digits and single dashes, at most 40, starting with a letter", "^[a-z][a-z0-9]*(-[a-z0-9]+)*$",
    |name| of(name, 40, |c| c.is_ascii_lowercase(), |c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
        && !name.ends_with('-') && !name.contains("--")
);
name_kind!(
    /// An environment variable.
    EnvName, "upper-case letters, digits and `_`, starting with a letter", "^[A-Z_][A-Z0-9_]{0,99}$",
    |name| of(name, 100, |c| c.is_ascii_uppercase() || c == '_', |c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
);
name_kind!(
    /// A word of code: metric, flag, role.
    Word, "letters, digits, `_` and `-`, starting with a letter", "^[A-Za-z][A-Za-z0-9_-]{0,99}$",
    |name| of(name, 100, |c| c.is_ascii_alphabetic(), |c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
);
name_kind!(
    /// Anything on one line: patterns, globs.
    Line, "text on one line", "^[^\\x00-\\x1f]{1,200}$",
    |name| !name.is_empty() && name.len() <= 200 && !name.chars().any(char::is_control)
);

/// A value with its name. Serialises as one object with `name` first.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Named<T> {
    pub name: Text,
    #[serde(flatten)]
    pub value: T,
}

/// A map of names, in the order of the file. Serialises as a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Map<T, K = Label> {
    pub entries: Vec<Named<T>>,
    kind: PhantomData<K>,
}

impl<T, K> Default for Map<T, K> {
    fn default() -> Self {
        Self { entries: Vec::new(), kind: PhantomData }
    }
}

impl<T, K> Map<T, K> {
    pub fn get(&self, name: &str) -> Option<&T> {
        self.entries.iter().find(|entry| entry.name == *name).map(|entry| &entry.value)
    }

    pub fn get_mut(&mut self, name: &str) -> Option<&mut T> {
        self.entries.iter_mut().find(|entry| entry.name == *name).map(|entry| &mut entry.value)
    }

    pub fn contains(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    pub fn iter(&self) -> std::slice::Iter<'_, Named<T>> {
        self.entries.iter()
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|entry| entry.name.as_str())
    }

    pub fn len(&self) -> usize {
        self.entries.len()
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

impl<'a, T, K> IntoIterator for &'a Map<T, K> {
    type Item = &'a Named<T>;
    type IntoIter = std::slice::Iter<'a, Named<T>>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.iter()
    }
}

impl<T: Serialize, K> Serialize for Map<T, K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.entries.serialize(serializer)
    }
}

impl<T: Decode, K: NameKind> Decode for Map<T, K> {
    fn decode(node: &Node, cx: &mut Context) -> Option<Self> {
        let empty = matches!(&node.value, Value::List(items) if items.is_empty()) || node.is_word("none");
        if empty {
            return Some(Self::default());
        }
        let Value::Map(written) = &node.value else {
            cx.wrong_kind(node, "a map of names");
            return None;
        };
        let mut entries = Vec::new();
        for entry in written {
            if yaml_boolean(entry, cx) || (entry.value.is_null() && node.span.source.name.is_empty()) {
                continue;
            }
            if !K::fits(&entry.key) {
                let message = format!("`{}` can't be a name in {}", entry.key, cx.path());
                let fault = Diagnostic::error(codes::BAD_NAME, message).at(entry.key_span.clone());
                cx.tell(fault.help(format!("use {}", K::WHAT)));
            }
            let value = cx.enter::<T>(&entry.key, &entry.key_span, &entry.value).unwrap_or_else(T::poisoned);
            let name = Text { text: entry.key.clone(), span: Some(entry.key_span.clone()) };
            entries.push(Named { name, value: value.named(&entry.key) });
        }
        Some(Self { entries, kind: PhantomData })
    }

    fn absent() -> Option<Self> {
        Some(Self::default())
    }

    fn poisoned() -> Self {
        Self::default()
    }

    fn schema(defs: &mut Definitions) -> Json {
        let object = json!({
            "type": "object",
            "propertyNames": { "pattern": K::PATTERN },
            "additionalProperties": T::schema(defs),
        });
        json!({ "anyOf": [object, { "type": "array", "maxItems": 0 }, { "const": "none" }] })
    }

    fn shape() -> Shape {
        Shape::Names(Box::new(T::shape()))
    }
}

/// Free pairs of words, such as tags. Serialises as an object.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Labels(pub Vec<(String, Text)>);

impl Serialize for Labels {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

impl Decode for Labels {
    fn decode(node: &Node, cx: &mut Context) -> Option<Self> {
        let Value::Map(written) = &node.value else {
            cx.wrong_kind(node, "a map of words");
            return None;
        };
        let pairs = written.iter().filter_map(|entry| {
            let value = cx.enter(&entry.key, &entry.key_span, &entry.value)?;
            Some((entry.key.clone(), value))
        });
        Some(Self(pairs.collect()))
    }

    fn absent() -> Option<Self> {
        Some(Self::default())
    }

    fn poisoned() -> Self {
        Self::default()
    }

    fn schema(defs: &mut Definitions) -> Json {
        json!({ "type": "object", "additionalProperties": Text::schema(defs) })
    }

    fn shape() -> Shape {
        Shape::Any
    }
}

/// Whatever the user writes: inputs of a blueprint, what an environment overlays. Serialises as JSON.
#[derive(Clone, Debug, PartialEq)]
pub struct Raw(pub Node);

impl Serialize for Raw {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.json().serialize(serializer)
    }
}

impl Decode for Raw {
    fn decode(node: &Node, _: &mut Context) -> Option<Self> {
        Some(Self(node.clone()))
    }

    fn absent() -> Option<Self> {
        Some(Self::poisoned())
    }

    fn poisoned() -> Self {
        Self(Node::empty())
    }

    fn schema(_: &mut Definitions) -> Json {
        json!({})
    }

    fn shape() -> Shape {
        Shape::Any
    }
}
