//! What a failure does: `failures/<name>/failure.yaml`.
//!
//! In: YAML. Out: plain values; templates stay text. Refuses: unknown keys.

use indexmap::IndexMap;
use serde::Deserialize;

use super::definition::OneOrMany;
use super::normal::Shown;

/// A failure folder.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The folder: `database-down`.
    pub name: String,
    /// `failures/database-down`
    pub folder: String,
    pub definition: Definition,
}

/// `failure.yaml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    /// What happened, in one line: template.
    pub title: String,
    /// `store in environment.datastores`, or a list for nesting. Left out: once for the environment.
    pub for_each: Option<OneOrMany>,
    /// Expression over the scope.
    pub when: Option<String>,
    /// What users and people notice: template of Markdown.
    pub breaks: String,
    /// What happens without anybody: template of Markdown.
    pub by_itself: String,
    /// What the first person does: template of Markdown.
    pub first: String,
    /// Who notices where no alert does: template of Markdown. Left out: what asks from outside.
    pub unseen: Option<String>,
    /// The row of `recovery` that promises how soon all is well.
    pub promise: Option<String>,
    /// Between two evaluations in the scenario; more than a minute where it lasts for hours.
    #[serde(default = "one_minute")]
    pub step: String,
    /// How long all was well before it.
    #[serde(default = "twenty_minutes")]
    pub after: String,
    /// How long it lasts in the scenario.
    #[serde(default = "half_an_hour")]
    pub lasts: String,
    pub effects: Vec<Effect>,
}

/// What it does to some series, and who notices.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Effect {
    /// More items over the failure's own.
    pub for_each: Option<OneOrMany>,
    pub when: Option<String>,
    /// Metric profile → series that it changes → what they do instead.
    #[serde(default)]
    pub series: IndexMap<String, IndexMap<String, Shown>>,
    /// The alerts about the items in scope that this sets off.
    #[serde(default)]
    pub alerts: IndexMap<String, Expectation>,
}

/// When an alert fires.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expectation {
    /// How long until its expression holds: `2m`, `1m..5m`: template. Left out: between at once and its longest window.
    pub seen: Option<String>,
    /// How long until its expression holds no more, once all is well: template. Left out: its longest window.
    pub clears: Option<String>,
    /// The share of all events that the failure makes bad; the window is left sooner for it.
    pub share: Option<String>,
    /// It may fire and needn't: the spec's limits decide.
    #[serde(default)]
    pub may: bool,
    /// Expression over the scope.
    pub when: Option<String>,
}

fn half_an_hour() -> String {
    "30m".into()
}

fn one_minute() -> String {
    "1m".into()
}

fn twenty_minutes() -> String {
    "20m".into()
}
