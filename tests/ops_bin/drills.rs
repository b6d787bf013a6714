//! A drill runs where the spec says, beside the data, and only its verdict comes back.

use crate::kubernetes::Cluster;
use crate::stage::{Platform, code, has, text};

const IMAGE: &str = "registry.fly.io/acme-api-production:sha256-";

fn fly(exit: &str) -> Option<Platform> {
    has("jq").then(|| {
        let platform = Platform::running(&"a".repeat(64));
        platform.write("exit.json", exit);
        platform
    })
}

#[test]
fn on_fly_it_runs_in_the_app_that_holds_the_key() {
    let Some(platform) = fly(r#"{ "exit_code": 0 }"#) else { return };
    let out = platform.run("restore-drill", &["production", "db"]);
    assert_eq!(code(&out), 0, "{}", text(&out));
    let run = platform.called("flyctl machine run").unwrap();
    assert!(run.contains("--app acme-api-production-backup-db-drill "), "{run}");
    assert!(
        run.contains(&format!("-- {IMAGE}{} /opt/backup/db/verify.sh production --drill", "a".repeat(64))),
        "{run}"
    );
    assert!(platform.called("flyctl machine destroy drill").is_some(), "{:?}", platform.calls());
}

#[test]
fn a_drill_that_fails_says_so_and_leaves_no_machine() {
    let Some(platform) = fly(r#"{ "exit_code": 12 }"#) else { return };
    let out = platform.run("restore-drill", &["production"]);
    assert_eq!(code(&out), 1, "{}", text(&out));
    assert!(text(&out).contains("the drill of db failed (12)"), "{}", text(&out));
    assert!(platform.called("flyctl machine destroy drill").is_some());
}

#[test]
fn a_typo_drills_nothing() {
    let Some(platform) = fly("{}") else { return };
    for arguments in [&["production", "bd"][..], &["prod"], &[], &["production", "--store", "db"]] {
        let out = platform.run("restore-drill", arguments);
        assert_eq!(code(&out), 64, "{arguments:?}: {}", text(&out));
        assert!(platform.called("flyctl machine run").is_none());
    }
    assert_eq!(code(&platform.run("restore-drill", &["--help"])), 0);
}

#[test]
fn on_kubernetes_it_runs_in_the_cluster_that_the_spec_names() {
    let Some(cluster) = Cluster::healthy() else { return };
    cluster.write("drilled", "Complete");
    cluster.write("said", "backup=20261121T030000Z tables=3\nsecret line\n");
    let out = cluster.run("restore-drill", &["production"]);
    assert_eq!(code(&out), 0, "{}", text(&out));
    let calls = cluster.read("calls");
    assert!(calls.contains("--context acme-drill --namespace shop create job drill-db-"), "{calls}");
    assert!(calls.contains("--context acme-production --namespace shop create job drill-jobs-"), "{calls}");
    assert!(text(&out).contains("backup=20261121T030000Z") && !text(&out).contains("secret line"), "{}", text(&out));
    cluster.write("drilled", "Failed");
    assert_eq!(code(&cluster.run("restore-drill", &["production", "db"])), 1);
    assert_eq!(code(&cluster.run("restore-drill", &["production", "bd"])), 64);
}

#[test]
fn the_schedule_brings_each_drill_to_its_cluster() {
    let Some(cluster) = Cluster::healthy() else { return };
    let out = cluster.run("backup-schedule", &["production"]);
    assert_eq!(code(&out), 0, "{}", text(&out));
    assert!(text(&out).contains("drill-db: in acme-drill"), "{}", text(&out));
    let (live, drill) = (cluster.read("acme-production.yaml"), cluster.read("acme-drill.yaml"));
    assert!(drill.contains("name: drill-db") && !drill.contains("name: backup-report-db"), "{drill}");
    assert!(live.contains("name: backup-db") && !live.contains("name: drill-db\n"), "{live}");
}
