//! When a case comes true: not before its series last changed, and surely once the windows of the expression have passed since.
//!
//! In: a case of `tests.yaml` and the longest window of the expression. Out: seconds from the start. Refuses nothing.

use super::number::parse;
use crate::catalog::alert::{Case, Unit};

/// Seconds between two evaluations where a case needs days of samples.
pub const SLOWLY: f64 = 1800.0;

pub struct Times {
    /// Not true before.
    pub onset: f64,
    /// True from here on.
    pub ready: f64,
}

impl Times {
    pub fn of(case: &Case, window: f64, interval: f64) -> Self {
        let told = |text: &Option<String>| text.as_deref().and_then(seconds);
        let last = case.series.values().map(|values| changed(values) * interval).fold(0.0, f64::max);
        let onset = told(&case.onset).unwrap_or(last);
        Self { onset, ready: told(&case.warmup).unwrap_or(last.max(onset) + window) }
    }
}

pub fn seconds(text: &str) -> Option<f64> {
    parse(Unit::Duration, text)
}

/// Samples before the last stretch of `0x5 1x20` begins.
fn changed(values: &str) -> f64 {
    let values = spaceless(values);
    let stretches: Vec<&str> = values.split_whitespace().collect();
    let (_, earlier) = stretches.split_last().unwrap_or((&"", &[]));
    earlier.iter().map(|part| samples(part)).sum()
}

/// Tags without the spaces inside.
fn spaceless(values: &str) -> String {
    let mut inside = 0_usize;
    let mut kept = String::new();
    for (at, c) in values.char_indices() {
        let rest = &values[at..];
        inside += usize::from(rest.starts_with("<{"));
        inside -= usize::from(inside > 0 && at > 0 && values[..at].ends_with("}>"));
        if c != ' ' || inside == 0 {
            kept.push(c);
        }
    }
    kept
}

/// `1x5` is six samples, `_x5` five, a lone value one.
fn samples(stretch: &str) -> f64 {
    let Some((first, times)) = stretch.rsplit_once('x') else { return 1.0 };
    let times: f64 = times.parse().unwrap_or(0.0);
    if first == "_" { times } else { times + 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_stretch_begins_where_the_earlier_ones_end() {
        for (values, expected) in [
            ("1x<{ steps }>", 0.0),
            ("0x5 1x<{ steps }>", 6.0),
            ("1x3 stale", 4.0),
            ("_x10 <{ threshold.fires.number }>x<{ steps }>", 10.0),
            ("0+<{ threshold.fires.permille }>x<{ steps }>", 0.0),
            ("1 2 3x2 0x<{ steps }>", 5.0),
        ] {
            assert_eq!(changed(values), expected, "{values}");
        }
    }
}
