//! `src` knows how, `blueprints` knows what: no platform, CI system or alert is named in a string of `src`.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::File;

/// A dialect is a syntax and may have the name of the host that reads it; these modules know dialects.
const DIALECT_MODULES: [&str; 2] = ["format", "template"];

/// Names of folders that stand for something emitted.
pub fn emitted(blueprints: &Path) -> BTreeSet<String> {
    let mut found = folders(&blueprints.join("hosting"));
    found.extend(folders(&blueprints.join("ci")));
    for component in folders(&blueprints.join("alerts")) {
        found.extend(folders(&blueprints.join("alerts").join(component)));
    }
    found
}

fn folders(folder: &Path) -> BTreeSet<String> {
    let Ok(entries) = fs::read_dir(folder) else { return BTreeSet::new() };
    entries
        .filter_map(Result::ok)
        .filter(|entry| entry.path().is_dir())
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect()
}

/// One line for each string that names one.
pub fn check(file: &File, names: &BTreeSet<String>) -> Vec<String> {
    let dialects = DIALECT_MODULES.contains(&file.module.as_str());
    let mut found = Vec::new();
    for (line, string) in &file.code.strings {
        let text = string.trim_matches(['r', '#', '"']);
        let named = words(text).find(|word| names.contains(*word));
        if let Some(name) = named.filter(|name| !(dialects && *name == text)) {
            found.push(format!("{}:{line}: names `{name}`, which only blueprints may", file.path));
        }
    }
    found
}

/// Words, where a hyphen belongs to a word.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !(letter.is_alphanumeric() || letter == '-' || letter == '_'))
}
