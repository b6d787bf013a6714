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
