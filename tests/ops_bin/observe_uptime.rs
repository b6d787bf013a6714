//! The checks from outside: made once, put right, and nobody is told without a contact.

use std::process::{Command, Output};

use crate::stage::{Server, code, has, scaffold, text};

fn run(server: &Server, mode: &str, environment: &str, key: &str) -> Output {
    let mut command = Command::new(scaffold().join("ops/observe/uptime"));
    command.args([mode, environment]).env("UPTIMEROBOT_URL", &server.url).env("UPTIMEROBOT_API_KEY", key);
    command.output().unwrap()
}

fn started() -> Option<(Server, tempfile::TempDir)> {
    if !["python3", "jq", "curl"].into_iter().all(has) {
        return None;
    }
    let files = tempfile::tempdir().unwrap();
    Some((Server::fake("uptimerobot", &files.path().join("log"), "key", &[]), files))
}

fn writes(files: &tempfile::TempDir) -> Vec<String> {
    let log = std::fs::read_to_string(files.path().join("log")).unwrap_or_default();
    std::fs::write(files.path().join("log"), "").unwrap();
    log.lines().filter(|line| !line.starts_with("get")).map(str::to_owned).collect()
}

#[test]
fn a_check_is_made_once_and_put_right() {
    let Some((server, files)) = started() else { return };
    let out = run(&server, "check", "production", "key");
    assert!(code(&out) == 1 && text(&out).contains("nobody asks") && writes(&files).is_empty(), "{}", text(&out));
    let out = run(&server, "install", "production", "key");
    assert_eq!(code(&out), 0, "{}", text(&out));
    assert!(text(&out).contains("https://api.acme.dev/health every 60 s"), "{}", text(&out));
    assert_eq!(writes(&files), ["newMonitor"]);
    let out = run(&server, "install", "production", "key");
    assert!(code(&out) == 0 && writes(&files).is_empty(), "{}", text(&out));

    for by_hand in ["interval=300", "status=0", "alert_contacts=1_0_0"] {
        let edit = format!("{}/editMonitor", server.url);
        let args = ["-fsS", "-d", "api_key=key", "-d", "id=1000", "-d", by_hand, &edit];
        assert!(Command::new("curl").args(args).output().unwrap().status.success());
        writes(&files);
        let out = run(&server, "check", "production", "key");
        assert!(
            code(&out) == 1 && text(&out).contains("DIFFERS  acme-api production /health"),
            "{by_hand}: {}",
            text(&out)
        );
        assert_eq!(code(&run(&server, "install", "production", "key")), 0);
        assert_eq!(writes(&files), ["editMonitor"], "{by_hand}");
        assert_eq!(code(&run(&server, "check", "production", "key")), 0, "{by_hand}");
    }
}

#[test]
fn only_the_live_environment_is_asked_from_outside() {
    let Some((server, files)) = started() else { return };
    let out = run(&server, "install", "staging", "key");
    assert!(code(&out) == 0 && writes(&files).is_empty(), "{}", text(&out));
}

#[test]
fn a_wrong_key_is_told() {
    let Some((server, files)) = started() else { return };
    let out = run(&server, "install", "production", "other");
    assert_eq!(code(&out), 1);
    assert!(text(&out).contains("UptimeRobot refuses getAlertContacts: invalid_parameter"), "{}", text(&out));
    let out = run(&server, "install", "production", "");
    assert!(code(&out) == 1 && text(&out).contains("UPTIMEROBOT_API_KEY is not set"), "{}", text(&out));
    assert!(writes(&files).is_empty());
}
