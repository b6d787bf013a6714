//! The alert catalogue over both scenarios, and every fault of an alert with its example.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use opsgen::catalog::{Catalog, Layer, embedded};
use opsgen::diagnostic::{Diagnostic, Source};
use opsgen::{model, render, spec};
use serde_json::Value;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn scenario(name: &str) -> String {
    fs::read_to_string(root().join("snapshots").join(name).join("spec.yaml")).unwrap()
}

fn resolved(text: &str, own: &[(&str, &str)]) -> (Value, Vec<Diagnostic>) {
    let files = own.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect();
    let catalog = Catalog::load(&[embedded(), Layer { name: "own".into(), files }])
        .unwrap_or_else(|faults| panic!("{}", told(&faults)));
    let (spec, _) = spec::parse(Source::new("spec.yaml", text));
    let (model, faults) = model::resolve(&spec, &catalog);
    (serde_json::to_value(&model).unwrap(), faults)
}

fn told(faults: &[Diagnostic]) -> String {
    faults.iter().map(|fault| fault.render(false)).collect::<Vec<_>>().join("\n\n") + "\n"
}

fn rows<'v>(value: &'v Value, key: &str) -> impl Iterator<Item = &'v Value> {
    value[key].as_array().unwrap().iter()
}

fn names(value: &Value, key: &str) -> BTreeSet<String> {
    rows(value, "alerts").map(|alert| alert[key].as_str().unwrap().to_owned()).collect()
}

#[test]
fn every_alert_has_a_runbook_a_receiver_both_tests_and_a_line() {
    for (name, least) in [("fly-web-api", 20), ("kubernetes-shop", 40)] {
        let (m, _) = resolved(&scenario(name), &[]);
        assert!(names(&m, "name").len() >= least, "{name} has only {:?}", names(&m, "name"));
        let runbooks: BTreeSet<String> =
            rows(&m, "runbooks").map(|it| it["alert"].as_str().unwrap().to_owned()).collect();
        let panels = rows(&m, "dashboards").flat_map(|it| rows(it, "rows")).flat_map(|row| rows(row, "panels"));
        let links = panels.flat_map(|panel| rows(panel, "links"));
        let drawn: BTreeSet<String> = links.map(|link| link["alert"].as_str().unwrap().to_owned()).collect();
        for alert in rows(&m, "alerts") {
            let own = alert["name"].as_str().unwrap();
            assert!(runbooks.contains(own), "{own} has no runbook");
            assert!(alert["environment"] != m["live"]["name"] || drawn.contains(own), "{own} is on no dashboard");
            assert!(rows(alert, "channels").next().is_some(), "{own} reaches nobody");
            assert!(
                rows(alert, "tests").any(|test| !test["expected"].as_array().unwrap().is_empty()),
                "{own} is never seen to fire"
            );
        }
    }
}

#[test]
fn a_threshold_of_the_spec_moves_the_rule_its_tests_its_panel_and_its_page() {
    let before = scenario("fly-web-api");
    let after = before.replace("high: 5% for 5m }", "high: 8% for 7m }");
    assert_ne!(before, after);
    let (m, _) = resolved(&after, &[]);
    let rule = rows(&m, "alerts")
        .find(|it| it["name"] == "HttpErrorRateHigh" && it["severity"] == "high" && it["environment"] == "production")
        .unwrap();
    assert!(rule["expr"].as_str().unwrap().contains("> 0.08"), "{}", rule["expr"]);
    assert_eq!(rule["for"], "7m");
    assert_eq!(rule["threshold"]["key"], "alerting.thresholds.error_rate.high");
    assert!(rule["tests"][0]["series"][1]["values"].as_str().unwrap().starts_with("0+120x"), "{}", rule["tests"][0]);
    assert!(m["dashboards"].to_string().contains("0.08"));
}

