//! What a series does over time: `1`, `600/min`, `30/min at 2s`, `now`, `every 12h`, `stays`, `3 times`, `at 2s`, `gone`.
//!
//! In: words. Out: promtool's notation, piece by piece, each going on from where the one before it ended.
//! Refuses: words that are none of these.

use crate::catalog::alert::Unit;
use crate::model::alert::number::{number, parse, tidy};

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Shape {
    /// No samples.
    Gone,
    Level(f64),
    /// So much more a second.
    Rate(f64),
    /// So many events a second, each of this size.
    Events(f64, f64),
    /// The time, or so many seconds before it.
    Clock(f64),
    /// The last time that was a multiple of this.
    Every(f64),
    /// Whatever it was.
    Stays,
    /// So many times what is normal.
    Times(f64),
    /// As many events as is normal, each of this size.
    Size(f64),
}

impl Shape {
    pub fn parse(words: &str) -> Result<Self, String> {
        let fault = || {
            format!(
                "`{words}` is no behaviour of a series: write 1, 600/min, 600/min at 50ms, now, now - 5m, every 12h, stays or gone"
            )
        };
        let duration = |text: &str| parse(Unit::Duration, text.trim());
        let size = |text: &str| duration(text).or_else(|| text.trim().parse().ok());
        let words = words.trim();
        let found = match words.split_once(' ') {
            _ if words == "gone" => Some(Self::Gone),
            _ if words == "stays" => Some(Self::Stays),
            _ if words == "now" => Some(Self::Clock(0.0)),
            Some(("now", rest)) => match rest.trim().split_at_checked(1) {
                Some(("-", behind)) => duration(behind).map(Self::Clock),
                Some(("+", ahead)) => duration(ahead).map(|ahead| Self::Clock(-ahead)),
                _ => None,
            },
            Some(("at", rest)) => size(rest).map(Self::Size),
            Some((factor, "times")) => factor.parse().ok().map(Self::Times),
            Some(("every", rest)) => duration(rest).map(Self::Every),
            _ => match words.split_once(" at ") {
                Some((rate, each)) => size(each).and_then(|size| Some(Self::Events(per_second(rate)?, size))),
                None => words.parse().ok().map(Self::Level).or_else(|| per_second(words).map(Self::Rate)),
            },
        };
        found.ok_or_else(fault)
    }
}

/// `600/min`, `50rps`, `-1/h`, `200% of 5/min`
fn per_second(words: &str) -> Option<f64> {
    if let Some((share, rate)) = words.split_once(" of ") {
        return Some(parse(Unit::Ratio, share)? * per_second(rate)?);
    }
    match words.trim().strip_prefix('-') {
        Some(rate) => parse(Unit::Rate, rate).map(|rate| -rate),
        None => parse(Unit::Rate, words.trim()),
    }
}

/// A series that is written piece by piece.
pub struct Line {
    text: Vec<String>,
    /// The last sample; none while there is none.
    last: Option<f64>,
    /// Where a counter goes on after a pause.
    kept: f64,
    /// Samples so far.
    at: u64,
    step: f64,
}

impl Line {
    pub fn new(step: u64) -> Self {
        #[allow(clippy::cast_precision_loss)]
        Self { text: Vec::new(), last: None, kept: 0.0, at: 0, step: step as f64 }
    }

    /// So many samples of that shape; `share` is the part of the events that this line counts.
    pub fn go(&mut self, shape: Shape, share: f64, samples: u64) {
        if samples == 0 {
            return;
        }
        match shape {
            // how much it is was settled before
            Shape::Gone | Shape::Times(_) | Shape::Size(_) => self.gone(samples),
            Shape::Level(value) => self.run(value, 0.0, samples),
            Shape::Rate(rate) | Shape::Events(rate, _) => {
                let slope = rate * share * self.step;
                let start = if self.at == 0 { self.kept } else { self.kept + slope };
                self.run(start, slope, samples);
            }
            Shape::Clock(behind) => self.run(self.seconds() - behind, self.step, samples),
            Shape::Stays => self.run(self.kept, 0.0, samples),
            Shape::Every(period) => self.every(period, samples),
        }
        self.at += samples;
    }

    pub fn text(&self) -> String {
        self.text.join(" ")
    }

    #[allow(clippy::cast_precision_loss)]
    fn seconds(&self) -> f64 {
        self.at as f64 * self.step
    }

    fn gone(&mut self, samples: u64) {
        let mut left = samples;
        if self.last.take().is_some() {
            self.text.push("stale".into());
            left -= 1;
        }
        if left > 0 {
            self.text.push(format!("_x{left}"));
        }
    }

    #[allow(clippy::cast_precision_loss)]
    fn run(&mut self, start: f64, slope: f64, samples: u64) {
        let (from, by) = (number(start), number(slope.abs()));
        let more = samples - 1;
        self.text.push(match slope {
            0.0 => format!("{from}x{more}"),
            slope if slope < 0.0 => format!("{from}-{by}x{more}"),
            _ => format!("{from}+{by}x{more}"),
        });
        self.kept = tidy(start + slope * more as f64);
        self.last = Some(self.kept);
    }

    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    fn every(&mut self, period: f64, samples: u64) {
        let end = self.at + samples;
        let mut at = self.at;
        while at < end {
            let turn = (at as f64 * self.step / period).floor() * period;
            let next = (((turn + period) / self.step).ceil() as u64).clamp(at + 1, end);
            self.run(turn, 0.0, next - at);
            at = next;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(pieces: &[(&str, u64)]) -> String {
        let mut line = Line::new(60);
        for (words, samples) in pieces {
            line.go(Shape::parse(words).unwrap_or(Shape::Gone), 1.0, *samples);
        }
        line.text()
    }

    #[test]
    fn each_piece_goes_on_from_the_one_before() {
        assert_eq!(told(&[("600/min", 3), ("0/min", 2), ("200% of 5/min", 2)]), "0+600x2 1200x1 1210+10x1");
        assert_eq!(told(&[("1", 2), ("gone", 3), ("1", 1)]), "1x1 stale _x2 1x0");
        assert_eq!(told(&[("gone", 2), ("7", 1)]), "_x2 7x0");
        assert_eq!(told(&[("now", 2), ("stays", 2), ("now - 5m", 2)]), "0+60x1 60x1 -60+60x1");
        assert_eq!(told(&[("every 2m", 5)]), "0x1 120x1 240x0");
        assert_eq!(told(&[("5", 1), ("-1/min", 2)]), "5x0 4-1x1");
    }

    #[test]
    fn other_words_are_refused() {
        assert_eq!(Shape::parse("50rps at 2s"), Ok(Shape::Events(50.0, 2.0)));
        for words in ["soon", "every", "now - x", "1/parsec", "5 at 1/min", ""] {
            assert!(Shape::parse(words).is_err(), "{words}");
        }
    }
}
