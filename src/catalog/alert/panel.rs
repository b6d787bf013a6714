//! Dashboards as data: `panels/<dashboard>.yaml`, rows of panels.
//!
//! In: YAML. Out: plain values; templates stay text. Refuses: unknown keys.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::definition::{Expression, OneOrMany, Shows};

/// A dashboard, or, without a title, rows that dashboards take with `use`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dashboard {
    pub title: Option<String>,
    /// Name of its file, where it isn't its own.
    pub file: Option<String>,
    pub rows: Vec<Row>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// Template. Rows of one title are one row.
    #[serde(default)]
    pub title: String,
    /// The file whose rows stand here instead.
    pub r#use: Option<String>,
    pub for_each: Option<OneOrMany>,
    pub when: Option<String>,
    #[serde(default)]
    pub panels: Vec<Panel>,
    /// Alerts, or whole components (`rabbitmq/*`), that stand at the end of the row when no panel has them.
    #[serde(default)]
    pub alerts: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Panel {
    /// Template; the panel keeps its number as long as it keeps its title.
    pub title: String,
    /// Template.
    pub description: String,
    pub for_each: Option<OneOrMany>,
    pub when: Option<String>,
    /// Which template draws it.
    #[serde(default = "timeseries")]
    pub r#type: String,
    /// Of 24 columns.
    pub width: Option<u32>,
    pub height: Option<u32>,
    #[serde(default)]
    pub shows: Shows,
    /// Grafana's unit, where `shows` doesn't say it.
    pub unit: Option<String>,
    /// A path to what is promised: green from there on.
    pub at_least: Option<String>,
    /// A path to what is promised: green up to there.
    pub at_most: Option<String>,
    /// The alerts whose limits are its lines; without queries of its own it draws what they compare.
    #[serde(default)]
    pub alerts: Vec<String>,
    /// Metric profile → expression, when there is but one query; `where` is the legend.
    #[serde(default)]
    pub profiles: IndexMap<String, Expression>,
    #[serde(default)]
    pub queries: Vec<Query>,
    /// What the alerts' limits are multiplied with: they are by the second, the panel by the minute.
    pub scale: Option<f64>,
    #[serde(flatten)]
    pub looks: Looks,
}

/// How a panel looks beyond its type: read by the templates alone.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Looks {
    /// Said where there is no data.
    pub no_value: Option<String>,
    /// Value → what stands there instead, with a colour.
    #[serde(default)]
    pub mappings: Vec<Mapping>,
    /// Label or `Value` → heading of a column, in order; other columns are hidden.
    #[serde(default)]
    pub columns: IndexMap<String, String>,
    #[serde(default)]
    pub stacked: bool,
    /// Steps that aren't a limit of an alert: from this value on, this colour.
    #[serde(default)]
    pub colours: Vec<Colour>,
    /// Columns of a table that hold bytes.
    #[serde(default)]
    pub bytes: Vec<String>,
    pub max: Option<f64>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    pub value: String,
    pub text: String,
    pub colour: Option<String>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Colour {
    /// None: below all others.
    pub from: Option<f64>,
    pub colour: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Query {
    pub profiles: IndexMap<String, Expression>,
    /// Only the newest value.
    #[serde(default)]
    pub instant: bool,
    /// Drawn as a comparison.
    #[serde(default)]
    pub dashed: bool,
}

fn timeseries() -> String {
    "timeseries".into()
}

impl Panel {
    /// The short form and the long one.
    pub fn queries(&self) -> Vec<Query> {
        let short = Query { profiles: self.profiles.clone(), ..Query::default() };
        let short = (!self.profiles.is_empty()).then_some(short);
        short.into_iter().chain(self.queries.iter().cloned()).collect()
    }

    /// The expressions of all queries.
    pub fn expressions(&self) -> impl Iterator<Item = &Expression> {
        self.profiles.values().chain(self.queries.iter().flat_map(|query| query.profiles.values()))
    }
}

impl Row {
    /// What its panels and its own list say of an alert: 2 for its name, 1 for its component, 0 for nothing.
    pub fn claims(&self, component: &str, name: &str) -> u8 {
        let said = self.alerts.iter().chain(self.panels.iter().flat_map(|panel| &panel.alerts));
        said.map(|pattern| claims(pattern, component, name)).max().unwrap_or(0)
    }
}

pub fn claims(pattern: &str, component: &str, name: &str) -> u8 {
    if pattern == name { 2 } else { u8::from(pattern.strip_suffix("/*") == Some(component)) }
}
