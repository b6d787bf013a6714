//! Every alert in every metric profile that it has: some spec puts it in force, and promtool sees it fire and stay silent.
//!
//! `BLUEPRINTS=blueprints cargo test --test profiles` reads the folder instead of what was built in, so that a change of data needs no build.

#![allow(clippy::unwrap_used)]

#[path = "profiles/promtool.rs"]
mod promtool;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

use opsgen::catalog::{Catalog, Layer, embedded};
use opsgen::diagnostic::{Diagnostic, Source};
use opsgen::{model, spec};
use serde_json::Value;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|fault| panic!("{path}: {fault}"))
}

fn edited(text: &str, edits: &[(&str, &str)]) -> String {
    edits.iter().fold(text.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "the scenario no longer says `{from}`");
        text.replace(from, to)
    })
}

fn fly() -> String {
    read("snapshots/fly-web-api/spec.yaml")
}

fn shop() -> String {
    read("snapshots/kubernetes-shop/spec.yaml")
}

fn processes() -> String {
    read("tests/profiles/processes.yaml")
}

/// On a platform of which nothing is known but its name.
fn elsewhere(profile: &str) -> String {
    let metrics = format!("observability: {{ metrics: {profile} }}\ndelivery:");
    edited(
        &processes(),
        &[("platform: fly, regions: [iad], organization: acme", "platform: elsewhere"), ("delivery:", &metrics)],
    )
}

/// Specs that together put every profile of every alert in force.
fn scenarios() -> Vec<(&'static str, String)> {
    let stated = "    latency_p50: { medium: 300ms for 5m }\n    availability: { medium: below 99% for 5m }\n";
    vec![
        (
            "fly",
            edited(
                &fly(),
                &[
                    ("method: [dump, platform-snapshot]", "method: [dump, wal, platform-snapshot]"),
                    ("    cpu:         {", &format!("{stated}    cpu:         {{")),
                ],
            ),
        ),
        (
            "shop",
            edited(
                &shop(),
                &[(
                    "    cpu:            {",
                    &format!(
                        "{stated}    uptime: {{ low: below 99.5% for 10m }}\n    job_success: {{ medium: below 95% for 15m }}\n    cpu:            {{"
                    ),
                )],
            ),
        ),
        ("gopher", read("tests/profiles/gopher.yaml")),
        ("jvm", read("tests/profiles/jvm.yaml")),
        ("processes", processes()),
        ("scraped", elsewhere("prometheus")),
        ("pushed", elsewhere("opentelemetry")),
    ]
}

fn files(folder: &Path, below: &Path, found: &mut Vec<(String, Vec<u8>)>) {
    for entry in fs::read_dir(below).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(folder, &path, found);
        } else {
            found.push((path.strip_prefix(folder).unwrap().to_string_lossy().into_owned(), fs::read(&path).unwrap()));
        }
    }
}

fn catalog() -> Catalog {
    let layer = match std::env::var_os("BLUEPRINTS") {
        Some(folder) => {
            let (folder, mut found) = (PathBuf::from(folder), Vec::new());
            files(&folder, &folder, &mut found);
            found.sort();
            Layer { name: "folder".into(), files: found }
        }
        None => embedded(),
    };
    let verbs = [
        "status",
        "checks",
        "instances",
        "logs",
        "releases",
        "restart",
        "scale",
        "shell",
        "resources",
        "volumes",
        "rollback",
        "smoke",
    ];
    let commands: String = verbs.iter().map(|verb| format!("{verb}: ops/bin/{verb}\n")).collect();
    let elsewhere = [
        ("platform.yaml", "name: Elsewhere\nfamily: elsewhere\nprofiles: []\n"),
        ("blueprint.yaml", "summary: Elsewhere\nchoice: hosting.platform\n"),
        ("commands.yaml", &commands),
    ];
    let files = elsewhere.map(|(file, text)| (format!("hosting/elsewhere/{file}"), text.as_bytes().to_vec())).into();
    Catalog::load(&[layer, Layer { name: "elsewhere".into(), files }])
        .unwrap_or_else(|faults| panic!("{}", told(&faults)))
}

fn told(faults: &[Diagnostic]) -> String {
    faults.iter().map(|fault| fault.render(false)).collect::<Vec<_>>().join("\n\n")
}

fn resolved(catalog: &Catalog, name: &str, text: &str) -> Value {
    let (spec, _) = spec::parse(Source::new(format!("{name}.yaml"), text));
    let (model, faults) = model::resolve(&spec, catalog);
    // a code of the alerts' own is a fault of the catalogue, whatever else the scenario leaves unanswered
    let own: Vec<_> = faults
        .into_iter()
        .filter(|fault| {
            fault.is_error() && fault.code >= "OPS160" && fault.code < "OPS200"
                || fault.is_error() && fault.code >= "OPS340"
        })
        .collect();
    assert!(own.is_empty(), "{name}:\n{}", told(&own));
    serde_json::to_value(&model).unwrap()
}

fn models(catalog: &Catalog) -> Vec<(&'static str, Value)> {
    scenarios().into_iter().map(|(name, text)| (name, resolved(catalog, name, &text))).collect()
}

fn rows<'v>(value: &'v Value, key: &str) -> impl Iterator<Item = &'v Value> {
    value[key].as_array().unwrap_or_else(|| panic!("{key} is no list")).iter()
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_default()
}

