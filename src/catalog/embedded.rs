//! The blueprints that are part of the program.
//!
//! In: nothing. Out: a layer. Refuses nothing.

use include_dir::{Dir, include_dir};

use super::Layer;

static BLUEPRINTS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/blueprints");

pub fn embedded() -> Layer {
    let mut files = Vec::new();
    collect(&BLUEPRINTS, &mut files);
    Layer { name: "opsgen".into(), files }
}

fn collect(dir: &Dir<'_>, files: &mut Vec<(String, Vec<u8>)>) {
    for file in dir.files() {
        let path = file.path().to_string_lossy().replace('\\', "/");
        files.push((path, file.contents().to_vec()));
    }
    for below in dir.dirs() {
        collect(below, files);
    }
}
