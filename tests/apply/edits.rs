//! What people do to the files stays done.

use std::fs;

use crate::program::Project;

const FILE: &str = "ops/bin/smoke";

#[test]
fn an_edit_stays() {
    let project = Project::applied("fly-web-api");
    let edited = format!("{}# mine\n", project.read(FILE));
    project.write(FILE, &edited);
    project.run(&["check"]).code(0);
    project.run(&["apply", "--yes"]).code(0).says("1 kept");
    assert_eq!(project.read(FILE), edited);
}

#[test]
fn an_edit_and_a_change_elsewhere_are_merged() {
    let project = Project::applied("fly-web-api");
    project.write(FILE, format!("{}# mine\n", project.read(FILE)));
    project.edit("spec.yaml", "limit=1", "limit=7");
    project.run(&["check"]).code(2);
    project.run(&["apply", "--yes"]).code(0).shows("merged");
    let text = project.read(FILE);
    assert!(text.contains("limit=7") && text.ends_with("# mine\n"), "{text}");
    project.run(&["check"]).code(0);
}

/// The same line changed by hand and in the spec.
fn clash() -> Project {
    let project = Project::applied("fly-web-api");
    project.edit(FILE, "limit=1", "limit=3");
    project.edit("spec.yaml", "limit=1", "limit=7");
    project
}

#[test]
fn an_edit_and_a_change_of_the_same_line_are_a_conflict_and_nothing_is_written() {
    let project = clash();
    let before = project.fingerprint();
    project
        .run(&["apply", "--yes"])
        .code(3)
        .says("OPS401")
        .says(FILE)
        .says("--conflicts mine")
        .says("nothing was written");
    project.run(&["check"]).code(3);
    project.run(&["diff", "--exit-code"]).code(3).shows("limit=7").shows("limit=3");
    assert_eq!(project.fingerprint(), before);
}

#[test]
fn a_conflict_is_settled_for_one_side() {
    let project = clash();
    project.run(&["apply", "--yes", "--conflicts", "mine"]).code(0);
    assert!(project.read(FILE).contains("limit=3"));
    project.run(&["check"]).code(0);
    let project = clash();
    project.run(&["apply", "--yes", "--conflicts", "theirs"]).code(0);
    assert!(project.read(FILE).contains("limit=7"));
    project.run(&["check"]).code(0);
}

#[test]
fn conflict_marks_fail_the_check_until_they_are_gone() {
    let project = clash();
    project.run(&["apply", "--yes", "--conflicts", "markers"]).code(0).shows("marked");
    let text = project.read(FILE);
    assert!(text.contains("<<<<<<< yours") && text.contains("||||||| last generated") && text.contains(">>>>>>> new"));
    project.run(&["check"]).code(3).says("OPS409");
    project.run(&["apply", "--yes"]).code(3).says("OPS409").says("nothing was written");
    project.run(&["diff", "--exit-code"]).code(3);
    let kept: Vec<&str> = text.lines().filter(|line| !line.starts_with(['<', '|', '=', '>'])).collect();
    let kept = kept.into_iter().filter(|line| !line.contains("limit=1") && !line.contains("limit=3"));
    project.write(FILE, kept.flat_map(|line| [line, "\n"]).collect::<String>());
    project.run(&["check"]).code(0);
}

#[test]
fn only_a_part_is_written_and_the_rest_is_still_to_do() {
    let project = Project::applied("fly-web-api");
    project.edit("spec.yaml", "max: 5", "max: 6");
    project.run(&["apply", "--yes", "--only", "docs"]).code(0);
    project.run(&["check"]).code(2);
    project.run(&["apply", "--yes"]).code(0);
    project.run(&["check"]).code(0);
    project.run(&["apply", "--yes", "--only", "nothing/like/it"]).code(64).says("matches none");
}

#[test]
fn a_file_that_was_there_is_adopted() {
    let project = Project::applied("fly-web-api");
    let made = project.read("docs/operations.md");
    let project = Project::of("fly-web-api");
    project.write("docs/operations.md", format!("{made}\nAsk the harbour master first.\n"));
    project.run(&["apply", "--yes"]).code(3).says("OPS402").says("--adopt");
    project.run(&["apply", "--yes", "--adopt"]).code(0);
    assert!(project.read("docs/operations.md").ends_with("Ask the harbour master first.\n"));
    project.run(&["check"]).code(0);
}

#[test]
fn a_workflow_that_still_works_is_given_up_only_on_a_word() {
    let project = Project::applied("fly-web-api");
    let file = ".github/workflows/promote-production.yml";
    project.write(file, format!("{}# mine\n", project.read(file)));
    project.edit("spec.yaml", "visibility: private", "visibility: public");
    project.run(&["apply", "--yes"]).code(3).says("OPS410").says(file).says("--release");
    project.run(&["apply", "--yes", "--release"]).code(0);
    assert!(project.read(file).ends_with("# mine\n"));
    project.run(&["check"]).code(0);
}

