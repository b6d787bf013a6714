//! Panels that no alert stands behind: `panels/<dashboard>.yaml`.
//!
//! In: YAML. Out: plain values; templates stay text. Refuses: unknown keys.

use indexmap::IndexMap;
use serde::Deserialize;

use super::definition::{Expression, OneOrMany, Shows};

/// A dashboard: its own panels, then one for each alert that names it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dashboard {
    pub title: String,
    /// Name of its file, where it isn't its own.
    pub file: Option<String>,
    #[serde(default)]
    pub panels: Vec<Panel>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Panel {
    /// Template.
    pub title: String,
    /// Template.
    pub description: String,
    pub for_each: Option<OneOrMany>,
    pub when: Option<String>,
    #[serde(default)]
    pub shows: Shows,
    /// A path to what is promised: green from there on.
    pub at_least: Option<String>,
    /// A path to what is promised: green up to there.
    pub at_most: Option<String>,
    /// Metric profile → expression; `where` is the legend.
    pub profiles: IndexMap<String, Expression>,
}
