//! Conflict marks in a real repository, settled with git's own tools.

use std::process::Command;

use crate::program::Project;

const FILE: &str = "ops/bin/smoke";

fn git(project: &Project, words: &[&str]) -> String {
    let mut command = Command::new("git");
    command.current_dir(project.root()).env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    let output = command.args(["-c", "user.name=a", "-c", "user.email=a@example.com"]).args(words).output().unwrap();
    String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned()
}

#[test]
fn a_conflict_is_settled_with_mergetool() {
    let project = Project::applied("fly-web-api");
    git(&project, &["init", "-q"]);
    git(&project, &["add", "."]);
    git(&project, &["commit", "-qm", "one"]);
    project.edit(FILE, "limit=1", "limit=3");
    project.edit("spec.yaml", "limit=1", "limit=7");
    project.run(&["apply", "--yes", "--conflicts", "markers"]).says("git mergetool");
    assert!(project.read(FILE).contains("<<<<<<< "), "{}", project.read(FILE));
    assert!(git(&project, &["status", "--porcelain"]).contains(&format!("UU {FILE}\n")));
    project.run(&["check"]).code(3).says("OPS409").says(FILE);
    for (stage, words) in [("1", "limit=1"), ("2", "limit=3"), ("3", "limit=7")] {
        assert!(git(&project, &["show", &format!(":{stage}:{FILE}")]).contains(words), "stage {stage}");
    }
    let tool = ["-c", "mergetool.new.cmd=cp \"$REMOTE\" \"$MERGED\"", "-c", "mergetool.new.trustExitCode=true"];
    let said = git(&project, &[&tool[..], &["mergetool", "-y", "-t", "new"]].concat());
    assert!(project.read(FILE).contains("limit=7"), "{said}");
    assert!(!git(&project, &["status", "--porcelain"]).contains("UU"), "{said}");
    project.run(&["check"]).code(0);
}
