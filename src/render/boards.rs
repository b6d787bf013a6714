//! Dashboards among the artifacts, held against the rules of Grafana's linter.
//!
//! In: artifacts. Out: faults. Refuses: a breach that no `.lint` file beside the dashboard excludes, an exclusion without a
//! reason or of a rule that there isn't.

use serde_json::Value;

use crate::artifact::Artifact;
use crate::diagnostic::Diagnostic;
use crate::format::{Dialect, dashboard};

/// A dashboard that breaks a rule of Grafana's linter.
pub const LINTER: &str = "OPS357";
/// An exclusion of the linter that says no reason, or names no rule.
pub const EXCLUSION: &str = "OPS358";

pub fn faults(artifacts: &[Artifact]) -> Vec<Diagnostic> {
    let mut faults = Vec::new();
    for artifact in artifacts.iter().filter(|artifact| artifact.format == Dialect::Grafana.name()) {
        // What isn't JSON was told when it was rendered.
        let Ok(dashboard) = serde_json::from_slice::<Value>(&artifact.bytes) else { continue };
        let excluded = excluded(&artifact.path, artifacts, &mut faults);
        for breach in dashboard::breaches(&dashboard).iter().filter(|it| !excluded.iter().any(|rule| rule == it.rule)) {
            let place = if breach.place.is_empty() { String::new() } else { format!(", {}", breach.place) };
            let message = format!("{}{place}: {}", artifact.path, breach.message);
            let help = format!("mend it, or exclude `{}` with a reason in the .lint file beside it", breach.rule);
            faults.push(Diagnostic::error(LINTER, message).help(help));
        }
    }
    faults
}

/// The rules that the file beside a dashboard excludes for all of it.
fn excluded(path: &str, artifacts: &[Artifact], faults: &mut Vec<Diagnostic>) -> Vec<String> {
    let beside = path.rsplit_once('/').map_or_else(|| ".lint".to_owned(), |(folder, _)| format!("{folder}/.lint"));
    let file = artifacts.iter().find(|artifact| artifact.path == beside);
    let text = file.and_then(|file| std::str::from_utf8(&file.bytes).ok()).unwrap_or_default();
    let Ok(Value::Object(lint)) = serde_saphyr::from_str::<Value>(text) else { return Vec::new() };
    let rules = lint.get("exclusions").and_then(Value::as_object).into_iter().flatten();
    let mut found = Vec::new();
    for (rule, said) in rules {
        let wrong = if !dashboard::RULES.contains(&rule.as_str()) {
            Some("is no rule of the linter")
        } else if said["reason"].as_str().is_none_or(|reason| reason.trim().is_empty()) {
            Some("is excluded without a reason")
        } else {
            None
        };
        if let Some(wrong) = wrong {
            let fault = Diagnostic::error(EXCLUSION, format!("{beside}: {rule} {wrong}"));
            if !faults.contains(&fault) {
                faults.push(fault);
            }
        }
        found.push(rule.clone());
    }
    found
}
