//! Whose file is it: what opsgen wrote decides, not what stands in the file.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::program::{Project, scenario};

const FILE: &str = "ops/bin/smoke";

#[test]
fn a_file_of_yours_still_shows_what_would_change() {
    let project = Project::applied("fly-web-api");
    project.set_mode(FILE, "yours");
    project.edit("spec.yaml", "limit=1", "limit=7");
    project.run(&["apply", "--yes"]).code(0);
    assert!(project.read(FILE).contains("limit=1"));
    project.run(&["diff"]).code(0).shows("limit=7").shows("yours");
    project.run(&["check"]).code(0);
}

#[test]
fn what_was_yours_and_is_managed_again_is_merged_from_the_true_ancestor() {
    let project = Project::applied("fly-web-api");
    let spec = project.read("spec.yaml");
    project.set_mode(FILE, "yours");
    project.run(&["apply", "--yes"]).code(0);
    project.write(FILE, format!("{}# mine\n", project.read(FILE)));
    project.write("spec.yaml", spec.replace("limit=1", "limit=7"));
    project.run(&["apply", "--yes"]).code(0).shows("merged");
    let text = project.read(FILE);
    assert!(text.contains("limit=7") && text.ends_with("# mine\n"), "{text}");
}

#[test]
fn a_head_line_of_ours_makes_no_file_ours() {
    let project = Project::applied("fly-web-api");
    let text = project.read("docs/operations.md");
    project.write("docs/copy.md", &text);
    project.run(&["apply", "--yes"]).code(0);
    assert_eq!(project.read("docs/copy.md"), text, "a copy is nobody's business");
    let without: String = text.split_inclusive('\n').skip(1).collect();
    project.write("docs/operations.md", &without);
    project.run(&["apply", "--yes"]).code(0);
    assert_eq!(project.read("docs/operations.md"), without, "the head line went, and stays away");
}

#[test]
fn what_a_formatter_did_is_your_edit() {
    let project = Project::applied("fly-web-api");
    let file = "ops/alertmanager/alertmanager.yaml";
    let file = if project.path(file).exists() { file } else { ".github/workflows/ci.yml" };
    let before = project.read(file);
    let formatted: String = before.lines().map(|line| format!("{}\r\n", line.replace('"', "'"))).collect();
    assert_ne!(formatted.replace("\r\n", "\n"), before, "only line endings changed: no edit at all");
    project.write(file, &formatted);
    project.run(&["check"]).code(0);
    project.run(&["apply", "--yes"]).code(0);
    assert_eq!(project.read(file), formatted);
}

#[test]
fn files_are_never_made_read_only() {
    let project = Project::applied("fly-web-api");
    for file in [FILE, "fly.production.toml", ".opsgen/spec.yaml"] {
        let mode = fs::metadata(project.path(file)).unwrap().permissions().mode();
        assert_ne!(mode & 0o200, 0, "{file}");
    }
}

#[test]
fn a_newer_blueprint_needs_no_older_one() {
    let project = Project::applied("fly-web-api");
    project.write(FILE, format!("{}# mine\n", project.read(FILE)));
    let template = fs::read_to_string(scenario("..").join("blueprints/delivery/checks/smoke.sh.tera")).unwrap();
    let newer = template.replacen('\n', "\n# from a newer blueprint\n", 1);
    project.write("mine/delivery/checks/smoke.sh.tera", newer);
    project.run(&["apply", "--yes", "--blueprints", "mine"]).code(0).shows("merged");
    let text = project.read(FILE);
    assert!(text.contains("# from a newer blueprint\n") && text.ends_with("# mine\n"), "{text}");
}

#[test]
fn pipelines_only_look() {
    let project = Project::applied("fly-web-api");
    let workflow = project.read(".github/workflows/opsgen.yml");
    assert!(workflow.contains("contents: read") && !workflow.contains(": write") && !workflow.contains("git push"));
    assert!(workflow.contains("opsgen check") && !workflow.contains("opsgen apply --yes"));
}

#[test]
fn a_blueprint_runs_nothing() {
    let project = Project::of("fly-web-api");
    for key in ["run", "hooks", "after"] {
        project.write("mine/extra/x/blueprint.yaml", format!("summary: x\n{key}: touch /tmp/x\noutputs: []\n"));
        project.run(&["apply", "--yes", "--blueprints", "mine"]).code(4).says("OPS302").says(key);
    }
}
