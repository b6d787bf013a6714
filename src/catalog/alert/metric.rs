//! What an exporter or a client library gives: names, types, labels, buckets.
//!
//! In: `metrics/<profile>.yaml`. Out: plain values. Refuses: unknown keys.

use indexmap::IndexMap;
use serde::Deserialize;

/// `metrics/<profile>.yaml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// One line for people: which program exports it, which versions.
    pub summary: String,
    /// Expression over the scope of an alert; left out: when the model lists the profile.
    pub when: Option<String>,
    /// What its expressions are written in; left out: PromQL. Others are taken as text, and only where rules run in that language.
    pub language: Option<String>,
    /// What expressions in another language are a part of, so that values in them are escaped for it.
    pub inside: Option<Inside>,
    /// What a rule waits is a multiple of this, where the language knows only such: `1m`.
    pub step: Option<String>,
    /// Item of the scope (`service`, `store`, …) → how its series are found.
    #[serde(default)]
    pub select: IndexMap<String, Select>,
    /// Labels that every series gets where this profile is in force, whoever exports it: what the scrape adds.
    #[serde(default)]
    pub everywhere: Vec<String>,
    /// Variable of the dashboards (`job`, `instance`) → what it filters; the first profile in force that has it is asked.
    #[serde(default)]
    pub filters: IndexMap<String, Filter>,
    /// Labels that tell where something happens: region, instance, route.
    #[serde(default)]
    pub spread: Vec<String>,
    pub metrics: IndexMap<String, Metric>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Inside {
    /// Values stand between its double quotes.
    Json,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Select {
    /// Matchers: PromQL template.
    pub series: String,
    /// Labels to aggregate by.
    pub by: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    pub title: String,
    /// The label whose values are chosen from.
    pub label: String,
    /// The series that have them: PromQL template.
    pub of: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Metric {
    #[serde(rename = "type")]
    pub kind: MetricKind,
    pub help: Option<String>,
    #[serde(default)]
    pub labels: Vec<String>,
    /// Upper bounds without `+Inf`.
    #[serde(default)]
    pub buckets: Vec<f64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MetricKind {
    Counter,
    Gauge,
    Histogram,
}

impl Profile {
    /// The metric that a series name belongs to.
    pub fn metric(&self, series: &str) -> Option<&Metric> {
        self.metrics.get(series).or_else(|| {
            let base = ["_bucket", "_count", "_sum"].iter().find_map(|suffix| series.strip_suffix(suffix))?;
            self.metrics.get(base).filter(|metric| metric.kind == MetricKind::Histogram)
        })
    }
}
