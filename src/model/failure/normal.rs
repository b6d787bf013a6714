//! The series of one environment when all is well, as its metric profiles describe them.
//!
//! In: profiles and what the environment holds. Out: one series each, histograms whole.
//! Refuses: undefined names, and words that describe no series.

use indexmap::IndexMap;

use super::shape::Shape;
use super::{Maker, Scoped};
use crate::catalog::alert::{Metric, MetricKind, Normal, Normality, Normals, Shown};
use crate::model::alert::profile;
use crate::model::alert::promql;
use crate::model::alert::words::Scope;

/// A series, or a histogram with all of its series.
#[derive(Clone, Debug)]
pub struct Series {
    pub metric: String,
    pub labels: IndexMap<String, String>,
    pub kind: MetricKind,
    pub buckets: Vec<f64>,
    pub shape: Shape,
    /// Whether it follows the hours of the day.
    pub daily: bool,
}

/// Everything of the environment that some profile in force describes.
pub fn all(maker: &mut Maker<'_>) -> Vec<Series> {
    let mut found: Vec<Series> = Vec::new();
    for (name, normal) in &maker.catalog.normal {
        for (metric, normals) in &normal.metrics {
            let rows = match normals {
                Normals::Value(value) => vec![plain(value)],
                Normals::Several(rows) => rows.clone(),
            };
            for row in rows {
                let made = of(maker, name, normal, metric, &row);
                for series in maker.tried(&format!("normal/{name}.yaml, {metric}"), made).unwrap_or_default() {
                    // Two services of one place may share their series.
                    if !found.iter().any(|known| known.metric == series.metric && known.labels == series.labels) {
                        found.push(series);
                    }
                }
            }
        }
    }
    found
}

fn plain(value: &Shown) -> Normal {
    let (labels, copies) = (IndexMap::new(), IndexMap::new());
    Normal { for_each: None, when: None, labels, is: value.clone(), copies, daily: false }
}

fn of(
    maker: &mut Maker<'_>,
    name: &str,
    normal: &Normality,
    metric: &str,
    row: &Normal,
) -> Result<Vec<Series>, String> {
    let mut found = Vec::new();
    let profile = maker.catalog.profiles.get(name);
    if profile.is_some_and(|profile| !profile.metrics.contains_key(metric)) {
        return Err(format!("the metric profile `{name}` has no such metric"));
    }
    let for_each = row.for_each.as_ref().or(normal.for_each.as_ref());
    for Scoped { mut scope, items } in maker.expand(for_each, &maker.start.clone(), &[])? {
        let around = maker.around(&scope, &items)?;
        let known = profile.is_none() || around.profiles.iter().any(|(known, _)| *known == name);
        if !known || !maker.words.when(row.when.as_deref(), &scope)? {
            continue;
        }
        profile::select(maker.words, &mut scope, &items, name, &around.profiles)?;
        let shape = Shape::parse(&maker.shown(&row.is, &scope)?)?;
        let counter = matches!(shape, Shape::Rate(_));
        let of_spec = Metric {
            kind: if counter { MetricKind::Counter } else { MetricKind::Gauge },
            help: None,
            labels: vec!["instance".into()],
            buckets: Vec::new(),
        };
        let facts = profile.and_then(|profile| profile.metrics.get(metric)).unwrap_or(&of_spec);
        let own =
            profile.is_some_and(|profile| profile.select.keys().any(|key| items.iter().any(|(item, _)| item == key)));
        let labels = labels(maker, &scope, facts, row, own)?;
        let (kind, buckets) = (facts.kind, facts.buckets.clone());
        let metric = maker.words.text(metric, &scope)?;
        let base = Series { metric, labels, kind, buckets, shape, daily: row.daily };
        found.extend(copies(base, row, &scope));
    }
    Ok(found)
}

/// What the series are selected by, what the row says, and a value for every other label.
fn labels(
    maker: &Maker<'_>,
    scope: &Scope<'_>,
    facts: &Metric,
    row: &Normal,
    own: bool,
) -> Result<IndexMap<String, String>, String> {
    let selected = maker.words.promql("<% if select is defined %><{ select }><% endif %>", scope)?;
    let mut labels: IndexMap<String, String> = promql::equalities(&selected).into_iter().collect();
    if own {
        // What the profile selects other metrics by, this one may not have.
        labels.retain(|name, _| facts.labels.contains(name));
    }
    for name in &facts.labels {
        labels.entry(name.clone()).or_insert_with(|| "a".to_owned());
    }
    for (name, value) in &row.labels {
        labels.insert(name.clone(), maker.words.text(value, scope)?);
    }
    labels.retain(|_, value| !value.is_empty());
    Ok(labels)
}

fn copies(base: Series, row: &Normal, scope: &Scope<'_>) -> Vec<Series> {
    let mut all = vec![base];
    for (label, path) in &row.copies {
        let count = scope.get(path).to_string().parse::<usize>().unwrap_or(1);
        let copy = |series: &Series, at: usize| {
            let mut copy = series.clone();
            copy.labels.insert(label.clone(), (at + 1).to_string());
            copy
        };
        all = all.iter().flat_map(|series| (0..count).map(|at| copy(series, at))).collect();
    }
    all
}
