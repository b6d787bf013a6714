//! Runs that are cut off, that meet another one, or that get a signal.

use std::fs;
use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use crate::program::{Project, Said, said};

/// As a run leaves it that was killed after its commit.
fn cut_off() -> Project {
    let project = Project::applied("fly-web-api");
    project.edit("spec.yaml", "limit=1", "limit=7");
    project.run(&["apply", "--yes"]).code(0);
    let done =
        fs::read_dir(project.path(".opsgen/local/undo")).unwrap().map(|entry| entry.unwrap().path()).max().unwrap();
    fs::rename(done, project.path(".opsgen/local/journal")).unwrap();
    project
}

#[test]
fn readers_stop_at_an_interrupted_apply_and_the_next_one_finishes_it() {
    let project = cut_off();
    let before = project.fingerprint();
    for words in [vec!["check"], vec!["diff"], vec!["undo", "--list"]] {
        project.run(&words).code(3).says("OPS415").says("opsgen apply");
        assert_eq!(project.fingerprint(), before, "{words:?} wrote something");
    }
    project.run(&["apply", "--yes", "--quiet"]).code(0).says("was interrupted; it is finished now");
    project.run(&["check"]).code(0);
    project.run(&["undo", "--yes"]).code(0).shows("limit=1");
}

#[test]
fn a_second_run_names_the_first() {
    let project = Project::of("fly-web-api");
    fs::create_dir_all(project.path(".opsgen/local")).unwrap();
    let lock = fs::File::create(project.path(".opsgen/local/lock")).unwrap();
    lock.lock().unwrap();
    let holder = r#"{"pid":4711,"host":"desk","time":"2026-11-21T07:10:00Z","command":"opsgen apply --yes"}"#;
    (&lock).write_all(holder.as_bytes()).unwrap();
    project.run(&["apply", "--yes"]).code(3).says("OPS416").says("pid 4711 on desk, since 2026-11-21T07:10:00Z");
    project.run(&["check"]).code(2);
    drop(lock);
    project.run(&["apply", "--yes"]).code(0);
}

/// Runs on a terminal of its own until it asks.
fn asked(project: &Project, words: &str) -> Child {
    let program = env!("CARGO_BIN_EXE_opsgen");
    let mut child = Command::new("script")
        .args(["-q", "-e", "-c", &format!("exec {program} {words}"), "/dev/null"])
        .current_dir(project.root())
        .env("OPSGEN_TODAY", "2026-11-21")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut seen = Vec::new();
    let out = child.stdout.as_mut().unwrap();
    while !String::from_utf8_lossy(&seen).contains("[y/N]") {
        let mut bytes = [0; 4096];
        let count = out.read(&mut bytes).unwrap();
        assert!(count > 0, "it ended without asking:\n{}", String::from_utf8_lossy(&seen));
        seen.extend_from_slice(&bytes[..count]);
    }
    child
}

#[test]
fn an_interrupt_at_the_question_writes_nothing() {
    let project = Project::of("fly-web-api");
    let before = project.fingerprint();
    let mut child = asked(&project, "apply");
    child.stdin.as_mut().unwrap().write_all(b"\x03").unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!(project.fingerprint(), before);
}

#[test]
fn a_signal_at_any_moment_leaves_all_or_nothing() {
    let project = Project::of("fly-web-api");
    let before = project.fingerprint();
    let mut written = 0;
    for (round, signal) in [Signal::INT, Signal::TERM].into_iter().cycle().take(12).enumerate() {
        let child = project.command(&["apply", "--yes"]).stderr(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        // The first few while it thinks; the others from the moment that it begins to write.
        for _ in 0..20_000 {
            if round < 3 || project.path(".opsgen").exists() {
                break;
            }
            std::thread::sleep(Duration::from_micros(200));
        }
        std::thread::sleep(Duration::from_millis(8 * round as u64));
        kill_process(Pid::from_child(&child), signal).unwrap();
        let said: Said = said(&child.wait_with_output().unwrap());
        // -1: it wasn't there yet when the signal came.
        assert!([0, 130, -1].contains(&said.code), "{said:?}");
        assert!(!project.path(".opsgen/local/journal").exists() && !project.path(".opsgen/local/lock").exists());
        let check = project.run(&["check"]).code;
        match check {
            0 => {
                written += 1;
                project.run(&["undo", "--yes"]).code(0);
            }
            _ => assert!(said.code != 0, "{said:?}"),
        }
        fs::remove_dir_all(project.path(".opsgen")).unwrap_or_default();
        assert_eq!(project.fingerprint().keys().collect::<Vec<_>>(), before.keys().collect::<Vec<_>>(), "{round}");
    }
    println!("{written} of 12 had written everything when the signal came");
}
