//! Monitors of a place that speaks another language: made once, put right, taken away, nobody else's touched.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use crate::stage::{Server, code, has, text};

const MONITORS: &str = "ops/datadog/monitors/production.json";

fn scaffold(place: &Path) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let spec = fs::read_to_string(root.join("snapshots/kubernetes-shop/spec.yaml")).unwrap();
    fs::write(place.join("spec.yaml"), spec.replace("rules_run_in: prometheus-operator", "rules_run_in: datadog"))
        .unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_opsgen"));
    let out = command.args(["apply", "spec.yaml", "--root", ".", "--yes"]).current_dir(place).output().unwrap();
    assert_eq!(code(&out), 0, "{}", text(&out));
    // Three are enough: each takes some calls.
    let file = place.join(MONITORS);
    let monitors: Vec<serde_json::Value> = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
    assert!(monitors.len() > 20);
    let few = ["HttpErrorRateHigh api (high)", "ServiceDown api (critical)", "MemoryHigh api (medium)"];
    let wanted =
        |monitor: &&serde_json::Value| few.iter().any(|name| monitor["name"].as_str().unwrap().ends_with(name));
    let kept: Vec<&serde_json::Value> = monitors.iter().filter(wanted).collect();
    assert_eq!(kept.len(), few.len());
    fs::write(file, serde_json::to_string_pretty(&kept).unwrap()).unwrap();
}

fn run(place: &Path, server: &Server, mode: &str, key: &str) -> Output {
    let mut command = Command::new(place.join("ops/observe/rules"));
    command.args([mode, "production"]).env("DD_SITE", &server.url).env("DD_API_KEY", key).env("DD_APP_KEY", key);
    command.output().unwrap()
}

#[test]
fn monitors_are_made_once_put_right_and_taken_away() {
    if !["python3", "jq", "curl"].into_iter().all(has) {
        return;
    }
    let place = tempfile::tempdir().unwrap();
    let log = place.path().join("log");
    scaffold(place.path());
    let server = Server::fake("datadog", &log, "key", &[]);
    let at = |mode| run(place.path(), &server, mode, "key");
    let writes = || {
        let lines = fs::read_to_string(&log).unwrap_or_default();
        fs::write(&log, "").unwrap();
        lines.lines().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(code(&at("ask")), 0);
    let out = at("check");
    assert!(
        code(&out) == 1 && text(&out).contains("DIFFERS  [production] ServiceDown api (critical)"),
        "{}",
        text(&out)
    );
    assert!(writes().is_empty());
    let out = at("install");
    assert_eq!(code(&out), 0, "{}", text(&out));
    let made = writes();
    assert!(made.len() == 3 && made.iter().all(|call| call == "POST"), "{made:?}");
    assert!(code(&at("install")) == 0 && writes().is_empty(), "a second run changes nothing");

    let file = place.path().join(MONITORS);
    let monitors = fs::read_to_string(&file).unwrap();
    fs::write(&file, monitors.replace("> 0.05", "> 0.07")).unwrap();
    assert_eq!(code(&at("install")), 0);
    assert_eq!(writes(), ["PUT"]);
    fs::write(&file, monitors.replace("sum(last_5m)", "nonsense")).unwrap();
    let out = at("install");
    assert!(code(&out) == 1 && text(&out).contains("is refused"), "{}", text(&out));
    assert!(writes().is_empty(), "what Datadog can't read is never written");
    let mut fewer: serde_json::Value = serde_json::from_str(&monitors.replace("> 0.05", "> 0.07")).unwrap();
    fewer.as_array_mut().unwrap().pop();
    fs::write(&file, fewer.to_string()).unwrap();
    assert_eq!(code(&at("install")), 0);
    assert_eq!(writes(), ["DELETE"]);
    let out = run(place.path(), &server, "install", "wrong");
    assert!(code(&out) == 1 && text(&out).contains("403"), "{}", text(&out));
}
