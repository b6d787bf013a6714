//! What brings backups to a machine of one's own: sent by ssh, installed, read back, and refused when what is there is something else.
//! ssh, sudo, systemctl and crontab are played; the scripts are those that are emitted.

#[path = "program/mod.rs"]
mod program;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use program::Project;

const PLAYED: &[(&str, &str)] = &[
    // The machine's home is a folder; what it is told to do it does there.
    (
        "ssh",
        "while [ $# -gt 1 ]; do [ \"$1\" != -- ] || { shift; echo \"$1\" >>\"$MACHINE/asked\"; }; shift; done\ncd \"$MACHINE\" && exec sh -c \"$1\"",
    ),
    ("sudo", "shift\nexec \"$@\""),
    ("id", ":"),
    ("chgrp", ":"),
    ("install", "for folder; do :; done\nmkdir -p \"$folder\""),
    ("setpriv", "shift 3\nexec \"$@\""),
    (
        "systemctl",
        "echo \"$@\" >>\"$MACHINE/systemctl\"\ncase $1 in is-active) echo \"${STATE-active}\" ;; show) echo 'Tue 2026-12-01 03:00:00 UTC' ;; esac",
    ),
    ("crontab", "for last; do :; done\ncase $last in -l) cat \"$MACHINE/tab\" ;; -) cat >\"$MACHINE/tab\" ;; esac"),
];

struct Machine {
    project: Project,
    folder: PathBuf,
}

impl Machine {
    fn new(scheduler: &str) -> Self {
        let spec = fs::read_to_string(program::scenario("fly-web-api").join("spec.yaml")).unwrap();
        let spec = spec
            .replace(
                "schedule: every 12h ",
                &format!("scheduler: {scheduler}\n    host: deploy@backup.acme.dev\n    schedule: every 12h "),
            )
            .replace(
                "drill: { every: monthly, where: platform }",
                "drill: { every: monthly, where: deploy@drill.acme.dev }",
            );
        let project = Project::empty();
        fs::write(project.path("opsgen.yaml"), spec).unwrap();
        project.run(&["apply", "--yes"]).code(0);
        let folder = project.path("machine");
        fs::create_dir_all(folder.join("bin")).unwrap();
        for (name, body) in PLAYED {
            program(&folder.join("bin").join(name), &format!("#!/bin/sh\n{body}\n"));
        }
        let machine = Self { project, folder };
        machine.write("etc/backup/db.production.env", "DB_BACKUP_URL=x\n", 0o600);
        machine.write("tab", "1 2 3 4 5 somebody's own\n", 0o600);
        machine
    }

    fn write(&self, path: &str, text: &str, mode: u32) {
        let path = self.folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
    }

    fn schedule(&self, more: &[(&str, &str)]) -> Output {
        self.runs("ops/bin/backup-schedule", &["production"], more)
    }

    fn runs(&self, script: &str, arguments: &[&str], more: &[(&str, &str)]) -> Output {
        let path = format!("{}:{}", self.folder.join("bin").display(), std::env::var("PATH").unwrap());
        let mut command = Command::new(self.project.path(script));
        command.args(arguments).env("PATH", path).env("MACHINE", &self.folder).env("BACKUP_ROOT", &self.folder);
        command.env("TZ", "UTC").envs(more.iter().copied()).output().unwrap()
    }

    fn holds(&self, path: &str) -> String {
        fs::read_to_string(self.folder.join(path)).unwrap_or_default()
    }
}

