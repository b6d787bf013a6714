//! Deploy, rollback, migrate and preflight on Kubernetes: what is applied, what is remembered, when it is called done.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use crate::stage::{code, text};

const REPOSITORY: &str = "222222222222.dkr.ecr.eu-west-1.amazonaws.com/shop";

fn image(letter: char) -> String {
    format!("{REPOSITORY}@sha256:{}", letter.to_string().repeat(64))
}

/// The real kubectl, for `kustomize` alone.
fn kubectl() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let found = std::env::split_paths(&path).map(|folder| folder.join("kubectl")).find(|program| program.is_file());
    if found.is_none() {
        eprintln!("not run: kubectl is not installed");
    }
    found
}

pub fn scaffold() -> &'static Path {
    static SCAFFOLD: OnceLock<PathBuf> = OnceLock::new();
    SCAFFOLD.get_or_init(|| {
        let root = tempfile::tempdir().unwrap().keep();
        let spec = Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots/kubernetes-shop/spec.yaml");
        fs::copy(spec, root.join("spec.yaml")).unwrap();
        let mut apply = Command::new(env!("CARGO_BIN_EXE_opsgen"));
        let out = apply.args(["apply", "spec.yaml", "--yes", "--root", "."]).current_dir(&root).output().unwrap();
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        // the issue alerts have their own test
        fs::remove_file(root.join("ops/observe/errors")).unwrap();
        root
    })
}

/// A cluster that answers from files.
pub struct Cluster {
    files: tempfile::TempDir,
    kubectl: PathBuf,
}

impl Cluster {
    /// Every rollout is healthy, the secrets have one version; `None` without a kubectl.
    pub fn healthy() -> Option<Self> {
        let cluster = Self { files: tempfile::tempdir().unwrap(), kubectl: kubectl()? };
        cluster.write("rollout", "3 3 Healthy");
        cluster.write("secrets", "41-42-");
        cluster.write("calls", "");
        Some(cluster)
    }

    pub fn write(&self, name: &str, text: &str) {
        fs::write(self.files.path().join(name), text).unwrap();
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.files.path().join(name)).unwrap_or_default()
    }

    pub fn run(&self, script: &str, args: &[&str]) -> Output {
        let mut path = OsString::from(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ops_bin/cluster"));
        path.push(":");
        path.push(std::env::var_os("PATH").unwrap_or_default());
        let mut command = Command::new(scaffold().join("ops/bin").join(script));
        command.env("OBSERVE_WAIT", "0").env_remove("GRAFANA_URL");
        command.args(args).env("PATH", path).env("PLATFORM", self.files.path()).env("KUBECTL", &self.kubectl);
        command.output().unwrap()
    }

    fn deploys(&self, letter: char) {
        let out = self.run("deploy", &["production", &image(letter)]);
        assert_eq!(code(&out), 0, "{}", text(&out));
    }
}

#[test]
fn deploy_applies_the_digest_everywhere_and_nothing_without_one() {
    let Some(cluster) = Cluster::healthy() else { return };
    cluster.deploys('a');
    let applied = cluster.read("applied.yaml");
    assert_eq!(applied.matches(&format!("image: {}", image('a'))).count(), 3);
    assert!(!applied.contains("given-to-ops-bin-deploy"));
    assert!(applied.contains("secrets-version: 41-42-"), "a rotated secret makes new pods");
    assert!(
        cluster
            .read("calls")
            .lines()
            .all(|call| call.starts_with("kubectl --context acme-production --namespace shop"))
    );
    let calls = cluster.read("calls");
    let built =
        calls.lines().find_map(|call| call.rsplit(' ').next().filter(|last| last.ends_with("release.yaml"))).unwrap();
    assert!(!scaffold().join(built).exists(), "nothing is left in the work tree");
}

#[test]
fn rollback_goes_to_the_last_good_image() {
    let Some(cluster) = Cluster::healthy() else { return };
    cluster.deploys('a');
    cluster.deploys('b');
    let out = cluster.run("rollback", &["production"]);
    assert_eq!(code(&out), 0, "{}", text(&out));
    assert!(text(&out).contains(&format!("goes back to {}", image('a'))));
    assert_eq!(
        cluster.read("acme-production-history").trim_end(),
        image('a'),
        "what was left behind is not good any more"
    );

    cluster.write("rollout", "4 4 Degraded");
    let out = cluster.run("deploy", &["production", &image('c')]);
    assert_eq!(code(&out), 1);
    assert!(text(&out).contains("to go back: ops/bin/rollback production"));
    cluster.write("rollout", "5 5 Healthy");
    let out = cluster.run("rollback", &["production"]);
    assert!(text(&out).contains(&format!("goes back to {}", image('a'))), "what failed never was good: {}", text(&out));
}

