//! Which of two references is newer.
//!
//! In: references as they stand behind the name. Out: an order where there is one. A bare commit has none.

use std::cmp::Ordering;

/// What a reference names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `SHA # v7.0.1` or `v7`.
    Action,
    /// `16-alpine` or `16-alpine@sha256:…`.
    Image,
    /// `0.4.104`.
    Tool,
}

/// The order of two references of one subject. `v7` is as new as any `v7.x`.
pub fn order(kind: Kind, one: &str, other: &str) -> Option<Ordering> {
    let (this, that) = (Version::of(kind, one)?, Version::of(kind, other)?);
    let numbers = this.numbers.iter().zip(&that.numbers).map(|(one, other)| one.cmp(other)).find(|order| order.is_ne());
    let numbers = numbers.unwrap_or(Ordering::Equal);
    if kind == Kind::Image {
        let variant = (this.words == that.words).then_some(numbers)?;
        let digest = |text: &str| text.contains("@sha256:");
        return Some(variant.then(this.counts.cmp(&that.counts)).then(digest(one).cmp(&digest(other))));
    }
    // A release is newer than what was released before it under the same number.
    let early = |version: &Version| !version.words.is_empty();
    let release = early(&that).cmp(&early(&this));
    Some(numbers.then(release).then(this.words.cmp(&that.words)).then(this.counts.cmp(&that.counts)))
}

/// Numbers, and what stands behind them: `16-alpine3` is 16, `-alpine` and 3.
#[derive(Debug, PartialEq, Eq)]
struct Version {
    numbers: Vec<u64>,
    words: String,
    counts: Vec<u64>,
}

impl Version {
    fn of(kind: Kind, reference: &str) -> Option<Self> {
        let text = match kind {
            Kind::Action => reference.split_once('#').map_or(reference, |(_, tag)| tag),
            Kind::Image => reference.split('@').next().unwrap_or_default(),
            Kind::Tool => reference,
        };
        let text = text.trim().trim_start_matches("tag=");
        if kind == Kind::Action && is_commit(text) {
            return None;
        }
        let text = text.strip_prefix('v').unwrap_or(text);
        let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
        let (numbers, rest) = text.split_at(end);
        let numbers = counts(numbers);
        let words = rest.chars().filter(|c| !c.is_ascii_digit() && *c != '.').collect();
        (!numbers.is_empty()).then(|| Self { numbers, words, counts: counts(rest) })
    }
}

fn counts(text: &str) -> Vec<u64> {
    text.split(|c: char| !c.is_ascii_digit()).filter_map(|number| number.parse().ok()).collect()
}

/// Hexadecimal digits alone, and too many for a version.
fn is_commit(text: &str) -> bool {
    text.len() >= 7 && text.chars().all(|c| c.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHA: &str = "3d3c42e5aac5ba805825da76410c181273ba90b1";

    #[test]
    fn releases_are_ordered() {
        let rises = |kind, one: &str, other: &str| {
            assert_eq!(order(kind, one, other), Some(Ordering::Less), "{one} {other}");
            assert_eq!(order(kind, other, one), Some(Ordering::Greater), "{other} {one}");
        };
        rises(Kind::Action, &format!("{SHA} # v7.0.1"), "v7.0.10");
        rises(Kind::Action, "v6", &format!("{SHA} # v7.0.1"));
        rises(Kind::Tool, "0.4.99", "0.4.104");
        rises(Kind::Tool, "1.0.0-rc.2", "1.0.0");
        rises(Kind::Tool, "1.0.0-rc.2", "1.0.0-rc.10");
        rises(Kind::Image, "3.12-slim", "3.13-slim");
        rises(Kind::Image, "16-alpine3.19", "16-alpine3.20");
        rises(Kind::Image, "16", "16@sha256:00");
    }

    #[test]
    fn what_floats_is_as_new_as_what_it_covers() {
        assert_eq!(order(Kind::Action, "v7", "v7.0.1"), Some(Ordering::Equal));
        assert_eq!(order(Kind::Image, "16@sha256:00", "16.3@sha256:11"), Some(Ordering::Equal));
    }

    #[test]
    fn commits_variants_and_words_are_not() {
        assert_eq!(order(Kind::Action, SHA, &format!("{SHA} # v7.0.1")), None);
        assert_eq!(order(Kind::Action, "main", "v4"), None);
        assert_eq!(order(Kind::Image, "3.12-slim", "3.13-alpine"), None);
    }
}
