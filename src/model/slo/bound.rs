//! The bound of a promise about time: which bucket counts what was fast enough.
//!
//! In: the promised time and the bounds of a histogram. Out: the bound that is counted at, its matcher, and whether it is the promised one.
//! Refuses: a time outside of the histogram, where nothing could be told.

use serde::Serialize;

use super::exact::Exact;

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Bound {
    /// As promised: `200ms`.
    pub promised: String,
    /// As counted: `250ms`.
    pub text: String,
    /// The same in seconds, as the label `le` has it.
    pub le: String,
    pub seconds: f64,
    pub exact: bool,
    /// The bounds around the promised time.
    pub beside: Vec<String>,
}

/// What a time is refused with: the bounds that there are.
pub type Refusal = String;

/// The bucket of the promised time, otherwise the nearest by ratio: of 200ms between 100ms and 250ms the second.
pub fn of(promised: &str, seconds: f64, buckets: &[f64]) -> Result<Bound, Refusal> {
    let below = buckets.iter().copied().filter(|bound| *bound <= seconds).reduce(f64::max);
    let above = buckets.iter().copied().filter(|bound| *bound >= seconds).reduce(f64::min);
    let (Some(below), Some(above)) = (below, above) else {
        let ends = [buckets.first(), buckets.last()];
        return Err(ends.into_iter().flatten().map(|bound| spoken(*bound)).collect::<Vec<_>>().join(" to "));
    };
    let taken = if seconds / below < above / seconds { below } else { above };
    let mut beside = vec![spoken(below), spoken(above)];
    beside.dedup();
    Ok(Bound {
        promised: promised.to_owned(),
        text: spoken(taken),
        le: taken.to_string(),
        seconds: taken,
        exact: (taken - seconds).abs() < f64::EPSILON,
        beside,
    })
}

/// The promised time itself, as a bound that the histogram is asked to have.
pub fn chosen(promised: &str, seconds: f64) -> Bound {
    let (text, le) = (spoken(seconds), seconds.to_string());
    Bound { promised: promised.to_owned(), text, le, seconds, exact: true, beside: Vec::new() }
}

impl Bound {
    /// Prometheus 3 writes `1.0` where others write `1`.
    pub fn matcher(&self) -> String {
        if self.le.contains('.') { format!("le=\"{}\"", self.le) } else { format!("le=~\"{}(\\\\.0)?\"", self.le) }
    }
}

/// `250ms`, `2.5s`
fn spoken(seconds: f64) -> String {
    let millis = seconds * 1000.0;
    if seconds < 1.0 { format!("{}ms", Exact::new(rounded(millis * 1000.0), 1000)) } else { format!("{seconds}s") }
}

#[allow(clippy::cast_possible_truncation)]
fn rounded(number: f64) -> i128 {
    number.round() as i128
}

#[cfg(test)]
mod tests {
    use super::*;

    const BUCKETS: [f64; 8] = [0.005, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

    #[test]
    fn a_bound_of_the_histogram_is_counted_as_it_stands() {
        let half = of("500ms", 0.5, &BUCKETS).expect("a bound");
        assert!(half.exact);
        assert_eq!((half.text.as_str(), half.matcher().as_str()), ("500ms", "le=\"0.5\""));
        let one = of("1s", 1.0, &BUCKETS).expect("a bound");
        assert_eq!(one.matcher(), "le=~\"1(\\\\.0)?\"");
    }

    #[test]
    fn between_two_the_nearest_is_counted_and_outside_nothing() {
        let near = of("200ms", 0.2, &BUCKETS).expect("a bound");
        assert_eq!((near.text.as_str(), near.exact), ("250ms", false));
        assert_eq!(near.beside, ["100ms", "250ms"]);
        assert_eq!(of("120ms", 0.12, &BUCKETS).expect("a bound").text, "100ms");
        assert_eq!(of("20s", 20.0, &BUCKETS), Err("5ms to 10s".into()));
        assert_eq!(of("1ms", 0.001, &BUCKETS), Err("5ms to 10s".into()));
    }
}
