//! What an alert at its limit costs: error budget an hour, requests a minute.
//!
//! In: what its definition says it spends, its rule, the service. Out: numbers as people read them; none without an objective.
//! Refuses nothing.

use serde::Serialize;

use super::super::fact::{Value, at, named, nothing, text};
use super::Alert;
use super::number::{parse, tidy};
use crate::catalog::alert::{Spends, Unit};

const HOUR: f64 = 3600.0;

#[derive(Clone, Debug, Serialize)]
pub struct Impact {
    /// The share of requests that fail, `5%`.
    pub share: String,
    /// `99.9%`
    pub objective: String,
    /// Over which it is promised, `30d`.
    pub period: String,
    /// How many times faster than granted, `50`.
    pub pace: String,
    /// The part of the period's budget that an hour takes, `6.9%`.
    pub per_hour: String,
    /// When nothing of a full budget is left, `14h24m`.
    pub lasts: String,
    /// Requests that fail in a minute at the load of the spec, `150`.
    pub requests: Option<String>,
}

pub fn of(spends: Option<&Spends>, lead: &Alert, service: &Value) -> Option<Impact> {
    let spends = spends?;
    let own = spends.objective.strip_prefix("service.").map_or(nothing(), |path| at(service, path));
    let slo = lead.labels.get("slo").and_then(|slo| named(own.as_array()?, slo));
    let written = own.as_str().or(slo.and_then(|slo| text(slo, "objective"))).unwrap_or(&spends.objective);
    let objective = parse(Unit::Ratio, written)?;
    let period = text(service, "slo.window")?;
    let (seconds, budget) = (parse(Unit::Duration, period)?, 1.0 - objective);
    let share = match spends.share.as_str() {
        "threshold" => lead.threshold.as_ref()?.number.as_f64()?,
        share => parse(Unit::Ratio, share)?,
    };
    let pace = tidy(share / budget);
    let load = text(service, "load.now").and_then(|load| parse(Unit::Rate, load));
    Some(Impact {
        share: percent(share),
        objective: written.to_owned(),
        period: period.to_owned(),
        pace: short(pace),
        per_hour: percent(pace * HOUR / seconds),
        lasts: span(seconds / pace),
        requests: load.map(|load| short(load * 60.0 * share)),
    })
}

/// Two or three digits: what a person needs at night.
fn short(value: f64) -> String {
    let decimals = if value >= 10.0 {
        0
    } else if value >= 1.0 {
        1
    } else {
        2
    };
    let text = format!("{value:.decimals$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

fn percent(ratio: f64) -> String {
    format!("{}%", short(ratio * 100.0))
}

/// The two largest units.
fn span(seconds: f64) -> String {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let whole = seconds.round() as u64;
    let parts = [(whole / 86_400, 'd'), (whole / 3600 % 24, 'h'), (whole / 60 % 60, 'm'), (whole % 60, 's')];
    let spoken = parts.iter().skip_while(|(count, _)| *count == 0).take(2).filter(|(count, _)| *count > 0);
    spoken.map(|(count, unit)| format!("{count}{unit}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        assert_eq!((short(50.0), short(6.94), short(0.139)), ("50".into(), "6.9".into(), "0.14".into()));
        assert_eq!((percent(0.0694), percent(1.39)), ("6.9%".into(), "139%".into()));
        assert_eq!((span(51_840.0), span(2592.0), span(86_400.0)), ("14h24m".into(), "43m12s".into(), "1d".into()));
    }
}
