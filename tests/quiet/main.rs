//! A week in which nothing is wrong, for `tests/quiet/run`: days and nights, two deploys, a storm of retries, backups on schedule and a
//! certificate that is renewed in time. Its series come from `normal/`; one that is missing there shows as an alert about absence.

#![allow(clippy::unwrap_used, clippy::cast_precision_loss)]

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use opsgen::catalog::{Catalog, embedded};
use opsgen::diagnostic::Source;
use opsgen::model::fact::{Value, at as at_path, list, text as text_of};
use opsgen::model::failure::{self, Series, Shape};
use opsgen::{model, spec};

const DAY: u64 = 24 * 60;
/// Two hours short of seven days: promtool refuses an expression that reads ten thousand samples.
const WEEK: u64 = 7 * DAY - 120;
/// Tuesday at ten and Thursday at three.
const DEPLOYS: [u64; 2] = [DAY + 600, 3 * DAY + 900];
/// Wednesday at noon, for ten minutes.
const STORM: std::ops::Range<u64> = 2 * DAY + 720..2 * DAY + 730;

/// A scenario, and what its applications measure with.
const WEEKS: [(&str, &str); 4] = [
    ("fly-web-api", "opentelemetry"),
    ("fly-web-api", "prometheus"),
    ("kubernetes-shop", "opentelemetry"),
    ("kubernetes-shop", "prometheus"),
];

#[test]
#[ignore = "tests/quiet/run runs it and reads what it writes"]
fn weeks() {
    let out = PathBuf::from(std::env::var("QUIET").unwrap());
    for (scenario, profile) in WEEKS {
        let folder = out.join(format!("{scenario}-{profile}"));
        fs::create_dir_all(&folder).unwrap();
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots").join(scenario).join("spec.yaml");
        let text = fs::read_to_string(path).unwrap().replace("profile: opentelemetry", &format!("profile: {profile}"));
        fs::write(folder.join("week.yaml"), week(&text)).unwrap();
        fs::write(folder.join("spec.yaml"), text).unwrap();
    }
}

fn week(text: &str) -> String {
    let catalog = Catalog::load(&[embedded()]).unwrap();
    let (spec, _) = spec::parse(Source::new("spec.yaml", text));
    let (model, _) = model::resolve(&spec, &catalog);
    let live = model.at("live");
    let (mut series, faults) = failure::normal(model.facts(), live, &catalog.alerts);
    assert!(faults.is_empty(), "{faults:?}");
    let objectives = list(live, "slos");
    series.iter_mut().for_each(|one| asked(one, objectives));
    let recorded = objectives.iter().flat_map(|objective| list(objective, "groups")).flat_map(|it| list(it, "rules"));
    let exprs: Vec<String> =
        model.list("alerts").iter().chain(recorded).map(|rule| text_of(rule, "expr").unwrap().to_owned()).collect();
    let wanted: BTreeSet<String> =
        series.iter().flat_map(names).filter(|name| exprs.iter().any(|expr| expr.contains(name.as_str()))).collect();
    let mut out = format!(
        "rule_files: [out/ops/prometheus/rules/{}.yaml]\nevaluation_interval: 5m\ntests:\n  - interval: 1m\n    input_series:\n",
        model.text("live.name").unwrap()
    );
    for one in &series {
        for row in failure::written(one, &pieces(one), &wanted) {
            writeln!(out, "      - {{ series: '{}', values: '{}' }}", row.series.replace('\'', "''"), row.values)
                .unwrap();
        }
    }
    let fired = "count by (alertname, severity, service) (count_over_time(ALERTS{alertstate=\"firing\",signal!=\"watchdog\"}[7d]))";
    out + &format!("    promql_expr_test:\n      - {{ expr: '{fired}', eval_time: {}m, exp_samples: [] }}\n", WEEK - 1)
}

/// The bounds that `specs/instrumentation.md` asks the application to add, so that promised times are counted.
fn asked(series: &mut Series, objectives: &[Value]) {
    let bounds = objectives.iter().filter_map(|objective| at_path(objective, "within.seconds").as_f64());
    if !series.buckets.is_empty() {
        series.buckets.extend(bounds);
        series.buckets.sort_by(f64::total_cmp);
        series.buckets.dedup();
    }
}

fn names(series: &Series) -> Vec<String> {
    ["", "_bucket", "_count", "_sum"].iter().map(|end| format!("{}{end}", series.metric)).collect()
}

/// What the series does in each minute, put together where it stays the same.
fn pieces(series: &Series) -> Vec<(Shape, u64)> {
    let mut pieces: Vec<(Shape, u64)> = Vec::new();
    for minute in 0..WEEK {
        let shape = at(series, minute);
        match pieces.last_mut() {
            Some((last, minutes)) if *last == shape => *minutes += 1,
            _ => pieces.push((shape, 1)),
        }
    }
    pieces
}

fn at(series: &Series, minute: u64) -> Shape {
    if let Some(shape) = deployed(series, minute) {
        return shape;
    }
    if series.metric.ends_with("_cert_expiry") {
        // renewed on the second day, with a month left
        return Shape::Level(if minute < 2 * DAY { 33.0 } else { 92.0 } * 86400.0);
    }
    let failing = series.labels.values().any(|value| value.starts_with('5') && value.len() == 3);
    let blip = failing && DEPLOYS.iter().any(|deploy| (*deploy..deploy + 3).contains(&minute));
    let storm = STORM.contains(&minute);
    let factor = if series.daily { daily(minute) } else { 1.0 };
    match series.shape {
        Shape::Rate(rate) if series.daily => Shape::Rate(rate * factor * more(failing, blip, storm)),
        Shape::Events(rate, size) if series.daily => Shape::Events(rate * factor * more(failing, blip, storm), size),
        shape => shape,
    }
}

/// One request of ten thousand fails; for three minutes of a deploy 2 %, in a storm of retries 0.5 % of twice as many.
fn more(failing: bool, blip: bool, storm: bool) -> f64 {
    match (failing, blip, storm) {
        (true, true, _) => 200.0,
        (true, _, true) => 100.0,
        (false, _, true) => 2.0,
        _ => 1.0,
    }
}

/// A third at night, half as much again at noon, less at the weekend.
fn daily(minute: u64) -> f64 {
    let hour = (minute / 60 % 24) as f64;
    let day = if minute / DAY >= 5 { 0.7 } else { 1.0 };
    let wave = 0.9 - 0.6 * ((hour + 1.0) / 24.0 * std::f64::consts::TAU).cos();
    (day * wave * 1000.0).round() / 1000.0
}

/// Instances are replaced one after another, each away for two minutes.
fn deployed(series: &Series, minute: u64) -> Option<Shape> {
    let own = ["fly_instance_", "kube_pod_", "container_", "process_start"]
        .iter()
        .any(|start| series.metric.starts_with(start));
    if !own && series.metric != "up" {
        return None;
    }
    let number = ["pod", "instance"].iter().find_map(|label| series.labels.get(*label)?.parse::<u64>().ok())?;
    let last = DEPLOYS.iter().map(|deploy| deploy + 3 * (number - 1)).rfind(|start| minute >= *start)?;
    if minute < last + 2 {
        return Some(if series.metric.ends_with("_ready") { Shape::Level(0.0) } else { Shape::Gone });
    }
    series.metric.starts_with("process_start").then(|| Shape::Level((last * 60) as f64))
}
