//! Apply, apply again, change an answer.

use crate::program::Project;

#[test]
fn applied_once_then_nothing_to_do() {
    for scenario in ["fly-web-api", "kubernetes-shop"] {
        let project = Project::of(scenario);
        project.run(&["check"]).code(2).shows("created");
        project.run(&["apply", "--yes"]).code(0).shows("created");
        let before = project.fingerprint();
        project.run(&["apply", "--yes"]).code(0).says("nothing to do");
        project.run(&["apply"]).code(0).says("nothing to do");
        project.run(&["check"]).code(0);
        project.run(&["diff", "--exit-code"]).code(0);
        assert_eq!(project.fingerprint(), before, "{scenario}: a second apply touched something");
    }
}

#[test]
fn one_answer_changes_only_what_follows_from_it() {
    let project = Project::applied("fly-web-api");
    project.edit("spec.yaml", "limit=1", "limit=7");
    let before = project.fingerprint();
    let diff = project.run(&["diff"]);
    let changed: Vec<&str> = diff.code(0).out.lines().filter(|line| line.starts_with(['+', '-'])).collect();
    let lines: Vec<&&str> =
        changed.iter().filter(|line| !line.starts_with("+++") && !line.starts_with("---")).collect();
    assert!(!lines.is_empty(), "{}", diff.out);
    for line in lines {
        assert!(line.contains(if line.starts_with('+') { "limit=7" } else { "limit=1" }), "{line}");
    }
    project.run(&["diff", "--exit-code"]).code(2);
    project.run(&["check"]).code(2).says("opsgen apply spec.yaml");
    assert_eq!(project.fingerprint(), before);
    project.run(&["apply", "--yes"]).code(0).shows("updated");
    project.run(&["check"]).code(0);
    project.run(&["diff"]).code(0).says("nothing to do");
}

#[test]
fn taking_a_change_back_gives_the_same_bytes() {
    let project = Project::applied("fly-web-api");
    let before = project.content();
    project.edit("spec.yaml", "limit=1", "limit=7");
    project.run(&["apply", "--yes"]).code(0);
    assert_ne!(project.content(), before);
    project.edit("spec.yaml", "limit=7", "limit=1");
    project.run(&["apply", "--yes"]).code(0);
    assert_eq!(project.content(), before);
}

#[test]
fn a_file_that_is_no_longer_produced_goes_with_its_folder() {
    let project = Project::applied("fly-web-api");
    project.write("blueprints/extra/note/blueprint.yaml", MANIFEST);
    project.write("blueprints/extra/note/note.txt.tera", "one\n");
    let with = ["apply", "--yes", "--blueprints", "blueprints"];
    project.run(&with).code(0);
    assert_eq!(project.read("deep/er/note.txt"), "one\n");
    project.run(&["check"]).code(4).says("OPS405").says("extra/note");
    project.write("blueprints/extra/note/blueprint.yaml", MANIFEST.replace("outputs:", "when: false\noutputs:"));
    let diff = project.run(&["diff", "--blueprints", "blueprints"]);
    diff.code(0).shows("deleted file mode 100644");
    project.run(&with).code(0).shows("deleted");
    assert!(!project.path("deep").exists() && !project.path(".opsgen/base/deep").exists());
}

#[test]
fn a_blueprint_that_is_given_up_leaves_its_files() {
    let project = Project::applied("fly-web-api");
    project.write("blueprints/extra/note/blueprint.yaml", MANIFEST);
    project.write("blueprints/extra/note/note.txt.tera", "one\n");
    project.run(&["apply", "--yes", "--blueprints", "blueprints"]).code(0);
    project.run(&["apply", "--yes", "--forget", "extra/note"]).code(0).shows("released");
    assert_eq!(project.read("deep/er/note.txt"), "one\n");
    project.run(&["check"]).code(0);
}

pub const MANIFEST: &str = "\
summary: A note
outputs:
  - template: note.txt.tera
    path: deep/er/note.txt
";
