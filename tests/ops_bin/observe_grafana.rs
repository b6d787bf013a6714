//! Rules that Grafana evaluates, its dashboards and marks: brought, read back, put right.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use crate::stage::{Server, code, has, scaffold, text};

const IMAGE: &str = "ghcr.io/acme/acme-api@sha256:abc";

struct Grafana {
    server: Server,
    files: tempfile::TempDir,
}

impl Grafana {
    /// Empty; nothing without the programs that the scripts need.
    fn new() -> Option<Self> {
        if !["python3", "jq", "curl"].into_iter().all(has) {
            return None;
        }
        let files = tempfile::tempdir().unwrap();
        Some(Self { server: Server::fake("grafana", &files.path().join("log"), "token", &[]), files })
    }

    fn run(&self, args: &[&str], token: Option<&str>) -> Output {
        let mut command = Command::new(scaffold().join("ops/bin/observe"));
        command.args(args).env("GRAFANA_URL", &self.server.url).env("OBSERVE_WAIT", "0").env_remove("GRAFANA_TOKEN");
        command
            .env("SLACK_WEBHOOK_URL", "https://hooks.slack.example/secret")
            .envs(token.map(|it| ("GRAFANA_TOKEN", it)));
        // what asks from outside has its own test
        let robot = self.files.path().join("robot");
        fs::create_dir_all(&robot).unwrap();
        let robot = Server::fake("uptimerobot", &robot.join("log"), "key", &[]);
        command.env("UPTIMEROBOT_URL", &robot.url).env("UPTIMEROBOT_API_KEY", "key");
        command.output().unwrap()
    }

    fn step(&self, step: &str, args: &[&str]) -> Output {
        let mut command = Command::new(scaffold().join("ops/observe").join(step));
        command.args(args).env("GRAFANA_URL", &self.server.url).env("GRAFANA_TOKEN", "token").env("OBSERVE_WAIT", "0");
        command.env("SLACK_WEBHOOK_URL", "https://hooks.slack.example/secret").output().unwrap()
    }

    /// With the rules of the tree.
    fn installed() -> Option<Self> {
        let grafana = Self::new()?;
        let alerting = scaffold().join("ops/grafana/alerting");
        let more = [alerting.to_str().unwrap(), "production"];
        let server = Server::fake("grafana", &grafana.files.path().join("log"), "token", &more);
        Some(Self { server, ..grafana })
    }

    /// Requests since the last look that change something.
    fn writes(&self) -> Vec<String> {
        let log = self.files.path().join("log");
        let lines = fs::read_to_string(&log).unwrap_or_default();
        fs::write(log, "").unwrap();
        lines.lines().filter(|line| !line.starts_with("GET ")).map(str::to_owned).collect()
    }

    /// What somebody does by hand.
    fn hand(&self, method: &str, path: &str, body: &str) {
        let mut curl = Command::new("curl");
        curl.args([
            "-fsS",
            "-X",
            method,
            "-H",
            "Authorization: Bearer token",
            "-d",
            body,
            &format!("{}{path}", self.server.url),
        ]);
        assert!(curl.output().unwrap().status.success());
        self.writes();
    }
}

fn rules() -> Vec<serde_json::Value> {
    let file = fs::read_to_string(scaffold().join("ops/grafana/alerting/production.json")).unwrap();
    let groups: Vec<serde_json::Value> = serde_json::from_str(&file).unwrap();
    groups.into_iter().flat_map(|group| group["rules"].as_array().unwrap().clone()).collect()
}

fn boards() -> usize {
    let files = fs::read_dir(scaffold().join("ops/grafana/dashboards")).unwrap();
    files.filter(|file| file.as_ref().unwrap().path().extension().is_some_and(|kind| kind == "json")).count()
}

#[test]
fn the_second_run_writes_nothing_and_says_so() {
    let Some(grafana) = Grafana::new() else { return };
    let out = grafana.run(&["--check", "production"], Some("token"));
    assert_eq!(code(&out), 1);
    assert!(text(&out).contains("DIFFERS  folder acme-api"), "{}", text(&out));
    assert_eq!(grafana.writes(), [""; 0], "a look changes nothing");
    assert_eq!(code(&grafana.step("rules", &["install", "production"])), 0);
    assert!(grafana.writes().iter().any(|line| line.contains("/rule-groups/acme-api-production-http")));
    let out = grafana.step("rules", &["install", "production"]);
    assert_eq!(code(&out), 0, "{}", text(&out));
    assert_eq!(grafana.writes(), [""; 0]);
    let told = text(&out);
    assert!(told.lines().all(|line| line.starts_with("ok ")), "{told}");
    assert!(
        told.contains("Watchdog fires") && told.contains(&format!("{} rules are evaluated", rules().len())),
        "{told}"
    );
}

