//! What only looks, only looks: the tree is the same to the nanosecond before and after every such command.

mod program;

use program::Project;

/// Commands that must not touch anything, in the states in which a project can be.
const COMMANDS: &[&[&str]] = &[
    &["diff"],
    &["diff", "--stat"],
    &["diff", "--exit-code"],
    &["diff", "--format", "json"],
    &["diff", "--format", "markdown"],
    &["diff", "--format", "html"],
    &["diff", "--format", "patch"],
    &["diff", "--format", "github"],
    &["check"],
    &["status"],
    &["lint"],
    &["verify"],
    &["undo", "--list"],
    &["explain", "OPS401"],
    &["blueprint", "list"],
    &["blueprint", "show", "ci/github-actions"],
    &["schema"],
    &["schema", "plan"],
    &["completions", "bash"],
    &["man"],
    // nobody is there to say yes
    &["apply"],
    &["undo"],
];

#[track_caller]
fn untouched(project: &Project, state: &str) {
    let before = project.fingerprint();
    for command in COMMANDS {
        let said = project.run(command);
        // an unknown command would touch nothing either: only those that need consent may end as wrong use
        assert!(said.code != 64 || matches!(command, ["apply" | "undo"]), "{state}: {command:?}: {}", said.talk);
        assert!(
            said.code >= 0 && said.code != 1 && !said.talk.contains("panicked"),
            "{state}: {command:?}: {}",
            said.talk
        );
        assert!(project.fingerprint() == before, "{state}: {command:?} touched the tree");
    }
}

#[test]
fn nothing_was_ever_written() {
    untouched(&Project::of("fly-web-api"), "fresh");
}

#[test]
fn the_spec_changed_and_somebody_edited() {
    let project = Project::applied("fly-web-api");
    project.edit("spec.yaml", "max: 5", "max: 6");
    project.write("docs/operations.md", format!("{}\nmine\n", project.read("docs/operations.md")));
    project.edit("ops/bin/deploy", "scale api 2 5", "scale api 2 4");
    untouched(&project, "conflict");
}

#[test]
fn the_spec_is_wrong() {
    let project = Project::applied("fly-web-api");
    project.edit("spec.yaml", "quality:", "qualtiy:");
    untouched(&project, "faulty");
}
