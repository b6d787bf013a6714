//! The scenario that proves what a failure sets off: series before, while it lasts and after, and what fires when.
//!
//! In: effects, expected alerts, normal series. Out: a promtool case. Refuses: times that are none.
//! It holds the series that the changed rules read, and those whose absence some rule would tell; the rest can't matter.

use std::collections::BTreeSet;

use serde::Serialize;

use super::effect::{Changed, during};
use super::expected::{Expected, PAGES, SAMPLE, duration, spoken};
use super::normal::Series;
use super::shape::{Line, Shape};
use super::window::Rule;
use crate::catalog::alert::{FailureDefinition, MetricKind};
use crate::model::alert::number::number;

#[derive(Clone, Debug, Serialize)]
pub struct Scenario {
    /// Whether it is evaluated less than once a minute.
    pub slow: bool,
    /// When it begins, and at which all is well again.
    pub begins: String,
    pub ends: String,
    pub series: Vec<Row>,
    pub checks: Vec<Check>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub series: String,
    pub values: String,
}

/// What fires at a time.
#[derive(Clone, Debug, Serialize)]
pub struct Check {
    pub about: String,
    pub expr: String,
    pub at: String,
    /// Label sets, as promtool writes them.
    pub firing: Vec<String>,
}

/// In seconds: well, failing, well again, and between two evaluations.
#[derive(Clone, Copy)]
struct Times {
    well: u64,
    failing: u64,
    again: u64,
    step: u64,
}

impl Times {
    /// Whole evaluations.
    fn of(given: &Given<'_>) -> Result<Self, String> {
        let definition = given.definition;
        let step = whole(duration(&definition.step)?).max(SAMPLE);
        let up = |seconds: u64| seconds.div_ceil(step) * step;
        let settled = given.expected.iter().map(|row| row.latest).max().unwrap_or(0);
        let clears = given.expected.iter().map(|row| row.clears).max().unwrap_or(0);
        Ok(Self {
            well: up(whole(duration(&definition.after)?)),
            failing: up(whole(duration(&definition.lasts)?)).max(settled + 2 * step),
            again: up(clears) + 2 * step,
            step,
        })
    }
}

pub struct Given<'a> {
    pub definition: &'a FailureDefinition,
    pub effects: &'a [Changed],
    pub expected: &'a [Expected],
    pub may: &'a [String],
    pub normal: &'a [Series],
    pub rules: &'a [Rule<'a>],
}

