//! Bad input gets a clear error, and the tree stays exactly as it was.

mod program;

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::process::CommandExt;
use std::path::Path;

use program::{Project, Said, said};

/// Runs `apply --yes` with more words: it ends with this code, says all of this, and touches nothing.
#[track_caller]
fn refused(project: &Project, words: &[&str], code: i32, says: &[&str]) -> Said {
    let before = project.fingerprint();
    let ended = project.run(&[&["apply", "--yes"], words].concat());
    ended.code(code);
    for words in says {
        ended.says(words);
    }
    assert!(!ended.talk.contains("panicked"), "{}", ended.talk);
    assert!(project.fingerprint() == before, "the tree was touched");
    ended
}

fn blueprint(project: &Project, manifest: &str, template: &str) {
    project.write("mine/extra/bad/blueprint.yaml", format!("summary: Bad\noutputs:\n{manifest}"));
    project.write("mine/extra/bad/bad.txt.tera", template);
}

const ADDED: [&str; 2] = ["--blueprints", "mine"];

#[test]
fn no_spec() {
    let project = Project::empty();
    refused(&project, &[], 4, &["OPS408", "no spec here", "opsgen.yaml"]);
    refused(&project, &["none.yaml"], 4, &["OPS408", "none.yaml", "no such file"]);
    refused(&project, &["."], 4, &["OPS408", "is a directory"]);
}

#[test]
fn a_spec_without_answers() {
    let project = Project::empty();
    for text in ["", "\n\n", "# only a comment\n", "---\n"] {
        project.write("spec.yaml", text);
        refused(&project, &[], 4, &["OPS002"]);
    }
}

#[test]
fn a_spec_that_is_no_text() {
    let project = Project::empty();
    project.write("spec.yaml", [0x7f, b'E', b'L', b'F', 0, 0xff, 0xfe]);
    refused(&project, &[], 4, &["spec.yaml", "UTF-8"]);
    project.write("spec.yaml", "name: a\0b\n");
    refused(&project, &[], 4, &["error"]);
}

#[test]
fn a_spec_that_is_no_yaml() {
    let project = Project::empty();
    for text in ["a: [1, 2", "\t- x", "{", "a: b: c", "- a list", "just words"] {
        project.write("spec.yaml", text);
        refused(&project, &[], 4, &["error", "spec.yaml:1:"]);
    }
}

#[test]
fn a_spec_of_ten_megabytes() {
    let project = Project::empty();
    let row = "  service: { kind: web, port: 8000 }\n";
    project.write("spec.yaml", format!("version: 1\nservices:\n{}", row.repeat((10 << 20) / row.len())));
    let begun = std::time::Instant::now();
    let ended = refused(&project, &[], 4, &["error"]);
    assert!(ended.talk.len() < 100_000, "{} bytes of talk", ended.talk.len());
    assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
}

#[test]
fn an_unreadable_spec() {
    let project = Project::of("fly-web-api");
    fs::set_permissions(project.path("spec.yaml"), fs::Permissions::from_mode(0o000)).unwrap();
    let Some(ended) = as_nobody(&project, &["apply", "spec.yaml", "--yes"]) else { return };
    ended.code(4).says("OPS408").says("permission denied");
}

#[test]
fn a_root_that_cannot_be_written() {
    let project = Project::of("fly-web-api");
    fs::create_dir(project.path("root")).unwrap();
    fs::set_permissions(project.path("root"), fs::Permissions::from_mode(0o555)).unwrap();
    let before = project.fingerprint();
    let Some(ended) = as_nobody(&project, &["apply", "spec.yaml", "--root", "root", "--yes"]) else { return };
    ended.code(1).says("OPS407").says("can't write in").says("permission denied");
    assert!(project.fingerprint() == before);
}

#[test]
fn a_root_that_is_no_folder() {
    let project = Project::of("fly-web-api");
    project.write("file", "x");
    refused(&project, &["--root", "file"], 1, &["OPS407", "file"]);
    refused(&project, &["--root", "none"], 1, &["OPS407", "none"]);
    project.write(".opsgen", "a file where the records belong");
    refused(&project, &[], 3, &["OPS403", ".opsgen"]);
}

#[test]
fn an_unknown_platform() {
    let project = Project::of("fly-web-api");
    project.edit("spec.yaml", "platform: fly\n", "platform: flyy\n");
    refused(&project, &[], 4, &["`flyy`", "spec.yaml:", "fly"]);
}

#[test]
fn two_outputs_for_one_path() {
    let project = Project::of("fly-web-api");
    blueprint(&project, "  - { template: bad.txt.tera, path: fly.production.toml }\n", "x = 1\n");
    refused(&project, &ADDED, 4, &["fly.production.toml", "extra/bad", "hosting/fly"]);
}

