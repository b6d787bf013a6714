//! When something is too much or too little: `[above|below] VALUE [for DURATION]`, `never`, `anomaly`.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;
use serde::ser::SerializeStruct;

use super::{Decimal, Duration, Measure, Money, Percent, Quantified, Rate, Size};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    Above,
    Below,
}

impl Direction {
    pub fn word(self) -> &'static str {
        match self {
            Self::Above => "above",
            Self::Below => "below",
        }
    }
}

/// A number with whatever unit it carries.
#[derive(Clone, Debug, PartialEq)]
pub enum Quantity {
    Percent(Percent),
    Duration(Duration),
    Size(Size),
    Rate(Rate),
    Money(Money),
    Number(Decimal),
}

impl Quantity {
    /// As a plain number in base units: ratio, seconds, bytes, per second, amount.
    #[allow(clippy::cast_precision_loss)]
    pub fn base(&self) -> f64 {
        match self {
            Self::Percent(share) => share.ratio(),
            Self::Duration(time) => time.millis() as f64 / 1000.0,
            Self::Size(size) => size.bytes() as f64,
            Self::Rate(rate) => rate.per_second(),
            Self::Money(money) => money.amount.to_f64(),
            Self::Number(number) => number.to_f64(),
        }
    }
}

impl Quantified for Quantity {
    const WHAT: &'static str = "a value with its unit";
    const EXAMPLES: &'static [&'static str] = &["5%", "500ms", "100", "250rps"];
}

impl FromStr for Quantity {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parsed = text.parse().map(Self::Percent).or_else(|_| text.parse().map(Self::Number));
        let parsed = parsed.or_else(|_: String| text.parse().map(Self::Rate));
        let parsed = parsed.or_else(|_: String| text.parse().map(Self::Money));
        let parsed = parsed.or_else(|_: String| text.parse().map(Self::Duration));
        parsed
            .or_else(|_: String| text.parse().map(Self::Size))
            .map_err(|_: String| format!("`{text}` is no value with a unit"))
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Percent(value) => value.fmt(f),
            Self::Duration(value) => value.fmt(f),
            Self::Size(value) => value.fmt(f),
            Self::Rate(value) => value.fmt(f),
            Self::Money(value) => value.fmt(f),
            Self::Number(value) => value.fmt(f),
        }
    }
}

/// What is held against a measure.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// Past this value.
    Past(Quantity),
    /// Turned off.
    Never,
    /// Unlike its own past.
    Anomaly,
}

/// One condition. Its direction is the measure's own unless said.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    pub direction: Option<Direction>,
    pub verdict: Verdict,
    pub lasting: Option<Duration>,
}

impl Condition {
    pub fn value(&self) -> Option<&Quantity> {
        match &self.verdict {
            Verdict::Past(value) => Some(value),
            _ => None,
        }
    }

    pub fn is_never(&self) -> bool {
        self.verdict == Verdict::Never
    }

    /// Takes the direction in which this measure gets worse.
    #[must_use]
    pub fn of(mut self, measure: Option<&Measure>) -> Self {
        if matches!(self.verdict, Verdict::Past(_)) {
            self.direction = self.direction.or(Some(measure.map_or(Direction::Above, |measure| measure.worse)));
        }
        self
    }
}

impl Quantified for Condition {
    const WHAT: &'static str = "a condition, `[above|below] VALUE [for DURATION]`";
    const EXAMPLES: &'static [&'static str] = &["5% for 5m", "below 60% for 10m", "never", "anomaly"];
}

impl FromStr for Condition {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (head, lasting) = match text.split_once(" for ") {
            Some((head, lasting)) => (head, Some(lasting.trim().parse()?)),
            None => (text, None),
        };
        let (direction, value) = match head.trim().split_once(' ') {
            Some(("above", value)) => (Some(Direction::Above), value.trim()),
            Some(("below", value)) => (Some(Direction::Below), value.trim()),
            _ => (None, head.trim()),
        };
        let sign = value.chars().next().filter(|c| "<>=".contains(*c));
        if let Some(sign) = sign {
            let word = if sign == '<' { "below" } else { "above" };
            return Err(format!("write `{word} …` instead of `{sign}`"));
        }
        let verdict = match value {
            "never" => Verdict::Never,
            "anomaly" => Verdict::Anomaly,
            value => Verdict::Past(value.parse()?),
        };
        if direction.is_some() && !matches!(verdict, Verdict::Past(_)) {
            return Err("above or below what?".to_owned());
        }
        Ok(Self { direction, verdict, lasting })
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(direction) = self.direction {
            write!(f, "{} ", direction.word())?;
        }
        match &self.verdict {
            Verdict::Past(value) => value.fmt(f)?,
            Verdict::Never => f.write_str("never")?,
            Verdict::Anomaly => f.write_str("anomaly")?,
        }
        self.lasting.map_or(Ok(()), |lasting| write!(f, " for {lasting}"))
    }
}

/// The fields of a condition as templates see them.
pub(crate) fn fields<S: SerializeStruct>(condition: &Condition, out: &mut S) -> Result<(), S::Error> {
    out.serialize_field("direction", &condition.direction.map(Direction::word))?;
    out.serialize_field("value", &condition.value().map(ToString::to_string))?;
    out.serialize_field("for", &condition.lasting)?;
    out.serialize_field("never", &condition.is_never())?;
    out.serialize_field("anomaly", &(condition.verdict == Verdict::Anomaly))?;
    out.serialize_field("text", &condition.to_string())
}

impl Serialize for Condition {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("Condition", 6)?;
        fields(self, &mut out)?;
        out.end()
    }
}

pub use super::threshold::{Conditions, Level, Threshold};
