//! Which alerts a failure sets off, and when each fires: computed from its rule.
//!
//! In: effects and the rules of the environment. Out: one row an alert, service and severity. Refuses: times that are none.

use serde::Serialize;

use super::effect::{Changed, Told};
use super::window::Rule;
use crate::catalog::alert::Unit;
use crate::model::alert::number::parse;

/// Seconds between two samples of a scenario.
pub const SAMPLE: u64 = 60;
/// Severities that call somebody.
pub const PAGES: [&str; 2] = ["critical", "high"];

/// An alert that fires.
#[derive(Clone, Debug, Serialize)]
pub struct Expected {
    pub name: String,
    pub severity: String,
    /// Label `service`.
    pub service: String,
    pub signal: String,
    pub slug: String,
    pub runbook: String,
    pub summary: String,
    pub channels: Vec<String>,
    pub respond: Option<String>,
    pub page: bool,
    /// Seconds from the failure until it fires: not before, and not after.
    pub earliest: u64,
    pub latest: u64,
    /// The same for people: `2m`, `5m to 10m`.
    pub fires: String,
    /// Seconds until it is over once all is well.
    #[serde(skip)]
    pub clears: u64,
}

/// What fires, and the names of what may fire.
/// `step` is the time between two evaluations; who would speak only after `lasts` is left out when others speak sooner.
pub fn all(
    effects: &[Changed],
    rules: &[Rule<'_>],
    step: u64,
    lasts: u64,
) -> Result<(Vec<Expected>, Vec<String>), String> {
    let (mut found, mut may): (Vec<Expected>, Vec<String>) = (Vec::new(), Vec::new());
    // what changes nothing here sets off nothing
    for effect in effects.iter().filter(|effect| !effect.series.is_empty()) {
        for (name, told) in &effect.alerts {
            for rule in rules.iter().filter(|rule| rule.name == *name && about(rule, effect)) {
                if told.may {
                    may.push(name.clone());
                    continue;
                }
                if !reached(rule, told)? {
                    continue;
                }
                let row = expected(rule, told, step)?;
                if !found.iter().any(|known| {
                    (&known.name, &known.service, &known.severity) == (&row.name, &row.service, &row.severity)
                }) {
                    found.push(row);
                }
            }
        }
    }
    if found.iter().any(|row| row.latest < lasts) {
        found.retain(|row| row.latest < lasts);
    }
    may.retain(|name| !found.iter().any(|known| known.name == *name));
    may.sort();
    may.dedup();
    let order = ["critical", "high", "medium", "low"];
    found.sort_by_key(|row| (row.latest, order.iter().position(|name| *name == row.severity)));
    Ok((found, may))
}

/// Whether the rule is about what the effect is about, as far as both say.
fn about(rule: &Rule<'_>, effect: &Changed) -> bool {
    rule.items.iter().all(|(kind, name)| effect.items.get(kind).is_none_or(|own| own == name))
}

fn expected(rule: &Rule<'_>, told: &Told, step: u64) -> Result<Expected, String> {
    let wait = duration(rule.wait.as_deref().unwrap_or("0s"))?;
    let longest = rule.longest;
    let (soonest, latest) = match &told.seen {
        Some(seen) => range(seen)?,
        None => (0.0, sooner(rule, told, longest)?),
    };
    let clears = told.clears.as_deref().map_or(Ok(longest), duration)?;
    let kept = rule.keep_firing_for.as_deref().map_or(Ok(0.0), duration)?;
    let (earliest, latest) = (steps(soonest + wait, step), steps(latest + wait, step));
    Ok(Expected {
        name: rule.name.clone(),
        severity: rule.severity.clone(),
        service: rule.labels["service"].clone(),
        signal: rule.signal.clone(),
        slug: rule.slug.clone(),
        runbook: rule.runbook.clone(),
        summary: rule.summary.clone(),
        channels: rule.channels.clone(),
        respond: rule.respond.clone(),
        page: PAGES.contains(&rule.severity.as_str()),
        fires: if earliest == latest { spoken(latest) } else { format!("{} to {}", spoken(earliest), spoken(latest)) },
        earliest,
        latest,
        clears: steps(clears + kept, step) + step,
    })
}

/// Whether the share of bad events passes the limit of the rule.
fn reached(rule: &Rule<'_>, told: &Told) -> Result<bool, String> {
    let Some(share) = &told.share else { return Ok(true) };
    let share = ratio(share)?;
    Ok(match (rule.quantile, limit(rule)) {
        (Some(quantile), _) => share > 1.0 - quantile,
        (None, Some(limit)) => share > limit,
        (None, None) => true,
    })
}

fn ratio(text: &str) -> Result<f64, String> {
    parse(Unit::Ratio, text).filter(|share| *share > 0.0).ok_or_else(|| format!("`{text}` is no share"))
}

/// From which share of bad events on.
fn limit(rule: &Rule<'_>) -> Option<f64> {
    let threshold = rule.threshold.as_ref()?;
    let number: f64 = threshold.number.to_string().parse().ok()?;
    Some(if threshold.above { number } else { 1.0 - number })
}

/// A window is left as soon as enough of it is bad: the limit of a share, the rest of a quantile.
fn sooner(rule: &Rule<'_>, told: &Told, longest: f64) -> Result<f64, String> {
    let Some(share) = &told.share else { return Ok(longest) };
    let share = ratio(share)?;
    let quantile = rule.quantile.map(|quantile| 1.0 - quantile);
    let needed = quantile.or(limit(rule)).unwrap_or(1.0) / share;
    #[allow(clippy::cast_precision_loss)]
    Ok((needed * longest + SAMPLE as f64).min(longest))
}

/// Whole evaluations.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
fn steps(seconds: f64, step: u64) -> u64 {
    (seconds / step as f64).ceil().max(0.0) as u64 * step
}

/// `2m` or `1m..5m`
fn range(text: &str) -> Result<(f64, f64), String> {
    match text.split_once("..") {
        Some((from, to)) => Ok((duration(from)?, duration(to)?)),
        None => duration(text).map(|seconds| (seconds, seconds)),
    }
}

pub fn duration(text: &str) -> Result<f64, String> {
    parse(Unit::Duration, text.trim()).ok_or_else(|| format!("`{text}` is no duration"))
}

/// `at once`, `2m`, `1h 30m`
pub fn spoken(seconds: u64) -> String {
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    match (hours, minutes) {
        (0, 0) => "0m".into(),
        (0, minutes) => format!("{minutes}m"),
        (hours, 0) => format!("{hours}h"),
        (hours, minutes) => format!("{hours}h {minutes}m"),
    }
}
