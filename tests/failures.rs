//! Failures over both scenarios: what fires is computed from the rules, and a failure is a folder.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::PathBuf;

use opsgen::catalog::{Catalog, Layer, embedded};
use opsgen::diagnostic::{Diagnostic, Source};
use opsgen::{model, spec};
use serde_json::Value;

fn scenario(name: &str) -> String {
    fs::read_to_string(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("snapshots").join(name).join("spec.yaml"))
        .unwrap()
}

fn failures(text: &str, own: &[(&str, &str)]) -> Vec<Value> {
    let files = own.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect();
    let catalog = Catalog::load(&[embedded(), Layer { name: "own".into(), files }]).unwrap();
    let (spec, _) = spec::parse(Source::new("spec.yaml", text));
    let (model, faults) = model::resolve(&spec, &catalog);
    let told: Vec<String> =
        faults.iter().filter(|fault| fault.is_error()).map(|fault: &Diagnostic| fault.render(false)).collect();
    assert!(told.is_empty(), "{}", told.join("\n"));
    serde_json::to_value(model.at("failures")).unwrap().as_array().unwrap().clone()
}

fn named<'v>(failures: &'v [Value], name: &str) -> &'v Value {
    failures.iter().find(|it| it["name"] == name).unwrap_or_else(|| panic!("no {name}"))
}

fn alert<'v>(failure: &'v Value, name: &str) -> Option<&'v Value> {
    failure["alerts"].as_array().unwrap().iter().find(|it| it["name"] == name)
}

#[test]
fn every_scenario_says_what_fires_and_that_it_stops() {
    for (name, least) in [("fly-web-api", 10), ("kubernetes-shop", 20)] {
        let all = failures(&scenario(name), &[]);
        let seen = all.iter().filter(|it| it["seen"] == true).count();
        assert!(seen >= least, "{name}: {seen} scenarios");
        for failure in all.iter().filter(|it| it["seen"] == true) {
            let checks = failure["scenario"]["checks"].as_array().unwrap();
            let silent = |check: &Value| check["firing"].as_array().unwrap().is_empty();
            assert!(silent(checks.first().unwrap()) && silent(checks.last().unwrap()), "{failure}");
            assert!(checks.iter().any(|check| !silent(check)), "{failure}");
        }
    }
}

/// The times follow the rule: its wait is longer, so the alert comes later.
#[test]
fn when_an_alert_fires_follows_from_its_rule() {
    let before = scenario("fly-web-api");
    let after = before.replace("high: 5% for 5m }", "high: 5% for 9m }");
    assert_ne!(before, after);
    let minutes = |text: &str| {
        let all = failures(text, &[]);
        let row = alert(named(&all, "bad-deploy"), "HttpErrorRateHigh").unwrap();
        assert_eq!(row["severity"], "high");
        (row["earliest"].as_u64().unwrap() / 60, row["latest"].as_u64().unwrap() / 60)
    };
    let ((earliest, latest), (later, latest_later)) = (minutes(&before), minutes(&after));
    assert_eq!((later - earliest, latest_later - latest), (4, 4));
}

/// Half of the requests fail: a limit of 60 % doesn't see it, and nothing is expected of it.
#[test]
fn an_alert_whose_limit_is_not_reached_is_not_expected() {
    let text = scenario("fly-web-api").replace("high: 5% for 5m }", "high: 60% for 5m }");
    let all = failures(&text, &[]);
    assert_eq!(alert(named(&all, "bad-deploy"), "HttpErrorRateHigh").unwrap()["severity"], "medium");
    assert_eq!(alert(named(&all, "database-down"), "HttpErrorRateHigh").unwrap()["severity"], "high");
}

#[test]
fn a_failure_is_a_folder() {
    let failure = "title: The proxy of <{ service.name }> sends nothing\nfor_each: service in environment.services\nbreaks: All of it.\n\
        by_itself: Nothing.\nfirst: \"<{ commands.status }>\"\neffects:\n  - series:\n      fly:\n        \
        'fly_edge_http_responses_count{<{ select }>,status=\"200\"}': 0/min\n        \
        'fly_edge_http_responses_count{<{ select }>,status=\"502\"}': 90rps\n    alerts:\n      HttpErrorRateHigh: { share: 100% }\n";
    let all = failures(&scenario("fly-web-api"), &[("failures/proxy/failure.yaml", failure)]);
    let own = named(&all, "proxy");
    assert_eq!(own["title"], "The proxy of api sends nothing");
    let lines = own["scenario"]["series"].as_array().unwrap();
    let line = |status: &str| {
        let wanted = format!("status=\"{status}\"");
        lines.iter().find(|it| it["series"].as_str().unwrap().contains(&wanted)).unwrap()["values"].as_str().unwrap()
    };
    // well, failing, well again: a counter never falls
    assert!(line("200").starts_with("0+3000x19 57000x"), "{}", line("200"));
    assert!(line("502").contains("+5400x"), "{}", line("502"));
}
