//! The emitted backup scripts restore what they backed up, in a real PostgreSQL. The faults run in `make test`.

mod program;

use std::fs;
use std::path::Path;
use std::process::Command;

use program::Project;

fn on_path(tool: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(tool).is_file())
}

#[test]
fn every_row_comes_back() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let tools =
        ["bash", "psql", "pg_dump", "pg_createcluster", "age", "age-keygen", "rclone", "flock", "timeout", "setpriv"];
    let missing: Vec<_> = tools.into_iter().filter(|tool| !on_path(tool)).collect();
    if !missing.is_empty() {
        println!("not run: no {} (apt-get install postgresql age rclone)", missing.join(", "));
        return;
    }
    if !root.join("snapshots/fly-web-api/out/ops/backup").is_dir() {
        println!("not run: the snapshot has no ops/backup yet (make bless)");
        return;
    }
    let ran = Command::new(root.join("tests/backup/round-trip")).arg("--quick").output().unwrap();
    let said = String::from_utf8_lossy(&ran.stdout);
    assert!(ran.status.success(), "{said}{}", String::from_utf8_lossy(&ran.stderr));
}

/// The suite runs the scripts of these engines from the blueprints; this is how a spec comes by them.
#[test]
fn mysql_and_mariadb_get_the_scripts_that_the_suite_runs() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let answered = fs::read_to_string(program::scenario("fly-web-api").join("spec.yaml")).unwrap();
    for (engine, version) in [("mariadb", "10.11"), ("mysql", "8.4")] {
        let spec = answered
            .replace("engine: postgres", &format!("engine: {engine}"))
            .replace("version: \"16\"", &format!("version: \"{version}\""))
            .replace("provider: fly", "provider: self");
        let project = Project::empty();
        fs::write(project.path("opsgen.yaml"), spec).unwrap();
        project.run(&["apply", "--yes"]).code(0);
        for script in ["backup.sh", "restore.sh", "verify.sh"] {
            let emitted = fs::read_to_string(project.path("ops/backup/db").join(script)).unwrap();
            let run = fs::read_to_string(root.join("blueprints/backup/mysql").join(format!("{script}.tera"))).unwrap();
            assert_eq!(emitted, run, "{engine} {script}");
        }
        let settings = fs::read_to_string(project.path("ops/backup/db/production.conf")).unwrap();
        assert!(settings.contains(&format!("ENGINE={engine}\n")), "{settings}");
        assert!(fs::read_to_string(project.path("ops/backup/db/Dockerfile")).unwrap().contains(" mariadb-client "));
    }
}

fn archiving(tool: &str) -> String {
    let answered = fs::read_to_string(program::scenario("kubernetes-shop").join("spec.yaml")).unwrap();
    answered
        .replace("method: [dump, wal, platform-snapshot]", &format!("method: [dump, wal]\n    tool: {tool}"))
        .replace("provider: rds", "provider: self")
}

#[test]
fn an_unknown_tool_is_refused_with_those_that_fit() {
    let project = Project::empty();
    project.write("opsgen.yaml", archiving("walg"));
    let run = project.run(&["apply", "--yes"]);
    let said = &run.code(4).talk;
    assert!(said.contains("nothing is known that is called `walg` and makes a dump or wal of PostgreSQL 16"), "{said}");
    assert!(said.contains("write `pgbackrest` or `wal-g`, leave it out"), "{said}");
}

/// A tool is a folder: what it archives with, its files, the page that says how to go back.
#[test]
fn a_tool_of_somebody_else_archives_the_log() {
    let project = Project::empty();
    project.write("opsgen.yaml", archiving("barman"));
    project.write(
        "own/backup/barman/facts.yaml",
        "name: Barman\nmakes: [wal]\nengines: [postgres]\nstores: [s3]\npush: \"barman-wal-archive vault {store} %p\"\n\
         settings: barman.conf\nenvironment: /etc/barman.env\n",
    );
    project.write(
        "own/backup/barman/blueprint.yaml",
        "summary: PostgreSQL's log archived by Barman\noutputs:\n  - template: backup/common/postgresql.conf.tera\n    \
         path: ops/backup/<{ backup.store }>/point-in-time/postgresql.conf\n    for_each: backup in m.backups\n    \
         when: backup.archiver and backup.archiver.id == \"barman\"\n    format: text\n  - template: barman.conf.tera\n    \
         path: ops/backup/<{ backup.store }>/point-in-time/barman.conf\n    for_each: backup in m.backups\n    \
         when: backup.archiver and backup.archiver.id == \"barman\"\n    format: text\n",
    );
    project.write("own/backup/barman/barman.conf.tera", "[<{ backup.store | raw }>]\n");
    project.run(&["apply", "--yes", "--blueprints", "own"]).code(0);
    let server = project.read("ops/backup/db/point-in-time/postgresql.conf");
    assert!(server.contains("archive_command = 'barman-wal-archive vault db %p'\n"), "{server}");
    let page = project.read("docs/disaster-recovery.md");
    assert!(page.contains("Settings and credentials of Barman: [`barman.conf`]"), "{page}");
}
