//! Which burns of a budget somebody is told of, and from which share of bad events on.
//!
//! In: the burns of the catalogue, a period, an objective. Out: rows with exact thresholds, and those that make no sense with the reason.
//! Refuses nothing.

use indexmap::IndexMap;
use serde::Serialize;

use super::super::fact::{Value, seconds};
use super::exact::Exact;
use super::record::Numbers;
use crate::catalog::alert::Burn;

/// What a service promises: this share, over this time.
pub struct Promise<'a> {
    pub share: Exact,
    pub period: &'a str,
    /// The spec key of the promise and of its period.
    pub key: &'a str,
    pub period_key: &'a str,
}

/// A burn that is watched for. Windows and what is compared stand ready for expressions.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub name: String,
    pub severity: String,
    /// Share of the budget that is gone when it fires.
    pub budget: String,
    pub long: String,
    pub short: String,
    pub long_seconds: u64,
    /// How many times too fast.
    pub factor: String,
    /// `1.44%`
    pub threshold: String,
    pub ratio: Value,
    /// Fewer bad events in the long window are no evidence.
    pub events: String,
    /// The share of bad events in either window, and how many the long one had: PromQL.
    pub long_ratio: String,
    pub short_ratio: String,
    pub long_bad: String,
    /// Time until the whole budget is gone, in hours.
    pub gone_in: String,
    /// What the alert takes as its conditions.
    pub conditions: Vec<Condition>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Condition {
    pub severity: String,
    pub key: String,
    pub condition: Compared,
}

#[derive(Clone, Debug, Serialize)]
pub struct Compared {
    pub value: String,
    pub direction: &'static str,
    #[serde(rename = "for")]
    pub wait: Option<String>,
}

/// A burn that is not watched for.
#[derive(Clone, Debug, Serialize)]
pub struct Dropped {
    pub name: String,
    pub severity: String,
    pub long: String,
    pub factor: String,
    pub why: String,
    /// The spec key that makes it pointless.
    pub key: String,
}

/// A budget that is gone: work, not an emergency.
const EXHAUSTED: &str = "medium";

/// What fails may be the whole budget of the period, and no more.
pub fn exhausted(promise: &Promise<'_>, severity: impl Fn(&str) -> String) -> Condition {
    let condition = Compared { value: promise.share.rest().as_percent(), direction: "above", wait: None };
    Condition { severity: severity(EXHAUSTED), key: promise.key.to_owned(), condition }
}

/// `severity` finds the nearest severity that the spec has.
pub fn rows(
    burns: &IndexMap<String, Burn>,
    promise: &Promise<'_>,
    numbers: &Numbers<'_>,
    severity: impl Fn(&str) -> String,
) -> (Vec<Row>, Vec<Dropped>) {
    let (mut rows, mut dropped) = (Vec::new(), Vec::new());
    for (name, burn) in burns {
        let (Some(share), Some(long), Some(period)) =
            (Exact::percent(&burn.budget), seconds(&burn.long), seconds(promise.period))
        else {
            continue;
        };
        let factor = share.times(Exact::whole(period)).over(long);
        let threshold = factor.times(promise.share.rest());
        let severity = severity(&burn.severity);
        match pointless(factor, threshold, promise) {
            Some((why, key)) => dropped.push(Dropped {
                name: name.clone(),
                severity,
                long: burn.long.clone(),
                factor: factor.to_string(),
                why,
                key,
            }),
            None => rows.push(row(name, burn, severity, promise, numbers, (factor, threshold, long, period))),
        }
    }
    (rows, dropped)
}

fn pointless(factor: Exact, threshold: Exact, promise: &Promise<'_>) -> Option<(String, String)> {
    let one = Exact::whole(1);
    if factor < one {
        let why = format!(
            "over {} it would fire at {factor} times the allowed rate, while the promise is still kept",
            promise.period
        );
        return Some((why, promise.period_key.to_owned()));
    }
    (threshold >= one).then(|| {
        let why = format!(
            "{factor} times the {} that may fail are {}, more than there are",
            promise.share.rest().as_percent(),
            threshold.as_percent()
        );
        (why, promise.key.to_owned())
    })
}

