//! The value that a case of a rule is tried with: just past its threshold, or just short of it.
//!
//! In: a rule and those about the same target. Out: the value, and the buckets that make a quantile of it. Refuses nothing.

use super::super::fact::{self, Key, Map};
use super::number::{beyond, number, project};
use super::rule::Draft;
use crate::catalog::alert::Unit;

/// A value beside the threshold: past it, or short of it.
pub struct Probe {
    pub value: Option<f64>,
    buckets: Option<Bucket>,
}

/// The bucket that the quantile falls into.
struct Bucket {
    low: f64,
    high: Option<f64>,
    /// How many of a hundred observations are faster than it.
    faster: f64,
}

impl Probe {
    pub fn of(draft: &Draft<'_>, drafts: &[Draft<'_>], fires: bool) -> Self {
        let Some(threshold) = draft.condition.threshold else { return Self { value: None, buckets: None } };
        let above = draft.condition.above == fires;
        if let (Some(quantile), false) = (draft.reading.quantile, draft.buckets.is_empty()) {
            return Self::in_buckets(&draft.buckets, threshold, quantile, above);
        }
        let others =
            drafts.iter().filter(|other| same_target(other, draft)).filter_map(|other| other.condition.threshold);
        let next = if above {
            others.filter(|other| *other > threshold).reduce(f64::min)
        } else {
            others.filter(|other| *other < threshold).reduce(f64::max)
        };
        Self { value: Some(beyond(draft.unit, threshold, next, above)), buckets: None }
    }

    /// The slower observations fall into one bucket, and the quantile is interpolated in it.
    fn in_buckets(buckets: &[f64], threshold: f64, quantile: f64, above: bool) -> Self {
        let at = if above {
            buckets.iter().position(|bound| *bound >= threshold)
        } else {
            buckets.iter().rposition(|bound| *bound <= threshold).and_then(|at| at.checked_sub(1))
        };
        let low = at.map_or(0.0, |at| buckets[at]);
        let high = buckets.get(at.map_or(0, |at| at + 1)).copied();
        // So many of a hundred are faster that the quantile lies in the middle of the bucket, or as near as whole ones let it.
        let faster = ((2.0 * quantile - 1.0) * 100.0).round().max(0.0);
        let value = high.map_or(low, |high| low + (high - low) * (100.0 * quantile - faster) / (100.0 - faster));
        Self { value: Some(value), buckets: Some(Bucket { low, high, faster }) }
    }

    pub fn facts(&self, unit: Unit) -> Map {
        let mut facts = self.value.map_or_else(Map::new, |value| project(unit, value));
        if let Some(bucket) = &self.buckets {
            let next = bucket.high.map_or("+Inf".to_owned(), |high| number(high).to_string());
            facts.insert(Key::Str("le"), fact::fact(number(bucket.low).to_string()));
            facts.insert(Key::Str("next_le"), fact::fact(next));
            facts.insert(Key::Str("faster"), number(bucket.faster));
        }
        facts
    }
}

pub fn same_target(a: &Draft<'_>, b: &Draft<'_>) -> bool {
    a.alert.target == b.alert.target && a.alert.profile == b.alert.profile
}
