//! Failures over both scenarios: what fires is computed from the rules, and a failure is a folder.

#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
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

/// The worst one of that name.
fn alert<'v>(failure: &'v Value, name: &str) -> Option<&'v Value> {
    let own = failure["alerts"].as_array().unwrap().iter().filter(|it| it["name"] == name);
    let order = ["critical", "high", "medium", "low"];
    own.min_by_key(|it| order.iter().position(|severity| it["severity"] == *severity))
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

/// What Alertmanager would mute, by the rules of its own file.
fn matches(matchers: &Value, labels: &BTreeMap<&str, String>) -> bool {
    matchers.as_array().unwrap().iter().all(|matcher| {
        let parts = regex::Regex::new("^(\\w+)(=~|!~|!=|=)\"(.*)\"$").unwrap();
        let found = parts.captures(matcher.as_str().unwrap()).unwrap();
        let value = labels.get(&found[1]).map_or("", String::as_str);
        let whole = |pattern: &str| regex::Regex::new(&format!("^(?:{pattern})$")).unwrap().is_match(value);
        match &found[2] {
            "=" => value == &found[3],
            "!=" => value != &found[3],
            "=~" => whole(&found[3]),
            _ => !whole(&found[3]),
        }
    })
}

fn muted(target: &BTreeMap<&str, String>, all: &[BTreeMap<&str, String>], rules: &Value) -> bool {
    rules.as_array().unwrap().iter().any(|rule| {
        let (from, to) = (&rule["source_matchers"], &rule["target_matchers"]);
        let same = |source: &BTreeMap<&str, String>| {
            rule["equal"]
                .as_array()
                .unwrap()
                .iter()
                .all(|label| source.get(label.as_str().unwrap()) == target.get(label.as_str().unwrap()))
        };
        // what is on both sides mutes nothing that is on both sides
        let both = matches(from, target) && matches(to, target);
        matches(to, target)
            && all.iter().any(|source| {
                source != target && matches(from, source) && same(source) && !(both && matches(to, source))
            })
    })
}

/// However many rules see it, one failure calls once or twice.
#[test]
fn a_failure_calls_once_or_twice() {
    let mut looked = 0;
    for name in ["fly-web-api", "kubernetes-shop"] {
        let config = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
            .join("snapshots")
            .join(name)
            .join("out/ops/alertmanager/alertmanager.yaml");
        let Ok(config) = fs::read_to_string(config) else { continue }; // whoever evaluates the rules there also routes
        let config: Value = serde_saphyr::from_str(&config).unwrap();
        looked += 1;
        for failure in failures(&scenario(name), &[]) {
            let labels = |alert: &Value| {
                let mut labels: BTreeMap<&str, String> =
                    ["severity", "service", "signal"].map(|key| (key, alert[key].as_str().unwrap().to_owned())).into();
                labels.insert("alertname", alert["name"].as_str().unwrap().to_owned());
                labels.insert("environment", failure["environment"].as_str().unwrap().to_owned());
                labels
            };
            let fired: Vec<_> = failure["alerts"].as_array().unwrap().iter().map(labels).collect();
            let paged = fired.iter().filter(|alert| ["critical", "high"].contains(&alert["severity"].as_str()));
            let calls: BTreeSet<(String, String)> = paged
                .filter(|alert| !muted(alert, &fired, &config["inhibit_rules"]))
                .map(|alert| (alert["service"].clone(), alert["signal"].clone()))
                .collect();
            assert!(calls.len() <= 2, "{name}, {}: {calls:?} of {fired:?}", failure["title"]);
        }
    }
    assert!(looked > 0);
}

/// The page carries what to type first, so it helps when the runbook's host is away too.
#[test]
fn what_an_alert_says_to_type_is_there() {
    for (name, strangers) in [("fly-web-api", ["kubectl", "helm"]), ("kubernetes-shop", ["flyctl", "fly "])] {
        let out = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("snapshots").join(name).join("out");
        let catalog = Catalog::load(&[embedded()]).unwrap();
        let (spec, _) = spec::parse(Source::new("spec.yaml", scenario(name)));
        let (model, _) = model::resolve(&spec, &catalog);
        for alert in model.list("alerts").iter().map(|alert| serde_json::to_value(alert).unwrap()) {
            let command = alert["annotations"]["command"].as_str().unwrap();
            assert!(!command.trim().is_empty(), "{} has no command", alert["name"]);
            assert!(
                !strangers.iter().any(|word| command.contains(word)),
                "{}: `{command}` is of another platform",
                alert["name"]
            );
            for word in command.split_whitespace().filter(|word| word.starts_with("ops/")) {
                assert!(out.join(word).is_file(), "{}: `{word}` is not in the tree", alert["name"]);
            }
        }
    }
}
