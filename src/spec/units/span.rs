//! Lengths of time: durations of seconds to weeks, and retentions up to years.

use std::fmt;
use std::str::FromStr;

use super::{Quantified, written_as_text};

/// `200ms 30s 5m 2h 7d 2w`, also `1h30m`; printed in the unit it was written in.
#[derive(Clone, Copy, Debug, Default)]
pub struct Duration {
    millis: u64,
    unit: usize,
}

const UNITS: &[(&str, u64)] =
    &[("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000), ("w", 604_800_000)];
const MOST: u64 = 100 * 366 * 86_400_000;

impl Duration {
    pub fn from_millis(millis: u64) -> Self {
        let unit = UNITS.iter().rposition(|(_, size)| millis.is_multiple_of(*size) && millis >= *size).unwrap_or(1);
        Self { millis, unit }
    }

    pub fn from_secs(seconds: u64) -> Self {
        Self::from_millis(seconds * 1000)
    }

    pub fn millis(self) -> u64 {
        self.millis
    }

    /// Whole seconds, rounded up.
    pub fn seconds(self) -> u64 {
        self.millis.div_ceil(1000)
    }
}

impl PartialEq for Duration {
    fn eq(&self, other: &Self) -> bool {
        self.millis == other.millis
    }
}

impl Eq for Duration {}

impl PartialOrd for Duration {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Duration {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.millis.cmp(&other.millis)
    }
}

impl Quantified for Duration {
    const WHAT: &'static str = "a duration";
    const EXAMPLES: &'static [&'static str] = &["30s", "5m", "2h", "7d"];
}

impl FromStr for Duration {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (mut rest, mut millis, mut last) = (text, 0u64, UNITS.len());
        if text.is_empty() {
            return Err(String::new());
        }
        while !rest.is_empty() {
            let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            let letters = rest[digits..].find(|c: char| !c.is_ascii_alphabetic()).map_or(rest.len(), |at| digits + at);
            let (number, word) = (&rest[..digits], &rest[digits..letters]);
            if !number.is_empty() && word.is_empty() && letters == rest.len() {
                return Err(format!("a unit is missing; `{number}s` are seconds, `{number}m` minutes"));
            }
            let count: u64 = number.parse().map_err(|_| String::new())?;
            let unit = UNITS.iter().position(|(name, _)| *name == word).ok_or_else(|| unit_hint(number, word))?;
            if unit >= last {
                return Err("larger units come first".to_owned());
            }
            millis = count.checked_mul(UNITS[unit].1).and_then(|part| millis.checked_add(part)).unwrap_or(u64::MAX);
            if millis > MOST {
                return Err("at most a hundred years".to_owned());
            }
            (last, rest) = (unit, &rest[letters..]);
        }
        Ok(Self { millis, unit: last })
    }
}

fn unit_hint(number: &str, word: &str) -> String {
    let near = match word {
        "sec" | "secs" | "second" | "seconds" => "s",
        "min" | "mins" | "minute" | "minutes" | "M" => "m",
        "hr" | "hrs" | "hour" | "hours" | "H" => "h",
        "day" | "days" | "D" => "d",
        "week" | "weeks" | "W" => "w",
        "month" | "months" | "y" | "year" | "years" => {
            return "months and years are no exact durations; use days".to_owned();
        }
        _ => return "the units are ms, s, m, h, d and w".to_owned(),
    };
    format!("write `{number}{near}`")
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, size) = UNITS[self.unit.min(UNITS.len() - 1)];
        write!(f, "{}{name}", self.millis / size)
    }
}

/// How long something is kept: `7d 8w 12m 1y` (`m` is months here) or `permanent`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retention {
    Days(u32),
    Weeks(u32),
    Months(u32),
    Years(u32),
    Permanent,
}

impl Retention {
    /// Days, a month as 30 and a year as 365; `None` for ever.
    pub fn days(self) -> Option<u64> {
        match self {
            Self::Days(count) => Some(u64::from(count)),
            Self::Weeks(count) => Some(u64::from(count) * 7),
            Self::Months(count) => Some(u64::from(count) * 30),
            Self::Years(count) => Some(u64::from(count) * 365),
            Self::Permanent => None,
        }
    }

    /// The number before the unit: how many daily, weekly or monthly copies that are.
    pub fn count(self) -> Option<u32> {
        match self {
            Self::Days(count) | Self::Weeks(count) | Self::Months(count) | Self::Years(count) => Some(count),
            Self::Permanent => None,
        }
    }
}

impl Quantified for Retention {
    const WHAT: &'static str = "how long to keep it";
    const EXAMPLES: &'static [&'static str] = &["30d", "8w", "12m", "1y", "permanent"];
}

impl FromStr for Retention {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "permanent" {
            return Ok(Self::Permanent);
        }
        let (number, unit) = super::number_and_unit(text);
        let count: u32 = number.parse().map_err(|_| String::new())?;
        if count == 0 || count > 36_500 {
            return Err("from 1 to 36500".to_owned());
        }
        match unit {
            "d" => Ok(Self::Days(count)),
            "w" => Ok(Self::Weeks(count)),
            "m" => Ok(Self::Months(count)),
            "y" => Ok(Self::Years(count)),
            "" => Err(format!("a unit is missing; `{count}d` are days")),
            _ => Err("the units are d, w, m (months) and y".to_owned()),
        }
    }
}

impl fmt::Display for Retention {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Days(count) => write!(f, "{count}d"),
            Self::Weeks(count) => write!(f, "{count}w"),
            Self::Months(count) => write!(f, "{count}m"),
            Self::Years(count) => write!(f, "{count}y"),
            Self::Permanent => f.write_str("permanent"),
        }
    }
}

written_as_text!(Duration, Retention);