/// Rules, their tests, panels and the instrumentation speak of a metric by the team's own name.
#[test]
fn a_metric_has_the_name_that_the_spec_gives_it() {
    let before = scenario("kubernetes-shop");
    let names = "keep: 90d, names: { http_server_request_duration_seconds: shop_http_seconds } }";
    let after = before.replace("keep: 90d }", names);
    assert_ne!(before, after);
    let (m, faults) = resolved(&after, &[]);
    assert!(!faults.iter().any(Diagnostic::is_error), "{}", told(&faults));
    for part in ["alerts", "dashboards", "exports"] {
        let text = m[part].to_string();
        assert!(text.contains("shop_http_seconds"), "{part} don't have the new name");
        assert!(!text.contains("http_server_request_duration_seconds"), "{part} have the old name");
    }
    assert!(m["alerts"].to_string().contains("shop_http_seconds_bucket{"));
}

#[test]
fn an_alert_is_a_folder() {
    let alert = "summary: The queue of <{ service.name }> is long\ndescription: \"<{ value }> wait.\"\ncommand: date\nsignal: mail\n\
        for_each: service in environment.services\nseverities: { high: { threshold: \"10\", for: 5m } }\n\
        params: { threshold: { type: count } }\nrationale: Ten are too many.\n\
        profiles: { any: { expr: \"max(mail_waiting) > <{ threshold.number }>\" } }\n";
    let tests = "- { case: many, fires: true, series: { mail_waiting: \"<{ threshold.fires.number }>x<{ steps }>\" } }\n\
        - { case: few, fires: false, series: { mail_waiting: \"<{ threshold.holds.number }>x<{ steps }>\" } }\n";
    let own = [
        ("alerts/mail/MailWaiting/alert.yaml", alert),
        ("alerts/mail/MailWaiting/tests.yaml", tests),
        ("alerts/mail/MailWaiting/runbook.md.tera", "## What it means\n\nMail waits.\n"),
    ];
    let (m, faults) = resolved(&scenario("fly-web-api"), &own);
    assert!(!faults.iter().any(Diagnostic::is_error), "{}", told(&faults));
    let rule = rows(&m, "alerts").find(|alert| alert["name"] == "MailWaiting").unwrap();
    assert_eq!(rule["expr"], "max(mail_waiting) > 10");
    assert_eq!(rule["tests"][0]["series"][0]["values"], "15x11");
    assert_eq!(rule["runbook"], "docs/runbooks/mail-waiting.md");
}

/// The same trouble keeps its name, severity and page when the service moves.
#[test]
fn an_alert_keeps_its_name_on_another_platform() {
    let (fly, _) = resolved(&scenario("fly-web-api"), &[]);
    let (shop, _) = resolved(&scenario("kubernetes-shop"), &[]);
    let pages = |m: &Value| -> BTreeSet<String> { rows(m, "runbooks").map(|it| it["slug"].to_string()).collect() };
    assert!(pages(&fly).intersection(&pages(&shop)).count() >= 20);
}

fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push((
                    path.strip_prefix(folder).unwrap().to_string_lossy().into_owned(),
                    fs::read(&path).unwrap(),
                ));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn every_fault_of_an_alert_has_its_example() {
    let codes = "160 161 162 163 164 165 168 170 340 341 342 343 344 345 346 347 348 349 357 358 359 363 365 367";
    for code in codes.split(' ').map(|number| format!("OPS{number}")) {
        let code = code.as_str();
        let folder = root().join("snapshots/errors").join(code);
        let blueprints = folder.join("blueprints");
        let own = if blueprints.is_dir() { files(&blueprints) } else { Vec::new() };
        let spec = fs::read_to_string(folder.join("spec.yaml")).unwrap_or_else(|_| scenario("fly-web-api"));
        let text = match Catalog::load(&[embedded(), Layer { name: "own".into(), files: own }]) {
            Err(faults) => told(&faults),
            Ok(catalog) => {
                let (spec, _) = spec::parse(Source::new("spec.yaml", spec));
                let (model, mut faults) = model::resolve(&spec, &catalog);
                if ["OPS357", "OPS358"].contains(&code) {
                    faults.extend(render::render(&model, &catalog).err().unwrap_or_default());
                }
                told(&faults.into_iter().filter(|fault| fault.code == code).collect::<Vec<_>>())
            }
        };
        assert!(text.contains(&format!("[{code}]")), "{code} is not among what its example causes:\n{text}");
        let golden = folder.join("stderr.txt");
        if std::env::var("SNAPSHOTS").is_ok_and(|mode| mode == "overwrite") {
            fs::write(&golden, &text).unwrap();
        }
        assert_eq!(
            fs::read_to_string(&golden).unwrap_or_default(),
            text,
            "{code} says something else now; `make bless` accepts it"
        );
    }
}

