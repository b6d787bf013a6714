//! From one value to another: `1..100`, `32..`, `250m..500m`.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

use super::{Cpu, Decimal, Quantified, Size, written_as_text};

/// A range with one end open at most; a single value is the range from it to itself.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range<T> {
    pub min: Option<T>,
    pub max: Option<T>,
}

impl<T: FromStr<Err = String> + PartialOrd + Clone> FromStr for Range<T> {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let Some((low, high)) = text.split_once("..") else {
            let value: T = text.parse()?;
            return Ok(Self { min: Some(value.clone()), max: Some(value) });
        };
        let end = |text: &str| if text.is_empty() { Ok(None) } else { text.parse().map(Some) };
        let (min, max) = (end(low)?, end(high)?);
        match (&min, &max) {
            (None, None) => Err("at least one end".to_owned()),
            (Some(low), Some(high)) if low > high => Err("the smaller value comes first".to_owned()),
            _ => Ok(Self { min, max }),
        }
    }
}

impl<T: fmt::Display + PartialEq> fmt::Display for Range<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let (Some(min), Some(max)) = (&self.min, &self.max)
            && min == max
        {
            return write!(f, "{min}");
        }
        self.min.iter().try_for_each(|min| write!(f, "{min}"))?;
        f.write_str("..")?;
        self.max.iter().try_for_each(|max| write!(f, "{max}"))
    }
}

impl Quantified for Range<Decimal> {
    const WHAT: &'static str = "a range of numbers";
    const EXAMPLES: &'static [&'static str] = &["1..100", "32.."];
}

written_as_text!(Range<Decimal>);

/// What a process asks for and what it may not exceed: `250m..500m`, or one value for both.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Limits<T> {
    pub request: T,
    pub limit: T,
}

impl<T: FromStr<Err = String> + PartialOrd + Clone> FromStr for Limits<T> {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.parse::<Range<T>>()? {
            Range { min: Some(request), max: Some(limit) } => Ok(Self { request, limit }),
            _ => Err("both ends, or one value".to_owned()),
        }
    }
}

impl<T: fmt::Display + PartialEq> fmt::Display for Limits<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.request == self.limit {
            return write!(f, "{}", self.request);
        }
        write!(f, "{}..{}", self.request, self.limit)
    }
}

impl Quantified for Limits<Cpu> {
    const WHAT: &'static str = "a number of processors, or a range of them";
    const EXAMPLES: &'static [&'static str] = &["500m", "250m..500m"];
}

impl Quantified for Limits<Size> {
    const WHAT: &'static str = "a size, or a range of sizes";
    const EXAMPLES: &'static [&'static str] = &["512MiB", "256MiB..512MiB"];
}

macro_rules! limits {
    ($($type:ty),+) => { $(
        impl crate::spec::decode::Decode for Limits<$type> {
            fn decode(node: &crate::spec::tree::Node, cx: &mut crate::spec::decode::Context) -> Option<Self> {
                super::decode_text(node, cx)
            }

            fn poisoned() -> Self {
                super::example()
            }

            fn schema(_: &mut crate::spec::decode::Definitions) -> serde_json::Value {
                super::text_schema::<Self>()
            }

            fn shape() -> crate::spec::decode::Shape {
                use crate::spec::decode::Shape;
                Shape::Object(vec![("request", Shape::Scalar), ("limit", Shape::Scalar)])
            }
        }
    )+ };
}
limits!(Cpu, Size);
