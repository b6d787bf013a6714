//! What a plan looks like to git, to a workflow and to a browser.

mod program;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

use opsgen::plan::{Action, Content, Disk, Entry, Plan};
use opsgen::report;
use program::Project;

fn git(folder: &Path, words: &[&str], input: &[u8]) {
    let mut command = Command::new("git");
    command.current_dir(folder).args(words).env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    let mut child = command.stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), input).unwrap();
    let ended = child.wait_with_output().unwrap();
    assert!(ended.status.success(), "git {words:?}: {}", String::from_utf8_lossy(&ended.stderr));
}

/// A file of a plan, with what is on disk and what is written.
fn entry(target: &str, action: Action, old: Option<(&[u8], bool)>, new: Option<(&[u8], bool)>) -> Entry {
    let content = |(bytes, executable): (&[u8], bool)| Content { bytes: bytes.to_vec(), executable };
    Entry {
        target: target.into(),
        action,
        disk: old.map_or(Disk::Absent, |side| Disk::File(content(side))),
        new: new.map(content),
        result: new.map(content),
        ..Entry::default()
    }
}

/// Every kind of change that a plan may hold.
fn changes() -> Vec<Entry> {
    let moved =
        |target, from: &str, old, new| Entry { from: Some(from.into()), ..entry(target, Action::Move, old, new) };
    let file = |bytes: &'static [u8]| Some((bytes, false));
    let script = |bytes: &'static [u8]| Some((bytes, true));
    vec![
        entry(
            "changed.txt",
            Action::Update,
            file(b"1\n2\n3\n4\n5\n6\n7\n8\n9\n"),
            file(b"1\n2\n3\n4\nx\n6\n7\n8\n9\nend"),
        ),
        entry("crlf.txt", Action::Merge, file(b"a\r\nb\r\nc\n"), file(b"a\r\nB\r\nc\n")),
        entry("deep/new file.txt", Action::Create, None, file(b"new\n")),
        entry("empty.txt", Action::Create, None, file(b"")),
        entry("filled.txt", Action::Update, file(b""), file(b"now\n")),
        entry("emptied.txt", Action::Update, file(b"was\n"), file(b"")),
        entry("gone.txt", Action::Delete, file(b"x\ny"), None),
        entry("gone-script", Action::Delete, script(b"#!/bin/sh\n"), None),
        entry("binary.dat", Action::Update, file(b"\x00\xff\n\xfe\r\n"), file(b"\x00\xff\n\xfd\r\n\x00")),
        entry("new.dat", Action::Create, None, file(b"\xff\x00\xff")),
        entry("gone.dat", Action::Delete, file(b"\xff\x00\n\xff"), None),
        entry("run", Action::Update, file(b"#!/bin/sh\n"), script(b"#!/bin/sh\n")),
        entry("new-run", Action::Create, None, script(b"#!/bin/sh\n")),
        moved("b/moved.txt", "a/moved.txt", file(b"same\n"), file(b"same\n")),
        moved("new name.txt", "old name.txt", file(b"1\n2\n3\n"), file(b"1\n2\nthree\n")),
        entry("tab\there \"q\".txt", Action::Update, file(b"1\n"), file(b"2\n")),
        entry("été.txt", Action::Update, file(b"1\n"), file(b"2\n")),
    ]
}

fn put(root: &Path, path: &str, content: &Content) {
    let full = root.join(path);
    fs::create_dir_all(full.parent().unwrap()).unwrap();
    fs::write(&full, &content.bytes).unwrap();
    let mode = if content.executable { 0o755 } else { 0o644 };
    fs::set_permissions(full, fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn git_applies_the_patch_byte_for_byte() {
    let root = tempfile::tempdir().unwrap();
    let entries = changes();
    for entry in &entries {
        if let Disk::File(content) = &entry.disk {
            put(root.path(), entry.source(), content);
        }
    }
    git(root.path(), &["init", "-q"], b"");
    let patch = report::patch(&Plan { entries: entries.clone(), ..Plan::default() });
    git(root.path(), &["apply", "--whitespace=nowarn", "-"], &patch);
    for entry in &entries {
        let path = root.path().join(&entry.target);
        let Some(wanted) = &entry.result else {
            assert!(!path.exists(), "{} is still there", entry.target);
            continue;
        };
        assert_eq!(fs::read(&path).unwrap(), wanted.bytes, "{}", entry.target);
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o111 != 0,
            wanted.executable,
            "{}",
            entry.target
        );
        assert!(entry.from.as_ref().is_none_or(|from| !root.path().join(from).exists()), "{}", entry.target);
    }
}

#[test]
fn a_patch_does_what_apply_would_do() {
    let project = Project::applied("fly-web-api");
    project.edit("spec.yaml", "limit=1", "limit=7");
    project.run(&["diff", "--format", "patch", "--out", "change.patch"]).code(0);
    git(project.root(), &["apply", "change.patch"], b"");
    assert!(project.read("ops/bin/smoke").contains("limit=7"));
    project.run(&["check"]).code(0);
}

#[test]
fn a_workflow_gets_annotations_and_a_page_of_its_own() {
    let project = Project::applied("fly-web-api");
    project.edit("spec.yaml", "limit=1", "limit=7");
    let said = project.run(&["diff", "--format", "github", "--out", "summary.md"]);
    said.code(0).shows("::warning file=ops/bin/smoke,line=");
    assert!(said.out.lines().all(|line| line.starts_with("::")), "{}", said.out);
    assert!(project.read("summary.md").starts_with("### opsgen: "));
    project.run(&["diff", "--format", "github"]).code(0).shows("\n::stop-commands::opsgen-");
    let page = project.run(&["diff", "--format", "html"]);
    assert!(page.code(0).out.starts_with("<!doctype html>") && page.out.contains("?limit=7"), "{}", page.out);
}

#[test]
fn a_conflict_is_told_with_both_intents_and_the_commands() {
    let project = Project::applied("fly-web-api");
    project.edit("ops/bin/smoke", "limit=1", "limit=9");
    project.edit("spec.yaml", "limit=1", "limit=7");
    for command in ["apply", "check"] {
        let said = project.run(&[command]);
        said.code(3).shows("  yours           | ").shows("  last generated  | ").shows("  new             | ");
        said.shows("opsgen apply spec.yaml --only ops/bin/smoke --conflicts theirs");
    }
}
