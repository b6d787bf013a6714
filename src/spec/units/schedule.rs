//! How often: words, intervals and five-field cron.

use std::fmt;
use std::str::FromStr;

use super::{Duration, Quantified, written_as_text};

/// `hourly`, `daily`, `weekly`, `monthly`, `quarterly`, `yearly`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Every {
    Hourly,
    Daily,
    Weekly,
    Monthly,
    Quarterly,
    Yearly,
}

const WORDS: &[(&str, Every, u64)] = &[
    ("hourly", Every::Hourly, 3600),
    ("daily", Every::Daily, 86_400),
    ("weekly", Every::Weekly, 604_800),
    ("monthly", Every::Monthly, 2_592_000),
    ("quarterly", Every::Quarterly, 7_776_000),
    ("yearly", Every::Yearly, 31_536_000),
];

impl Every {
    pub fn word(self) -> &'static str {
        WORDS.iter().find(|(_, every, _)| *every == self).map_or("daily", |(word, ..)| word)
    }
}

/// When something recurs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Schedule {
    Word(Every),
    /// `every 12h`.
    Every(Duration),
    /// Never stops: streaming, replication, on every push.
    Continuous,
    /// `push`, `release`: with that event.
    With(String),
    /// Five fields, UTC.
    Cron(String),
}

impl Schedule {
    /// Roughly how long between two runs; `None` when it isn't by the clock.
    pub fn interval(&self) -> Option<Duration> {
        match self {
            Self::Word(every) => {
                let found = WORDS.iter().find(|(_, word, _)| word == every);
                found.map(|(.., seconds)| Duration::from_secs(*seconds))
            }
            Self::Every(duration) => Some(*duration),
            Self::Continuous => Some(Duration::from_secs(0)),
            Self::With(_) => None,
            Self::Cron(text) => cron_interval(text),
        }
    }
}

/// The longest gap among the next runs from a fixed day.
fn cron_interval(text: &str) -> Option<Duration> {
    let cron = croner::parser::CronParser::new().parse(text).ok()?;
    let start = jiff::civil::date(2026, 1, 1).to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    let (mut last, mut longest) = (start, 0);
    for run in 0..24 {
        let next = cron.find_next_occurrence(&last, false).ok()?;
        let gap = next.timestamp().as_second() - last.timestamp().as_second();
        longest = if run == 0 { 0 } else { longest.max(gap) };
        last = next;
    }
    u64::try_from(longest).ok().map(Duration::from_secs)
}

impl Quantified for Schedule {
    const WHAT: &'static str = "how often";
    const EXAMPLES: &'static [&'static str] = &["daily", "every 12h", "continuous", "30 3 * * 1"];
}

impl FromStr for Schedule {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some((_, every, _)) = WORDS.iter().find(|(word, ..)| *word == text) {
            return Ok(Self::Word(*every));
        }
        match text {
            "continuous" => return Ok(Self::Continuous),
            "push" | "release" | "pull-request" => return Ok(Self::With(text.to_owned())),
            _ => {}
        }
        if let Some(interval) = text.strip_prefix("every ") {
            let interval: Duration = interval.trim().parse()?;
            let minutes = interval.millis() / 60_000;
            return if minutes == 0 || !interval.millis().is_multiple_of(60_000) {
                Err("whole minutes".to_owned())
            } else {
                Ok(Self::Every(interval))
            };
        }
        match text.split_whitespace().count() {
            5 => match croner::parser::CronParser::new().parse(text) {
                Ok(_) => Ok(Self::Cron(text.split_whitespace().collect::<Vec<_>>().join(" "))),
                Err(why) => Err(why.to_string()),
            },
            6 | 7 => Err("five fields: minute, hour, day of month, month, day of week".to_owned()),
            _ => Err(String::new()),
        }
    }
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Word(every) => f.write_str(every.word()),
            Self::Every(interval) => write!(f, "every {interval}"),
            Self::Continuous => f.write_str("continuous"),
            Self::With(event) => f.write_str(event),
            Self::Cron(text) => f.write_str(text),
        }
    }
}

written_as_text!(Schedule);
