//! References that bots move: the newer one stands in all three texts before anything else is merged.
//!
//! In: the three texts and the pins of the new render. Out: the texts with each reference decided. Decides nothing where
//! there is no order: then the lines are merged as any others.

mod find;
mod version;

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::ops::Range;

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::Sides;
use crate::artifact::Pin;
use find::Finder;
use version::Kind;

/// The three texts with the references that won: base, ours, theirs.
pub fn settle(sides: Sides<'_>, pins: &[Pin]) -> [String; 3] {
    let finders: Vec<Finder<'_>> = pins.iter().map(|pin| Finder::of(pin, sides.theirs)).collect();
    let texts = [sides.base, sides.ours, sides.theirs].map(|text| Text::of(text, &finders));
    let mut wins: [BTreeMap<usize, String>; 3] = Default::default();
    for (places, kind) in matched(&texts, &finders) {
        let [base, ours, theirs] = [0, 1, 2].map(|side: usize| texts[side].reference(places[side]));
        if let Some(winner) = winner(kind, base, ours, theirs) {
            (0..3).for_each(|side| drop(wins[side].insert(places[side], winner.to_owned())));
        }
    }
    for (place, newer) in added(&texts, &finders, &wins) {
        wins[2].insert(place, newer);
    }
    [0, 1, 2].map(|side: usize| texts[side].with(&wins[side]))
}

/// The reference that wins, where one does.
fn winner<'t>(kind: Kind, base: &'t str, ours: &'t str, theirs: &'t str) -> Option<&'t str> {
    if ours == base || ours == theirs {
        return Some(theirs);
    }
    if theirs == base {
        return Some(ours);
    }
    match version::order(kind, ours, theirs)? {
        Ordering::Less if version::order(kind, ours, base)? == Ordering::Less => Some(ours),
        Ordering::Less => Some(theirs),
        _ => Some(ours),
    }
}

/// A reference in a text.
struct Place {
    line: usize,
    range: Range<usize>,
    /// Which pin it belongs to.
    pin: usize,
}

struct Text<'a> {
    text: &'a str,
    /// In their order.
    places: Vec<Place>,
    /// The lines with every reference replaced by the pin it belongs to.
    masked: Vec<String>,
}

impl<'a> Text<'a> {
    fn of(text: &'a str, finders: &[Finder<'_>]) -> Self {
        let (mut places, mut masked) = (Vec::new(), Vec::new());
        let mut at = 0;
        for (number, line) in text.split_inclusive('\n').enumerate() {
            let found = in_line(line.trim_end_matches('\n'), finders);
            masked.push(mask(line, &found));
            let absolute = |(range, pin): (Range<usize>, usize)| Place {
                line: number,
                range: at + range.start..at + range.end,
                pin,
            };
            places.extend(found.into_iter().map(absolute));
            at += line.len();
        }
        Self { text, places, masked }
    }

    fn reference(&self, place: usize) -> &'a str {
        &self.text[self.places[place].range.clone()]
    }

    /// Places in a line, of one pin.
    fn at(&self, line: usize) -> impl Iterator<Item = usize> {
        let first = self.places.partition_point(|place| place.line < line);
        let end = self.places.partition_point(|place| place.line <= line);
        first..end
    }

    fn of_pin(&self, pin: usize) -> impl Iterator<Item = usize> {
        self.places.iter().enumerate().filter(move |(_, place)| place.pin == pin).map(|(at, _)| at)
    }

    fn with(&self, wins: &BTreeMap<usize, String>) -> String {
        let mut text = String::with_capacity(self.text.len());
        let mut at = 0;
        for (place, winner) in wins {
            let range = &self.places[*place].range;
            text.push_str(&self.text[at..range.start]);
            text.push_str(winner);
            at = range.end;
        }
        text + &self.text[at..]
    }
}

/// References of a line in their order; where two pins claim one place, the first has it.
fn in_line(line: &str, finders: &[Finder<'_>]) -> Vec<(Range<usize>, usize)> {
    let mut found: Vec<(Range<usize>, usize)> = Vec::new();
    for (pin, finder) in finders.iter().enumerate() {
        for range in finder.places(line) {
            if found.iter().all(|(other, _)| range.end <= other.start || other.end <= range.start) {
                found.push((range, pin));
            }
        }
    }
    found.sort_by_key(|(range, _)| range.start);
    found
}

fn mask(line: &str, found: &[(Range<usize>, usize)]) -> String {
    let mut masked = String::new();
    let mut at = 0;
    for (range, pin) in found {
        masked.push_str(&line[at..range.start]);
        masked.push_str(&format!("\0{pin}"));
        at = range.end;
    }
    masked + &line[at..]
}

/// References that are one and the same in all three texts: on lines that are alike but for them, then by their order
/// where there are as many in each.
fn matched(texts: &[Text<'_>; 3], finders: &[Finder<'_>]) -> Vec<([usize; 3], Kind)> {
    let [base, ours, theirs] = texts;
    let (to_ours, to_theirs) = (alike(&base.masked, &ours.masked), alike(&base.masked, &theirs.masked));
    let mut found: Vec<[usize; 3]> = Vec::new();
    for (line, mine) in &to_ours {
        let Some(new) = to_theirs.get(line) else { continue };
        found.extend(base.at(*line).zip(ours.at(*mine)).zip(theirs.at(*new)).map(|((b, o), t)| [b, o, t]));
    }
    for pin in 0..finders.len() {
        let left = |side: usize| -> Vec<usize> {
            texts[side].of_pin(pin).filter(|place| found.iter().all(|places| places[side] != *place)).collect()
        };
        let [base, ours, theirs] = [left(0), left(1), left(2)];
        if base.len() == ours.len() && base.len() == theirs.len() {
            found.extend(base.into_iter().zip(ours).zip(theirs).map(|((b, o), t)| [b, o, t]));
        }
    }
    let kind = |places: &[usize; 3]| finders[base.places[places[0]].pin].kind;
    found.iter().map(|places| (*places, kind(places))).collect()
}

/// Lines of one that stand in the other.
fn alike(one: &[String], other: &[String]) -> BTreeMap<usize, usize> {
    let mut found = BTreeMap::new();
    for op in capture_diff_slices(Algorithm::Myers, one, other) {
        if let DiffOp::Equal { old_index, new_index, len } = op {
            found.extend((0..len).map(|at| (old_index + at, new_index + at)));
        }
    }
    found
}

/// References that are new in theirs, when every one of the user's is newer.
fn added(texts: &[Text<'_>; 3], finders: &[Finder<'_>], wins: &[BTreeMap<usize, String>; 3]) -> Vec<(usize, String)> {
    let [_, ours, theirs] = texts;
    let fresh = (0..theirs.places.len()).filter(|place| !wins[2].contains_key(place));
    let newer = fresh.filter_map(|place| {
        let pin = theirs.places[place].pin;
        let finder = finders.get(pin)?;
        let mut mine = ours.of_pin(pin).map(|place| ours.reference(place));
        let first = mine.next().filter(|_| finder.kind != Kind::Tool)?;
        let same = mine.all(|other| other == first);
        let beats = version::order(finder.kind, first, theirs.reference(place)) == Some(Ordering::Greater);
        (same && beats).then(|| (place, first.to_owned()))
    });
    newer.collect()
}
