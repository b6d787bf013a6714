//! What must be exported for the alerts to see: the metrics that rules read, by the profile that gives them.
//!
//! In: rules. Out: profiles with their metrics and the alerts that need them. Refuses nothing.

use super::super::fact::Value;
use serde::Serialize;

use super::{Alert, number};
use crate::catalog::alert::{Alerts, Metric, MetricKind};

#[derive(Clone, Debug, Serialize)]
pub struct Export {
    /// The metric profile.
    pub name: String,
    pub summary: String,
    pub metrics: Vec<Exported>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Exported {
    pub name: String,
    pub kind: &'static str,
    pub help: Option<String>,
    pub labels: Vec<String>,
    pub buckets: Vec<Value>,
    /// The alerts that are blind without it.
    pub alerts: Vec<String>,
}

pub fn all(catalog: &Alerts, alerts: &[Alert]) -> Vec<Export> {
    let mut exports = Vec::new();
    for (name, profile) in &catalog.profiles {
        let metrics = profile.metrics.iter().filter_map(|(metric, facts)| exported(metric, facts, name, alerts));
        let metrics: Vec<Exported> = metrics.collect();
        if !metrics.is_empty() {
            exports.push(Export { name: name.clone(), summary: profile.summary.clone(), metrics });
        }
    }
    exports
}

fn exported(name: &str, metric: &Metric, profile: &str, alerts: &[Alert]) -> Option<Exported> {
    let reads = |alert: &&Alert| {
        alert.profile == profile && alert.series.iter().any(|series| belongs(series, name, metric.kind))
    };
    let mut readers: Vec<String> = alerts.iter().filter(reads).map(|alert| alert.name.clone()).collect();
    readers.sort();
    readers.dedup();
    (!readers.is_empty()).then(|| Exported {
        name: name.to_owned(),
        kind: match metric.kind {
            MetricKind::Counter => "counter",
            MetricKind::Gauge => "gauge",
            MetricKind::Histogram => "histogram",
        },
        help: metric.help.clone(),
        labels: metric.labels.clone(),
        buckets: metric.buckets.iter().map(|bound| number::number(*bound)).collect(),
        alerts: readers,
    })
}

fn belongs(series: &str, metric: &str, kind: MetricKind) -> bool {
    let part = series.strip_prefix(metric);
    part == Some("") || (kind == MetricKind::Histogram && matches!(part, Some("_bucket" | "_count" | "_sum")))
}
