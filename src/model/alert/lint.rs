//! What is wrong with an expression before it ever runs: it would be blind, always silent, or say something else than it means.
//!
//! In: parsed PromQL and what the metric profiles in force declare. Out: findings, each with its own code and remedy.
//! Refuses nothing itself; a metric that no profile declares is asked nothing.

mod flow;
mod kind;
mod label;
mod reach;
mod shape;

use promql_parser::parser::Expr;

use super::profile::Profiles;
use crate::catalog::alert::Metric;

pub use flow::Labels;
pub use reach::Keep;
pub use shape::{Patience, alert};

/// A label that the metric doesn't have.
pub const UNKNOWN_LABEL: &str = "OPS345";
/// A function that the kind of the metric doesn't allow.
pub const WRONG_FUNCTION: &str = "OPS346";
/// A share without a least number of events.
pub const UNGUARDED: &str = "OPS347";
/// An alert that compares nothing.
pub const NO_COMPARISON: &str = "OPS348";
/// Two sides whose labels don't meet.
pub const SIDES_DIFFER: &str = "OPS349";
/// A text names a label that the expression drops.
pub const LOST_LABEL: &str = "OPS367";
/// A look back beyond what the store keeps.
pub const BEYOND_STORE: &str = "OPS163";
/// A bucket that the histogram doesn't have.
pub const NO_BUCKET: &str = "OPS164";
/// A wait shorter than two evaluations.
pub const SHORT_WAIT: &str = "OPS165";

/// One finding.
#[derive(Debug, PartialEq)]
pub struct Finding {
    pub code: &'static str,
    /// Goes on after the name of the alert or panel: `reads …`.
    pub message: String,
    pub help: String,
}

impl Finding {
    fn new(code: &'static str, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { code, message: message.into(), help: help.into() }
    }
}

/// What is known of the metrics.
pub struct Given<'g, 'm> {
    pub profiles: &'g Profiles<'m>,
    /// The profile that the expression was written for; its metrics come first.
    pub chosen: &'g str,
    pub keep: Option<&'g Keep>,
    /// Bounds that objectives ask the application's histograms for.
    pub asked: &'g [f64],
}

impl<'m> Given<'_, 'm> {
    fn metric(&self, series: &str) -> Option<&'m Metric> {
        let of = |mine: bool| {
            self.profiles.iter().filter(move |(name, _)| (*name == self.chosen) == mine).map(|(_, profile)| *profile)
        };
        of(true).chain(of(false)).find_map(|profile| profile.metric(series))
    }

    /// The labels of a series: its own, the bound of a bucket, and what the scrape puts on everything.
    fn labels(&self, series: &str) -> Option<Vec<&'m str>> {
        let metric = self.metric(series)?;
        let everywhere = self.profiles.iter().flat_map(|(_, profile)| &profile.everywhere);
        let mut labels: Vec<&str> = metric.labels.iter().chain(everywhere).map(String::as_str).collect();
        if series.ends_with("_bucket") {
            labels.push("le");
        }
        labels.sort_unstable();
        labels.dedup();
        Some(labels)
    }
}

/// What holds for every expression: of an alert, a panel or a recorded series.
pub fn expression(tree: &Expr, given: &Given<'_, '_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    label::check(tree, given, &mut findings);
    kind::check(tree, given, &mut findings);
    reach::check(tree, given, &mut findings);
    flow::labels(tree, given, &mut findings);
    findings
}

/// The labels that the result has, when they are known.
pub fn labels<'t>(tree: &'t Expr, given: &Given<'_, 't>) -> Labels<'t> {
    flow::labels(tree, given, &mut Vec::new())
}

#[cfg(test)]
mod tests;