#[test]
fn what_the_controller_says_of_the_release_before_is_not_believed() {
    let Some(cluster) = Cluster::healthy() else { return };
    cluster.write("rollout", "4 3 Degraded");
    cluster.write("rollout.next", "4 4 Healthy");
    cluster.deploys('a');
}

/// A release brings the drills to the clusters where they run, so its job must be able to speak to them.
#[test]
fn a_job_that_schedules_backups_is_logged_in_to_every_cluster_of_theirs() {
    let script = fs::read_to_string(scaffold().join("ops/backup/schedule/cronjob")).unwrap();
    let drills: Vec<&str> = script
        .lines()
        .filter_map(|line| line.trim().strip_prefix("production/")?.split_once("cluster="))
        .map(|(_, cluster)| cluster.trim_end_matches(" ;;"))
        .collect();
    assert_eq!(drills, ["acme-drill"]);
    let mut jobs = 0;
    for file in fs::read_dir(scaffold().join(".github/workflows")).unwrap() {
        let text = fs::read_to_string(file.unwrap().path()).unwrap();
        if let Some((before, _)) = text.split_once("ops/bin/backup-schedule") {
            jobs += 1;
            for cluster in ["acme-production"].iter().chain(&drills) {
                assert!(before.contains(&format!("CLUSTER: {cluster}\n")), "{cluster} in:\n{text}");
            }
        }
    }
    assert_eq!(jobs, 1);
}

#[test]
fn rollback_without_a_release_says_so() {
    let Some(cluster) = Cluster::healthy() else { return };
    let out = cluster.run("rollback", &["production"]);
    assert_eq!(code(&out), 1);
    assert!(text(&out).contains("no release to go back to"));
}

#[test]
fn deploy_wakes_an_environment_that_has_hours() {
    let Some(cluster) = Cluster::healthy() else { return };
    let out = cluster.run("deploy", &["staging", &image('a')]);
    assert_eq!(code(&out), 0, "{}", text(&out));
    assert_eq!(cluster.read("applied.yaml").matches("timezone: Etc/UTC").count(), 3);
}

#[test]
fn migrate_runs_a_job_that_is_named_after_the_digest() {
    let Some(cluster) = Cluster::healthy() else { return };
    let out = cluster.run("migrate", &["production", &image('a')]);
    assert_eq!(code(&out), 0, "{}", text(&out));
    let applied = cluster.read("applied.yaml");
    assert!(applied.contains("name: migration-aaaaaaaaaaaa\n"));
    assert!(!applied.contains("kind: Deployment") && !applied.contains("kind: Rollout"), "nothing is released by it");
    let job = applied.split("\n---\n").find(|object| object.contains("kind: Job")).unwrap();
    // PgBouncer takes no client with PGOPTIONS, so its own address must come after the service's
    let (_, last) = job.rsplit_once("secretRef:").unwrap();
    assert!(last.trim_start().starts_with("name: migration\n"), "{job}");
    let config = applied
        .split("\n---\n")
        .find(|object| object.contains("kind: ConfigMap") && object.contains("name: api-"))
        .unwrap();
    let name = config.lines().find_map(|line| line.strip_prefix("  name: ")).unwrap();
    assert!(job.contains(&format!("name: {name}\n")), "the Job reads the configuration that it brought");
}

#[test]
fn a_migration_that_fails_or_runs_already_stops_the_release() {
    let Some(cluster) = Cluster::healthy() else { return };
    cluster.write("failed", "True");
    assert_eq!(code(&cluster.run("migrate", &["production", &image('a')])), 1);
    cluster.write("failed", "");
    cluster.write("active", "1");
    let out = cluster.run("migrate", &["production", &image('a')]);
    assert_eq!(code(&out), 1);
    assert!(text(&out).contains("is running already"));
}

#[test]
fn wrong_arguments_touch_nothing() {
    let Some(cluster) = Cluster::healthy() else { return };
    let tagged = format!("{REPOSITORY}:latest");
    let short = format!("{REPOSITORY}@sha256:zz");
    for (script, args) in [
        ("deploy", vec!["production"]),
        ("deploy", vec!["nowhere", "x"]),
        ("deploy", vec!["production", tagged.as_str()]),
        ("migrate", vec!["production", short.as_str()]),
        ("rollback", vec![]),
        ("preflight", vec!["nowhere"]),
    ] {
        assert_eq!(code(&cluster.run(script, &args)), 64, "{script} {args:?}");
    }
    assert_eq!(cluster.read("calls"), "");
}

#[test]
fn preflight_names_what_is_missing() {
    let Some(cluster) = Cluster::healthy() else { return };
    let out = cluster.run("preflight", &["production"]);
    assert_eq!(code(&out), 0, "{}", text(&out));
    assert!(text(&out).contains("ok      may ask it"), "{}", text(&out));
    cluster.write("no-gateway", "");
    let out = cluster.run("preflight", &["production"]);
    assert_eq!(code(&out), 1);
    assert!(text(&out).contains("MISSING the gateway gateways/public is programmed"));
}