fn program(path: &Path, text: &str) {
    fs::write(path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_timer_is_sent_installed_and_read_back() {
    let machine = Machine::new("systemd");
    let ran = machine.schedule(&[]);
    assert!(ran.status.success(), "{}", said(&ran));
    assert!(said(&ran).contains("backup-db-production.timer: next Tue 2026-12-01"), "{}", said(&ran));
    assert!(machine.holds("asked").lines().all(|host| host == "deploy@backup.acme.dev"));
    let emitted = fs::read_to_string(machine.project.path("ops/backup/db/backup.sh")).unwrap();
    assert_eq!(machine.holds("opt/backup/db/backup.sh"), emitted);
    assert!(machine.holds("etc/systemd/system/backup-db-production.timer").contains(" UTC\n"));
    assert!(machine.holds("systemctl").contains("enable --quiet --now check-db-production.timer"));
    // A timer that doesn't run is told; so is what only a person can put there.
    assert!(said(&machine.schedule(&[("STATE", "failed")])).contains("is not active"));
    fs::remove_file(machine.folder.join("etc/backup/db.production.env")).unwrap();
    let ran = machine.schedule(&[]);
    assert_eq!(ran.status.code(), Some(1));
    assert!(said(&ran).contains("db.production.env is missing"), "{}", said(&ran));
}

#[test]
fn a_crontab_keeps_the_lines_of_others_and_is_refused_on_another_clock() {
    let machine = Machine::new("crontab");
    for _ in 0..2 {
        let ran = machine.schedule(&[]);
        assert!(ran.status.success(), "{}", said(&ran));
        let tab = machine.holds("tab");
        assert!(tab.starts_with("1 2 3 4 5 somebody's own\n"), "{tab}");
        assert_eq!(tab.matches("/opt/backup/db/backup.sh production").count(), 1, "{tab}");
    }
    let before = machine.holds("tab");
    let ran = machine.schedule(&[("TZ", "XYZ-5")]);
    assert_eq!(ran.status.code(), Some(1));
    assert!(said(&ran).contains("set it to UTC"), "{}", said(&ran));
    assert_eq!(machine.holds("tab"), before);
}

#[test]
fn a_drill_is_sent_to_the_machine_with_the_key_and_its_verdict_comes_back() {
    let machine = Machine::new("crontab");
    let drill = |arguments: &[&str]| machine.runs("ops/bin/restore-drill", arguments, &[]);
    assert_eq!(drill(&["production", "bd"]).status.code(), Some(64));
    let missing = drill(&["production"]);
    assert_eq!(missing.status.code(), Some(1));
    assert!(said(&missing).contains("db.production.drill.env is missing"), "{}", said(&missing));
    // What the scripts do there is tried in tests/backup/drill-host.sh.
    program(&machine.project.path("ops/backup/db/verify.sh"), "#!/bin/sh\necho \"$* with $KEY\"\nexit \"$VERDICT\"\n");
    let place = machine.folder.join("state");
    let secrets = |verdict: u8| format!("BACKUP_STATE_DIR={}\nKEY=k\nVERDICT={verdict}\n", place.display());
    machine.write("etc/backup/db.production.drill.env", &secrets(0), 0o600);
    let passed = drill(&["production", "db"]);
    assert!(passed.status.success(), "{}", said(&passed));
    assert_eq!(String::from_utf8_lossy(&passed.stdout), "production --drill with k\nthe drill of db passed\n");
    assert!(machine.holds("asked").lines().all(|host| host == "deploy@drill.acme.dev"));
    machine.write("etc/backup/db.production.drill.env", &secrets(18), 0o600);
    let failed = drill(&["production"]);
    assert_eq!(failed.status.code(), Some(1));
    assert!(said(&failed).contains("the drill of db failed on deploy@drill.acme.dev"), "{}", said(&failed));
}

#[test]
fn a_spec_with_both_drills_each_store_where_its_key_is() {
    let spec = fs::read_to_string(program::scenario("fly-web-api").join("spec.yaml")).unwrap();
    let cache = "cache: { method: [snapshot], scheduler: github-actions, to: /srv/backups/cache, rpo: 24h, rto: 2h, drill: { every: monthly, where: deploy@drill.acme.dev } }";
    let spec = spec
        .replace("\nbackups:\n", &format!("\nbackups:\n  {cache}\n"))
        .replace("\ndatastores:\n", "\ndatastores:\n  cache: { engine: redis, version: \"7\", provider: self }\n");
    let project = Project::empty();
    fs::write(project.path("opsgen.yaml"), spec.replace(", where: deploy@drill.acme.dev", "")).unwrap();
    project.run(&["apply", "--yes"]).code(4).says("no machine is named that the backups of `cache` are restored on");
    fs::write(project.path("opsgen.yaml"), spec).unwrap();
    project.run(&["apply", "--yes"]).code(0);
    let drills = fs::read_to_string(project.path("ops/bin/restore-drill")).unwrap();
    assert!(drills.contains("\ndrill production db platform\n"), "{drills}");
    assert!(drills.contains("\ndrill production cache host\n"), "{drills}");
    let workflow = fs::read_to_string(project.path(".github/workflows/restore-drill.yml")).unwrap();
    assert!(workflow.contains("  db:\n") && !workflow.contains("  cache:\n"), "{workflow}");
}

#[test]
fn a_machine_that_nobody_names_is_asked_for() {
    let spec = fs::read_to_string(program::scenario("fly-web-api").join("spec.yaml")).unwrap();
    let project = Project::empty();
    fs::write(
        project.path("opsgen.yaml"),
        spec.replace("schedule: every 12h ", "scheduler: systemd\n    schedule: every 12h "),
    )
    .unwrap();
    project.run(&["apply", "--yes"]).code(4).says("no machine is named that systemd starts backups of `db` on");
}
