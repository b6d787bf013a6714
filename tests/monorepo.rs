//! A repository of many services: one command for all of them.

mod program;

use std::fs;

use program::{Project, scenario};

const SERVICES: usize = 5;

/// A work tree with a spec a service, and two files that only look like one.
fn repository() -> Project {
    let project = Project::empty();
    fs::create_dir(project.path(".git")).unwrap();
    let spec = fs::read_to_string(scenario("fly-web-api").join("spec.yaml")).unwrap();
    for at in 0..SERVICES {
        let mine = spec.replace("name: acme-api\n", &format!("name: acme-{at}\n"));
        let mine = mine.replace("branch: main,", &format!("branch: main, path: services/s{at},"));
        assert_ne!(mine, spec);
        project.write(&format!("services/s{at}/spec.yaml"), mine);
    }
    project.write("vendor/other/spec.yaml", &spec);
    project.write("openapi/spec.yaml", "openapi: 3.1.0\ninfo: { title: x }\n");
    project
}

#[test]
fn every_spec_is_written_checked_and_changed() {
    let project = repository();
    project.run(&["apply", "--all"]).code(64).says("--all --yes");
    project.run(&["apply", "--all", "--yes"]).code(0).shows("services/s0/spec.yaml: ").says("5 specs, 5 written");
    assert!(!project.path("vendor/other/fly.production.toml").exists());
    project.run(&["check", "--all"]).code(0).says("5 specs, nothing to do");
    // A clone has no cache; who applies where nothing is to do gets one.
    let cache = |at: usize| project.path(&format!("services/s{at}/.opsgen/local/cache"));
    (0..SERVICES).for_each(|at| fs::remove_file(cache(at)).unwrap());
    project.run(&["apply", "--all", "--yes"]).code(0).says("5 specs, nothing to do");
    assert!((0..SERVICES).all(|at| cache(at).exists()));
    project.edit("services/s3/spec.yaml", "max: 5", "max: 6");
    let said = project.run(&["check", "--all"]);
    said.code(2).shows("services/s3/spec.yaml");
    assert!(!said.out.contains("services/s1"), "{}", said.out);
    let diff = project.run(&["diff", "--all"]);
    diff.code(0).shows("+++ b/services/s3/ops/bin/deploy").says("5 specs, 1 with something to do");
    let lines = project.run(&["diff", "--all", "--format", "json"]);
    let plan: serde_json::Value = serde_json::from_str(&lines.code(0).out).unwrap();
    assert_eq!(plan["empty"], false);
    project.run(&["apply", "services", "--all", "--yes"]).code(0).says("5 specs, 1 written");
    project.run(&["check", "--all"]).code(0);
}

#[test]
fn one_conflict_or_fault_and_nothing_is_written_anywhere() {
    let project = repository();
    project.run(&["apply", "--all", "--yes"]).code(0);
    project.edit("services/s1/ops/bin/deploy", "scale api 2 5", "scale api 2 4");
    for at in [1, 2] {
        project.edit(&format!("services/s{at}/spec.yaml"), "max: 5", "max: 6");
    }
    let before = project.fingerprint();
    project.run(&["apply", "--all", "--yes"]).code(3).says("OPS401").says("nothing was written");
    assert!(project.fingerprint() == before);
    project.edit("services/s4/spec.yaml", "quality:", "qualtiy:");
    let before = project.fingerprint();
    project.run(&["apply", "--all", "--yes"]).code(4).says("qualtiy");
    project.run(&["check", "--all"]).code(4);
    assert!(project.fingerprint() == before);
}

#[test]
fn what_all_does_not_take_is_said() {
    let project = repository();
    project.run(&["check", "--all", "--root", "x"]).code(64).says("--root");
    project.run(&["apply", "--all", "-i"]).code(64).says("one spec at a time");
    project.run(&["diff", "--all", "--out", "x"]).code(64).says("on stdout");
    project.run(&["check", "--all", "openapi"]).code(64).says("no spec below");
    project.run(&["check", "--all", "services/s0/spec.yaml"]).code(64).says("takes a folder");
}

#[test]
fn two_specs_that_claim_one_file_write_nothing() {
    let project = Project::empty();
    fs::create_dir(project.path(".git")).unwrap();
    for folder in ["a", "b"] {
        project.write(&format!("{folder}/spec.yaml"), fs::read(scenario("fly-web-api").join("spec.yaml")).unwrap());
    }
    let before = project.fingerprint();
    let said = project.run(&["apply", "--all", "--yes"]);
    said.code(3).says("OPS428").says("a/spec.yaml and b/spec.yaml").says("nothing was written");
    assert!(project.fingerprint() == before, "something was written");
    // Also where each was written by itself and nothing is left to do.
    for folder in ["a", "b"] {
        project.run(&["apply", &format!("{folder}/spec.yaml"), "--yes"]).code(0);
    }
    for _ in 0..2 {
        project.run(&["apply", "--all", "--yes"]).code(3).says("OPS428");
    }
}