#[test]
fn all_of_it_is_brought_once_and_a_deployment_is_marked_once() {
    let Some(grafana) = Grafana::installed() else { return };
    assert_eq!(code(&grafana.step("dashboards", &["install", "production"])), 0);
    assert_eq!(grafana.writes().iter().filter(|line| *line == "POST /api/dashboards/db").count(), boards());
    let out = grafana.step("dashboards", &["install", "production"]);
    assert!(text(&out).contains("ok       dashboard acme-api / ") && grafana.writes().is_empty(), "{}", text(&out));
    let mark = |image: &str| {
        let mut command = Command::new(scaffold().join("ops/observe/dashboards"));
        command.args(["install", "production"]).env("DEPLOYED", image);
        let out = command.env("GRAFANA_URL", &grafana.server.url).env("GRAFANA_TOKEN", "token").output().unwrap();
        assert_eq!(code(&out), 0, "{}", text(&out));
        grafana.writes()
    };
    assert_eq!(mark(IMAGE), ["POST /api/annotations"]);
    assert_eq!(mark(IMAGE), [""; 0], "the same deployment is one event");
    assert_eq!(mark("ghcr.io/acme/acme-api@sha256:def"), ["POST /api/annotations"]);
}

#[test]
fn what_was_changed_in_grafana_is_shown_and_put_right() {
    let Some(grafana) = Grafana::installed() else { return };
    let rule = rules().into_iter().find(|rule| rule["labels"]["alert"] == "HttpErrorRateHigh").unwrap();
    let title = rule["title"].as_str().unwrap();
    let mut changed = rule.clone();
    changed["for"] = "1h".into();
    changed["data"][0]["model"]["expr"] = "vector(0) > 1".into();
    let group = "acme-api-production-http";
    changed["folderUID"] = "acme-api-production".into();
    changed["ruleGroup"] = group.into();
    let path = format!("/api/v1/provisioning/alert-rules/{}", rule["uid"].as_str().unwrap());
    grafana.hand("PUT", &path, &changed.to_string());
    let mut stranger = changed.clone();
    stranger["uid"] = "made-by-hand".into();
    stranger["title"] = "Made by hand".into();
    grafana.hand("POST", "/api/v1/provisioning/alert-rules", &stranger.to_string());

    let out = grafana.step("rules", &["check", "production"]);
    assert_eq!(code(&out), 1);
    let told = text(&out);
    assert!(
        told.contains(&format!("DIFFERS  rule group {group}: {title}: data, for; Made by hand is not in this tree")),
        "{told}"
    );
    assert!(grafana.writes().is_empty());
    let out = grafana.step("rules", &["install", "production"]);
    assert_eq!(code(&out), 0, "{}", text(&out));
    assert_eq!(grafana.writes(), [format!("PUT /api/v1/provisioning/folder/acme-api-production/rule-groups/{group}")]);
    assert_eq!(code(&grafana.step("rules", &["check", "production"])), 0);
}

#[test]
fn a_group_that_went_from_the_tree_goes_from_grafana() {
    let Some(grafana) = Grafana::installed() else { return };
    let mut old = rules()[0].clone();
    old["uid"] = "old".into();
    old["title"] = "Old".into();
    old["folderUID"] = "acme-api-production".into();
    old["ruleGroup"] = "acme-api-production-gone".into();
    grafana.hand("POST", "/api/v1/provisioning/alert-rules", &old.to_string());
    let out = grafana.step("rules", &["install", "production"]);
    assert_eq!(
        (code(&out), grafana.writes()),
        (0, vec!["DELETE /api/v1/provisioning/alert-rules/old".to_owned()]),
        "{}",
        text(&out)
    );
}

#[test]
fn secrets_go_to_grafana_alone_and_are_written_again_when_asked() {
    let Some(grafana) = Grafana::installed() else { return };
    let out = grafana.step("rules", &["renew", "production"]);
    assert_eq!(code(&out), 0, "{}", text(&out));
    let writes = grafana.writes();
    assert!(
        !writes.is_empty() && writes.iter().all(|line| line.starts_with("PUT /api/v1/provisioning/contact-points/")),
        "{writes:?}"
    );
    assert!(!text(&out).contains("hooks.slack.example"), "{}", text(&out));
    let tree = fs::read_to_string(scaffold().join("ops/grafana/alerting/contact-points.json")).unwrap();
    assert!(!tree.contains("hooks.slack"));
}

