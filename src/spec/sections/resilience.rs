//! What happens when something we call is slow or gone.

use std::fmt;
use std::str::FromStr;

use crate::spec::macros::section;
use crate::spec::map::Map;
use crate::spec::scalar::Text;
use crate::spec::units::{Duration, Percent, Quantified, written_as_text};

section! {
    /// What happens when something we call is slow or gone.
    pub struct Resilience {
        /// For whatever has no row of its own.
        defaults: Policy = "{ timeout: 10s, retries: 2, backoff: exponential, never_retry: [400, 401, 403, 404] }",
        /// One row a store or dependency.
        policies: Map<Policy>,
    }
}

section! {
    /// How one thing is called.
    pub struct Policy {
        /// Longest wait.
        timeout: Option<Duration>,
        /// How often it is asked again.
        retries: Option<u32>,
        /// How long between.
        backoff: Option<Backoff>,
        /// Statuses that asking again doesn't help.
        never_retry: Vec<u16>,
        /// What does it in the code.
        library: Option<Text>,
        /// What stops asking for a while.
        breaker: Option<Breaker>,
        /// What happens instead.
        fallback: Option<Text>,
        /// Whether asking twice does no harm.
        idempotent: Option<bool>,
        /// Anything else.
        note: Option<Text>,
    }
}

section! {
    /// What stops asking for a while.
    pub struct Breaker short opens_at {
        /// What does it in the code.
        library: Option<Text>,
        /// Share of failures that opens it.
        opens_at: Percent = "50%",
        /// Share of successes that closes it.
        closes_at: Percent = "100%",
        /// Trial requests.
        half_open: u32 = "3",
        /// How long it stays open.
        resets_after: Duration = "30s",
        /// What counts as too slow.
        timeout: Option<Duration>,
    }
}

/// How long between two tries: `none`, `exponential`, `fixed 2s`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backoff {
    None,
    Exponential,
    Fixed(Duration),
}

impl Quantified for Backoff {
    const WHAT: &'static str = "a pause between tries";
    const EXAMPLES: &'static [&'static str] = &["none", "exponential", "fixed 2s"];
}

impl FromStr for Backoff {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once(' ') {
            None if text == "none" => Ok(Self::None),
            None if text == "exponential" => Ok(Self::Exponential),
            Some(("fixed", pause)) => pause.trim().parse().map(Self::Fixed),
            _ => Err(String::new()),
        }
    }
}

impl fmt::Display for Backoff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("none"),
            Self::Exponential => f.write_str("exponential"),
            Self::Fixed(pause) => write!(f, "fixed {pause}"),
        }
    }
}

written_as_text!(Backoff);
