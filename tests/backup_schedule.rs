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
        let path = format!("{}:{}", self.folder.join("bin").display(), std::env::var("PATH").unwrap());
        let mut command = Command::new(self.project.path("ops/bin/backup-schedule"));
        command.arg("production").env("PATH", path).env("MACHINE", &self.folder).env("BACKUP_ROOT", &self.folder);
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