#[test]
fn rules_that_fail_and_a_watchdog_that_is_silent_are_told() {
    let Some(grafana) = Grafana::installed() else { return };
    grafana.hand("POST", "/break", r#"{ "health": "error", "error": "data source not found" }"#);
    let out = grafana.step("rules", &["check", "production"]);
    assert_eq!(code(&out), 1);
    assert!(text(&out).contains("data source not found"), "{}", text(&out));
}

#[test]
fn a_wrong_or_missing_token_is_told_and_ends_with_1() {
    let Some(grafana) = Grafana::new() else { return };
    let out = grafana.run(&["production"], Some("other"));
    assert_eq!(code(&out), 1);
    assert!(text(&out).contains("Grafana refuses GRAFANA_TOKEN (401); docs/bootstrap.md"), "{}", text(&out));
    assert!(text(&out).contains("production: not as this tree says: dashboards rules"), "{}", text(&out));
    let out = grafana.run(&["--ask", "production"], None);
    assert_eq!(code(&out), 1);
    assert!(text(&out).contains("MISSING  GRAFANA_URL or GRAFANA_TOKEN is not set"), "{}", text(&out));
    assert_eq!(code(&grafana.run(&["--ask", "production"], Some("token"))), 0);
    assert!(grafana.writes().is_empty());
}

#[test]
fn a_token_may_lie_in_a_file() {
    let Some(grafana) = Grafana::new() else { return };
    let file = grafana.files.path().join("token");
    fs::write(&file, "token\n").unwrap();
    let ask = |file: &Path| {
        let mut command = Command::new(scaffold().join("ops/observe/dashboards"));
        command.args(["ask", "production"]).env_remove("GRAFANA_TOKEN").env("GRAFANA_TOKEN_FILE", file);
        command.env("GRAFANA_URL", &grafana.server.url).output().unwrap()
    };
    assert_eq!(code(&ask(&file)), 0);
    let out = ask(Path::new("/nowhere"));
    assert!(code(&out) == 1 && text(&out).contains("GRAFANA_TOKEN_FILE names /nowhere"), "{}", text(&out));
}

#[test]
fn wrong_arguments_ask_nobody() {
    let Some(grafana) = Grafana::new() else { return };
    let wrong: [&[&str]; 7] = [
        &[],
        &["prod"],
        &["--chekc", "production"],
        &["--check"],
        &["production", "x:latest"],
        &["--check", "production", IMAGE],
        &["production", IMAGE, "x"],
    ];
    for args in wrong {
        assert_eq!(code(&grafana.run(args, Some("token"))), 64, "{args:?}");
    }
    assert_eq!(code(&grafana.run(&["--help"], None)), 0);
    assert!(grafana.writes().is_empty());
}

#[test]
fn no_two_rules_share_what_grafana_knows_them_by() {
    for key in ["uid", "title"] {
        let mut names: Vec<String> = rules().iter().map(|rule| rule[key].as_str().unwrap().to_owned()).collect();
        let all = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), all, "{key}");
        assert!(key != "uid" || names.iter().all(|uid| uid.len() <= 40), "{names:?}");
    }
}

#[test]
fn grafana_gets_the_rules_that_promtool_tested() {
    let file = fs::read_to_string(scaffold().join("ops/prometheus/rules/production.yaml")).unwrap();
    let tested: serde_json::Value = serde_saphyr::from_str(&file).unwrap();
    let mut tested: Vec<serde_json::Value> = tested["groups"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|group| group["rules"].as_array().unwrap().clone())
        .collect();
    tested.retain(|rule| rule.get("alert").is_some());
    let own = rules();
    assert_eq!(own.len(), tested.len());
    for (own, tested) in own.iter().zip(&tested) {
        assert_eq!(own["labels"]["alert"], tested["alert"]);
        assert_eq!(own["data"][0]["model"]["expr"], tested["expr"]);
        assert_eq!(own["for"], *tested.get("for").unwrap_or(&"0s".into()));
        for (name, value) in tested["labels"].as_object().unwrap() {
            assert_eq!(own["labels"][name], *value, "{name}");
        }
        for (name, value) in tested["annotations"].as_object().unwrap() {
            assert_eq!(
                own["annotations"][name],
                value.as_str().unwrap().replace("$value", "$values.A.Value"),
                "{name}"
            );
        }
    }
}
