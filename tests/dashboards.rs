//! Dashboards of the scenarios: every alert of the live environment is drawn, and no panel lies on another.

mod program;

use std::collections::BTreeSet;
use std::fs;

use opsgen::format::dashboard::breaches;
use program::Project;
use serde_json::Value;

const SCENARIOS: [(&str, &str); 2] = [("fly-web-api", "production"), ("kubernetes-shop", "production")];

fn dashboards(project: &Project) -> Vec<Value> {
    let folder = project.path("ops/grafana/dashboards");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "json"));
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

#[test]
fn the_rules_of_the_linter_hold_but_for_two_that_are_broken_with_a_reason() {
    for (scenario, _) in SCENARIOS {
        let project = Project::applied(scenario);
        let lint: Value = serde_saphyr::from_str(&project.read("ops/grafana/dashboards/.lint")).unwrap();
        let excluded: BTreeSet<&str> = lint["exclusions"].as_object().unwrap().keys().map(String::as_str).collect();
        let dashboards = dashboards(&project);
        let broken: BTreeSet<&str> = dashboards.iter().flat_map(breaches).map(|breach| breach.rule).collect();
        assert_eq!(broken, excluded, "{scenario}: an exclusion that nothing needs, or a breach that nothing excludes");
        assert!(excluded.len() <= 2, "{scenario}: {excluded:?}");
    }
}

/// Numbers by title, and the lines of the file without its places.
fn numbers(dashboard: &Value) -> BTreeSet<(String, u64)> {
    items(dashboard, "panels").iter().map(|it| (it["title"].to_string(), it["id"].as_u64().unwrap())).collect()
}

#[test]
fn a_dashboard_and_a_panel_are_data() {
    let project = Project::applied("fly-web-api");
    let before = dashboards(&project);
    let mail = "title: Mail\nrows:\n  - use: now\n  - title: Mail\n    panels:\n      - title: Mails that wait\n        description: Not sent yet.\n        \
        type: gauge\n        max: 100\n        profiles:\n          any: { where: waiting, expr: 'max(mail_waiting{app=<{ \"mail-\" ~ environment.name }>})' }\n";
    project.write("mine/panels/mail.yaml", mail);
    let now = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/blueprints/panels/now.yaml")).unwrap().replace(
        "      - title: Last deployments\n",
        "      - title: Mails\n        description: Not sent yet.\n        profiles: { any: { where: waiting, expr: max(mail_waiting) } }\n      - title: Last deployments\n",
    );
    project.write("mine/panels/now.yaml", now);
    project.run(&["apply", "--yes", "--blueprints", "mine"]).code(0);
    let after = dashboards(&project);
    let added = after.iter().find(|it| it["uid"] == "acme-api-mail").unwrap();
    let gauge = items(added, "panels").iter().find(|it| it["title"] == "Mails that wait").unwrap();
    assert_eq!(gauge["type"], "gauge");
    assert_eq!(gauge["targets"][0]["expr"], "max(mail_waiting{app=\"mail-$environment\"})");
    for dashboard in &before {
        let again = after.iter().find(|it| it["uid"] == dashboard["uid"]).unwrap();
        let lost: Vec<_> = numbers(dashboard).difference(&numbers(again)).cloned().collect();
        assert!(lost.is_empty(), "another number after a panel was added before it: {lost:?}");
        assert_eq!(numbers(again).len(), numbers(dashboard).len() + 1);
    }
}

#[test]
fn a_panel_reads_what_a_profile_in_force_has() {
    let project = Project::applied("fly-web-api");
    let mail = "title: Mail\nrows:\n  - title: Mail\n    panels:\n      - title: Mails\n        description: Waiting.\n        \
        profiles:\n          fly: { where: waiting, expr: sum(mail_waiting) }\n";
    project.write("mine/panels/mail.yaml", mail);
    let said = project.run(&["check", "--blueprints", "mine"]);
    said.says("OPS344").says("panel Mails for fly reads `mail_waiting`");
}

/// The environments that a dashboard offers are those that its series are found by.
#[test]
fn every_environment_is_chosen_by_name() {
    for (scenario, live) in SCENARIOS {
        for dashboard in dashboards(&Project::applied(scenario)) {
            let variables = items(&dashboard["templating"], "list");
            let environment = variables.iter().find(|it| it["name"] == "environment").unwrap();
            assert_eq!(environment["query"], format!("{live},staging"), "{scenario}");
            for panel in items(&dashboard, "panels") {
                let always =
                    panel["description"].as_str().is_some_and(|text| text.contains("whichever environment is chosen"));
                let named = items(panel, "targets").iter().any(|it| it["expr"].as_str().unwrap().contains(live));
                assert!(!named || always, "{scenario}: {} is of {live} alone and doesn't say so", panel["title"]);
            }
        }
    }
}