/// None when it changes no series that is described.
pub fn of(given: &Given<'_>) -> Result<Option<Scenario>, String> {
    let changed: Vec<&Series> = given.normal.iter().filter(|series| during(series, given.effects).is_some()).collect();
    if changed.is_empty() {
        return Ok(None);
    }
    let times = Times::of(given)?;
    let wanted = wanted(given.rules, &changed);
    let rows = given.normal.iter().flat_map(|series| lines(series, given.effects, &wanted, times));
    Ok(Some(Scenario {
        slow: times.step > SAMPLE,
        begins: spoken(times.well),
        ends: spoken(times.well + times.failing),
        series: rows.collect(),
        checks: checks(given.expected, given.may, times),
    }))
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn whole(seconds: f64) -> u64 {
    seconds.max(0.0) as u64
}

/// Names of the series that decide: those that a changed rule reads, and those that some rule misses when they are gone.
fn wanted(rules: &[Rule<'_>], changed: &[&Series]) -> BTreeSet<String> {
    let own: BTreeSet<String> = changed.iter().flat_map(|series| names(series)).collect();
    let recorded = |rule: &Rule<'_>| rule.series.iter().any(|name| name.contains(':'));
    let decides = |rule: &&Rule<'_>| rule.absence || rule.series.iter().any(|name| own.contains(name));
    let mut wanted: BTreeSet<String> = rules.iter().filter(decides).flat_map(|rule| rule.series.clone()).collect();
    if rules.iter().any(recorded) {
        wanted.extend(own); // a recording rule may read any of them
    }
    wanted
}

fn names(series: &Series) -> Vec<String> {
    match series.kind {
        MetricKind::Histogram => {
            ["_bucket", "_count", "_sum"].iter().map(|end| format!("{}{end}", series.metric)).collect()
        }
        _ => vec![series.metric.clone()],
    }
}

fn lines(series: &Series, effects: &[Changed], wanted: &BTreeSet<String>, times: Times) -> Vec<Row> {
    let failing = during(series, effects).unwrap_or(series.shape);
    let pieces = match failing == series.shape {
        true => vec![(series.shape, (times.well + times.failing + times.again) / SAMPLE)],
        false => vec![
            (series.shape, times.well / SAMPLE),
            (failing, times.failing / SAMPLE),
            (series.shape, times.again / SAMPLE),
        ],
    };
    written(series, &pieces, wanted)
}

/// Every line of a series whose name is wanted, with its values.
pub fn written(series: &Series, pieces: &[(Shape, u64)], wanted: &BTreeSet<String>) -> Vec<Row> {
    let row = |name: String, bound: Option<f64>, share: &dyn Fn(Shape) -> f64| {
        let mut line = Line::new(SAMPLE);
        pieces.iter().for_each(|(shape, samples)| line.go(*shape, share(*shape), *samples));
        Row { series: selector(&name, series, bound), values: line.text() }
    };
    if series.kind != MetricKind::Histogram {
        return wanted
            .contains(&series.metric)
            .then(|| row(series.metric.clone(), None, &|_| 1.0))
            .into_iter()
            .collect();
    }
    let mut rows = Vec::new();
    let [bucket, count, sum] = ["_bucket", "_count", "_sum"].map(|end| format!("{}{end}", series.metric));
    if wanted.contains(&bucket) {
        for bound in series.buckets.iter().copied().chain([f64::INFINITY]) {
            rows.push(row(bucket.clone(), Some(bound), &|shape| f64::from(u8::from(size(shape) <= bound))));
        }
    }
    if wanted.contains(&count) {
        rows.push(row(count, None, &|_| 1.0));
    }
    if wanted.contains(&sum) {
        rows.push(row(sum, None, &size));
    }
    rows
}

fn size(shape: Shape) -> f64 {
    if let Shape::Events(_, size) = shape { size } else { 0.0 }
}

fn selector(name: &str, series: &Series, bound: Option<f64>) -> String {
    let bound =
        bound.map(|bound| ("le".to_owned(), if bound.is_finite() { number(bound).to_string() } else { "+Inf".into() }));
    let labels = series.labels.iter().map(|(label, value)| (label.clone(), value.clone())).chain(bound);
    let labels: Vec<String> = labels.map(|(label, value)| format!("{label}={}", quoted(&value))).collect();
    format!("{name}{{{}}}", labels.join(","))
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}

/// Nothing before; each alert not too soon and not too late; in the end exactly these; nothing afterwards.
fn checks(expected: &[Expected], may: &[String], times: Times) -> Vec<Check> {
    let step = times.step;
    let begins = times.well;
    let ends = begins + times.failing;
    let over = ends + times.again - step;
    let check = |about: &str, expr: String, at: u64, firing: Vec<String>| Check {
        about: about.to_owned(),
        expr,
        at: format!("{}m", at / 60),
        firing,
    };
    let mut found = vec![check("all is well", everything(), begins - step, Vec::new())];
    for row in expected {
        if row.earliest > 0 {
            found.push(check("not yet", one(row), begins + row.earliest - step, Vec::new()));
        }
        found.push(check("fires", one(row), begins + row.latest, vec![labels(row)]));
    }
    let pages = expected.iter().filter(|row| row.page).map(labels);
    found.push(check("these pages, and no others", pages_only(may), ends - step, pages.collect()));
    found.push(check("all is well again", pages_only(may), over, Vec::new()));
    found
}

const BY: &str = "group by (alertname, severity, service)";

fn everything() -> String {
    format!("{BY} (ALERTS{{alertstate=\"firing\",signal!=\"watchdog\"}})")
}

fn pages_only(may: &[String]) -> String {
    let others = if may.is_empty() { String::new() } else { format!(",alertname!~\"{}\"", may.join("|")) };
    format!("{BY} (ALERTS{{alertstate=\"firing\",severity=~\"{}\"{others}}})", PAGES.join("|"))
}

fn one(row: &Expected) -> String {
    format!(
        "{BY} (ALERTS{{alertstate=\"firing\",alertname={},severity={},service={}}})",
        quoted(&row.name),
        quoted(&row.severity),
        quoted(&row.service)
    )
}

fn labels(row: &Expected) -> String {
    format!("{{alertname={},severity={},service={}}}", quoted(&row.name), quoted(&row.severity), quoted(&row.service))
}
