//! Each rule with what breaks it.

use serde_json::{Value, json};

use super::{RULES, breaches};

fn good() -> Value {
    let source = json!({ "type": "prometheus", "uid": "${datasource}" });
    let filter = |name: &str, label: &str| {
        json!({ "name": name, "label": label, "type": "query", "datasource": source, "query": format!("label_values(up, {name})"),
            "refresh": 2, "multi": true, "includeAll": true, "allValue": ".+" })
    };
    let expr = "sum(rate(http_requests_total{job=~\"$job\",instance=~\"$instance\"}[$__rate_interval]))";
    json!({
        "editable": false,
        "templating": { "list": [
            { "name": "datasource", "label": "Data source", "type": "datasource", "query": "prometheus" },
            filter("job", "Job"),
            filter("instance", "Instance"),
        ] },
        "panels": [
            { "type": "row", "title": "Row", "panels": [] },
            { "type": "timeseries", "title": "Rate", "description": "Requests a second", "datasource": source,
              "targets": [{ "expr": expr, "datasource": source }], "fieldConfig": { "defaults": { "unit": "reqps" }, "overrides": [] } },
        ],
    })
}

/// The rules that a dashboard breaks once something in it was set.
fn broken(place: &str, value: Value) -> Vec<&'static str> {
    let mut dashboard = good();
    *dashboard.pointer_mut(place).unwrap_or_else(|| panic!("nothing at {place}")) = value;
    let mut rules: Vec<_> = breaches(&dashboard).into_iter().map(|breach| breach.rule).collect();
    rules.dedup();
    rules
}

#[test]
fn a_good_dashboard_breaks_none() {
    assert_eq!(breaches(&good()), []);
}

#[test]
fn every_rule_is_broken_by_its_example_and_by_nothing_else() {
    let selector = "{job=~\"$job\",instance=~\"$instance\"}";
    let expr = "/panels/1/targets/0/expr";
    let loki = |expr: &str| json!([{ "expr": expr, "datasource": { "type": "loki", "uid": "logs" } }]);
    let examples = [
        ("template-datasource-rule", "/templating/list/0/label", json!("Source")),
        ("template-job-rule", "/templating/list/1/allValue", json!(".*")),
        ("template-instance-rule", "/templating/list/2/multi", json!(false)),
        ("template-label-promql-rule", "/templating/list/1/query", json!("label_values(up{, job)")),
        ("template-on-time-change-reload-rule", "/templating/list/1/refresh", json!(1)),
        ("panel-datasource-rule", "/panels/1/datasource", json!({ "type": "prometheus", "uid": "fixed" })),
        ("panel-title-description-rule", "/panels/1/description", json!("")),
        ("panel-units-rule", "/panels/1/fieldConfig/defaults/unit", json!("requests")),
        ("panel-no-targets-rule", "/panels/1/targets", json!([])),
        ("target-logql-rule", "/panels/1/targets", loki("rate(app)")),
        ("target-logql-auto-rule", "/panels/1/targets", loki("rate({app=\"shop\"}[5m])")),
        ("target-promql-rule", expr, json!("sum(")),
        ("target-rate-interval-rule", expr, json!(format!("rate(x_total{selector}[5m])"))),
        ("target-job-rule", expr, json!("x{job=\"$job\",instance=~\"$instance\"}")),
        ("target-instance-rule", expr, json!("x{job=~\"$job\"}")),
        ("target-counter-agg-rule", expr, json!("sum(x_total)")),
        ("uneditable-dashboard-rule", "/editable", json!(true)),
    ];
    // A selector without matchers has no filters either.
    let also = |rule: &str| if rule == "target-counter-agg-rule" { 3 } else { 1 };
    assert_eq!(examples.each_ref().map(|(rule, ..)| *rule), RULES);
    for (rule, place, value) in examples {
        let broken = broken(place, value);
        assert!(broken.contains(&rule) && broken.len() == also(rule), "{rule}: {broken:?}");
    }
}

#[test]
fn what_is_wrong_in_a_closed_row_is_found_too() {
    let mut dashboard = good();
    dashboard["panels"][0]["panels"] = json!([{ "type": "text", "title": "" }]);
    assert_eq!(breaches(&dashboard)[0].rule, "panel-title-description-rule");
}

#[test]
fn a_filter_that_is_missing_is_told() {
    assert_eq!(broken("/templating/list/1/name", json!("work")), ["template-job-rule"]);
    assert_eq!(broken("/templating/list/0/type", json!("custom")), ["template-datasource-rule"]);
}
