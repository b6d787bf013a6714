//! What is promised and how it is counted: `slos/<name>/slo.yaml`, and the burns that `slos/burns.yaml` watches for.
//!
//! In: YAML. Out: plain values; templates stay text. Refuses: unknown keys.

use indexmap::IndexMap;
use serde::Deserialize;

use super::definition::OneOrMany;

/// `slo.yaml`: a service level indicator, and the promises of the spec about it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sli {
    /// What counts as good, for people: template.
    pub good: String,
    /// What one event is called, many of them: `requests`.
    pub events: String,
    pub for_each: Option<OneOrMany>,
    /// Expression over the scope.
    pub when: Option<String>,
    /// Path in the scope under which the promises stand.
    pub promise: String,
    /// The same in the spec: template.
    pub spec: String,
    /// Path in the scope to how many events there are.
    pub load: Option<String>,
    /// Name of the objective → where it stands.
    pub objectives: IndexMap<String, Objective>,
    /// Metric profile → what is counted; the first that is in force is taken.
    pub profiles: IndexMap<String, Indicator>,
}

/// A promise: a share that the spec gives, or a fixed share within a bound that the spec gives.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Objective {
    /// Key below `promise` that holds the share.
    pub share: Option<String>,
    /// The share itself.
    pub of: Option<String>,
    /// Key below `promise` that holds the bound.
    pub within: Option<String>,
}

/// How events are counted in one metric profile. Templates of PromQL with `window`, and `le` where there is a bound.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Indicator {
    pub when: Option<String>,
    /// Events a second, one value without labels.
    pub total: String,
    /// Bad events a second; nothing while none has happened.
    pub bad: Option<String>,
    /// Good events a second, where those are counted; there must be a value whenever there is a total.
    pub good: Option<String>,
    /// The histogram whose bounds the spec's bound is looked up in.
    pub histogram: Option<String>,
    /// The application chooses the bounds of the histogram, so the promised one is asked of it.
    #[serde(default)]
    pub chosen: bool,
    /// Series of the tests → which events each counts.
    pub samples: IndexMap<String, Counts>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Counts {
    Good,
    Bad,
    All,
}

impl Counts {
    pub fn name(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Bad => "bad",
            Self::All => "all",
        }
    }
}

/// A burn that somebody is told of: this share of the budget gone in the long window, and still going in the short one.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Burn {
    pub severity: String,
    /// Share of the budget.
    pub budget: String,
    pub long: String,
    pub short: String,
    /// Fewer bad events in the long window are no evidence.
    pub events: u32,
}
