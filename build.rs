//! Rebuilds when a blueprint changes, and refuses to embed what a symlink points to.

use std::path::Path;

fn main() {
    watch(Path::new("blueprints"));
}

fn watch(path: &Path) {
    println!("cargo:rerun-if-changed={}", path.display());
    let Ok(meta) = path.symlink_metadata() else { return };
    assert!(
        !meta.is_symlink(),
        "{} is a symlink; blueprints are embedded byte by byte, so write the file itself",
        path.display()
    );
    let Ok(entries) = path.read_dir() else { return };
    for entry in entries.flatten() {
        watch(&entry.path());
    }
}
