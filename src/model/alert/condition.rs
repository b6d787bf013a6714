//! When an alert fires: the spec's conditions for its measure, otherwise its own defaults.
//!
//! In: a definition and a scope. Out: one condition a severity, the mildest last.
//! Refuses: a value that isn't of the measure's unit; names the spec key.

use super::super::fact::{self, Value, get, name, named, nothing, yes};
use super::Fault;
use super::number::parse;
use super::words::{Scope, Words};
use crate::catalog::alert::{Alert, Unit};
use crate::diagnostic::Diagnostic;

/// A condition whose value has another unit than its measure.
pub const WRONG_UNIT: &str = "OPS160";

#[derive(Clone, Debug)]
pub struct Condition {
    pub severity: String,
    /// In base units; none for alerts that are true or false.
    pub threshold: Option<f64>,
    /// As written: `5%`.
    pub text: String,
    pub above: bool,
    pub wait: Option<String>,
    /// The spec key, or none for a default of the catalogue.
    pub key: Option<String>,
}

/// The conditions that hold for an alert in a scope.
pub fn find(alert: &Alert, scope: &Scope<'_>, faults: &mut Vec<Fault>) -> Vec<Condition> {
    let definition = &alert.definition;
    let unit = definition.params.get("threshold").map_or(Unit::Count, |param| param.unit);
    let (written, key) = match (&definition.measure, &definition.conditions) {
        (_, Some(path)) => (scope.get(path), spec_key(alert, scope).unwrap_or_else(|| path.clone())),
        (Some(measure), None) => {
            let row = threshold_row(scope, measure);
            if yes(row, "never") {
                return Vec::new();
            }
            (get(row, "conditions"), format!("alerting.thresholds.{measure}"))
        }
        (None, None) => (nothing(), String::new()),
    };
    let rows = written.as_array().unwrap_or_default();
    let found: Vec<Condition> = rows.iter().filter_map(|row| spoken(alert, unit, row, &key, faults)).collect();
    if rows.is_empty() { defaults(alert, unit, scope) } else { found }
}

/// What the person wrote, where the path in the scope is another one.
fn spec_key(alert: &Alert, scope: &Scope<'_>) -> Option<String> {
    Words::shared().text(alert.definition.spec.as_deref()?, scope).ok()
}

fn threshold_row<'m>(scope: &Scope<'m>, measure: &str) -> &'m Value {
    let rows = scope.get("environment.alerting.thresholds").as_array().unwrap_or_default();
    named(rows, measure).unwrap_or(nothing())
}

fn spoken(alert: &Alert, unit: Unit, row: &Value, key: &str, faults: &mut Vec<Fault>) -> Option<Condition> {
    let severity = fact::text(row, "severity")?.to_owned();
    let condition = get(row, "condition");
    let mut text = fact::text(condition, "value")?.to_owned();
    let key = fact::text(row, "key").map_or_else(|| format!("{key}.{severity}"), str::to_owned);
    let default = fallback(alert, &severity);
    let threshold = if text == "anomaly" {
        text = default.and_then(|case| case.threshold.clone()).unwrap_or_default();
        parse(unit, strip(&text).1)
    } else {
        parse(unit, &text)
    };
    if threshold.is_none() {
        let message = format!("`{text}` is not a {} that {} can compare with", noun(unit), alert.name);
        faults.push(Fault { key: Some(key), diagnostic: Diagnostic::error(WRONG_UNIT, message).help(example(unit)) });
        return None;
    }
    let wait = fact::text(condition, "for").map(str::to_owned);
    let wait = wait.or_else(|| default.and_then(|case| case.wait.clone()));
    let above = match alert.definition.direction.as_deref() {
        Some(word) => word == "above",
        None => fact::text(condition, "direction") != Some("below"),
    };
    Some(Condition { severity, threshold, text: strip(&text).1.to_owned(), above, wait, key: Some(key) })
}

/// The defaults of that severity, otherwise of the first.
fn fallback<'a>(alert: &'a Alert, severity: &str) -> Option<&'a crate::catalog::alert::Severity> {
    let cases = &alert.definition.severities;
    cases.get(severity).or_else(|| cases.values().next())
}

fn defaults(alert: &Alert, unit: Unit, scope: &Scope<'_>) -> Vec<Condition> {
    let mut found = Vec::new();
    for (severity, case) in &alert.definition.severities {
        let written = alert.definition.params.get("threshold").and_then(|param| param.value.as_deref());
        let answered =
            written.map(|path| (scope.get(path), path)).and_then(|(value, path)| Some((text_of(value)?, path)));
        let (text, key) = match (answered, &case.threshold) {
            (Some((text, path)), _) => (text, spec_key(alert, scope).or_else(|| Some(path.to_owned()))),
            (None, Some(text)) => (text.clone(), None),
            (None, None) if written.is_some() => continue,
            (None, None) => (String::new(), None),
        };
        let (above, value) = strip(&text);
        let above = alert.definition.direction.as_deref().map_or(above, |word| word == "above");
        let threshold = parse(unit, value);
        found.push(Condition {
            severity: known(scope, severity),
            threshold,
            text: value.to_owned(),
            above,
            wait: case.wait.clone(),
            key,
        });
    }
    found
}

pub fn text_of(value: &Value) -> Option<String> {
    (value.is_string() || value.is_number()).then(|| value.to_string())
}

fn strip(text: &str) -> (bool, &str) {
    match text.strip_prefix("below ") {
        Some(rest) => (false, rest),
        None => (true, text.strip_prefix("above ").unwrap_or(text)),
    }
}

/// The nearest severity that the spec routes: a milder one first.
pub fn known(scope: &Scope<'_>, severity: &str) -> String {
    let rows = scope.get("environment.alerting.severities").as_array().unwrap_or_default();
    let names: Vec<&str> = rows.iter().map(name).collect();
    let order = ["critical", "high", "medium", "low"];
    let at = order.iter().position(|name| *name == severity).unwrap_or(0);
    let nearest = order[at..].iter().chain(order[..at].iter().rev()).find(|name| names.contains(*name));
    nearest.map_or(severity, |name| *name).to_owned()
}

fn noun(unit: Unit) -> &'static str {
    match unit {
        Unit::Ratio => "share",
        Unit::Duration => "duration",
        Unit::Bytes => "size",
        Unit::Count => "count",
        Unit::Rate => "rate",
        Unit::Factor => "factor",
        Unit::Money => "amount",
    }
}

fn example(unit: Unit) -> &'static str {
    match unit {
        Unit::Ratio => "write a share, for example `5% for 5m`",
        Unit::Duration => "write a duration, for example `500ms for 5m`",
        Unit::Bytes => "write a size, for example `2GiB for 5m`",
        Unit::Count => "write a number, for example `500 for 10m`",
        Unit::Rate => "write a rate, for example `250rps for 10m` or `5/min for 15m`",
        Unit::Factor => "write a factor, for example `3`",
        Unit::Money => "write an amount in a time, for example `40 USD/day`",
    }
}
