//! Folders of blueprints that a user adds.

use std::fs;

use crate::life::MANIFEST;
use crate::program::{Project, scenario};

/// Files that differ between what is there and a new render.
fn changed(project: &Project, words: &[&str]) -> Vec<String> {
    let json = project.run(&[&["diff", "--format", "json"], words].concat());
    let value: serde_json::Value = serde_json::from_str(&json.code(0).out).unwrap();
    let files = value["files"].as_array().unwrap().iter();
    files.map(|file| file["path"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn one_template_replaced_changes_only_its_file() {
    let project = Project::applied("fly-web-api");
    let embedded = scenario("..").join("blueprints/delivery/checks/smoke.sh.tera");
    let template = fs::read_to_string(embedded).unwrap();
    project.write("mine/delivery/checks/smoke.sh.tera", format!("{template}# ours\n"));
    assert_eq!(changed(&project, &["--blueprints", "mine"]), ["ops/bin/smoke"]);
}

#[test]
fn a_new_folder_emits_one_more_file() {
    let project = Project::applied("fly-web-api");
    project.write("mine/extra/note/blueprint.yaml", MANIFEST);
    project.write("mine/extra/note/note.txt.tera", "<{ m.name }>\n");
    assert_eq!(changed(&project, &["--blueprints", "mine"]), ["deep/er/note.txt"]);
    project.run(&["blueprint", "list", "--blueprints", "mine"]).code(0).shows("extra/note");
    project.run(&["blueprint", "show", "extra/note", "--blueprints", "mine"]).code(0).shows("deep/er/note.txt");
}

#[test]
fn the_spec_may_name_the_folder() {
    let project = Project::applied("fly-web-api");
    project.write("mine/extra/note/blueprint.yaml", MANIFEST);
    project.write("mine/extra/note/note.txt.tera", "<{ m.name }>\n");
    let spec = project.read("spec.yaml");
    project.write("spec.yaml", format!("{spec}blueprints: {{ from: [mine] }}\n"));
    project.run(&["apply", "--yes"]).code(0);
    assert_eq!(project.read("deep/er/note.txt"), "acme-api\n");
}

#[test]
fn a_spec_below_a_work_tree_writes_the_hosts_files_at_the_top() {
    let project = Project::empty();
    fs::create_dir(project.path(".git")).unwrap();
    let spec = fs::read(scenario("fly-web-api").join("spec.yaml")).unwrap();
    project.write("services/api/spec.yaml", spec);
    project.run(&["apply", "services/api/spec.yaml", "--yes"]).code(0);
    assert!(project.path(".github/workflows").exists() && project.path("services/api/fly.production.toml").exists());
    assert!(project.path("services/api/.opsgen/spec.yaml").exists() && !project.path(".opsgen").exists());
    project.run(&["check", "services/api/spec.yaml"]).code(0);
}
