//! What the program says, where, and with which code.

use std::process::Stdio;

use crate::program::{Project, Said, said};

#[test]
fn without_a_terminal_consent_must_be_given() {
    let project = Project::of("fly-web-api");
    let before = project.fingerprint();
    project.run(&["apply"]).code(64).says("opsgen apply --yes");
    project.run(&["apply", "spec.yaml", "--root", "."]).code(64).says("opsgen apply spec.yaml --root . --yes");
    assert_eq!(project.fingerprint(), before);
}

#[test]
fn data_and_talk_are_apart() {
    let project = Project::of("fly-web-api");
    let json = project.run(&["diff", "--format", "json"]);
    assert!(serde_json::from_str::<serde_json::Value>(&json.code(0).out).is_ok());
    project.run(&["diff", "--format", "markdown"]).code(0).shows("### opsgen: ");
    project.run(&["diff", "--stat"]).code(0).shows("ops/bin/smoke");
    assert_eq!(project.run(&["apply", "--yes", "--quiet"]).code(0).out, "");
    assert_eq!(project.run(&["apply", "--yes", "--quiet"]).code(0).talk, "");
}

#[test]
fn a_diff_may_go_to_a_file() {
    let project = Project::of("fly-web-api");
    assert_eq!(project.run(&["diff", "--format", "text", "--out", "plan.diff", "--color", "always"]).code(0).out, "");
    let text = project.read("plan.diff");
    assert!(text.starts_with("diff --git ") && !text.contains('\u{1b}'));
    project.run(&["diff", "--out", "none/plan.diff"]).code(1).says("none/plan.diff");
}

#[test]
fn colour_only_where_it_is_wanted() {
    let project = Project::of("fly-web-api");
    assert!(!project.run(&["diff"]).out.contains('\u{1b}'));
    assert!(project.run(&["diff", "--color", "always"]).out.contains('\u{1b}'));
    let forced = said(&project.command(&["diff"]).env("CLICOLOR_FORCE", "1").output().unwrap());
    assert!(forced.out.contains('\u{1b}'));
    let plain = said(&project.command(&["diff"]).env("CLICOLOR_FORCE", "1").env("NO_COLOR", "1").output().unwrap());
    assert!(!plain.out.contains('\u{1b}'), "NO_COLOR wins");
}

/// Runs with a reader that goes away at once.
fn unread(project: &Project, words: &[&str]) -> Said {
    let mut child = project.command(words).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    said(&child.wait_with_output().unwrap())
}

#[test]
fn a_closed_pipe_changes_nothing_about_the_run() {
    let project = Project::of("fly-web-api");
    assert!(!unread(&project, &["diff"]).code(0).talk.contains("panic"));
    unread(&project, &["check"]).code(2);
    unread(&project, &["apply", "--yes"]).code(0);
    project.run(&["check"]).code(0);
}

#[test]
fn usage_errors_have_their_own_code() {
    let project = Project::empty();
    project.run(&["bogus"]).code(64);
    project.run(&[]).code(64);
    project.run(&["--help"]).code(0).shows("Exit codes");
    project.run(&["--version"]).code(0);
    project.run(&["explain", "OPS999"]).code(64);
    project.run(&["explain", "ops401"]).code(0).shows("# ");
    project.run(&["blueprint", "show", "no/such"]).code(64);
}

#[test]
fn what_tools_read_is_printed() {
    let project = Project::empty();
    project.run(&["completions", "bash"]).code(0).shows("_opsgen");
    project.run(&["man"]).code(0).shows(".TH opsgen");
    let schema = project.run(&["schema"]);
    assert!(serde_json::from_str::<serde_json::Value>(&schema.code(0).out).is_ok());
}

#[test]
fn today_is_an_input() {
    let project = Project::of("fly-web-api");
    let wrong = said(&project.command(&["lint"]).env("OPSGEN_TODAY", "tomorrow").output().unwrap());
    wrong.code(64).says("OPSGEN_TODAY");
}
