//! Objectives: what is refused, with its example, and what the recorded rules of both scenarios hold.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::PathBuf;

use opsgen::catalog::{Catalog, embedded};
use opsgen::diagnostic::{Diagnostic, Source};
use opsgen::{model, spec};
use serde_json::Value;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("snapshots")
}

fn resolved(text: &str) -> (Value, Vec<Diagnostic>) {
    let catalog = Catalog::load(&[embedded()]).unwrap();
    let (spec, _) = spec::parse(Source::new("spec.yaml", text));
    let (model, faults) = model::resolve(&spec, &catalog);
    (serde_json::to_value(&model).unwrap(), faults)
}

#[test]
fn what_can_not_be_promised_is_refused_at_its_line() {
    for code in ["OPS350", "OPS351"] {
        let folder = root().join("errors").join(code);
        let faults = resolved(&fs::read_to_string(folder.join("spec.yaml")).unwrap()).1;
        let told: Vec<String> =
            faults.iter().filter(|fault| fault.code == code).map(|fault| fault.render(false)).collect();
        let text = told.join("\n\n") + "\n";
        assert!(text.contains(&format!("[{code}]")), "{code} is not among what its example causes");
        let golden = folder.join("stderr.txt");
        if std::env::var("SNAPSHOTS").is_ok_and(|mode| mode == "overwrite") {
            fs::write(&golden, &text).unwrap();
        }
        assert_eq!(fs::read_to_string(golden).unwrap_or_default(), text, "{code} says something else now");
    }
}

/// Grafana records nothing: what its rules and panels read is in the store that it asks.
#[test]
fn where_nothing_is_recorded_nothing_reads_what_would_be() {
    let text = fs::read_to_string(root().join("fly-web-api/spec.yaml")).unwrap();
    let (m, _) = resolved(&text);
    let read = |m: &Value| {
        m["alerts"].to_string().contains("service_slo:") || m["dashboards"].to_string().contains("service_slo:")
    };
    assert!(!read(&m), "a recorded series is read that nobody records");
    let burns = m["alerts"].as_array().unwrap().iter().filter(|it| it["component"] == "slo");
    assert_eq!(burns.count(), 8, "four burns of two objectives are watched");
    assert!(m["slos"].as_array().unwrap().iter().all(|slo| slo["groups"].as_array().unwrap().is_empty()));
    let moved = text.replace("rules_run_in: grafana", "rules_run_in: vmalert");
    assert_ne!(text, moved);
    let (m, _) = resolved(&moved);
    assert!(read(&m) && m["slos"].as_array().unwrap().iter().all(|slo| slo["recorded"] == true));
}

#[test]
fn only_the_live_environment_promises_and_each_promise_is_recorded_and_watched() {
    for (scenario, promises) in [
        ("fly-web-api", &["availability", "latency-p95"][..]),
        ("kubernetes-shop", &["availability", "job-success", "latency-p95", "latency-p99"]),
    ] {
        let (m, _) = resolved(&fs::read_to_string(root().join(scenario).join("spec.yaml")).unwrap());
        let slos = m["slos"].as_array().unwrap();
        let names: Vec<&str> = slos.iter().map(|slo| slo["name"].as_str().unwrap()).collect();
        assert_eq!(names, promises, "{scenario}");
        for slo in slos {
            assert_eq!(slo["environment"], m["live"]["name"]);
            let rules = slo["groups"].as_array().unwrap().iter().flat_map(|group| group["rules"].as_array().unwrap());
            for rule in rules {
                let (record, expr) = (rule["record"].as_str().unwrap(), rule["expr"].as_str().unwrap());
                let divides = expr.contains("\n/\n");
                assert_eq!(record.contains("sli_error_ratio"), divides, "{record}");
                assert!(!divides || expr.contains(" > 0)"), "{record} could be 0/0: {expr}");
            }
            let watched = m["alerts"].as_array().unwrap().iter().filter(|it| it["labels"]["slo"] == slo["name"]);
            // where nothing is recorded nobody counts the whole period
            let exhausted = usize::from(slo["recorded"] == true);
            assert_eq!(watched.count(), slo["rows"].as_array().unwrap().len() + exhausted, "{}", slo["name"]);
        }
    }
}
