//! The alert catalogue: one folder an alert, one file a metric profile, one file of commands a platform.
//!
//! In: `(path, bytes)` of all blueprint files. Out: definitions, profiles and commands by name.
//! Refuses: a file that isn't what its format says, an alert without a runbook or without tests.

mod definition;
mod metric;

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde::de::DeserializeOwned;

use crate::diagnostic::{Diagnostic, Source, Span};

pub use definition::{Case, Definition, Expression, OneOrMany, Param, Severity, Shows, Unit};
pub use metric::{Metric, MetricKind, Profile};

/// A file of the alert catalogue that can't be read as what its place says.
pub const UNREADABLE: &str = "OPS340";
/// An alert folder without its runbook or without a firing and a silent test.
pub const INCOMPLETE: &str = "OPS341";

/// An alert folder.
#[derive(Clone, Debug)]
pub struct Alert {
    /// The folder above: `http`, `postgres`.
    pub component: String,
    /// The folder: `HttpErrorRateHigh`.
    pub name: String,
    /// `alerts/http/HttpErrorRateHigh`
    pub folder: String,
    pub definition: Definition,
    pub tests: Vec<Case>,
}

/// Everything that alerts are made from.
#[derive(Clone, Debug, Default)]
pub struct Alerts {
    pub alerts: Vec<Alert>,
    pub profiles: IndexMap<String, Profile>,
    /// Platform folder → name of a command → its template.
    pub commands: BTreeMap<String, IndexMap<String, String>>,
}

impl Alerts {
    /// Reads `alerts/**`, `metrics/*.yaml` and `hosting/*/commands.yaml`; leaves all other files alone.
    pub fn load(files: &BTreeMap<String, Vec<u8>>) -> (Self, Vec<Diagnostic>) {
        let mut faults = Vec::new();
        let mut alerts = Self::default();
        for (path, bytes) in files {
            match path.split('/').collect::<Vec<_>>().as_slice() {
                ["metrics", file] => {
                    if let (Some(name), Some(profile)) = (file.strip_suffix(".yaml"), decode(path, bytes, &mut faults)) {
                        alerts.profiles.insert(name.to_owned(), profile);
                    }
                }
                ["hosting", platform, "commands.yaml"] => {
                    if let Some(commands) = decode(path, bytes, &mut faults) {
                        alerts.commands.insert((*platform).to_owned(), commands);
                    }
                }
                ["alerts", component, name, "alert.yaml"] => {
                    alerts.alerts.extend(folder(files, component, name, bytes, &mut faults));
                }
                _ => {}
            }
        }
        (alerts, faults)
    }
}

fn folder(
    files: &BTreeMap<String, Vec<u8>>,
    component: &str,
    name: &str,
    bytes: &[u8],
    faults: &mut Vec<Diagnostic>,
) -> Option<Alert> {
    let folder = format!("alerts/{component}/{name}");
    let definition: Definition = decode(&format!("{folder}/alert.yaml"), bytes, faults)?;
    let path = format!("{folder}/tests.yaml");
    let tests: Vec<Case> = files.get(&path).and_then(|bytes| decode(&path, bytes, faults)).unwrap_or_default();
    if !files.contains_key(&format!("{folder}/runbook.md.tera")) {
        faults.push(Diagnostic::error(INCOMPLETE, format!("{folder} has no runbook.md.tera")));
    }
    for profile in definition.profiles.keys() {
        for (fires, word) in [(true, "firing"), (false, "silent")] {
            if !fires && definition.always {
                continue;
            }
            if !tests.iter().any(|case| case.fires == fires && case.profile.as_deref().is_none_or(|name| name == profile)) {
                let message = format!("{folder}/tests.yaml has no {word} case for the profile `{profile}`");
                faults.push(Diagnostic::error(INCOMPLETE, message));
            }
        }
    }
    Some(Alert { component: component.to_owned(), name: name.to_owned(), folder, definition, tests })
}

fn decode<T: DeserializeOwned>(path: &str, bytes: &[u8], faults: &mut Vec<Diagnostic>) -> Option<T> {
    let text = String::from_utf8_lossy(bytes).into_owned();
    match serde_saphyr::from_str(&text) {
        Ok(value) => Some(value),
        Err(fault) => {
            let at = fault.location().map_or(0, |place| offset(&text, place.line() as usize, place.column() as usize));
            let source = Source::new(path, text.as_str());
            let message = fault.to_string().lines().next().unwrap_or_default().to_owned();
            let span = Span { source, range: at..at };
            faults.push(Diagnostic::error(UNREADABLE, format!("{path}: {message}")).at(span));
            None
        }
    }
}

fn offset(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let rest = &text[start.min(text.len())..];
    start + rest.char_indices().nth(column.saturating_sub(1)).map_or(0, |(at, _)| at)
}