#[test]
fn some_spec_puts_every_expression_in_force_and_it_is_seen_to_fire_and_to_be_silent() {
    let catalog = catalog();
    let mut seen: BTreeMap<(String, String), BTreeSet<bool>> = BTreeMap::new();
    for (_, m) in models(&catalog) {
        for alert in rows(&m, "alerts") {
            let cases = seen.entry((text(alert, "name").into(), text(alert, "profile").into())).or_default();
            cases.extend(rows(alert, "tests").map(|test| !test["expected"].as_array().unwrap().is_empty()));
        }
    }
    let mut wrong = Vec::new();
    for alert in &catalog.alerts.alerts {
        // promtool reads no other language
        let promql =
            |name: &&String| catalog.alerts.profiles.get(*name).is_none_or(|profile| profile.language.is_none());
        for profile in alert.definition.profiles.keys().filter(promql) {
            match seen.get(&(alert.name.clone(), profile.clone())) {
                None => wrong.push(format!("{} with {profile} is in force nowhere", alert.name)),
                Some(cases) if !cases.contains(&true) => {
                    wrong.push(format!("{} with {profile} never fires", alert.name));
                }
                Some(cases) if !cases.contains(&false) && !alert.definition.always => {
                    wrong.push(format!("{} with {profile} is never silent", alert.name));
                }
                Some(_) => {}
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn promtool_takes_every_rule_and_every_case() {
    let Some(tool) = promtool::find() else {
        eprintln!("promtool is not here: no rule was run");
        return;
    };
    let folder = root().join("target/profiles");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let only = std::env::var("ONLY").unwrap_or_default();
    let (mut rules, mut tests) = (Vec::new(), Vec::new());
    for (scenario, m) in models(&catalog()) {
        let mut grouped: BTreeMap<(&str, &str), Vec<&Value>> = BTreeMap::new();
        // what reads recorded series is run with all that is recorded, over the scaffolds: `opsgen verify`
        let alone =
            |alert: &&Value| text(alert, "name").contains(&only) && !text(alert, "expr").contains("service_slo:");
        for alert in rows(&m, "alerts").filter(alone) {
            grouped.entry((text(alert, "environment"), text(alert, "name"))).or_default().push(alert);
        }
        for ((environment, name), alerts) in grouped {
            let mut written = promtool::write(&folder, &format!("{scenario}-{environment}-{name}"), name, &alerts);
            rules.push(written.remove(0));
            tests.append(&mut written);
        }
    }
    let mut works = vec![(["check", "rules", "--lint=all", "--lint-fatal"].as_slice(), rules)];
    works
        .extend(tests.chunks(tests.len().div_ceil(2).max(1)).map(|some| (["test", "rules"].as_slice(), some.to_vec())));
    let wrong: Vec<String> = thread::scope(|scope| {
        let tool = &tool;
        let works: Vec<_> =
            works.iter().map(|(args, files)| scope.spawn(move || promtool::run(tool, args, files))).collect();
        works.into_iter().filter_map(|work| work.join().unwrap().err()).collect()
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The same service on another platform: whoever is called at night knows the alert again.
#[test]
fn a_spec_that_moves_from_fly_to_kubernetes_keeps_name_severity_and_page() {
    let catalog = catalog();
    let moved = edited(
        &fly(),
        &[
            ("  platform: fly\n", "  platform: kubernetes\n"),
            ("    provider: fly\n", "    provider: cloudnative-pg\n"),
            ("store: fly, rules_run_in: grafana", "store: prometheus, rules_run_in: prometheus-operator"),
            ("tool: uptimerobot", "tool: blackbox"),
        ],
    );
    let severities = |m: &Value| {
        let mut known: BTreeMap<(String, String, String), BTreeSet<(String, String)>> = BTreeMap::new();
        for alert in rows(m, "alerts") {
            let key = ["name", "environment", "target"].map(|key| text(alert, key).to_owned());
            known.entry(key.into()).or_default().insert((text(alert, "severity").into(), text(alert, "slug").into()));
        }
        known
    };
    let (before, after) =
        (severities(&resolved(&catalog, "fly", &fly())), severities(&resolved(&catalog, "moved", &moved)));
    let both: Vec<_> = before.keys().filter(|key| after.contains_key(*key)).collect();
    assert!(both.len() >= 40, "only {} alerts of Fly are known on Kubernetes", both.len());
    for key in both {
        assert_eq!(before[key], after[key], "{key:?}");
    }
    // in a cluster only the hosts know how busy a disk is: HostDiskIoHigh
    let lost: Vec<_> =
        before.keys().filter(|key| !after.contains_key(*key) && key.0 != "DiskIoHigh").map(|key| &key.0).collect();
    assert!(lost.is_empty(), "not known on Kubernetes: {lost:?}");
}

/// Who is woken must find something that users feel, and not a dozen names for it.
#[test]
fn at_most_twelve_alerts_of_a_service_wake_anybody_by_default() {
    let catalog = catalog();
    for (scenario, m) in models(&catalog) {
        let mut pages: BTreeMap<(&str, &str), BTreeSet<&str>> = BTreeMap::new();
        let own = |alert: &&Value| {
            alert["threshold"]["key"].is_null() && ["critical", "high"].contains(&text(alert, "severity"))
        };
        for alert in rows(&m, "alerts").filter(own) {
            let service = alert["labels"]["service"].as_str().unwrap();
            pages.entry((text(alert, "environment"), service)).or_default().insert(text(alert, "name"));
        }
        for ((environment, service), names) in pages {
            assert!(names.len() <= 12, "{scenario}: {service} in {environment} has {}: {names:?}", names.len());
            for cause in
                ["CpuHigh", "CpuThrottled", "MemoryHigh", "OomKilled", "DatabasePoolHigh", "DatabasePoolWaiters"]
            {
                assert!(!names.contains(cause), "{scenario}: {cause} of {service} is a cause and pages");
            }
        }
    }
}
