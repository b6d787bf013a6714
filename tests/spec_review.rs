//! Every design finding has an example that causes it; a waiver silences it until its day; the examples have none unsaid.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};

use jiff::civil::{Date, date};
use opsgen::catalog::{Catalog, Layer, embedded};
use opsgen::diagnostic::{Diagnostic, Level, Source};
use opsgen::{model, review, spec};

const TODAY: Date = date(2026, 11, 21);

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The embedded catalog, and a platform that can do little.
fn catalog() -> Catalog {
    let platform = "name: Shed\nfamily: shed\nstrategies: [rolling]\nlimits: {}\nprofiles: []\ncapabilities: {}\ncli: shed\nsecrets: { set: shed }\nunsupported: {}\n";
    let files = vec![("hosting/shed/platform.yaml".to_owned(), platform.as_bytes().to_vec())];
    Catalog::load(&[embedded(), Layer { name: "test".into(), files }]).unwrap()
}

fn found(text: &str, catalog: &Catalog) -> Vec<Diagnostic> {
    let (spec, _) = spec::parse(Source::new("spec.yaml", text));
    let (model, _) = model::resolve(&spec, catalog);
    review::review(&model, TODAY, &|key| spec.lookup(key).map(|(_, span)| span))
}

fn print(faults: &[Diagnostic]) -> String {
    let texts: Vec<String> = faults.iter().map(|fault| fault.render(false)).collect();
    texts.join("\n\n") + "\n"
}

fn examples() -> Vec<(String, PathBuf)> {
    let folders = fs::read_dir(root().join("snapshots/errors")).unwrap().map(|entry| entry.unwrap().path());
    let named = folders.map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), path));
    let mut examples: Vec<_> = named.filter(|(code, _)| code.starts_with("OPS2")).collect();
    examples.sort();
    examples
}

fn read(folder: &Path) -> String {
    fs::read_to_string(folder.join("spec.yaml")).unwrap()
}

#[test]
fn each_finding_says_what_it_said() {
    let overwrite = std::env::var("SNAPSHOTS").is_ok_and(|mode| mode == "overwrite");
    let catalog = catalog();
    for (code, folder) in examples() {
        let text = print(&found(&read(&folder), &catalog));
        assert!(text.contains(&format!("[{code}]")), "{code} is not among what its example causes:\n{text}");
        let golden = folder.join("stderr.txt");
        if overwrite {
            fs::write(&golden, &text).unwrap();
        }
        assert_eq!(
            fs::read_to_string(&golden).unwrap_or_default(),
            text,
            "{code} says something else now; `make bless` accepts it"
        );
    }
}

#[test]
fn every_finding_has_an_example() {
    let codes = fs::read_to_string(root().join("src/diagnostic/codes.rs")).unwrap();
    let wanted: Vec<&str> = codes.split('"').filter(|word| word.starts_with("OPS2")).collect();
    let have: Vec<String> = examples().into_iter().map(|(code, _)| code).collect();
    assert!(!wanted.is_empty());
    assert_eq!(wanted, have);
}

#[test]
fn a_waiver_silences_until_its_day() {
    let catalog = catalog();
    for (code, folder) in examples().into_iter().filter(|(code, _)| code != "OPS210") {
        let waiver = |until: &str| format!("waivers: [{{ code: {code}, because: known, until: {until} }}]\n");
        let said = |text: &str| found(text, &catalog).iter().any(|fault| fault.code == code);
        assert!(!said(&(read(&folder) + &waiver("2026-11-21"))), "{code} is waived on the last day");
        assert!(said(&(read(&folder) + &waiver("2026-11-20"))), "{code} is back on the day after");
    }
}

#[test]
fn the_examples_are_reviewed() {
    let catalog = catalog();
    for (example, wanted) in [("fly-web-api", FLY), ("kubernetes-shop", &[][..])] {
        let faults = found(&read(&root().join("snapshots").join(example)), &catalog);
        let codes: Vec<&str> = faults.iter().map(|fault| fault.code).collect();
        assert_eq!(codes, wanted, "{example}:\n{}", print(&faults));
        assert!(faults.iter().all(|fault| fault.level == Level::Warning && fault.span.is_some()));
    }
}

/// What a small platform and a plan for teams can't do, said and lived with.
const FLY: &[&str] = &["OPS201", "OPS203", "OPS211", "OPS202"];
