//! What disks and people do: each is met with an error that says what to do, or needs none; nothing is lost and nothing hangs.

use std::fs;
use std::io::{Seek, SeekFrom, Write};
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use crate::program::{Project, Said, said};

const FILE: &str = "ops/bin/smoke";

/// Runs `opsgen` inside a shell that first does something to itself.
fn in_shell(project: &Project, before: &str, words: &str) -> Said {
    let program = env!("CARGO_BIN_EXE_opsgen");
    let mut command = Command::new("bash");
    command.current_dir(project.root()).env("OPSGEN_TODAY", "2026-11-21");
    said(&command.args(["-c", &format!("{before}\n{program} {words}")]).output().unwrap())
}

#[test]
fn a_disk_that_takes_no_more_changes_nothing() {
    let project = Project::of("fly-web-api");
    let before = project.fingerprint();
    // Files may grow to 16 KiB here: some are written, then one isn't.
    let limit = "trap '' XFSZ; ulimit -f 16";
    in_shell(&project, limit, "apply --yes").code(1).says("OPS407").says("too large").says("as it was before");
    assert_eq!(project.fingerprint().keys().collect::<Vec<_>>(), before.keys().collect::<Vec<_>>());
    project.run(&["apply", "--yes"]).code(0);
    project.edit("spec.yaml", "limit=1", "limit=7");
    let before = project.content();
    in_shell(&project, "trap '' XFSZ; ulimit -f 1", "apply --yes").code(1).says("as it was before");
    assert_eq!(project.content(), before);
    project.run(&["apply", "--yes"]).code(0);
    project.run(&["check"]).code(0);
}

#[test]
fn a_full_disk_changes_nothing() {
    let project = Project::of("fly-web-api");
    let small = "mkdir -p disk && mount -t tmpfs -o size=SIZEk tmpfs disk && cp spec.yaml disk && cd disk || exit 99";
    let after = "; code=$?; find . -type f | sort; exit $code";
    for size in [300, 600] {
        let script = small.replace("SIZE", &size.to_string());
        let run =
            format!("unshare -rm bash -c '{script}\n{} apply --yes --quiet {after}'", env!("CARGO_BIN_EXE_opsgen"));
        let said = in_shell(&project, &run, "--version");
        if said.talk.contains("unshare: ") || said.talk.contains("mount: ") {
            println!("not run: no disk of our own may be mounted here");
            return;
        }
        assert!(said.talk.contains("no space left"), "{size}: {said:?}");
        assert!(said.out.starts_with("./spec.yaml\nopsgen "), "{size}: {said:?}");
    }
}

#[test]
fn a_folder_on_another_disk_is_written_and_undone() {
    let project = Project::of("fly-web-api");
    let program = env!("CARGO_BIN_EXE_opsgen");
    let steps =
        ["apply --yes", "check", "undo --yes"].map(|words| format!("{program} {words} >/dev/null")).join(" && ");
    let script = format!("mkdir ops && mount -t tmpfs tmpfs ops || exit 99; {steps} && find . -type f | sort");
    let said = in_shell(&project, &format!("unshare -rm bash -c '{script}'"), "--version");
    if said.talk.contains("unshare: ") || said.talk.contains("mount: ") {
        println!("not run: no disk of our own may be mounted here");
        return;
    }
    let files: Vec<&str> =
        said.out.lines().filter(|line| line.starts_with("./") && !line.contains(".opsgen/local")).collect();
    assert_eq!(files, ["./spec.yaml"], "{said:?}");
    assert!(said.talk.contains("undone"), "{said:?}");
}

#[test]
fn a_linked_folder_is_one_error() {
    let (project, elsewhere) = (Project::of("kubernetes-shop"), Project::empty());
    std::os::unix::fs::symlink(elsewhere.root(), project.path("docs")).unwrap();
    let said = project.run(&["apply", "--yes"]);
    said.code(3).says("`docs` is a symbolic link: ");
    assert_eq!(said.talk.matches("OPS403").count(), 1, "{}", said.talk);
    assert_eq!(fs::read_dir(elsewhere.root()).unwrap().count(), 0);
    fs::remove_file(project.path("docs")).unwrap();
    fs::create_dir(project.path("Docs")).unwrap();
    let said = project.run(&["apply", "--yes"]);
    assert_eq!(said.code(3).talk.matches("OPS403").count(), 1, "{}", said.talk);
}

