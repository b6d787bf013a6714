//! The emitted backup scripts restore what they backed up, in a real PostgreSQL. The faults run in `make test`.

use std::path::Path;
use std::process::Command;

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
