//! Exact decimal numbers with up to six places, so that `99.9%` stays 99.9.

use std::fmt;
use std::str::FromStr;

use super::{Quantified, written_as_text};

const ONE: i64 = 1_000_000;

/// Millionths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Decimal(i64);

impl Decimal {
    pub fn whole(number: i64) -> Self {
        Self(number.saturating_mul(ONE))
    }

    pub fn from_millionths(millionths: i64) -> Self {
        Self(millionths)
    }

    pub fn millionths(self) -> i64 {
        self.0
    }

    #[allow(clippy::cast_precision_loss)]
    pub fn to_f64(self) -> f64 {
        self.0 as f64 / ONE as f64
    }

    /// Divided by a hundred; exact down to a millionth.
    pub fn hundredth(self) -> f64 {
        self.to_f64() / 100.0
    }
}

impl Quantified for Decimal {
    const WHAT: &'static str = "a number";
    const EXAMPLES: &'static [&'static str] = &["1", "0.5"];
}

impl FromStr for Decimal {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
        let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !all_digits(whole) || !all_digits(part) {
            return Err(String::new());
        }
        if part.len() > 6 || whole.len() > 12 {
            return Err("at most twelve digits before the point and six after".to_owned());
        }
        let whole: i64 = whole.parse().map_err(|_| String::new())?;
        let part: i64 = format!("{part:0<6}").parse().map_err(|_| String::new())?;
        let value = whole * ONE + part;
        Ok(Self(if text.starts_with('-') { -value } else { value }))
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let value = self.0.unsigned_abs();
        let (whole, part) = (value / ONE.unsigned_abs(), value % ONE.unsigned_abs());
        if part == 0 {
            return write!(f, "{sign}{whole}");
        }
        let part = format!("{part:06}");
        write!(f, "{sign}{whole}.{}", part.trim_end_matches('0'))
    }
}

written_as_text!(Decimal);
