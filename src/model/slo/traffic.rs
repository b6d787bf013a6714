//! Whether there is enough traffic for burns to be told from chance.
//!
//! In: events a second that the spec expects, and the rows. Out: how many bad events make each row fire, and which rows wait for more.
//! Refuses nothing: what to do about it is said by the review.

use serde::Serialize;

use super::burn::Row;

#[derive(Clone, Debug, Serialize)]
pub struct Traffic {
    /// As the spec says it: `2/min`.
    pub load: String,
    pub per_hour: String,
    pub rows: Vec<Expected>,
}

/// A row at the expected traffic.
#[derive(Clone, Debug, Serialize)]
pub struct Expected {
    pub name: String,
    pub long: String,
    /// All events in the long window.
    pub all: String,
    /// Bad events in the long window at the threshold.
    pub bad: String,
    /// The least that the row takes as evidence.
    pub needed: String,
    pub enough: bool,
    /// Whether it can fire at all: when everything fails.
    pub possible: bool,
}

pub fn of(load: &str, per_second: f64, rows: &[Row]) -> Traffic {
    let expected = rows.iter().map(|row| {
        let all = per_second * seconds(row.long_seconds);
        let bad = all * row.ratio.as_number().map_or(0.0, |number| number.as_float());
        let needed: f64 = row.events.parse().unwrap_or(0.0);
        Expected {
            name: row.name.clone(),
            long: row.long.clone(),
            all: short(all),
            bad: short(bad),
            needed: row.events.clone(),
            enough: bad >= needed,
            possible: all >= needed,
        }
    });
    Traffic { load: load.to_owned(), per_hour: short(per_second * 3600.0), rows: expected.collect() }
}

#[allow(clippy::cast_precision_loss)]
fn seconds(whole: u64) -> f64 {
    whole as f64
}

/// One digit after the point below ten.
fn short(number: f64) -> String {
    let text = if number < 10.0 { format!("{number:.1}") } else { format!("{number:.0}") };
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}