#[test]
fn a_huge_file_is_not_read() {
    let project = Project::of("fly-web-api");
    project.write(FILE, "");
    let mut file = fs::File::create(project.path(FILE)).unwrap();
    file.seek(SeekFrom::Start(8 << 30)).unwrap();
    file.write_all(b"!").unwrap();
    // As much memory as a run needs, and not 8 GiB.
    let said = in_shell(&project, "ulimit -v 4000000", "apply --yes");
    said.code(3).says("OPS403").says("larger than 16 MiB");
}

#[test]
fn a_pipe_at_a_path_hangs_nothing() {
    let project = Project::of("fly-web-api");
    fs::create_dir_all(project.path("ops/bin")).unwrap();
    assert!(Command::new("mkfifo").arg(project.path(FILE)).status().unwrap().success());
    project.run(&["apply", "--yes"]).code(3).says("OPS403").says("is not a regular file");
    fs::remove_file(project.path(FILE)).unwrap();
    project.run(&["apply", "--yes"]).code(0);
    fs::remove_file(project.path(".opsgen/spec.yaml")).unwrap();
    assert!(Command::new("mkfifo").arg(project.path(".opsgen/spec.yaml")).status().unwrap().success());
    project.run(&["check"]).code(3).says(".opsgen/spec.yaml");
}

#[test]
fn a_read_only_file_is_replaced_and_stays_read_only() {
    let project = Project::applied("fly-web-api");
    fs::set_permissions(project.path(FILE), fs::Permissions::from_mode(0o555)).unwrap();
    project.run(&["check"]).code(0);
    project.edit("spec.yaml", "limit=1", "limit=7");
    project.run(&["apply", "--yes"]).code(0);
    assert!(project.read(FILE).contains("limit=7"));
    let mode = |project: &Project| fs::metadata(project.path(FILE)).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&project), 0o555);
    project.run(&["undo", "--yes"]).code(0);
    assert!(project.read(FILE).contains("limit=1"));
    assert_eq!(mode(&project), 0o555);
}

#[test]
fn windows_lines_and_a_missing_last_newline_stay() {
    let project = Project::applied("fly-web-api");
    let text = project.read(FILE);
    project.write(FILE, text.replace('\n', "\r\n"));
    project.edit("spec.yaml", "limit=1", "limit=7");
    project.run(&["apply", "--yes"]).code(0);
    assert_eq!(project.read(FILE), text.replace("limit=1", "limit=7").replace('\n', "\r\n"));
    project.run(&["undo", "--yes"]).code(0);
    assert_eq!(project.read(FILE), text.replace('\n', "\r\n"));
    project.write(FILE, text.trim_end());
    project.run(&["apply", "--yes"]).code(0);
    assert_eq!(project.read(FILE), text.replace("limit=1", "limit=7").trim_end());
    project.run(&["check"]).code(0);
}

#[test]
fn bytes_that_are_no_text_are_never_merged_nor_lost() {
    let project = Project::applied("fly-web-api");
    let bytes = b"\xff\xfe\x00binary".to_vec();
    project.write(FILE, &bytes);
    project.run(&["check"]).code(0);
    project.edit("spec.yaml", "limit=1", "limit=7");
    project.run(&["apply", "--yes"]).code(3).says(FILE);
    assert_eq!(fs::read(project.path(FILE)).unwrap(), bytes);
    project.run(&["apply", "--yes", "--conflicts", "theirs"]).code(0);
    assert!(project.read(FILE).contains("limit=7"));
    project.run(&["undo", "--yes"]).code(0);
    assert_eq!(fs::read(project.path(FILE)).unwrap(), bytes);
}

#[test]
fn a_name_that_differs_only_in_case_is_in_the_way() {
    let project = Project::of("fly-web-api");
    project.write("ops/bin/SMOKE", "mine\n");
    if project.path(FILE).exists() {
        println!("not run: this file system knows no case");
        return;
    }
    project.run(&["apply", "--yes"]).code(3).says("differs only in case from `ops/bin/SMOKE`");
    assert_eq!(project.read("ops/bin/SMOKE"), "mine\n");
}
