//! Values with a unit: parsed strictly, printed as they were written.
//!
//! In: raw text. Out: typed values whose canonical text parses back to themselves.
//! Refuses text without a unit, unknown units, and numbers out of range.

pub mod amount;
pub mod condition;
pub mod decimal;
pub mod key;
pub mod measure;
pub mod place;
pub mod range;
pub mod schedule;
pub mod span;
pub mod threshold;
pub mod when;

pub use amount::{Cpu, Money, Percent, Rate, Size};
pub use condition::{Condition, Conditions, Direction, Level, Quantity, Threshold, Verdict};
pub use decimal::Decimal;
pub use key::PublicKey;
pub use measure::{MEASURES, Measure, Unit};
pub use place::{Cidr, Destination, Email, HostName, PathText, Requirement, Url};
pub use range::{Limits, Range};
pub use schedule::{Every, Schedule};
pub use span::{Duration, Retention};
pub use when::{Blackout, Date, Hours, Respond, Trigger};

/// What a unit tells about itself, for messages and for the schema.
pub trait Quantified: std::str::FromStr<Err = String> + std::fmt::Display {
    /// "a duration".
    const WHAT: &'static str;
    const EXAMPLES: &'static [&'static str];
}

/// Decoding, serialising and schema of a value written as one word or phrase.
macro_rules! written_as_text {
    ($($type:ty),+ $(,)?) => { $(
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl $crate::spec::decode::Decode for $type {
            fn decode(node: &$crate::spec::tree::Node, cx: &mut $crate::spec::decode::Context) -> Option<Self> {
                $crate::spec::units::decode_text(node, cx)
            }

            fn poisoned() -> Self {
                $crate::spec::units::example()
            }

            fn schema(_: &mut $crate::spec::decode::Definitions) -> serde_json::Value {
                $crate::spec::units::text_schema::<Self>()
            }
        }
    )+ };
}
pub(crate) use written_as_text;

use super::decode::Context;
use super::scalar::bare;
use super::suggest::either;
use super::tree::Node;
use crate::diagnostic::{Diagnostic, codes};

pub(crate) fn decode_text<T: Quantified>(node: &Node, cx: &mut Context) -> Option<T> {
    let text = bare(node, cx, T::WHAT)?;
    match text.parse() {
        Ok(value) => Some(value),
        Err(why) => {
            let why = if why.is_empty() { String::new() } else { format!(": {why}") };
            let message = format!("{} is {}, and `{text}` is not{why}", cx.path(), T::WHAT);
            let fault = Diagnostic::error(codes::BAD_VALUE, message).at(node.span.clone());
            cx.tell(fault.help(format!("write for example {}", either(T::EXAMPLES.iter().copied()))));
            None
        }
    }
}

/// The first example: the value that stands in for a faulty one.
pub(crate) fn example<T: Quantified>() -> T {
    let parsed = T::EXAMPLES.iter().find_map(|text| text.parse().ok());
    parsed.unwrap_or_else(|| unreachable!("the examples of {} parse", T::WHAT))
}

pub(crate) fn text_schema<T: Quantified>() -> serde_json::Value {
    serde_json::json!({ "type": ["string", "number"], "description": T::WHAT, "examples": T::EXAMPLES })
}

/// Split `12.5GB` where the number ends.
pub(crate) fn number_and_unit(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == '-')).unwrap_or(text.len());
    (&text[..end], text[end..].trim_start())
}
