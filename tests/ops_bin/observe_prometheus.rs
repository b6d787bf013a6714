//! A real Prometheus that reads our rule files: brought, read back, never broken.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;
use std::thread::sleep;
use std::time::Duration;

use crate::stage::{Server, applied, code, has, text};

struct Prometheus {
    server: Server,
    files: tempfile::TempDir,
    tree: tempfile::TempDir,
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// The Fly.io example whose rules run in a Prometheus of its own; tests break copies of it.
fn scaffold() -> &'static Path {
    static SCAFFOLD: OnceLock<PathBuf> = OnceLock::new();
    let own = |spec: String| {
        let relay = "blueprints:\n  inputs:\n    observability/alertmanager: { smtp_host: \"smtp.acme.dev:587\" }\n";
        spec.replace("rules_run_in: grafana", "rules_run_in: prometheus") + relay
    };
    SCAFFOLD.get_or_init(|| applied(own).keep())
}

impl Prometheus {
    /// Without rules; nothing where Prometheus is not installed.
    fn started() -> Option<Self> {
        if !["prometheus", "promtool", "jq", "curl"].into_iter().all(has) {
            return None;
        }
        let files = tempfile::tempdir().unwrap();
        let rules = files.path().join("rules");
        fs::create_dir(&rules).unwrap();
        let config = format!("global: {{ evaluation_interval: 1s }}\nrule_files: [\"{}/*.yaml\"]\n", rules.display());
        fs::write(files.path().join("prometheus.yml"), config).unwrap();
        let address = format!("127.0.0.1:{}", free_port());
        let mut command = Command::new("prometheus");
        command.current_dir(files.path()).args([
            "--config.file=prometheus.yml",
            "--storage.tsdb.path=data",
            "--web.enable-lifecycle",
        ]);
        command.arg(format!("--web.listen-address={address}")).stdout(Stdio::null()).stderr(Stdio::null());
        let server = Server::of(command.spawn().unwrap(), format!("http://{address}"));
        let tree = tempfile::tempdir().unwrap();
        assert!(Command::new("cp").arg("-R").arg(scaffold().join("ops")).arg(tree.path()).status().unwrap().success());
        let prometheus = Self { server, files, tree };
        for _ in 0..100 {
            if prometheus.get("/-/ready").is_some() {
                break;
            }
            sleep(Duration::from_millis(100));
        }
        Some(prometheus)
    }

    fn get(&self, path: &str) -> Option<String> {
        let out = Command::new("curl").args(["-fsS", &format!("{}{path}", self.server.url)]).output().unwrap();
        out.status.success().then(|| String::from_utf8_lossy(&out.stdout).into_owned())
    }

    fn run(&self, mode: &str) -> Output {
        self.run_with(mode, &std::env::var("PATH").unwrap())
    }

    fn run_with(&self, mode: &str, path: &str) -> Output {
        let mut command = Command::new(self.tree.path().join("ops/observe/rules"));
        command
            .args([mode, "production"])
            .env("PROMETHEUS_URL", &self.server.url)
            .env("OBSERVE_WAIT", "30")
            .env("PATH", path);
        command.env("PROMETHEUS_RULES", self.files.path().join("rules")).output().unwrap()
    }

    fn there(&self) -> PathBuf {
        self.files.path().join("rules/acme-api-production.yaml")
    }

    fn own(&self) -> PathBuf {
        self.tree.path().join("ops/prometheus/rules/production.yaml")
    }

    fn rules(&self) -> usize {
        let answer: serde_json::Value = serde_json::from_str(&self.get("/api/v1/rules").unwrap()).unwrap();
        answer["data"]["groups"].as_array().unwrap().iter().map(|group| group["rules"].as_array().unwrap().len()).sum()
    }
}

fn edit(file: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(file).unwrap();
    assert!(text.contains(from));
    fs::write(file, text.replacen(from, to, 1)).unwrap();
}

