//! The rules of a cluster whose operator runs Prometheus: applied when they differ, read back from the Prometheus itself.

use std::fs;

use serde_json::{Value, json};

use crate::kubernetes::{Cluster, scaffold};
use crate::stage::{code, has, text};

fn seconds(text: &str) -> u64 {
    let (number, unit) = text.split_at(text.len() - 1);
    number.parse::<u64>().unwrap()
        * match unit {
            "s" => 1,
            "m" => 60,
            "h" => 3600,
            _ => 86_400,
        }
}

/// What Prometheus answers once it has read the rules of the tree.
fn answer() -> Value {
    let file = fs::read_to_string(scaffold().join("ops/prometheus/rules/production.yaml")).unwrap();
    let tree: Value = serde_saphyr::from_str(&file).unwrap();
    let running = |rule: &Value| {
        let name = rule.get("alert").or(rule.get("record")).unwrap();
        let wait = rule["for"].as_str().map_or(0, seconds);
        let state = if name == "Watchdog" { "firing" } else { "inactive" };
        json!({ "name": name, "labels": rule["labels"], "duration": wait, "health": "ok", "state": state })
    };
    let groups = tree["groups"].as_array().unwrap().iter().map(|group| {
        let rules: Vec<Value> = group["rules"].as_array().unwrap().iter().map(running).collect();
        json!({ "name": group["name"], "rules": rules })
    });
    let others = json!({ "name": "somebody-elses", "rules": [{ "name": "Theirs", "labels": {}, "duration": 0, "health": "err", "state": "firing" }] });
    json!({ "status": "success", "data": { "groups": groups.chain([others]).collect::<Vec<_>>() } })
}

/// A cluster that holds nothing for the operator yet.
fn cluster() -> Option<Cluster> {
    let cluster = Cluster::healthy().filter(|_| has("jq"))?;
    cluster.write("monitoring.yaml", "");
    for part in ["logs", "traces"] {
        cluster.write(&format!("deploy-kubernetes-{part}-production.yaml"), "");
    }
    cluster.write("rules.json", r#"{ "status": "success", "data": { "groups": [] } }"#);
    cluster.write("rules.after.json", &answer().to_string());
    Some(cluster)
}

fn applies(cluster: &Cluster) -> usize {
    let count = cluster.read("calls").matches(" apply ").count();
    cluster.write("calls", "");
    count
}

#[test]
fn rules_are_applied_once_and_read_back_from_prometheus() {
    let Some(cluster) = cluster() else { return };
    let out = cluster.run("observe", &["--check", "production"]);
    assert_eq!((code(&out), applies(&cluster)), (1, 0), "{}", text(&out));
    let out = cluster.run("observe", &["production"]);
    assert_eq!(
        (code(&out), applies(&cluster)),
        (0, 3),
        "rules, the logs' agent, the traces' collector: {}",
        text(&out)
    );
    assert!(text(&out).contains("ok       Watchdog fires"), "{}", text(&out));
    let applied = cluster.read("monitoring.yaml");
    assert!(applied.contains("kind: PrometheusRule") && applied.contains("kind: ServiceMonitor"));
    assert!(
        !applied.contains("kind: Rollout") && !applied.contains("kind: Deployment"),
        "the image belongs to a deploy"
    );
    let out = cluster.run("observe", &["production"]);
    assert_eq!((code(&out), applies(&cluster)), (0, 0), "{}", text(&out));
    assert!(text(&out).ends_with("production: nothing to change\n"), "{}", text(&out));
}

#[test]
fn a_rule_that_was_changed_in_the_cluster_is_shown_and_put_right() {
    let Some(cluster) = cluster() else { return };
    assert_eq!(code(&cluster.run("observe", &["production"])), 0);
    cluster.write("monitoring.yaml", &cluster.read("monitoring.yaml").replace("for: 5m", "for: 5h"));
    let out = cluster.run("observe", &["--check", "production"]);
    assert_eq!(code(&out), 1);
    assert!(
        text(&out).contains("DIFFERS  PrometheusRule or monitors") && text(&out).contains("for: 5h"),
        "{}",
        text(&out)
    );
    assert_eq!(code(&cluster.run("observe", &["production"])), 0);
    assert_eq!(code(&cluster.run("observe", &["--check", "production"])), 0);
}

#[test]
fn what_the_operator_did_not_take_up_is_told() {
    let Some(cluster) = cluster() else { return };
    let mut answer = answer();
    answer["data"]["groups"][0]["rules"].as_array_mut().unwrap().pop();
    cluster.write("rules.after.json", &answer.to_string());
    let out = cluster.run("observe", &["production"]);
    assert_eq!(code(&out), 1);
    assert!(text(&out).contains("not there: "), "{}", text(&out));

    let silent = answer.to_string().replace("\"firing\"", "\"inactive\"");
    cluster.write("rules.json", &silent);
    let out = cluster.run("observe", &["--check", "production"]);
    assert!(code(&out) == 1 && text(&out).contains("Watchdog is inactive: alerting is broken"), "{}", text(&out));
}

#[test]
fn each_probe_must_have_an_answer() {
    let Some(cluster) = cluster() else { return };
    let out = cluster.run("observe", &["production"]);
    assert!(text(&out).contains("ok       https://shop.acme.example/health/ready answers"), "{}", text(&out));
    assert!(cluster.read("monitoring.yaml").contains("kind: Probe"));
    for (result, told) in [("", "nobody asks https://"), (r#"{ "value": [0, "0"] }"#, "/health/ready does not answer")]
    {
        cluster.write("probe", result);
        let out = cluster.run("observe", &["--check", "production"]);
        assert!(code(&out) == 1 && text(&out).contains(told), "{}", text(&out));
    }
}

#[test]
fn a_deploy_needs_no_watcher_but_preflight_asks() {
    let Some(cluster) = cluster() else { return };
    let out = cluster.run("preflight", &["production"]);
    assert_eq!(code(&out), 0, "{}", text(&out));
    assert!(text(&out).contains("the operator's Prometheus tells its rules"), "{}", text(&out));
}

#[test]
fn an_agent_that_was_changed_or_does_not_run_is_told() {
    let Some(cluster) = cluster() else { return };
    assert_eq!(code(&cluster.run("observe", &["production"])), 0);
    let held = "deploy-kubernetes-logs-production.yaml";
    cluster.write(held, &cluster.read(held).replace("call: mask", "call: nothing"));
    let out = cluster.run("observe", &["--check", "production"]);
    let told = text(&out);
    assert!(code(&out) == 1 && told.contains("DIFFERS  deploy/kubernetes/logs/production"), "{told}");
    assert!(told.contains("call: nothing"), "{told}");
    assert_eq!(code(&cluster.run("observe", &["production"])), 0);
    cluster.write("no-rollout", "");
    let out = cluster.run("observe", &["--check", "production"]);
    assert!(code(&out) == 1 && text(&out).contains("DIFFERS  daemonset/fluent-bit doesn't run"), "{}", text(&out));
}
