//! Each finding with an expression that has it and one that hasn't.

use indexmap::IndexMap;

use super::*;
use crate::catalog::alert::Profile;

fn profile() -> Profile {
    let text = r"
summary: for these tests
everywhere: [job]
metrics:
  requests_total: { type: counter, labels: [code, instance] }
  latency_seconds: { type: histogram, labels: [route], buckets: [0.1, 0.5, 1] }
  memory_bytes: { type: gauge, labels: [instance] }
";
    serde_saphyr::from_str(text).unwrap()
}

fn codes(expr: &str) -> Vec<&'static str> {
    let all: IndexMap<String, Profile> = IndexMap::from([("app".to_owned(), profile())]);
    let profiles: Profiles<'_> = all.iter().collect();
    let keep = Keep { seconds: 15 * 86_400, text: "15d".into(), key: "observability.metrics" };
    let given = Given { profiles: &profiles, chosen: "app", keep: Some(&keep), asked: &[] };
    let tree = promql_parser::parser::parse(expr).unwrap();
    expression(&tree, &given).into_iter().map(|finding| finding.code).collect()
}

fn shapes(expr: &str, wait: Option<f64>) -> Vec<&'static str> {
    let patience = Patience { wait, ..Patience::default() };
    alert(&promql_parser::parser::parse(expr).unwrap(), patience).into_iter().map(|finding| finding.code).collect()
}

#[test]
fn what_is_right_is_left_alone() {
    for expr in [
        r#"sum by (job) (rate(requests_total{code=~"5.."}[5m])) / sum by (job) (rate(requests_total[5m])) > 0.05"#,
        "histogram_quantile(0.95, sum by (job, le) (rate(latency_seconds_bucket[5m]))) > 0.5",
        r#"sum(rate(latency_seconds_bucket{le=~"1(\\.0)?"}[5m]))"#,
        "changes(requests_total[10m]) > 3",
        "requests_total - requests_total offset 10m > 3",
        "absent(requests_total{job=\"a\"})",
        "count by (job) (requests_total) < 2",
        "predict_linear(memory_bytes[1h], 3600) < 0",
        "max by (instance) (somebody_elses{x=\"y\"}) > 1",
        "max by (job, instance) (memory_bytes) * on (instance) group_left (code) max by (instance, code) (rate(requests_total[5m])) > 1",
        "(memory_bytes offset 14d) > 1",
    ] {
        assert_eq!(codes(expr), [""; 0], "{expr}");
    }
}

#[test]
fn each_fault_has_its_code() {
    for (expr, code) in [
        ("memory_bytes{pod=\"a\"} > 1", UNKNOWN_LABEL),
        ("max by (pod) (memory_bytes) > 1", UNKNOWN_LABEL),
        ("sum by (le) (rate(latency_seconds_count[5m])) > 1", UNKNOWN_LABEL),
        ("rate(memory_bytes[5m]) > 1", WRONG_FUNCTION),
        ("sum(rate(memory_bytes[5m])) > 1", WRONG_FUNCTION),
        ("sum(requests_total) > 1", WRONG_FUNCTION),
        ("latency_seconds_count > 1", WRONG_FUNCTION),
        ("deriv(requests_total[5m]) > 1", WRONG_FUNCTION),
        ("max_over_time(requests_total[5m]) > 1", WRONG_FUNCTION),
        (r#"rate(latency_seconds_bucket{le="0.3"}[5m]) > 1"#, NO_BUCKET),
        ("max by (job) (memory_bytes) / max by (instance) (memory_bytes) > 1", SIDES_DIFFER),
        ("max by (job) (memory_bytes) > 1 and on (instance) max by (instance) (memory_bytes) > 1", SIDES_DIFFER),
        ("rate(requests_total[30d]) > 1", BEYOND_STORE),
        ("memory_bytes offset 3w > 1", BEYOND_STORE),
        ("max_over_time(memory_bytes[10d:1h] offset 10d) > 1", BEYOND_STORE),
    ] {
        assert_eq!(codes(expr), [code], "{expr}");
    }
}

#[test]
fn an_alert_has_the_shape_of_one() {
    let share = "sum(rate(a[5m])) / sum(rate(b[5m])) > 0.5";
    let guarded = format!("{share} and sum(increase(b[5m])) >= 50");
    assert_eq!(shapes(&guarded, Some(300.0)), [""; 0]);
    assert_eq!(shapes(share, Some(300.0)), [UNGUARDED]);
    assert_eq!(shapes("histogram_quantile(0.9, sum by (le) (rate(a[5m]))) > 1", Some(300.0)), [UNGUARDED]);
    assert_eq!(shapes(&format!("({guarded}) or ({share})"), Some(300.0)), [UNGUARDED]);
    assert_eq!(shapes("memory / limit > 0.5", Some(60.0)), [""; 0]);
    assert_eq!(shapes("rate(a[5m])", Some(300.0)), [NO_COMPARISON]);
    assert_eq!(shapes("a > bool 1", Some(300.0)), [NO_COMPARISON]);
    assert_eq!(shapes("a > 1 or b", Some(300.0)), [NO_COMPARISON]);
    assert_eq!(shapes("absent(a)", Some(300.0)), [""; 0]);
    assert_eq!(shapes("a > 1", Some(30.0)), [SHORT_WAIT]);
    assert_eq!(shapes("a > 1", None), [SHORT_WAIT]);
    let tree = promql_parser::parser::parse("a > 1").unwrap();
    assert_eq!(alert(&tree, Patience { lingers: true, ..Patience::default() }), []);
}

#[test]
fn labels_arrive_or_are_dropped() {
    let all: IndexMap<String, Profile> = IndexMap::from([("app".to_owned(), profile())]);
    let profiles: Profiles<'_> = all.iter().collect();
    let given = Given { profiles: &profiles, chosen: "app", keep: None, asked: &[] };
    for (expr, expected) in [
        ("sum by (job) (memory_bytes) > 1", Some(vec!["job"])),
        ("sum without (job) (memory_bytes)", Some(vec!["instance"])),
        ("histogram_quantile(0.9, rate(latency_seconds_bucket[5m]))", Some(vec!["job", "route"])),
        ("absent(memory_bytes{job=\"a\",instance=~\"b.*\"})", Some(vec!["job"])),
        ("memory_bytes or vector(0)", Some(vec![])),
        ("time() - memory_bytes", Some(vec!["instance", "job"])),
        ("unheard_of > 1", None),
    ] {
        let tree = promql_parser::parser::parse(expr).unwrap();
        assert_eq!(labels(&tree, &given), expected, "{expr}");
    }
}
