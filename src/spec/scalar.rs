//! Single values: text with its place, booleans, whole numbers, and the wrappers around any value.

use std::fmt;
use std::ops::Deref;

use serde::{Serialize, Serializer};
use serde_json::{Value as Json, json};

use super::decode::{Context, Decode, Definitions, Shape};
use super::suggest::{either, nearest};
use super::tree::{Node, Value};
use crate::diagnostic::{Diagnostic, Span, codes};

/// Text that knows where it was written. Serialises as the plain text.
#[derive(Clone, Debug, Default)]
pub struct Text {
    pub text: String,
    /// `None` for defaults.
    pub span: Option<Span>,
}

impl Text {
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl PartialEq<str> for Text {
    fn eq(&self, other: &str) -> bool {
        self.text == other
    }
}

impl PartialEq<&str> for Text {
    fn eq(&self, other: &&str) -> bool {
        self.text == *other
    }
}

impl Eq for Text {}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self { text: text.to_owned(), span: None }
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

/// The text of a single value, or the fault told.
pub fn bare<'a>(node: &'a Node, cx: &mut Context, wanted: &str) -> Option<&'a str> {
    let text = node.scalar();
    if text.is_none() {
        cx.wrong_kind(node, wanted);
    }
    text
}

/// Tell that a word is none of those allowed.
pub fn not_a_word(node: &Node, word: &str, words: &[&str], cx: &mut Context) {
    let message = format!("{} can't be `{word}`", cx.path());
    let fault = Diagnostic::error(codes::NOT_A_CHOICE, message).at(node.span.clone());
    let fault = match nearest(word, words.iter().copied()) {
        Some(near) => fault.label(format!("did you mean `{near}`?")),
        None => fault,
    };
    cx.tell(fault.help(format!("write {}", either(words.iter().copied()))));
}

impl Decode for Text {
    fn decode(node: &Node, cx: &mut Context) -> Option<Self> {
        let text = bare(node, cx, "text")?;
        if let Some(bad) = text.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\t')) {
            let message = format!("{} holds the control character U+{:04X}", cx.path(), bad as u32);
            cx.tell(Diagnostic::error(codes::CONTROL_CHARACTER, message).at(node.span.clone()));
            return None;
        }
        Some(Self { text: text.to_owned(), span: node.place() })
    }

    fn poisoned() -> Self {
        Self::default()
    }

    fn schema(_: &mut Definitions) -> Json {
        json!({ "type": ["string", "number", "boolean"] })
    }
}

impl Decode for bool {
    fn decode(node: &Node, cx: &mut Context) -> Option<Self> {
        match bare(node, cx, "true or false")? {
            "true" => Some(true),
            "false" => Some(false),
            word => {
                let fault =
                    Diagnostic::error(codes::NOT_A_CHOICE, format!("{} is true or false, not `{word}`", cx.path()));
                let meant = match word.to_lowercase().as_str() {
                    "yes" | "on" => Some("true"),
                    "no" | "off" | "none" => Some("false"),
                    _ => None,
                };
                let help = meant.map_or_else(|| "write `true` or `false`".to_owned(), |word| format!("write `{word}`"));
                cx.tell(fault.at(node.span.clone()).help(help));
                None
            }
        }
    }

    fn poisoned() -> Self {
        false
    }

    fn schema(_: &mut Definitions) -> Json {
        json!({ "type": "boolean" })
    }
}

macro_rules! whole_number {
    ($($type:ty),+) => { $(
        impl Decode for $type {
            fn decode(node: &Node, cx: &mut Context) -> Option<Self> {
                let text = bare(node, cx, "a whole number")?;
                let number = text.parse().ok();
                if number.is_none() {
                    let message = format!("{} is a whole number from 0 to {}, not `{text}`", cx.path(), <$type>::MAX);
                    cx.tell(Diagnostic::error(codes::BAD_VALUE, message).at(node.span.clone()));
                }
                number
            }

            fn poisoned() -> Self {
                1
            }

            fn schema(_: &mut Definitions) -> Json {
                json!({ "type": "integer", "minimum": 0, "maximum": <$type>::MAX })
            }
        }
    )+ };
}
whole_number!(u16, u32);

impl<T: Decode> Decode for Option<T> {
    fn decode(node: &Node, cx: &mut Context) -> Option<Self> {
        T::decode(node, cx).map(Some)
    }

    fn absent() -> Option<Self> {
        Some(None)
    }

    fn poisoned() -> Self {
        None
    }

    fn schema(defs: &mut Definitions) -> Json {
        T::schema(defs)
    }

    fn shape() -> Shape {
        T::shape()
    }
}

impl<T: Decode> Decode for Box<T> {
    fn decode(node: &Node, cx: &mut Context) -> Option<Self> {
        T::decode(node, cx).map(Box::new)
    }

    fn absent() -> Option<Self> {
        T::absent().map(Box::new)
    }

    fn poisoned() -> Self {
        Box::new(T::poisoned())
    }

    fn schema(defs: &mut Definitions) -> Json {
        T::schema(defs)
    }

    fn shape() -> Shape {
        T::shape()
    }
}

/// A list. One value may stand without brackets, and `none` is the empty list.
impl<T: Decode> Decode for Vec<T> {
    fn decode(node: &Node, cx: &mut Context) -> Option<Self> {
        match &node.value {
            Value::List(items) => Some(items.iter().filter_map(|item| T::decode(item, cx)).collect()),
            _ if node.is_word("none") => Some(Vec::new()),
            _ => T::decode(node, cx).map(|one| vec![one]),
        }
    }

    fn absent() -> Option<Self> {
        Some(Vec::new())
    }

    fn poisoned() -> Self {
        Vec::new()
    }

    fn schema(defs: &mut Definitions) -> Json {
        let item = T::schema(defs);
        json!({ "anyOf": [{ "type": "array", "items": item.clone() }, item, { "const": "none" }] })
    }

    fn shape() -> Shape {
        Shape::List(Box::new(T::shape()))
    }
}

/// An answer that may be `none`: said so, which is not the same as unanswered. Both serialise as null.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Maybe<T> {
    #[default]
    Unanswered,
    /// `none` was written.
    No,
    Yes(T),
}

impl<T> Maybe<T> {
    pub fn as_ref(&self) -> Option<&T> {
        match self {
            Self::Yes(value) => Some(value),
            _ => None,
        }
    }

    /// Whether the question was answered, with a value or with `none`.
    pub fn is_answered(&self) -> bool {
        !matches!(self, Self::Unanswered)
    }
}

impl<T: Serialize> Serialize for Maybe<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.as_ref().serialize(serializer)
    }
}

impl<T: Decode> Decode for Maybe<T> {
    fn decode(node: &Node, cx: &mut Context) -> Option<Self> {
        if node.is_word("none") || node.is_word("false") {
            return Some(Self::No);
        }
        T::decode(node, cx).map(Self::Yes)
    }

    fn absent() -> Option<Self> {
        Some(Self::Unanswered)
    }

    fn poisoned() -> Self {
        Self::Unanswered
    }

    fn schema(defs: &mut Definitions) -> Json {
        json!({ "anyOf": [{ "enum": ["none", false] }, T::schema(defs)] })
    }

    fn shape() -> Shape {
        T::shape()
    }
}
