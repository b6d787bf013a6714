//! `apply -i` at a real terminal: a pseudo-terminal of `script` from util-linux.

mod program;

use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use program::{Project, Said, said};

const FILE: &str = "ops/bin/smoke";

/// Applied, then the same line changed in the file and in the spec.
static CLASH: LazyLock<Project> = LazyLock::new(|| {
    let project = Project::applied("fly-web-api");
    project.edit(FILE, "limit=1", "limit=9");
    project.edit("spec.yaml", "limit=1", "limit=7");
    project
});

/// A machine without it can't run these; it says so.
fn has_terminal() -> bool {
    let version = Command::new("script").arg("--version").output();
    let there = version.is_ok_and(|said| String::from_utf8_lossy(&said.stdout).contains("util-linux"));
    if !there {
        eprintln!("not run: `script` of util-linux isn't on PATH");
    }
    there
}

/// What the program says at a terminal when a person types these lines.
fn typed(project: &Project, words: &str, lines: &str, editor: &str) -> Said {
    let line = format!("'{}' {words} --color never", env!("CARGO_BIN_EXE_opsgen"));
    let mut command = Command::new("timeout");
    command.args(["60", "script", "-qec", &line, "/dev/null"]).current_dir(project.root());
    command.env("OPSGEN_TODAY", "2026-11-21").env("VISUAL", editor).env("TMPDIR", project.root());
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
    said(&child.wait_with_output().unwrap())
}

#[test]
fn a_conflict_is_asked_about_and_the_answer_stays() {
    if !has_terminal() {
        return;
    }
    let project = CLASH.copied();
    let before = project.fingerprint();
    typed(&project, "apply -i", "a\na\na\n\n", "false").code(2).shows("[y/N]").shows("nothing was written");
    assert_eq!(project.fingerprint(), before, "the answer is No until it is yes");
    let answers = typed(&project, "apply -i", "a\na\n?\nn\nn\ny\n", "false");
    answers
        .code(0)
        .shows("yours           | ")
        .shows("[y,n,a,d,e,M,q,?]? ")
        .shows("n - keep your lines")
        .shows("spec:");
    assert!(project.read(FILE).contains("limit=9"));
    project.run(&["check"]).code(0);
    project.edit("spec.yaml", "limit=7", "limit=8");
    typed(&project, "apply -i", "a\na\na\ny\n", "false").code(0).shows("written to");
    assert!(project.read(FILE).contains("limit=8"), "taken, although both sides changed it");
    project.run(&["check"]).code(0);
}

#[test]
fn a_hunk_can_be_edited() {
    if !has_terminal() {
        return;
    }
    let project = CLASH.copied();
    typed(&project, "apply -i", "a\na\ne\ne\ny\n", "sed -i s/limit=7/limit=5/").code(0).shows("written to");
    assert!(project.read(FILE).contains("limit=5"));
    project.run(&["check"]).code(0);
    let drafts = project.fingerprint().into_keys().filter(|path| path.extension().is_some_and(|end| end == "diff"));
    assert_eq!(drafts.count(), 0, "the editor's file is gone");
}

#[test]
fn always_mine_is_written_into_the_spec() {
    if !has_terminal() {
        return;
    }
    let project = CLASH.copied();
    let spec = project.read("spec.yaml");
    typed(&project, "apply -i", "a\na\nM\ny\n", "false").code(0).shows("the spec says so");
    let text = project.read("spec.yaml");
    assert!(text.starts_with(spec.trim_end()) && text.contains(&format!("\"{FILE}\": yours")), "{text}");
    assert_eq!(project.read(".opsgen/spec.yaml"), text);
    assert!(project.read(FILE).contains("limit=9"));
    project.run(&["check"]).code(0);
}

#[test]
fn what_is_left_is_asked_again() {
    if !has_terminal() {
        return;
    }
    let project = CLASH.copied();
    let before = project.fingerprint();
    typed(&project, "apply -i", "q\n", "false").code(2).shows("nothing was written");
    typed(&project, "apply -i", "d\nd\nd\n", "false").code(2).shows("nothing was written");
    assert_eq!(project.fingerprint(), before);
    project.run(&["check"]).code(3);
    typed(&project, "apply -i", "a\n", "false").code(2).shows("nothing was written");
    typed(&project, "apply -i", "a\nq\ny\n", "false").code(0).shows("written to");
    assert!(project.read("docs/operations.md").contains("limit=7") && project.read(FILE).contains("limit=9"));
    assert!(project.read(".opsgen/spec.yaml").contains("limit=1"), "the spec isn't applied as a whole");
    project.run(&["status"]).code(0).shows("MU ops/bin/smoke").shows(" M docs/production-readiness.md");
}

#[test]
fn without_a_terminal_there_is_nobody_to_ask() {
    let project = CLASH.copied();
    project.run(&["apply", "-i"]).code(64).says("needs a terminal");
    project.run(&["apply", "-i", "--yes"]).code(64);
    project.run(&["diff", "--out", "plan.json"]).code(0);
    project.run(&["apply", "-i", "plan.json"]).code(64);
}
