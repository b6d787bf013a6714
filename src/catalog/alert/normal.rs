//! What metrics are like when all is well: `normal/<profile>.yaml`.
//!
//! In: YAML. Out: plain values; templates stay text. Refuses: unknown keys.

use indexmap::IndexMap;
use serde::Deserialize;

use super::definition::OneOrMany;

/// `normal/<profile>.yaml`. A file that is no metric profile's describes metrics that the spec names.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Normality {
    /// What one set of the series is about: `store in environment.datastores`.
    pub for_each: Option<OneOrMany>,
    /// Metric → its series.
    pub metrics: IndexMap<String, Normals>,
}

/// One series with one value, or several.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Normals {
    Value(Shown),
    Several(Vec<Normal>),
}

/// A number, or words such as `600/min` or `now`: template.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Shown {
    Number(f64),
    Words(String),
}

/// Series of a metric.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Normal {
    /// Other items than the file's.
    pub for_each: Option<OneOrMany>,
    pub when: Option<String>,
    /// Labels with their values: templates. What the profile selects by is there anyway, any other label gets a value of its own.
    #[serde(default)]
    pub labels: IndexMap<String, String>,
    /// What it does.
    pub is: Shown,
    /// Label → path to a number: one series each.
    #[serde(default)]
    pub copies: IndexMap<String, String>,
    /// Whether it follows the hours of the day.
    #[serde(default)]
    pub daily: bool,
}