#[test]
fn rules_are_brought_once_and_what_runs_is_read_back() {
    let Some(prometheus) = Prometheus::started() else { return };
    assert_eq!(code(&prometheus.run("ask")), 0, "{}", text(&prometheus.run("ask")));
    let out = prometheus.run("check");
    assert_eq!(code(&out), 1);
    assert!(!prometheus.there().exists() && text(&out).contains("DIFFERS  Watchdog is absent"), "{}", text(&out));
    let out = prometheus.run("install");
    assert_eq!(code(&out), 0, "{}", text(&out));
    assert!(
        text(&out).contains("changed  acme-api-production.yaml") && text(&out).contains("ok       Watchdog fires"),
        "{}",
        text(&out)
    );
    let before = fs::metadata(prometheus.there()).unwrap().modified().unwrap();
    let out = prometheus.run("install");
    assert!(code(&out) == 0 && !text(&out).contains("changed"), "{}", text(&out));
    assert_eq!(fs::metadata(prometheus.there()).unwrap().modified().unwrap(), before);
}

#[test]
fn a_broken_file_is_refused_and_the_old_rules_stay() {
    let Some(prometheus) = Prometheus::started() else { return };
    assert_eq!(code(&prometheus.run("install")), 0);
    let (good, count) = (fs::read(prometheus.there()).unwrap(), prometheus.rules());
    edit(&prometheus.own(), "vector(1) > 0", "sum by (");
    let out = prometheus.run("install");
    assert_eq!(code(&out), 1);
    assert!(text(&out).contains("refused by promtool; the rules that run stay as they are"), "{}", text(&out));
    assert_eq!((fs::read(prometheus.there()).unwrap(), prometheus.rules()), (good.clone(), count));

    // a promtool that sees nothing, as one of another version may: Prometheus refuses, and what it had is put back
    let blind = prometheus.files.path().join("bin");
    fs::create_dir(&blind).unwrap();
    std::os::unix::fs::symlink("/bin/true", blind.join("promtool")).unwrap();
    let out = prometheus.run_with("install", &format!("{}:{}", blind.display(), std::env::var("PATH").unwrap()));
    assert_eq!(code(&out), 1);
    assert!(text(&out).contains("what it had is back: 500"), "{}", text(&out));
    assert_eq!((fs::read(prometheus.there()).unwrap(), prometheus.rules()), (good, count));
}

#[test]
fn what_runs_beside_the_tree_is_shown_and_put_right() {
    let Some(prometheus) = Prometheus::started() else { return };
    assert_eq!(code(&prometheus.run("install")), 0);
    edit(&prometheus.there(), "alert: Watchdog", "alert: Watchdogs");
    Command::new("curl").args(["-fsS", "-X", "POST", &format!("{}/-/reload", prometheus.server.url)]).status().unwrap();
    let out = prometheus.run("check");
    assert_eq!(code(&out), 1);
    assert!(
        text(&out).contains("not there: Watchdog low") && text(&out).contains("not ours:  Watchdogs low"),
        "{}",
        text(&out)
    );
    assert_eq!(code(&prometheus.run("install")), 0);
    assert_eq!(code(&prometheus.run("check")), 0);
}

#[test]
fn what_is_missing_is_asked_for() {
    let Some(prometheus) = Prometheus::started() else { return };
    let mut command = Command::new(prometheus.tree.path().join("ops/bin/observe"));
    let out = command.args(["--ask", "production"]).env_remove("PROMETHEUS_URL").output().unwrap();
    assert_eq!(code(&out), 1);
    assert!(text(&out).contains("PROMETHEUS_URL or PROMETHEUS_RULES is not set"), "{}", text(&out));
    assert!(prometheus.tree.path().join("ops/prometheus/prometheus.yaml").exists(), "it reads the platform's store");
    assert!(prometheus.tree.path().join("ops/alertmanager/alertmanager.yaml").exists());
}