#[test]
fn a_template_with_an_undefined_name() {
    let project = Project::of("fly-web-api");
    blueprint(&project, "  - { template: bad.txt.tera, path: bad.txt }\n", "a\n<{ m.nmae }>\n");
    refused(&project, &ADDED, 4, &["extra/bad/bad.txt.tera:2:", "nmae"]);
    blueprint(&project, "  - { template: bad.txt.tera, path: bad.txt }\n", "<% if m.nmae %>x<% endif %>\n");
    refused(&project, &ADDED, 4, &["extra/bad/bad.txt.tera:1:", "nmae"]);
}

#[test]
fn a_folder_of_blueprints_that_is_none() {
    let project = Project::of("fly-web-api");
    refused(&project, &["--blueprints", "none"], 4, &["OPS408", "none"]);
    project.write("mine/extra/bad/blueprint.yaml", "summary: [");
    refused(&project, &ADDED, 4, &["extra/bad/blueprint.yaml"]);
    fs::remove_file(project.path("mine/extra/bad/blueprint.yaml")).unwrap();
    symlink("/etc/passwd", project.path("mine/extra/bad/passwd.tera")).unwrap();
    refused(&project, &ADDED, 4, &["symbolic link"]);
}

#[test]
fn a_path_that_leaves_the_root() {
    let project = Project::of("fly-web-api");
    for path in ["../bad.txt", "/tmp/bad.txt", "a/../../bad.txt", ".git/hooks/pre-commit", ".opsgen/spec.yaml"] {
        blueprint(&project, &format!("  - {{ template: bad.txt.tera, path: \"{path}\" }}\n"), "x\n");
        let before = project.fingerprint();
        let ended = project.run(&["apply", "--yes", "--blueprints", "mine"]);
        assert!(matches!(ended.code, 3 | 4), "{path}: {} {}", ended.code, ended.talk);
        ended.says(path);
        assert!(project.fingerprint() == before, "{path}");
    }
}

#[test]
fn a_link_in_the_way() {
    let outside = Project::empty();
    outside.write("target", "theirs\n");
    for (link, to) in [("ops", outside.root()), ("ops/bin", outside.root()), ("ops/bin/smoke", &outside.path("target"))]
    {
        let project = Project::of("fly-web-api");
        fs::create_dir_all(project.path(link).parent().unwrap()).unwrap();
        symlink(to, project.path(link)).unwrap();
        let before = outside.fingerprint();
        refused(&project, &[], 3, &["OPS403", "symbolic link", link]);
        assert!(outside.fingerprint() == before);
    }
}

#[test]
fn something_else_in_the_way() {
    let project = Project::of("fly-web-api");
    fs::create_dir_all(project.path("ops/bin/smoke")).unwrap();
    project.write("docs", "a file where a folder belongs");
    refused(&project, &[], 3, &["OPS403", "`ops/bin/smoke` is a directory"]);
}

#[test]
fn hostile_values_are_text() {
    let project = Project::of("fly-web-api");
    let hostile = r#"'\"`$(touch pwned)`${{ secrets.X }}{{ $labels.x }}<% raw %>%PATH%\n"#;
    project.edit("spec.yaml", "summary: Public API of Acme", &format!("summary: \"{hostile}\""));
    let ended = project.run(&["apply", "--yes"]);
    assert!(matches!(ended.code, 0 | 4), "{}", ended.talk);
    assert!(!project.path("pwned").exists() && !ended.talk.contains("panicked"));
    if ended.code == 0 {
        project.run(&["check"]).code(0);
    }
}

#[test]
fn hostile_names_are_refused() {
    for name in ["../../etc", "$(rm -rf /)", "a b", "A", "-rf", "a/b", "${{ secrets.X }}", ""] {
        let project = Project::of("fly-web-api");
        project.edit("spec.yaml", "name: acme-api\n", &format!("name: \"{name}\"\n"));
        refused(&project, &[], 4, &["error", "spec.yaml:"]);
    }
}

/// Runs the program as a user who may write only what everybody may: root may do everything, so root steps down.
fn as_nobody(project: &Project, words: &[&str]) -> Option<Said> {
    let everyone = fs::Permissions::from_mode(0o755);
    fs::set_permissions(project.root(), everyone.clone()).unwrap();
    let mut command = project.command(words);
    if fs::metadata(project.root()).map(|found| std::os::unix::fs::MetadataExt::uid(&found)).unwrap_or(1) != 0 {
        return Some(said(&command.output().unwrap()));
    }
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), everyone.clone()).unwrap();
    let program = folder.path().join("opsgen");
    fs::copy(command.get_program(), &program).unwrap();
    fs::set_permissions(&program, everyone).unwrap();
    let mut stepped = std::process::Command::new(&program);
    stepped.args(command.get_args()).current_dir(project.root()).uid(65534).gid(65534);
    command = stepped;
    match command.output() {
        Ok(output) => Some(said(&output)),
        Err(error) => {
            println!("skipped: can't run {} as another user: {error}", Path::new(&program).display());
            None
        }
    }
}
