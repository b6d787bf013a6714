//! Values that only the sections need: commands, multiples, answers by environment.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};
use serde_json::{Value as Json, json};

use crate::diagnostic::{Diagnostic, codes};
use crate::spec::decode::{Context, Decode, Definitions, Shape};
use crate::spec::scalar::Text;
use crate::spec::tree::{Node, Value};
use crate::spec::units::{Decimal, Money, Percent, Quantified, Rate, written_as_text};

/// A command as its words. A text is split at blanks, or given to `sh -c` when it is more than words.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Command(pub Vec<String>);

impl Decode for Command {
    fn decode(node: &Node, cx: &mut Context) -> Option<Self> {
        let words = match &node.value {
            Value::List(items) => {
                items.iter().map(|item| Text::decode(item, cx).map(|word| word.text)).collect::<Option<_>>()?
            }
            _ => split(&Text::decode(node, cx)?),
        };
        if Vec::is_empty(&words) {
            cx.tell(Diagnostic::error(codes::BAD_VALUE, format!("{} is empty", cx.path())).at(node.span.clone()));
            return None;
        }
        Some(Self(words))
    }

    fn poisoned() -> Self {
        Self::default()
    }

    fn schema(_: &mut Definitions) -> Json {
        let word = json!({ "type": ["string", "number", "boolean"] });
        json!({ "anyOf": [{ "type": "string" }, { "type": "array", "items": word, "minItems": 1 }] })
    }

    fn shape() -> Shape {
        Shape::List(Box::new(Shape::Scalar))
    }
}

fn split(text: &str) -> Vec<String> {
    if text.contains(|c: char| "\"'`$&|;<>(){}*?[]~#\\\n".contains(c)) {
        return vec!["sh".into(), "-c".into(), text.into()];
    }
    text.split_whitespace().map(str::to_owned).collect()
}

/// A rate, or a multiple of the usual one.
#[derive(Clone, Debug, PartialEq)]
pub enum Peak {
    Times(Decimal),
    Rate(Rate),
}

impl Quantified for Peak {
    const WHAT: &'static str = "a multiple or a rate";
    const EXAMPLES: &'static [&'static str] = &["4x", "200rps"];
}

impl FromStr for Peak {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.strip_suffix('x') {
            Some(times) => times.parse().map(Self::Times),
            None => text.parse().map(Self::Rate),
        }
    }
}

impl fmt::Display for Peak {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Times(times) => write!(f, "{times}x"),
            Self::Rate(rate) => rate.fmt(f),
        }
    }
}

/// When to say that money runs out: an amount, or a share of the budget.
#[derive(Clone, Debug, PartialEq)]
pub enum BudgetAlert {
    Amount(Money),
    Share(Percent),
}

impl Quantified for BudgetAlert {
    const WHAT: &'static str = "an amount of money or a share of the budget";
    const EXAMPLES: &'static [&'static str] = &["120 USD", "80%"];
}

impl FromStr for BudgetAlert {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.ends_with('%') { text.parse().map(Self::Share) } else { text.parse().map(Self::Amount) }
    }
}

impl fmt::Display for BudgetAlert {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Amount(amount) => amount.fmt(f),
            Self::Share(share) => share.fmt(f),
        }
    }
}

written_as_text!(Peak, BudgetAlert);

/// One answer for all environments, or one for each. Serialises as the one answer, else null:
/// inside an environment there is always one.
#[derive(Clone, Debug, PartialEq)]
pub enum PerEnvironment<T> {
    All(T),
    Each(Vec<(Text, T)>),
}

impl<T> PerEnvironment<T> {
    pub fn of(&self, environment: &str) -> Option<&T> {
        match self {
            Self::All(value) => Some(value),
            Self::Each(values) => values.iter().find(|(name, _)| *name == *environment).map(|(_, value)| value),
        }
    }

    pub fn all(&self) -> Option<&T> {
        match self {
            Self::All(value) => Some(value),
            Self::Each(_) => None,
        }
    }
}

impl<T: Serialize> Serialize for PerEnvironment<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.all().serialize(serializer)
    }
}

impl<T: Decode> Decode for PerEnvironment<T> {
    fn decode(node: &Node, cx: &mut Context) -> Option<Self> {
        let Value::Map(entries) = &node.value else { return T::decode(node, cx).map(Self::All) };
        let values = entries.iter().filter_map(|entry| {
            let value = cx.enter(&entry.key, &entry.key_span, &entry.value)?;
            Some((Text { text: entry.key.clone(), span: Some(entry.key_span.clone()) }, value))
        });
        Some(Self::Each(values.collect()))
    }

    fn poisoned() -> Self {
        Self::Each(Vec::new())
    }

    fn schema(defs: &mut Definitions) -> Json {
        let value = T::schema(defs);
        json!({ "anyOf": [value.clone(), { "type": "object", "additionalProperties": value }] })
    }

    fn shape() -> Shape {
        T::shape()
    }
}
