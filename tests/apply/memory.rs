//! What an apply remembers for the next check is never believed where it could be wrong.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::thread::sleep;
use std::time::Duration;

use crate::program::Project;

/// What somebody does to a tree, and its name.
type Change<'a> = (&'a str, &'a dyn Fn(&Project));

const CACHE: &str = ".opsgen/local/cache";

fn applied() -> Project {
    let project = Project::applied("fly-web-api");
    assert!(project.path(CACHE).exists(), "an apply remembers what it left");
    project.run(&["check"]).code(0).says("nothing to do");
    project
}

#[test]
fn a_check_says_the_same_with_and_without_it() {
    let project = applied();
    let with = project.run(&["check"]);
    fs::remove_file(project.path(CACHE)).unwrap();
    let without = project.run(&["check"]);
    assert_eq!((with.code(0).talk.as_str(), &with.out), (without.code(0).talk.as_str(), &without.out));
    assert!(!project.path(CACHE).exists(), "only an apply writes it");
}

#[test]
fn an_apply_that_changes_nothing_leaves_it_alone() {
    let project = applied();
    let before = fs::metadata(project.path(CACHE)).unwrap().modified().unwrap();
    project.run(&["apply", "--yes"]).code(0);
    assert_eq!(fs::metadata(project.path(CACHE)).unwrap().modified().unwrap(), before);
}

/// The same length, at once: the stat alone could miss it.
#[test]
fn a_change_within_the_same_tick_is_seen() {
    let project = Project::applied("fly-web-api");
    let path = project.path("ops/bin/deploy");
    let changed = fs::read_to_string(&path).unwrap().replacen("set -eu", "set -ue", 1);
    fs::write(&path, changed).unwrap();
    project.run(&["check"]).code(0).says("kept as you edited");
}

#[test]
fn every_kind_of_change_is_seen() {
    let gone = |project: &Project| fs::remove_file(project.path("ops/bin/deploy")).unwrap();
    let bit = |project: &Project| {
        fs::set_permissions(project.path("ops/bin/deploy"), fs::Permissions::from_mode(0o644)).unwrap();
    };
    let record = |project: &Project| fs::remove_file(project.path(".opsgen/base/ops/bin/deploy.base")).unwrap();
    let more = |project: &Project| {
        fs::copy(project.path(".opsgen/base/ops/bin/deploy.base"), project.path(".opsgen/base/ops/bin/other.base"))
            .unwrap();
    };
    let spec = |project: &Project| project.edit("spec.yaml", "limit=1", "limit=7");
    let torn = |project: &Project| {
        let cache = fs::read(project.path(CACHE)).unwrap();
        fs::write(project.path(CACHE), &cache[..cache.len() / 2]).unwrap();
        project.edit("spec.yaml", "limit=1", "limit=7");
    };
    let changes: [Change<'_>; 6] =
        [("gone", &gone), ("bit", &bit), ("record", &record), ("more", &more), ("spec", &spec), ("torn", &torn)];
    for (what, change) in changes {
        let project = applied();
        sleep(Duration::from_millis(20));
        change(&project);
        let with = project.run(&["check"]);
        let _ = fs::remove_file(project.path(CACHE));
        let without = project.run(&["check"]);
        assert_eq!((&with.talk, &with.out), (&without.talk, &without.out), "{what}");
    }
}

#[test]
fn a_date_that_passes_is_noticed() {
    let project = applied();
    let later = || {
        let output = project.command(&["check"]).env("OPSGEN_TODAY", "2199-01-01").output().unwrap();
        String::from_utf8(output.stderr).unwrap()
    };
    let told = later();
    fs::remove_file(project.path(CACHE)).unwrap();
    assert_eq!(told, later());
}
