//! What `alert.yaml` and `tests.yaml` hold.
//!
//! In: YAML. Out: plain values; templates stay text. Refuses: unknown keys.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// `alert.yaml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    /// One line for the page: template.
    pub summary: String,
    /// What is wrong, with `value`, `where` and the parameters: template.
    pub description: String,
    /// What the on-call engineer types first: template.
    pub command: String,
    /// What is observed: alerts of one signal mute each other by severity. Template.
    pub signal: String,
    /// The spec's name for it under `alerting.thresholds`.
    pub measure: Option<String>,
    /// Where else the conditions stand: a path in the scope.
    pub conditions: Option<String>,
    /// The spec key of `conditions`, or of what the threshold follows from, for people and messages: template.
    pub spec: Option<String>,
    /// `above` or `below`, where the measure leaves no choice.
    pub direction: Option<String>,
    /// The condition's duration is the window of the expression, not a wait.
    #[serde(default)]
    pub window: bool,
    /// `service in environment.services`, or a list for nesting.
    pub for_each: Option<OneOrMany>,
    /// Expression over the scope.
    pub when: Option<String>,
    /// Label `service` without the name of the spec: template. Left out: the first item's name.
    pub service: Option<String>,
    /// Labels beside those that every alert has: templates.
    #[serde(default)]
    pub labels: IndexMap<String, String>,
    /// Which dashboard has the line.
    #[serde(default = "system")]
    pub dashboard: String,
    /// Which kind of value the expression has.
    #[serde(default)]
    pub shows: Shows,
    /// Severity → what holds when the spec is silent.
    pub severities: IndexMap<String, Severity>,
    #[serde(default)]
    pub params: IndexMap<String, Param>,
    /// Metric profile → expression; the first that is in force is taken.
    pub profiles: IndexMap<String, Expression>,
    pub keep_firing_for: Option<String>,
    /// Why its share needs no least number of events.
    pub flows: Option<String>,
    /// It never stops, so it has no silent case.
    #[serde(default)]
    pub always: bool,
    /// What it costs while it fires, for the runbook.
    pub spends: Option<Spends>,
    /// Why the default is what it is, for the runbook.
    pub rationale: String,
}

fn system() -> String {
    "system".into()
}

#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl OneOrMany {
    pub fn items(&self) -> Vec<&str> {
        match self {
            Self::One(item) => vec![item],
            Self::Many(items) => items.iter().map(String::as_str).collect(),
        }
    }
}

/// The defaults of a severity.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Severity {
    /// `above 5%`; the word may be left out.
    pub threshold: Option<String>,
    #[serde(rename = "for")]
    pub wait: Option<String>,
}

/// How fast an alert at its limit spends an objective's error budget.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spends {
    /// A path in the scope, `service.slo.availability`, or the objective itself: `95%`.
    pub objective: String,
    /// The share of requests that fail: `threshold`, or a share such as `100%`.
    pub share: String,
}

/// A number of the expression.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Param {
    #[serde(rename = "type")]
    pub unit: Unit,
    pub default: Option<String>,
    /// A path in the scope; the default holds where it is null, and without a default there is no alert.
    pub value: Option<String>,
    /// The spec key for people.
    pub key: Option<String>,
    pub help: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    Ratio,
    Duration,
    Bytes,
    Count,
    Rate,
    Factor,
    Money,
}

/// How `$value` is written for people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Shows {
    Percent,
    /// 0 to 100.
    Percentage,
    Duration,
    Bytes,
    #[default]
    Number,
}

/// What a metric profile says.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expression {
    /// PromQL template.
    pub expr: String,
    /// Expression over the scope.
    pub when: Option<String>,
    /// What one series stands for, by its labels: template.
    pub r#where: Option<String>,
}

/// One case of `tests.yaml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    pub case: String,
    pub fires: bool,
    /// Left out: the same for all.
    pub profile: Option<String>,
    /// Until when the expression is surely true. Left out: the windows of the expression after the series last changed.
    pub warmup: Option<String>,
    /// From when on it may be true. Left out: when the series last changed.
    pub onset: Option<String>,
    #[serde(default = "one_minute")]
    pub interval: String,
    /// Labels of the series that reach the alert: templates.
    #[serde(default)]
    pub labels: IndexMap<String, String>,
    /// What `$value` is when it fires: template of a number.
    pub value: Option<String>,
    /// Series → values: templates.
    #[serde(default)]
    pub series: IndexMap<String, String>,
    /// Series that the model lists.
    pub samples: Option<Samples>,
}

/// Series of a case that stand in the model, each with what it counts.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Samples {
    /// Path in the scope to a list of `series` and `counts`.
    pub of: String,
    /// What is counted → values: templates. What isn't named has no series.
    pub values: IndexMap<String, String>,
}

fn one_minute() -> String {
    "1m".into()
}