fn row(
    name: &str,
    burn: &Burn,
    severity: String,
    promise: &Promise<'_>,
    numbers: &Numbers<'_>,
    (factor, threshold, long, period): (Exact, Exact, u64, u64),
) -> Row {
    let hours = Exact::whole(period / 3600).to_f64() / factor.to_f64();
    let condition = Compared { value: threshold.as_percent(), direction: "above", wait: None };
    Row {
        name: name.to_owned(),
        budget: burn.budget.clone(),
        long: burn.long.clone(),
        short: burn.short.clone(),
        long_seconds: long,
        factor: factor.to_string(),
        threshold: threshold.as_percent(),
        ratio: Value::from(threshold.to_f64()),
        events: burn.events.to_string(),
        long_ratio: numbers.share(&burn.long),
        short_ratio: numbers.share(&burn.short),
        long_bad: numbers.bad(&burn.long, long),
        gone_in: spent(hours),
        conditions: vec![Condition { severity: severity.clone(), key: promise.key.to_owned(), condition }],
        severity,
    }
}

/// `50 hours`, `5 days`.
fn spent(hours: f64) -> String {
    if hours < 96.0 { format!("{hours:.0} hours") } else { format!("{:.0} days", hours / 24.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn burns() -> IndexMap<String, Burn> {
        let of = |(name, severity, budget, long, short): (&str, &str, &str, &str, &str)| {
            let burn = Burn {
                severity: severity.into(),
                budget: budget.into(),
                long: long.into(),
                short: short.into(),
                events: 10,
            };
            (name.to_owned(), burn)
        };
        [
            ("fast", "critical", "2%", "1h", "5m"),
            ("steady", "high", "5%", "6h", "30m"),
            ("slow", "medium", "10%", "1d", "2h"),
            ("creeping", "low", "10%", "3d", "6h"),
        ]
        .map(of)
        .into()
    }

    fn made(share: &str, period: &str) -> (Vec<Row>, Vec<Dropped>) {
        let share = Exact::percent(share).expect("a percentage");
        let promise = Promise { share, period, key: "share", period_key: "period" };
        rows(&burns(), &promise, &Numbers::Recorded(String::new()), str::to_owned)
    }

    fn pairs(share: &str, period: &str) -> Vec<(String, String)> {
        made(share, period).0.into_iter().map(|row| (row.factor, row.threshold)).collect()
    }

    fn text(rows: &[(&str, &str)]) -> Vec<(String, String)> {
        rows.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
    }

    #[test]
    fn factors_follow_the_period_and_thresholds_the_objective() {
        assert_eq!(pairs("99.9%", "30d"), text(&[("14.4", "1.44%"), ("6", "0.6%"), ("3", "0.3%"), ("1", "0.1%")]));
        assert_eq!(pairs("99.9%", "28d"), text(&[("13.44", "1.344%"), ("5.6", "0.56%"), ("2.8", "0.28%")]));
        assert_eq!(pairs("99.95%", "7d"), text(&[("3.36", "0.168%"), ("1.4", "0.07%")]));
    }

    #[test]
    fn a_burn_slower_than_allowed_or_faster_than_possible_is_dropped() {
        let (_, dropped) = made("99.9%", "7d");
        let told: Vec<_> = dropped.iter().map(|it| (it.name.as_str(), it.factor.as_str(), it.key.as_str())).collect();
        assert_eq!(told, [("slow", "0.7", "period"), ("creeping", "0.233333333", "period")]);
        let (rows, dropped) = made("93%", "30d");
        assert_eq!(rows.len(), 3);
        assert_eq!((dropped[0].name.as_str(), dropped[0].key.as_str()), ("fast", "share"));
        assert!(dropped[0].why.contains("100.8%"), "{}", dropped[0].why);
        assert_eq!(made("93.1%", "30d").0.len(), 4);
        assert!(made("50%", "30d").0.iter().all(|row| row.name == "creeping"));
    }

    #[test]
    fn people_read_when_all_is_gone() {
        let gone: Vec<String> = made("99.9%", "30d").0.into_iter().map(|row| row.gone_in).collect();
        assert_eq!(gone, ["50 hours", "5 days", "10 days", "30 days"]);
    }
}
