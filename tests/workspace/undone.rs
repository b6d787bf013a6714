//! `opsgen undo` as a person uses it.

use crate::program::Project;

#[test]
fn an_apply_is_undone_and_brought_back() {
    let project = Project::applied("fly-web-api");
    let one = project.content();
    project.edit("spec.yaml", "limit=1", "limit=7");
    let spec = project.read("spec.yaml");
    project.run(&["apply", "--yes"]).code(0);
    let two = project.content();
    let before = project.fingerprint();
    project.run(&["undo"]).code(64).says("opsgen undo --yes").shows("-").shows("limit=1");
    assert_eq!(project.fingerprint(), before, "nothing without consent");
    project.run(&["undo", "--yes"]).code(0).says("your spec stays as it is").says("opsgen apply --yes");
    assert_eq!(project.read("spec.yaml"), spec);
    project.run(&["check"]).code(2);
    project.write("spec.yaml", one[&project.path("spec.yaml")].1.clone());
    assert_eq!(project.content(), one);
    project.run(&["check"]).code(0);
    project.write("spec.yaml", &spec);
    project.run(&["undo", "--yes"]).code(0);
    assert_eq!(project.content(), two);
    project.run(&["undo", "--list"]).code(0).shows("opsgen undo --yes").shows("   2  ").shows("opsgen apply --yes");
}

#[test]
fn a_file_changed_since_stops_it_with_its_name() {
    let project = Project::applied("fly-web-api");
    project.write("ops/bin/smoke", "mine\n");
    let before = project.fingerprint();
    project.run(&["undo", "--yes"]).code(5).says("OPS417").says("ops/bin/smoke");
    assert_eq!(project.fingerprint(), before);
}

#[test]
fn without_a_past_there_is_nothing_to_undo() {
    let project = Project::of("fly-web-api");
    let before = project.fingerprint();
    project.run(&["undo", "--yes"]).code(0).says("nothing to undo");
    assert_eq!(project.run(&["undo", "--list"]).code(0).out, "");
    project.run(&["undo", "--since", "7"]).code(64).says("no apply 7");
    assert_eq!(project.fingerprint(), before);
}
