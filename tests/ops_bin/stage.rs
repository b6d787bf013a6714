//! A scaffold that `apply` wrote, and a platform to run its scripts against.

use std::ffi::OsString;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;

/// Whether a program is installed; says which test it is missing for.
pub fn has(program: &str) -> bool {
    let found = Command::new("sh")
        .args(["-c", &format!("command -v {program}")])
        .output()
        .is_ok_and(|out| out.status.success());
    if !found {
        eprintln!("not run: {program} is not installed");
    }
    found
}

/// The scaffold of the Fly.io example, written once a test run.
pub fn scaffold() -> &'static Path {
    static SCAFFOLD: OnceLock<PathBuf> = OnceLock::new();
    SCAFFOLD.get_or_init(|| applied(|spec| spec).keep())
}

/// The Fly.io example with an edited spec, in a folder of its own.
pub fn applied(edit: fn(String) -> String) -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    let spec = Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots/fly-web-api/spec.yaml");
    fs::write(root.path().join("spec.yaml"), edit(fs::read_to_string(spec).unwrap())).unwrap();
    let mut apply = Command::new(env!("CARGO_BIN_EXE_opsgen"));
    let out = apply.args(["apply", "spec.yaml", "--yes", "--root", "."]).current_dir(root.path()).output().unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    // the issue alerts have their own test
    fs::remove_file(root.path().join("ops/observe/errors")).unwrap();
    root
}

/// A program that serves until it is dropped.
pub struct Server {
    child: Child,
    pub url: String,
}

impl Server {
    /// One of `tests/ops_bin/fakes`: it prints its port, then serves.
    pub fn fake(name: &str, log: &Path, key: &str, more: &[&str]) -> Self {
        let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ops_bin/fakes").join(name);
        let mut child = Command::new(program).arg(log).arg(key).args(more).stdout(Stdio::piped()).spawn().unwrap();
        let mut port = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut port).unwrap();
        Self { child, url: format!("http://127.0.0.1:{}", port.trim()) }
    }

    pub fn of(child: Child, url: String) -> Self {
        Self { child, url }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Files that the platform's programs read and write.
pub struct Platform(tempfile::TempDir);

impl Platform {
    /// Two Machines that run `digest`, and no history.
    pub fn running(digest: &str) -> Self {
        let platform = Self(tempfile::tempdir().unwrap());
        platform.machines(digest, 2);
        platform.write("releases.json", "[]");
        platform.write("registry", "");
        platform.write("calls", "");
        platform.write("exit.json", "{}");
        platform.write(
            "secrets.json",
            r#"[{"Name":"DATABASE_URL"},{"Name":"SECRET_KEY"},{"Name":"MIGRATION_DATABASE_URL"}]"#,
        );
        platform.write("certificates.json", r#"[{"Hostname":"api.acme.dev"}]"#);
        platform
    }

    pub fn machines(&self, digest: &str, count: usize) {
        let machine = |at: usize| {
            serde_json::json!({
                "id": format!("m{at}"), "name": format!("n{at}"), "state": "started",
                "config": {
                    "image": format!("registry.fly.io/acme-api-production:sha256-{digest}"),
                    "metadata": { "fly_process_group": "api" },
                },
                "checks": [{ "name": "servicecheck-00-http-8000", "status": "passing" }],
            })
        };
        let machines: Vec<_> = (0..count).map(machine).collect();
        self.write("machines.json", &serde_json::to_string(&machines).unwrap());
    }

    /// Releases as flyctl lists them, newest first: digest and status.
    pub fn releases(&self, releases: &[(&str, &str)]) {
        let release = |(digest, status): &(&str, &str)| serde_json::json!({ "Status": status, "ImageRef": format!("registry.fly.io/acme-api-production:sha256-{digest}") });
        let releases: Vec<_> = releases.iter().map(release).collect();
        self.write("releases.json", &serde_json::to_string(&releases).unwrap());
    }

    pub fn write(&self, name: &str, text: &str) {
        fs::write(self.0.path().join(name), text).unwrap();
    }

    pub fn calls(&self) -> Vec<String> {
        fs::read_to_string(self.0.path().join("calls")).unwrap().lines().map(str::to_owned).collect()
    }

    pub fn called(&self, start: &str) -> Option<String> {
        self.calls().into_iter().find(|call| call.starts_with(start))
    }

    pub fn run(&self, script: &str, args: &[&str]) -> Output {
        let mut path = OsString::from(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ops_bin/platform"));
        path.push(":");
        path.push(std::env::var_os("PATH").unwrap_or_default());
        Command::new(scaffold().join("ops/bin").join(script))
            .args(args)
            .env("PATH", path)
            .env("PLATFORM", self.0.path())
            .env_remove("FLY_API_TOKEN")
            .output()
            .unwrap()
    }
}

pub fn code(out: &Output) -> i32 {
    out.status.code().unwrap_or(-1)
}

pub fn text(out: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr))
}
