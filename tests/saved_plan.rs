//! A plan in a file: what was shown is written, or nothing is, whatever happened to the tree or to the file.

mod program;

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::sync::LazyLock;

use program::Project;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const FILE: &str = "ops/bin/smoke";

/// Applied, then one answer changed, and the plan saved: every test takes a copy.
static PENDING: LazyLock<Project> = LazyLock::new(|| {
    let project = Project::applied("fly-web-api");
    project.edit("spec.yaml", "limit=1", "limit=7");
    project.run(&["diff", "--out", "plan.json"]).code(0).says("opsgen apply plan.json");
    project
});

fn pending() -> Project {
    PENDING.copied()
}

/// The plan with another content, and the seal that belongs to it.
fn forge(project: &Project, change: impl FnOnce(&mut Value)) {
    let mut plan: Value = serde_json::from_str(&project.read("plan.json")).unwrap();
    change(&mut plan);
    plan["digest"] = json!("");
    plan["digest"] = json!(sha256(serde_json::to_string(&plan).unwrap().as_bytes()));
    project.write("plan.json", plan.to_string());
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The file of a plan with this target.
fn entry<'a>(plan: &'a mut Value, target: &str) -> &'a mut Value {
    plan["files"].as_array_mut().unwrap().iter_mut().find(|file| file["target"] == target).unwrap()
}

#[test]
fn what_was_shown_is_written_and_only_once() {
    let project = pending();
    project.edit("spec.yaml", "limit=7", "limit=9");
    project.run(&["apply", "plan.json"]).code(64).says("opsgen apply plan.json --yes");
    project.run(&["apply", "plan.json", "--yes"]).code(0).shows("limit=7");
    assert!(project.read(FILE).contains("limit=7") && project.read(".opsgen/spec.yaml").contains("limit=7"));
    let before = project.fingerprint();
    project.run(&["apply", "plan.json", "--yes"]).code(0).says("nothing to do");
    project.run(&["diff", "plan.json", "--exit-code"]).code(0).says("carried out already").shows("limit=7");
    assert_eq!(project.fingerprint(), before);
    project.run(&["check"]).code(2);
}

#[test]
fn the_first_plan_of_a_tree_can_be_saved() {
    let project = Project::of("fly-web-api");
    project.run(&["diff", "--out", "plan.json"]).code(0);
    let other = project.copied();
    other.write(FILE, "mine\n");
    other.run(&["apply", "plan.json", "--yes"]).code(5).says(&format!("`{FILE}` is there now"));
    assert!(!other.path(".opsgen").exists() && !other.path("fly.production.toml").exists());
    project.run(&["apply", "plan.json", "--yes"]).code(0);
    project.run(&["check"]).code(0);
    project.run(&["apply", "plan.json", "--yes"]).code(0).says("nothing to do");
}

#[test]
fn a_plan_says_nothing_of_the_machine_and_is_the_same_every_time() {
    let project = pending();
    let text = project.read("plan.json");
    assert!(!text.contains(PENDING.root().to_str().unwrap()), "an absolute path");
    project.run(&["diff", "--out", "again.json"]).code(0);
    assert_eq!(project.read("again.json"), text);
    let plan: Value = serde_json::from_str(&text).unwrap();
    let silent = plan["files"].as_array().unwrap().iter().find(|file| file["action"] == "same").unwrap();
    assert!(plan["contents"].get(silent["disk"]["file"]["sha256"].as_str().unwrap()).is_none(), "only what is shown");
}

