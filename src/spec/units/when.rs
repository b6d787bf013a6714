//! Points and spans of the calendar: dates, working hours, frozen days, deploy triggers, reaction times.

use std::fmt;
use std::str::FromStr;

use super::{Duration, Quantified, written_as_text};

/// `2027-03-31`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date(pub jiff::civil::Date);

impl Quantified for Date {
    const WHAT: &'static str = "a date";
    const EXAMPLES: &'static [&'static str] = &["2027-03-31"];
}

impl FromStr for Date {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let shaped = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
        let parsed = shaped.then(|| text.parse().ok()).flatten();
        parsed.map(Self).ok_or_else(|| "year-month-day".to_owned())
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

const DAYS: &[&str] = &["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

fn is_clock(text: &str) -> bool {
    text.len() == 5 && text.as_bytes()[2] == b':' && text.parse::<jiff::civil::Time>().is_ok()
}

/// An IANA name such as `Europe/Dublin`, or `UTC`. Which zones exist is the reader's tzdata to know.
fn is_zone(text: &str) -> bool {
    let part = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_uppercase())
            && part.chars().all(|c| c.is_ascii_alphanumeric() || "_-+".contains(c))
    };
    text == "UTC" || (text.contains('/') && text.split('/').all(part))
}

/// `always`, or `weekdays 09:00-18:00 America/New_York`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hours {
    Always,
    Between {
        /// `weekdays`, `daily`, or `Mon-Thu`.
        days: String,
        from: String,
        to: String,
        zone: String,
    },
}

impl Quantified for Hours {
    const WHAT: &'static str = "working hours";
    const EXAMPLES: &'static [&'static str] = &["always", "weekdays 09:00-18:00 Europe/Dublin"];
}

impl FromStr for Hours {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "always" {
            return Ok(Self::Always);
        }
        let words: Vec<&str> = text.split_whitespace().collect();
        let [days, clock, zone] = words[..] else { return Err("days, from-to, time zone".to_owned()) };
        let day_range = days.split_once('-').is_some_and(|(from, to)| DAYS.contains(&from) && DAYS.contains(&to));
        if !(matches!(days, "weekdays" | "daily" | "weekends") || day_range || DAYS.contains(&days)) {
            return Err(format!("`{days}`: say weekdays, weekends, daily, or days such as Mon-Thu"));
        }
        let Some((from, to)) = clock.split_once('-').filter(|(from, to)| is_clock(from) && is_clock(to)) else {
            return Err(format!("`{clock}`: say from and to as 09:00-18:00"));
        };
        if !is_zone(zone) {
            return Err(format!("`{zone}` is no time zone; say for example Europe/Dublin"));
        }
        Ok(Self::Between { days: days.into(), from: from.into(), to: to.into(), zone: zone.into() })
    }
}

impl fmt::Display for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Always => f.write_str("always"),
            Self::Between { days, from, to, zone } => write!(f, "{days} {from}-{to} {zone}"),
        }
    }
}

/// When nothing is deployed: `Fri 15:00 - Mon 08:00 Europe/Dublin` every week, or `2026-11-25 - 2026-12-02` once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Blackout {
    Weekly { from: (String, String), to: (String, String), zone: String },
    Dates { from: Date, to: Date },
}

impl Quantified for Blackout {
    const WHAT: &'static str = "a time without deploys";
    const EXAMPLES: &'static [&'static str] = &["Fri 15:00 - Mon 08:00 Europe/Dublin", "2026-11-25 - 2026-12-02"];
}

