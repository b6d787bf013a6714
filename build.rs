//! Rebuilds when a blueprint changes, refuses to embed what a symlink points to, and reads the YAML among them once, so that
//! no run of the program has to.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo names the folder"));
    let mut found = Vec::new();
    watch(&root, Path::new("blueprints"), &mut found);
    found.sort_by_key(|path| below(path));
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo names the folder for output"));
    fs::write(out.join("yaml.rs"), table(&root, &found)).expect("the folder for output can be written");
}

fn watch(root: &Path, path: &Path, found: &mut Vec<PathBuf>) {
    println!("cargo:rerun-if-changed={}", path.display());
    let Ok(meta) = root.join(path).symlink_metadata() else { return };
    assert!(
        !meta.is_symlink(),
        "{} is a symlink; blueprints are embedded byte by byte, so write the file itself",
        path.display()
    );
    if path.extension().is_some_and(|extension| extension == "yaml") {
        found.push(path.to_owned());
    }
    let Ok(entries) = root.join(path).read_dir() else { return };
    for entry in entries.flatten() {
        watch(root, &path.join(entry.file_name()), found);
    }
}

/// The path below `blueprints`, as the program names it.
fn below(path: &Path) -> String {
    path.iter().skip(1).map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/")
}

/// Path below `blueprints`, text and content as JSON of every file that reads; what is wrong with the others is told by the program.
fn table(root: &Path, files: &[PathBuf]) -> String {
    let mut rows = String::from("&[\n");
    for path in files {
        let whole = root.join(path);
        let Ok(text) = fs::read_to_string(&whole) else { continue };
        let Ok(content) = serde_saphyr::from_str::<serde_json::Value>(&text) else { continue };
        let row = format!("    ({:?}, include_str!({:?}), {:?}),", below(path), whole, content.to_string());
        writeln!(rows, "{row}").expect("a string takes every line");
    }
    rows + "]\n"
}
