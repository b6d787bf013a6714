//! Every code about a spec has an example that causes it, and the message that people get.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use opsgen::diagnostic::explain;
use opsgen::spec;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn folders() -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = fs::read_dir(root().join("snapshots/errors"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    folders
}

fn told(folder: &Path) -> String {
    let bytes = fs::read(folder.join("spec.yaml")).unwrap();
    let faults = match spec::source("spec.yaml", &bytes) {
        Ok(source) => spec::parse(source).1,
        Err(fault) => vec![fault],
    };
    let texts: Vec<String> = faults.iter().map(|fault| fault.render(false)).collect();
    texts.join("\n\n") + "\n"
}

/// Codes from OPS150 on need a model or a tree of files to be found; their examples are checked with those.
fn about_text(code: &str) -> bool {
    code < "OPS150"
}

#[test]
fn each_example_says_what_it_said() {
    let overwrite = std::env::var("SNAPSHOTS").is_ok_and(|mode| mode == "overwrite");
    for folder in folders() {
        let code = folder.file_name().unwrap().to_string_lossy().into_owned();
        if !about_text(&code) {
            continue;
        }
        let text = told(&folder);
        assert!(text.contains(&format!("[{code}]")), "{code} is not among what its example causes:\n{text}");
        let golden = folder.join("stderr.txt");
        if overwrite {
            fs::write(&golden, &text).unwrap();
        }
        let before = fs::read_to_string(&golden).unwrap_or_default();
        assert_eq!(before, text, "{code} says something else now; `make bless` accepts it");
    }
}

fn codes_in(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            codes_in(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            let starts = text.match_indices("\"OPS").map(|(at, _)| &text[at + 1..]);
            let codes = starts
                .filter_map(|rest| rest.get(..6))
                .filter(|code| code[3..].bytes().all(|byte| byte.is_ascii_digit()));
            found.extend(codes.map(str::to_owned));
        }
    }
}

#[test]
fn every_code_is_explained_and_every_text_has_a_code() {
    let mut codes = BTreeSet::new();
    codes_in(&root().join("src"), &mut codes);
    let silent: Vec<_> = codes.iter().filter(|code| explain(code).is_none()).collect();
    assert!(silent.is_empty(), "without a text under src/diagnostic/explain: {silent:?}");
    for entry in fs::read_dir(root().join("src/diagnostic/explain")).unwrap() {
        let name = entry.unwrap().file_name().to_string_lossy().into_owned();
        let code = name.trim_end_matches(".md");
        assert!(codes.contains(code) || !about_text(code), "{name} explains a code that nothing says");
        assert!(explain(code).unwrap().starts_with("# "), "{name} begins with a title");
    }
}

#[test]
fn every_code_about_a_spec_has_an_example() {
    let mut codes = BTreeSet::new();
    codes_in(&root().join("src/diagnostic"), &mut codes);
    let examples: BTreeSet<String> =
        folders().iter().map(|folder| folder.file_name().unwrap().to_string_lossy().into_owned()).collect();
    // A file of more than a megabyte is made up in `spec_read`.
    let missing: Vec<_> =
        codes.iter().filter(|code| about_text(code) && *code != "OPS004" && !examples.contains(*code)).collect();
    assert!(missing.is_empty(), "without an example under snapshots/errors: {missing:?}");
}