impl FromStr for Blackout {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let words: Vec<&str> = text.split_whitespace().collect();
        match words[..] {
            [from, "-", to] => {
                let (from, to): (Date, Date) = (from.parse()?, to.parse()?);
                if to < from { Err("the first day comes first".to_owned()) } else { Ok(Self::Dates { from, to }) }
            }
            [day, clock, "-", last_day, last_clock, zone] => {
                let moment = |day: &str, clock: &str| {
                    let fits = DAYS.contains(&day) && is_clock(clock);
                    fits.then(|| (day.to_owned(), clock.to_owned()))
                        .ok_or_else(|| format!("`{day} {clock}`: say for example Fri 15:00"))
                };
                let (from, to) = (moment(day, clock)?, moment(last_day, last_clock)?);
                if !is_zone(zone) {
                    return Err(format!("`{zone}` is no time zone; say for example Europe/Dublin"));
                }
                Ok(Self::Weekly { from, to, zone: zone.to_owned() })
            }
            _ => Err(String::new()),
        }
    }
}

impl fmt::Display for Blackout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Weekly { from, to, zone } => write!(f, "{} {} - {} {} {zone}", from.0, from.1, to.0, to.1),
            Self::Dates { from, to } => write!(f, "{from} - {to}"),
        }
    }
}

/// What starts a deploy: `push`, `manual`, `tag "v*"`.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Trigger {
    /// `push`, `tag` or `manual`.
    pub on: String,
    /// Of a tag.
    pub pattern: Option<String>,
}

impl Quantified for Trigger {
    const WHAT: &'static str = "what starts a deploy";
    const EXAMPLES: &'static [&'static str] = &["push", "manual", "tag \"v*\""];
}

impl FromStr for Trigger {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (on, rest) = text.split_once(' ').unwrap_or((text, ""));
        let pattern = rest.trim().trim_matches('"');
        let safe = |c: char| c.is_ascii_alphanumeric() || "*.-_/".contains(c);
        match (on, pattern) {
            ("push" | "manual", "") => Ok(Self { on: on.to_owned(), pattern: None }),
            ("tag", "") => Ok(Self { on: "tag".to_owned(), pattern: Some("v*".to_owned()) }),
            ("tag", pattern) if pattern.chars().all(safe) => {
                Ok(Self { on: "tag".to_owned(), pattern: Some(pattern.to_owned()) })
            }
            ("tag", _) => Err("a tag pattern has letters, digits and `*.-_/`".to_owned()),
            _ => Err(String::new()),
        }
    }
}

impl fmt::Display for Trigger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.on)?;
        self.pattern.as_ref().map_or(Ok(()), |pattern| write!(f, " \"{pattern}\""))
    }
}

impl crate::spec::decode::Decode for Trigger {
    fn decode(node: &crate::spec::tree::Node, cx: &mut crate::spec::decode::Context) -> Option<Self> {
        super::decode_text(node, cx)
    }

    fn poisoned() -> Self {
        super::example()
    }

    fn schema(_: &mut crate::spec::decode::Definitions) -> serde_json::Value {
        serde_json::json!({ "type": "string", "description": Self::WHAT, "pattern": "^(push|manual|tag( .+)?)$" })
    }

    fn shape() -> crate::spec::decode::Shape {
        use crate::spec::decode::Shape;
        Shape::Object(vec![("on", Shape::Scalar), ("pattern", Shape::Scalar)])
    }
}

/// How fast somebody answers: `immediate`, a duration, `next-business-day`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Respond {
    Immediate,
    Within(Duration),
    NextBusinessDay,
}

impl Quantified for Respond {
    const WHAT: &'static str = "a response time";
    const EXAMPLES: &'static [&'static str] = &["immediate", "30m", "next-business-day"];
}

impl FromStr for Respond {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "immediate" => Ok(Self::Immediate),
            "next-business-day" => Ok(Self::NextBusinessDay),
            _ => text.parse().map(Self::Within),
        }
    }
}

impl fmt::Display for Respond {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Immediate => f.write_str("immediate"),
            Self::Within(duration) => write!(f, "{duration}"),
            Self::NextBusinessDay => f.write_str("next-business-day"),
        }
    }
}

written_as_text!(Date, Hours, Blackout, Respond);
