//! Whole scaffolds under `snapshots/`, as the program writes them today. `SNAPSHOTS=overwrite cargo test --test snapshots` blesses.

mod program;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use program::{Project, scenario};

/// Path → executable, content.
type Tree = BTreeMap<PathBuf, (bool, Vec<u8>)>;

#[test]
fn fly_web_api() {
    matches("fly-web-api");
}

#[test]
fn kubernetes_shop() {
    matches("kubernetes-shop");
}

fn matches(name: &str) {
    let project = Project::empty();
    let spec = scenario(name).join("spec.yaml");
    project.run(&["apply", spec.to_str().unwrap(), "--root", ".", "--yes"]).code(0);
    fs::remove_dir_all(project.path(".opsgen")).unwrap();
    let (out, made) = (scenario(name).join("out"), tree(project.root()));
    if std::env::var("SNAPSHOTS").is_ok_and(|what| what == "overwrite") {
        bless(&out, &made);
    }
    let differences = differences(&tree(&out), &made);
    assert!(
        differences.is_empty(),
        "{name} is no longer what the program writes; look at it with `opsgen diff`, then run\n\n    \
         SNAPSHOTS=overwrite cargo test --test snapshots\n\n{}\n",
        differences.join("\n")
    );
}

fn differences(old: &Tree, new: &Tree) -> Vec<String> {
    let gone = old.keys().filter(|path| !new.contains_key(*path)).map(|path| format!("gone     {}", path.display()));
    let others = new.iter().filter_map(|(path, file)| match old.get(path) {
        None => Some(format!("new      {}", path.display())),
        Some(before) if before != file => Some(format!("changed  {}", path.display())),
        Some(_) => None,
    });
    gone.chain(others).collect()
}

fn bless(out: &Path, made: &Tree) {
    let _ = fs::remove_dir_all(out);
    for (path, (executable, bytes)) in made {
        let path = out.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        let mode = if *executable { 0o755 } else { 0o644 };
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
    }
}

fn tree(root: &Path) -> Tree {
    let mut found = Tree::new();
    if root.exists() {
        walk(root, root, &mut found);
    }
    found
}

fn walk(root: &Path, folder: &Path, found: &mut Tree) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(root, &path, found);
        } else {
            let executable = fs::metadata(&path).unwrap().permissions().mode() & 0o111 != 0;
            found.insert(path.strip_prefix(root).unwrap().to_owned(), (executable, fs::read(&path).unwrap()));
        }
    }
}
