//! Reads a YAML file of a blueprint.
//!
//! In: a source. Out: what it holds. Refuses: faults of form and wrong types, with their place.
//! Files that are still as the program carries them were read when it was built.

use std::sync::Arc;

use serde::de::DeserializeOwned;

use super::load::MANIFEST;
use crate::diagnostic::{Diagnostic, Source, Span};
use crate::format::parser_message;

/// Path, text and the text as JSON of every YAML file that the program carries, in order of the paths.
static KNOWN: &[(&str, &str, &str)] = include!(concat!(env!("OUT_DIR"), "/yaml.rs"));

/// Reads a YAML file, placing the fault.
pub fn parse<T: DeserializeOwned>(source: &Arc<Source>) -> Result<T, Diagnostic> {
    // JSON that doesn't fit lost the spelling of a number that is meant as text.
    match known(source).map(serde_json::from_str) {
        Some(Ok(content)) => Ok(content),
        _ => yaml(source),
    }
}

fn known(source: &Source) -> Option<&'static str> {
    let at = KNOWN.binary_search_by(|(path, ..)| (*path).cmp(&source.name)).ok()?;
    let (_, text, json) = KNOWN[at];
    (text == source.text).then_some(json)
}

fn yaml<T: DeserializeOwned>(source: &Arc<Source>) -> Result<T, Diagnostic> {
    serde_saphyr::from_str(&source.text).map_err(|error| {
        let offset = error.location().map_or(0, |at| offset(&source.text, at.line() as usize, at.column() as usize));
        let message = parser_message(&error.to_string());
        Diagnostic::error(MANIFEST, message).at(Span { source: source.clone(), range: offset..offset + 1 })
    })
}

fn offset(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let line = text[start.min(text.len())..].split('\n').next().unwrap_or("");
    start + line.chars().take(column.saturating_sub(1)).map(char::len_utf8).sum::<usize>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::embedded;

    #[test]
    fn the_paths_are_in_order_and_the_texts_are_those_of_the_program() {
        assert!(KNOWN.is_sorted_by(|a, b| a.0 < b.0));
        let layer = embedded();
        let yaml = layer.files.iter().filter(|(path, _)| path.ends_with(".yaml"));
        assert_eq!(yaml.clone().count(), KNOWN.len());
        for (path, bytes) in yaml {
            let text = String::from_utf8(bytes.clone()).expect("text");
            assert!(known(&Source { name: path.clone(), text }).is_some(), "{path}");
        }
    }

    #[test]
    fn what_was_read_before_is_what_would_be_read_now() {
        for (path, text, json) in KNOWN {
            let source = Source::new(*path, *text);
            let now: serde_json::Value = yaml(&source).expect("it reads");
            assert_eq!(serde_json::from_str::<serde_json::Value>(json).expect("JSON"), now, "{path}");
        }
    }

    #[test]
    fn no_file_of_ours_needs_a_second_reading() {
        use crate::catalog::Manifest;
        use crate::catalog::alert::{Case, Definition, Sli};
        let mut found = Vec::new();
        for (path, _, json) in KNOWN {
            let fault = match path.rsplit('/').next() {
                Some("alert.yaml") => serde_json::from_str::<Definition>(json).err(),
                Some("slo.yaml") if path.starts_with("slos/") => serde_json::from_str::<Sli>(json).err(),
                Some("tests.yaml") => serde_json::from_str::<Vec<Case>>(json).err(),
                Some("blueprint.yaml") => serde_json::from_str::<Manifest>(json).err(),
                _ => None,
            };
            found.extend(fault.map(|fault| format!("{path}: {fault}")));
        }
        assert!(found.is_empty(), "a number that is meant as text is written in quotes:\n{}", found.join("\n"));
    }
}
