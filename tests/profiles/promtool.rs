//! Rules and their cases as promtool reads them, each alert alone: a case evaluates every rule beside it.
//!
//! In: alerts of a model. Out: files, and what promtool says of them when it refuses.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use super::rows;

/// `PROMTOOL` names another one, such as the oldest that rules must suit.
pub fn find() -> Option<PathBuf> {
    let name = std::env::var("PROMTOOL").unwrap_or_else(|_| "promtool".into());
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let mut all = vec![super::root().join("target/tools/bin")];
    all.extend(std::env::split_paths(&folders));
    all.into_iter().map(|folder| folder.join(&name)).find(|path| path.is_file())
}

fn rule(alert: &Value) -> Value {
    let mut rule = json!({ "alert": alert["name"], "expr": alert["expr"], "labels": alert["labels"], "annotations": alert["annotations"] });
    for key in ["for", "keep_firing_for"] {
        if !alert[key].is_null() {
            rule[key] = alert[key].clone();
        }
    }
    rule
}

fn case(name: &str, test: &Value) -> Value {
    let series: Vec<Value> =
        rows(test, "series").map(|line| json!({ "series": line["series"], "values": line["values"] })).collect();
    let expected: Vec<Value> = rows(test, "expected")
        .map(|one| json!({ "exp_labels": one["labels"], "exp_annotations": one["annotations"] }))
        .collect();
    json!({
        "name": test["name"], "interval": test["interval"], "input_series": series,
        "alert_rule_test": [{ "eval_time": test["eval_time"], "alertname": name, "exp_alerts": expected }],
    })
}

/// Rules and tests of one alert of one environment, alone: a case evaluates every rule beside it.
pub fn write(folder: &Path, stem: &str, name: &str, alerts: &[&Value]) -> Vec<PathBuf> {
    let rules = folder.join(format!("{stem}.rules.json"));
    let group =
        json!({ "groups": [{ "name": name, "rules": alerts.iter().map(|alert| rule(alert)).collect::<Vec<_>>() }] });
    fs::write(&rules, group.to_string()).unwrap();
    let mut written = Vec::new();
    for (slow, interval) in [(false, "1m"), (true, "10m")] {
        let tests: Vec<Value> = alerts
            .iter()
            .flat_map(|alert| rows(alert, "tests"))
            .filter(|test| test["slow"] == slow)
            .map(|test| case(name, test))
            .collect();
        if !tests.is_empty() {
            let path = folder.join(format!("{stem}.{interval}.tests.json"));
            let file = json!({ "rule_files": [rules], "evaluation_interval": interval, "tests": tests });
            fs::write(&path, file.to_string()).unwrap();
            written.push(path);
        }
    }
    written.insert(0, rules);
    written
}

pub fn run(promtool: &Path, args: &[&str], files: &[PathBuf]) -> Result<(), String> {
    let done = Command::new(promtool).args(args).args(files).output().unwrap();
    let said = [done.stdout, done.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    let lines: Vec<&str> = said
        .lines()
        .filter(|line| {
            !line.trim().is_empty()
                && !line.contains("SUCCESS")
                && !line.starts_with("Checking")
                && !line.starts_with("Unit Testing")
        })
        .collect();
    if done.status.success() { Ok(()) } else { Err(lines.join("\n")) }
}
