//! Two letters a file, for every way in which a file and the render can differ.

mod program;

use std::fs;

use program::Project;
use serde_json::Value;

const MANIFEST: &str = "summary: Notes\noutputs:\n  - template: note.txt.tera\n    path: NAME.txt\n";

fn blueprint(project: &Project, name: &str, text: &str) {
    project.write(&format!("mine/extra/{name}/blueprint.yaml"), MANIFEST.replace("NAME", name));
    project.write(&format!("mine/extra/{name}/note.txt.tera"), text);
}

#[test]
fn each_file_has_what_you_did_and_what_apply_would_do() {
    let project = Project::of("fly-web-api");
    let with = |words: &[&'static str]| [words, &["--blueprints", "mine"]].concat();
    for name in ["updated", "merged", "clash", "gone", "let-go", "deleted"] {
        blueprint(&project, name, "one\ntwo\nthree\nfour\nfive\n");
    }
    project.run(&with(&["apply", "--yes"])).code(0);
    project.run(&with(&["status"])).code(0).says("clean");
    assert_eq!(project.run(&with(&["status"])).out, "");

    for name in ["updated", "merged", "clash"] {
        blueprint(&project, name, "ONE\ntwo\nthree\nfour\nfive\n");
    }
    blueprint(&project, "made", "ours\n");
    blueprint(&project, "new", "new\n");
    blueprint(&project, "mine", "new\n");
    project.set_mode("mine.txt", "yours");
    for name in ["gone", "let-go"] {
        let path = format!("mine/extra/{name}/blueprint.yaml");
        project.edit(&path, "outputs:", "when: false\noutputs:");
    }
    project.write("made.txt", "mine\n");
    project.write("let-go.txt", "mine\n");
    project.edit("merged.txt", "five", "FIVE");
    project.edit("clash.txt", "one", "uno");
    project.edit("ops/bin/smoke", "set -", "# mine\nset -");
    fs::remove_file(project.path("deleted.txt")).unwrap();
    let before = project.fingerprint();
    let said = project.run(&with(&["status"]));
    let expected = [
        "MU clash.txt",
        "D  deleted.txt",
        " D gone.txt",
        "ML let-go.txt",
        "?! made.txt",
        "MM merged.txt",
        " ~ mine.txt",
        " A new.txt",
        "M  ops/bin/smoke",
        " M updated.txt",
    ];
    assert_eq!(said.code(0).out.lines().collect::<Vec<_>>(), expected);
    for words in ["M   you changed it", " U  you and apply would change the same lines", " ~  it is yours"] {
        said.says(words);
    }
    let json: Value = serde_json::from_str(&project.run(&with(&["status", "--format", "json"])).code(0).out).unwrap();
    let of = |path: &str| json["files"].as_array().unwrap().iter().find(|file| file["path"] == path).unwrap().clone();
    assert_eq!(json["clean"], false);
    assert_eq!((&of("merged.txt")["you"], &of("merged.txt")["apply"]), (&"changed".into(), &"merge".into()));
    assert_eq!(of("clash.txt")["letters"], "MU");
    project.run(&["status", "--help"]).code(0).shows("L   let it go: it stays, and is yours");
    assert_eq!(project.fingerprint(), before, "nothing is written");
}