#[test]
fn the_same_change_by_hand_ends_a_conflict() {
    let project = Project::applied("fly-web-api");
    project.edit("spec.yaml", "limit=1", "limit=7");
    project.edit(FILE, "limit=1", "limit=7");
    project.run(&["apply", "--yes"]).code(0);
    project.run(&["check"]).code(0);
}

#[test]
fn a_deleted_file_stays_deleted_until_it_is_wanted() {
    let project = Project::applied("fly-web-api");
    let text = project.read(FILE);
    fs::remove_file(project.path(FILE)).unwrap();
    project.run(&["check"]).code(0);
    project.run(&["apply", "--yes"]).code(0).says("1 stay deleted");
    assert!(!project.path(FILE).exists());
    project.run(&["apply", "--yes", "--restore", FILE]).code(0).shows("created");
    assert_eq!(project.read(FILE), text);
}

#[test]
fn a_file_that_was_there_before_is_never_overwritten() {
    let project = Project::of("fly-web-api");
    project.write(FILE, "mine\n");
    let before = project.fingerprint();
    project.run(&["apply", "--yes"]).code(3).says("OPS402").says(FILE);
    assert_eq!(project.fingerprint(), before);
    project.set_mode(FILE, "yours");
    project.run(&["apply", "--yes"]).code(0);
    assert_eq!(project.read(FILE), "mine\n");
    project.run(&["check"]).code(0);
}

#[test]
fn a_seed_is_written_once() {
    let project = Project::of("fly-web-api");
    project.set_mode(FILE, "seed");
    project.run(&["apply", "--yes"]).code(0);
    project.write(FILE, "mine\n");
    project.edit("spec.yaml", "limit=1", "limit=7");
    project.run(&["apply", "--yes"]).code(0);
    project.run(&["check"]).code(0);
    assert_eq!(project.read(FILE), "mine\n");
}

#[test]
fn a_locked_file_must_not_be_edited() {
    let project = Project::of("fly-web-api");
    project.set_mode(FILE, "locked");
    project.run(&["apply", "--yes"]).code(0);
    project.run(&["check"]).code(0);
    project.write(FILE, "mine\n");
    project.run(&["check"]).code(3).says("OPS404");
}

#[test]
fn the_executable_bit_is_part_of_a_file() {
    let project = Project::applied("fly-web-api");
    let private = std::os::unix::fs::PermissionsExt::from_mode(0o644);
    fs::set_permissions(project.path(FILE), private).unwrap();
    project.run(&["apply", "--yes"]).code(0).says("1 kept");
    project.edit("spec.yaml", "limit=1", "limit=7");
    project.run(&["apply", "--yes"]).code(0).shows("merged");
    let mode = fs::metadata(project.path(FILE)).unwrap().permissions();
    assert_eq!(std::os::unix::fs::PermissionsExt::mode(&mode) & 0o111, 0, "you took the bit: it stays away");
}

#[test]
fn marks_of_an_unfinished_merge_fail_the_check() {
    let project = Project::applied("fly-web-api");
    project.write(FILE, "<<<<<<< ours\na\n=======\nb\n>>>>>>> theirs\n");
    project.run(&["check"]).code(3).says("OPS409");
}

#[test]
fn windows_line_endings_are_no_edit_and_stay() {
    let project = Project::applied("fly-web-api");
    let text = project.read("fly.production.toml").replace('\n', "\r\n");
    project.write("fly.production.toml", &text);
    project.run(&["apply", "--yes"]).code(0).says("nothing to do");
    assert_eq!(project.read("fly.production.toml"), text);
}

#[test]
fn without_the_spec_last_applied_nothing_goes() {
    let project = Project::applied("fly-web-api");
    fs::remove_file(project.path(".opsgen/spec.yaml")).unwrap();
    project.edit("spec.yaml", "visibility: private", "visibility: public");
    let before = project.fingerprint();
    project.run(&["apply", "--yes"]).code(3).says("OPS403").says(".opsgen/spec.yaml");
    assert_eq!(project.fingerprint(), before);
}

#[test]
fn a_plan_or_a_report_overwrites_nothing_else() {
    let project = Project::applied("fly-web-api");
    fs::create_dir(project.path(".git")).unwrap();
    let before = project.fingerprint();
    for out in ["spec.yaml", "ops/bin/deploy", ".git/config", ".opsgen/spec.yaml"] {
        project.run(&["diff", "--out", out]).code(64).says("would overwrite");
    }
    assert_eq!(project.fingerprint(), before);
    project.run(&["apply", "--yes", "--restore", "nonsense"]).code(64).says("--restore nonsense");
}
