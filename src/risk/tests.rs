use super::*;
use crate::artifact::Origin;
use crate::plan::Content;

fn entry(target: &str, action: Action, blueprint: &str) -> Entry {
    let origin = Origin { blueprint: blueprint.into(), ..Origin::default() };
    Entry { target: target.into(), action, origin, ..Entry::default() }
}

fn file(text: &str, executable: bool) -> Content {
    Content { bytes: text.into(), executable }
}

#[test]
fn the_gravest_comes_first() {
    let script = Entry { disk: Disk::File(file("x", true)), ..entry("b", Action::Delete, "hosting/x") };
    let live = Entry { live: Some("deploys".into()), ..entry("z", Action::Release, "ci/x") };
    let gone = Identity { kind: "service".into(), fate: Fate::Removed, from: "api".into(), ..Identity::default() };
    let kept = Identity { fate: Fate::Renamed, from: "old".into(), to: Some("new".into()), ..gone.clone() };
    let plan = Plan {
        entries: vec![
            entry("a", Action::Delete, "docs/x"),
            script,
            entry("c", Action::Delete, "backup/x"),
            entry("d", Action::Release, "docs/x"),
            live,
        ],
        identities: vec![kept, gone],
        ..Plan::default()
    };
    let paths: Vec<String> = assess(&plan).into_iter().map(|risk| risk.path).collect();
    assert_eq!(paths, ["z", "service api", "b", "c", "d", "service old", "a"]);
    assert_eq!(assess(&plan)[0].what, "stays on disk as you edited it, and still deploys");
}

#[test]
fn an_alert_that_goes_is_named() {
    let rules =
        |names: &[&str]| names.iter().map(|name| format!("  - alert: {name}\n    expr: up\n")).collect::<String>();
    let update = Entry {
        disk: Disk::File(file(&rules(&["A", "B"]), false)),
        result: Some(file(&rules(&["B", "C"]), false)),
        ..entry("rules.yaml", Action::Update, "observability/x")
    };
    let plan = Plan { entries: vec![update], ..Plan::default() };
    assert_eq!(assess(&plan)[0].what, "no longer alerts: A");
}
