//! What must be exported for the alerts to see: the metrics that rules read, by the profile that gives them.
//!
//! In: rules and objectives. Out: profiles with their metrics and the alerts that need them. Refuses nothing.

use super::super::fact::{Value, at, list, name as called, text, texts};
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
    /// Bounds that an objective counts at, beside the usual ones.
    pub promised: Vec<Value>,
    /// The alerts and objectives that are blind without it.
    pub alerts: Vec<String>,
}

pub fn all(model: &Value, catalog: &Alerts, alerts: &[Alert]) -> Vec<Export> {
    let slos = list(model, "slos");
    let mut exports = Vec::new();
    for (name, profile) in &catalog.profiles {
        let metrics = profile.metrics.iter().filter_map(|(metric, facts)| exported(metric, facts, name, alerts, slos));
        let metrics: Vec<Exported> = metrics.collect();
        if !metrics.is_empty() {
            exports.push(Export { name: name.clone(), summary: profile.summary.clone(), metrics });
        }
    }
    exports
}

fn exported(name: &str, metric: &Metric, profile: &str, alerts: &[Alert], slos: &[Value]) -> Option<Exported> {
    let reads = |alert: &&Alert| {
        alert.profile == profile && alert.series.iter().any(|series| belongs(series, name, metric.kind))
    };
    let counts = |slo: &&Value| {
        let mut series = texts(slo, "series").into_iter();
        text(slo, "profile") == Some(profile) && series.any(|series| belongs(series, name, metric.kind))
    };
    let counting: Vec<&Value> = slos.iter().filter(counts).collect();
    let mut readers: Vec<String> = alerts.iter().filter(reads).map(|alert| alert.name.clone()).collect();
    readers.extend(counting.iter().map(|slo| format!("objective {}", called(slo))));
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
        promised: promised(metric, &counting),
        alerts: readers,
    })
}

/// The bounds that objectives count at and that the metric doesn't have by itself.
fn promised(metric: &Metric, slos: &[&Value]) -> Vec<Value> {
    if metric.kind != MetricKind::Histogram {
        return Vec::new();
    }
    let bounds = slos.iter().filter_map(|slo| at(slo, "within.seconds").as_f64());
    let mut bounds: Vec<f64> = bounds.filter(|bound| !metric.buckets.contains(bound)).collect();
    bounds.sort_by(f64::total_cmp);
    bounds.dedup();
    bounds.into_iter().map(number::number).collect()
}

fn belongs(series: &str, metric: &str, kind: MetricKind) -> bool {
    let part = series.strip_prefix(metric);
    part == Some("") || (kind == MetricKind::Histogram && matches!(part, Some("_bucket" | "_count" | "_sum")))
}