/// Rules that run where PromQL isn't understood are written in that place's own language, and what it can't say is told.
#[test]
fn rules_speak_the_language_of_where_they_run() {
    let text = scenario("kubernetes-shop").replace("rules_run_in: prometheus-operator", "rules_run_in: datadog");
    let (m, faults) = resolved(&text, &[]);
    assert!(!faults.iter().any(Diagnostic::is_error), "{}", told(&faults));
    let rule = rows(&m, "alerts").find(|it| it["name"] == "HttpErrorRateHigh" && it["severity"] == "high").unwrap();
    let query = rule["expr"].as_str().unwrap();
    assert!(query.starts_with("sum(last_5m):") && query.ends_with("> 0.05"), "{query}");
    assert_eq!(rule["runbook"], "docs/runbooks/http-error-rate-high.md");
    assert!(rows(&m, "alerts").all(|it| it["tests"].as_array().unwrap().is_empty()));
    assert!(m["dashboards"].as_array().unwrap().is_empty(), "panels are PromQL");
    assert!(told(&faults).contains("nothing measures `slow_queries` here"), "{}", told(&faults));
    // What stays unwatched is told, and stands in the model for the documents.
    let unsaid: Vec<&str> = rows(&m, "unsaid").filter_map(|it| it["name"].as_str()).collect();
    assert!(unsaid.contains(&"BackupStale") && unsaid.contains(&"SlowQueries"), "{unsaid:?}");
    assert!(!unsaid.contains(&"HttpErrorRateHigh") && !unsaid.contains(&"MysqlSlowQueries"), "{unsaid:?}");
    assert!(told(&faults).contains("Datadog watches 11 of the"), "{}", told(&faults));
    assert!(told(&faults).contains("objectives: api, worker"), "{}", told(&faults));
}

/// Expressions that are a part of JSON are JSON whatever the spec calls things, and wait in whole steps.
#[test]
fn rules_inside_json_hold_hostile_names_and_whole_waits() {
    for (place, key) in [("cloudwatch", "Dimensions"), ("newrelic", "nrql")] {
        let text = scenario("kubernetes-shop")
            .replace("rules_run_in: prometheus-operator", &format!("rules_run_in: {place}"))
            .replace("cluster: acme-production", r#"cluster: "acme\"}]\\production""#)
            .replace("cpu:            { target: 70%, medium: 85% for 10m }", "cpu: { medium: 85% for 90s }");
        let (m, faults) = resolved(&text, &[]);
        assert!(!faults.iter().any(Diagnostic::is_error), "{}", told(&faults));
        let alerts: Vec<&Value> = rows(&m, "alerts").collect();
        let read =
            |it: &&Value| serde_json::from_str::<Value>(&format!("{{{}}}", it["expr"].as_str().unwrap())).unwrap();
        let read: Vec<Value> = alerts.iter().map(read).collect();
        assert!(read.iter().any(|it| it.get(key).is_some() && it.to_string().contains(r#"acme\"}]\\"#)), "{place}");
        let at = alerts.iter().position(|it| it["name"] == "CpuHigh").unwrap();
        let wait = if place == "cloudwatch" {
            &read[at]["EvaluationPeriods"]
        } else {
            &read[at]["terms"][0]["thresholdDuration"]
        };
        assert_eq!(*wait, if place == "cloudwatch" { 2 } else { 120 }, "90s is not cut");
    }
}