#[test]
fn a_plan_of_another_tree_is_stale_and_says_what_moved() {
    let removed = |project: &Project| fs::remove_file(project.path(FILE)).unwrap();
    let readable = |project: &Project| {
        fs::set_permissions(project.path(FILE), fs::Permissions::from_mode(0o644)).unwrap();
    };
    let linked = |project: &Project| {
        fs::rename(project.path("ops"), project.path("elsewhere")).unwrap();
        symlink("elsewhere", project.path("ops")).unwrap();
    };
    type Move = (&'static str, Box<dyn Fn(&Project)>);
    let moves: [Move; 6] = [
        ("`ops/bin/smoke` changed", Box::new(|project| project.edit(FILE, "limit=1", "limit=2"))),
        ("`ops/bin/smoke` is gone", Box::new(removed)),
        ("`ops/bin/smoke` isn't executable now", Box::new(readable)),
        ("`ops/bin/smoke` its parent `ops` is a symbolic link now", Box::new(linked)),
        (
            "recorded differently",
            Box::new(|project| fs::remove_file(project.path(".opsgen/base/ops/bin/smoke.base")).unwrap()),
        ),
        ("another spec was applied", Box::new(|project| project.write(".opsgen/spec.yaml", "other\n"))),
    ];
    for (told, change) in moves {
        let project = pending();
        change(&project);
        let before = project.fingerprint();
        project.run(&["apply", "plan.json", "--yes"]).code(5).says("OPS406").says(told);
        assert_eq!(project.fingerprint(), before, "{told}");
        project.run(&["diff", "plan.json"]).code(0).says("STALE").says(told).shows("+check 30 GET '/v1/items?limit=7'");
        project.run(&["diff", "plan.json", "--exit-code", "--format", "markdown"]).code(5);
    }
}

#[test]
fn the_schema_knows_every_plan_and_nothing_else() {
    let project = pending();
    let schema: Value = serde_json::from_str(&project.run(&["schema", "plan"]).code(0).out).unwrap();
    let valid = jsonschema::validator_for(&schema).unwrap();
    let plan: Value = serde_json::from_str(&project.read("plan.json")).unwrap();
    let faults: Vec<String> = valid.iter_errors(&plan).map(|fault| fault.to_string()).collect();
    assert!(faults.is_empty(), "{faults:#?}");
    for (pointer, wrong) in [("/files/0/action", json!("explode")), ("/prefix", json!(1)), ("/extra", json!(true))] {
        let mut wrong_plan = plan.clone();
        match wrong_plan.pointer_mut(pointer) {
            Some(value) => *value = wrong,
            None => wrong_plan["extra"] = wrong,
        }
        assert!(!valid.is_valid(&wrong_plan), "{pointer}");
    }
}

#[test]
fn a_plan_that_is_not_whole_is_refused() {
    let project = pending();
    let text = project.read("plan.json");
    let newer = text.replacen("\"plan\": 1", "\"plan\": 2", 1);
    for (torn, code, told) in [
        (text[..text.len() / 2].to_owned(), "OPS425", "no whole plan"),
        (text.replace("limit=7", "limit=8"), "OPS425", "changed after it was saved"),
        (text.replacen("\"opsgen\"", "\"more\": 1, \"opsgen\"", 1), "OPS425", "unknown field"),
        (newer, "OPS426", "reads version 1"),
    ] {
        project.write("torn.json", torn);
        for command in ["apply", "diff"] {
            project.run(&[command, "torn.json"]).code(4).says(code).says(told);
        }
    }
    forge(&project, |plan| {
        let digest = plan["spec"]["after"].as_str().unwrap().to_owned();
        plan["contents"].as_object_mut().unwrap().shift_remove(&digest);
    });
    project.run(&["apply", "plan.json", "--yes"]).code(4).says("is missing");
}

#[test]
fn no_plan_leads_out_of_the_root_or_writes_what_it_does_not_show() {
    let project = pending();
    project.write("mine.txt", "mine\n");
    fs::create_dir(project.path(".git")).unwrap();
    type Attack = (&'static str, fn(&mut Value));
    fn aim(plan: &mut Value, path: &str) {
        let file = entry(plan, FILE);
        file["path"] = json!(path);
        file["target"] = json!(path);
    }
    let attacks: [Attack; 13] = [
        ("leaves the root", |plan| aim(plan, "../outside")),
        ("isn't a path of a file below the root", |plan| aim(plan, "/tmp/outside")),
        ("`.git/`", |plan| aim(plan, ".git/hooks/pre-commit")),
        ("`.opsgen/`", |plan| aim(plan, ".opsgen/base/mine.txt.base")),
        ("leaves the root", |plan| plan["prefix"] = json!("..")),
        ("leaves the root", |plan| plan["spec"]["path"] = json!("../other/spec.yaml")),
        ("isn't where", |plan| entry(plan, FILE)["target"] = json!("mine.txt")),
        ("without being shown", |plan| entry(plan, FILE)["action"] = json!("same")),
        ("never wrote it", |plan| {
            aim(plan, "mine.txt");
            let file = entry(plan, "mine.txt");
            file["disk"] = json!({ "file": { "sha256": sha256(b"mine\n") } });
            file["action"] = json!("delete");
            let file = file.as_object_mut().unwrap();
            ["result", "record", "recorded"].iter().for_each(|key| drop(file.shift_remove(*key)));
        }),
        ("where no file can be", |plan| {
            entry(plan, FILE)["disk"] = json!({ "behind": { "parent": "ops", "link": true } });
        }),
        ("is produced twice", |plan| {
            let twin = entry(plan, FILE).clone();
            plan["files"].as_array_mut().unwrap().push(twin);
        }),
        ("leaves the root", |plan| {
            let file = entry(plan, FILE).as_object_mut().unwrap();
            let at = file.keys().position(|key| key == "record").unwrap();
            file.shift_insert(at, "from".into(), json!("../outside"));
        }),
        ("leaves the folder of records", |plan| {
            let mut twin = entry(plan, FILE).clone();
            twin["path"] = json!("../../spec.yaml/x");
            twin["target"] = twin["path"].clone();
            twin["action"] = json!("forget");
            twin["record"] = json!("drop");
            twin.as_object_mut().unwrap().shift_remove("result");
            plan["files"].as_array_mut().unwrap().push(twin);
        }),
    ];
    for (told, attack) in attacks {
        project.write("plan.json", PENDING.read("plan.json"));
        forge(&project, attack);
        let before = project.fingerprint();
        project.run(&["apply", "plan.json", "--yes"]).code(4).says("OPS425").says(told);
        assert_eq!(project.fingerprint(), before, "{told}");
    }
}

#[test]
fn a_plan_belongs_to_its_tree() {
    let top = Project::empty();
    fs::create_dir(top.path(".git")).unwrap();
    top.write("services/api/spec.yaml", Project::of("fly-web-api").read("spec.yaml"));
    top.run(&["diff", "services/api/spec.yaml", "--out", "plan.json"]).code(0);
    let other = Project::empty();
    other.write("plan.json", top.read("plan.json"));
    other.run(&["apply", "plan.json", "--yes"]).code(4).says("OPS427").says("services/api/spec.yaml");
    other.run(&["diff", "plan.json"]).code(0).says("isn't here").shows("services/api/ops/bin/smoke");
    let below = top.path("services/api");
    let applied = top.command(&["apply", "../../plan.json", "--yes"]).current_dir(&below).output().unwrap();
    program::said(&applied).code(0);
    assert!(top.path(".github/workflows").exists() && top.path("services/api/.opsgen/spec.yaml").exists());
    assert!(!below.join("services").exists());
    let rooted = Project::of("fly-web-api");
    rooted.run(&["diff", "--root", "out", "--out", "plan.json"]).code(1);
    fs::create_dir(rooted.path("out")).unwrap();
    rooted.run(&["diff", "--root", "out", "--out", "plan.json"]).code(0);
    rooted.run(&["apply", "plan.json", "--yes"]).code(64).says("--root DIR");
    rooted.run(&["apply", "plan.json", "--yes", "--root", "out"]).code(0);
    assert!(rooted.path("out/ops/bin/smoke").exists() && !rooted.path("ops").exists());
}

#[test]
fn a_saved_plan_is_written_as_it_is() {
    let project = pending();
    project.run(&["apply", "plan.json", "--yes", "--only", FILE]).code(64);
    project.run(&["diff", "plan.json", "--out", "other.json"]).code(64);
    project.edit(FILE, "limit=1", "limit=9");
    project.run(&["diff", "--out", "plan.json"]).code(0).says("OPS401");
    project.run(&["apply", "plan.json", "--yes"]).code(3).says("OPS401").shows("  new             | ");
    assert!(project.read(FILE).contains("limit=9"));
}
