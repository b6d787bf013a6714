//! Two branches that regenerate different things meet in git.

use std::process::Command;

use super::program::Project;

fn git(project: &Project, words: &[&str]) -> String {
    let identity = ["-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"];
    let ran = Command::new("git").current_dir(project.root()).args(identity).args(words).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(ran.status.success(), "git {words:?}: {}{}", text(&ran.stdout), text(&ran.stderr));
    text(&ran.stdout)
}

/// A line of the spec that moves changes no file: what lies beside it is only there.
#[test]
fn a_comment_in_the_spec_changes_nothing() {
    let project = Project::applied("fly-web-api");
    project.edit("spec.yaml", "services:\n", "# what runs\n\nservices:\n");
    project.run(&["check"]).code(0);
}

fn commit(project: &Project, message: &str) {
    git(project, &["add", "--all"]);
    git(project, &["commit", "-qm", message]);
}

#[test]
fn branches_that_regenerate_different_things_merge_cleanly() {
    let project = Project::of("fly-web-api");
    git(&project, &["init", "-q", "-b", "main"]);
    project.run(&["apply", "--yes"]).code(0);
    commit(&project, "scaffold");
    git(&project, &["switch", "-qc", "scale"]);
    // lines that come or go move every line below them
    project.edit("spec.yaml", "services:\n", "# what runs\n# one service so far\nservices:\n");
    project.edit("spec.yaml", "max: 5", "max: 6");
    project.run(&["apply", "--yes"]).code(0);
    commit(&project, "scale");
    git(&project, &["switch", "-q", "main"]);
    project.edit("spec.yaml", "limit=1", "limit=7");
    project.edit("spec.yaml", "backups:\n", "\n# kept for a year\nbackups:\n");
    project.run(&["apply", "--yes"]).code(0);
    commit(&project, "smoke");
    git(&project, &["merge", "-q", "scale", "-m", "both"]);
    assert_eq!(git(&project, &["status", "--porcelain"]), "");
    project.run(&["check"]).code(0);
    assert!(project.read("fly.production.toml").contains('6') && project.read("ops/bin/smoke").contains("limit=7"));
}

#[test]
fn nothing_of_this_machine_is_committed() {
    let project = Project::of("fly-web-api");
    git(&project, &["init", "-q", "-b", "main"]);
    project.run(&["apply", "--yes"]).code(0);
    commit(&project, "scaffold");
    project.run(&["check"]).code(0);
    let tracked = git(&project, &["ls-files", ".opsgen"]);
    assert!(tracked.contains(".opsgen/spec.yaml") && !tracked.contains("local"), "{tracked}");
    assert_eq!(git(&project, &["status", "--porcelain"]), "");
}
