//! The house rules of `src`, read from the source text: imports as the table in `lib.rs` allows them, the outside world only
//! where it belongs, one order for every map, and no name of anything that is emitted.

mod imports;
mod names;
mod scrub;
mod world;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// One source file: its module (the first folder or file below `src`) and its code without comments and tests.
pub struct File {
    pub path: String,
    pub module: String,
    /// Module path of the file itself: `plan`, `plan::text`.
    pub place: Vec<String>,
    pub code: scrub::Code,
}

impl File {
    pub fn new(path: &str, text: &str) -> Self {
        let inside = path.trim_start_matches("src/").trim_end_matches(".rs");
        let mut place: Vec<String> = inside.split('/').map(str::to_owned).collect();
        if place.last().is_some_and(|last| last == "mod") {
            place.pop();
        }
        Self { path: path.into(), module: place[0].clone(), place, code: scrub::scrub(text) }
    }
}

/// Every file of `src` that isn't a test.
fn files() -> Vec<File> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    walk(&root.join("src"), &mut found);
    let is_test = |path: &str| path.ends_with("/tests.rs") || path.contains("/tests/");
    found
        .iter()
        .map(|path| (path.strip_prefix(root).unwrap().to_string_lossy().into_owned(), path))
        .filter(|(name, _)| !is_test(name))
        .map(|(name, path)| File::new(&name, &fs::read_to_string(path).unwrap()))
        .collect()
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            walk(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
}

fn table() -> BTreeMap<String, Vec<String>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    imports::table(&fs::read_to_string(root.join("src/lib.rs")).unwrap())
}

/// Fails with one line a violation.
fn none(violations: &[String]) {
    assert!(violations.is_empty(), "\n{}\n", violations.join("\n"));
}

#[test]
fn modules_import_only_what_the_table_allows() {
    let table = table();
    none(&files().iter().flat_map(|file| imports::check(file, &table)).collect::<Vec<_>>());
}

#[test]
fn the_outside_world_stays_at_the_edge() {
    none(&files().iter().flat_map(world::check).collect::<Vec<_>>());
}

#[test]
fn every_map_has_an_order() {
    none(&files().iter().flat_map(world::unordered).collect::<Vec<_>>());
}

#[test]
fn src_names_nothing_that_is_emitted() {
    let names = names::emitted(&Path::new(env!("CARGO_MANIFEST_DIR")).join("blueprints"));
    none(&files().iter().flat_map(|file| names::check(file, &names)).collect::<Vec<_>>());
}

#[test]
fn main_is_a_door() {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/main.rs")).unwrap();
    assert!(text.lines().count() <= 20);
}

/// The tests above say nothing unless they can fail.
mod can_fail {
    use super::*;

    fn file(path: &str, text: &str) -> File {
        File::new(path, text)
    }

    #[test]
    fn on_each_way_to_import() {
        let table = table();
        for text in [
            "use crate::workspace::Place;",
            "use crate::{artifact::At, workspace::Place};",
            "use crate::{\n    artifact::At,\n    workspace,\n};",
            "fn f() { crate::workspace::open(); }",
            "use super::super::workspace;",
            "use super::{super::workspace::Place};",
            "use opsgen::workspace;",
        ] {
            assert_eq!(imports::check(&file("src/plan/text.rs", text), &table).len(), 1, "{text}");
        }
        for text in [
            "use crate::artifact::At;",
            "use super::existing::Disk;",
            "use crate::plan::workspace;",
            "// use crate::workspace;",
            "const A: &str = \"crate::workspace\";",
            "#[cfg(test)]\nmod tests { use crate::workspace; }",
        ] {
            assert!(imports::check(&file("src/plan/text.rs", text), &table).is_empty(), "{text}");
        }
        assert!(!imports::check(&file("src/stranger.rs", "fn f() {}"), &table).is_empty(), "not in the table");
        assert_eq!(imports::check(&file("src/plan/mod.rs", "use super::workspace;"), &table).len(), 1);
    }

    #[test]
    fn on_each_way_outside() {
        for text in [
            "std::fs::read(p)",
            "use std::{fs, io};",
            "use std::{collections::BTreeMap, env};",
            "use std::time::SystemTime;",
            "jiff::Zoned::now()",
            "Instant::now()",
            "Timestamp::now()",
            "std::process::exit(1)",
        ] {
            assert!(!world::check(&file("src/plan/text.rs", text)).is_empty(), "{text}");
            assert!(world::check(&file("src/workspace/x.rs", text)).is_empty(), "{text}");
        }
        assert!(!world::unordered(&file("src/plan/text.rs", "use std::collections::HashMap;")).is_empty());
        assert!(world::check(&file("src/plan/text.rs", "let fs = 1; // std::fs")).is_empty());
    }

    #[test]
    fn on_each_name() {
        let names = ["acme-cloud".to_owned(), "DiskFull".to_owned()].into_iter().collect();
        for text in ["if id == \"acme-cloud\" {}", "f(\"see acme-cloud docs\")", "r#\"DiskFull\"#"] {
            assert_eq!(names::check(&file("src/model/x.rs", text), &names).len(), 1, "{text}");
        }
        for text in [
            "// acme-cloud",
            "\"acme-clouds\"",
            "\"the disk is full\"",
            "#[cfg(test)]\nmod tests { const A: &str = \"DiskFull\"; }",
        ] {
            assert!(names::check(&file("src/model/x.rs", text), &names).is_empty(), "{text}");
        }
    }
}
