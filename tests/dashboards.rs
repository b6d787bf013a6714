//! Dashboards of the scenarios: every alert of the live environment is drawn, and no panel lies on another.

mod program;

use std::collections::BTreeSet;
use std::fs;

use program::Project;
use serde_json::Value;

const SCENARIOS: [(&str, &str); 2] = [("fly-web-api", "production"), ("kubernetes-shop", "production")];

fn dashboards(project: &Project) -> Vec<Value> {
    let folder = project.path("ops/grafana/dashboards");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    files.iter().map(|file| serde_json::from_slice(&fs::read(file).unwrap()).unwrap()).collect()
}

fn items<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

/// Alert and the dashboard that its annotation names.
fn alerts(project: &Project, environment: &str) -> BTreeSet<(String, String)> {
    let rules = project.read(&format!("ops/prometheus/rules/{environment}.yaml"));
    let mut found = BTreeSet::new();
    let mut name = String::new();
    for line in rules.lines() {
        if let Some(alert) = line.trim().strip_prefix("- alert: ") {
            alert.clone_into(&mut name);
        } else if let Some(dashboard) = line.trim().strip_prefix("dashboard: ") {
            found.insert((name.clone(), dashboard.to_owned()));
        }
    }
    found
}

#[test]
fn every_alert_is_a_line_on_the_dashboard_that_it_names() {
    for (scenario, live) in SCENARIOS {
        let project = Project::applied(scenario);
        let (mut drawn, mut limited) = (BTreeSet::new(), BTreeSet::new());
        for dashboard in dashboards(&project) {
            for panel in items(&dashboard, "panels").iter().filter(|panel| !items(panel, "links").is_empty()) {
                assert!(!items(panel, "targets").is_empty(), "{scenario}: {} draws nothing", panel["title"]);
                let text = |value: &Value| value.as_str().unwrap().to_owned();
                let steps = items(&panel["fieldConfig"]["defaults"]["thresholds"], "steps");
                for link in items(panel, "links") {
                    let Some(alert) = text(&link["title"]).strip_prefix("Runbook ").map(str::to_owned) else {
                        continue;
                    };
                    // What is compared with another series has that instead of a number.
                    if steps.len() > 1 || items(panel, "targets").len() > 1 {
                        limited.insert(alert.clone());
                    }
                    drawn.insert((alert, text(&dashboard["uid"])));
                }
            }
        }
        let wanted = alerts(&project, live);
        assert!(wanted.len() > 15, "{scenario}: only {} alerts were found", wanted.len());
        let missing: Vec<_> = wanted.difference(&drawn).collect();
        assert!(missing.is_empty(), "{scenario}: on no dashboard: {missing:?}");
        let without: Vec<_> = wanted.iter().filter(|(alert, _)| !limited.contains(alert)).collect();
        assert!(without.is_empty(), "{scenario}: no limit drawn: {without:?}");
    }
}

#[test]
fn panels_have_a_number_and_a_place_of_their_own() {
    for (scenario, _) in SCENARIOS {
        for dashboard in dashboards(&Project::applied(scenario)) {
            let mut numbers = BTreeSet::new();
            let mut cells = BTreeSet::new();
            for panel in items(&dashboard, "panels") {
                let title = format!("{scenario}: {}, {}", dashboard["uid"], panel["title"]);
                assert!(numbers.insert(panel["id"].as_u64().unwrap()), "{title}: its number is taken");
                let at = |key: &str| panel["gridPos"][key].as_u64().unwrap();
                assert!(at("x") + at("w") <= 24, "{title} is wider than the grid");
                for x in at("x")..at("x") + at("w") {
                    for y in at("y")..at("y") + at("h") {
                        assert!(cells.insert((x, y)), "{title} lies on another at {x}, {y}");
                    }
                }
            }
            let bottom = cells.iter().map(|(_, y)| y + 1).max().unwrap_or(0);
            let holes = (0..24).flat_map(|x| (0..bottom).map(move |y| (x, y))).find(|cell| !cells.contains(cell));
            assert_eq!(holes, None, "{scenario}: {} has a hole", dashboard["uid"]);
        }
    }
}
