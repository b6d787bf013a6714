//! Looks at the lines around each value, and hands its place to the filter that writes it.
//!
//! In: a template split into pieces. Out: a place a value, as a word and back. Refuses nothing.

use std::borrow::Cow;

use super::place::{Blocks, find};
use super::source::{Kind, Piece};
use crate::format::{Place, Spot, Syntax};

/// The place of each value; empty places for other pieces.
pub fn places(source: &str, pieces: &[Piece], syntax: Syntax) -> Vec<Place> {
    let blank = blanked(source, pieces);
    let mut places = vec![Place::default(); pieces.len()];
    let mut blocks = Blocks::default();
    let mut start = 0;
    let mut next = 0;
    for line in blank.split_inclusive('\n') {
        let end = start + line.len();
        let line = line.trim_end_matches(['\n', '\r']);
        blocks.leave(syntax, line);
        while next < pieces.len() && pieces[next].range.start < end {
            let piece = &pieces[next];
            if piece.kind == Kind::Value {
                let before = &blank[start..piece.range.start];
                let after = blank[piece.range.end..].split('\n').next().unwrap_or("");
                places[next] = find(syntax, &blocks, &visible(before), &visible(after));
            }
            next += 1;
        }
        blocks.enter(syntax, &visible(line));
        start = end;
    }
    places
}

/// A letter that stands for a value in the lines we look at.
const STANDS_FOR_VALUE: char = '\u{1}';

/// The source with tags replaced byte by byte, so that offsets stay true.
fn blanked(source: &str, pieces: &[Piece]) -> String {
    let mut out = String::with_capacity(source.len());
    for piece in pieces {
        let text = &source[piece.range.clone()];
        match piece.kind {
            Kind::Text => out.push_str(text),
            Kind::Value => out.extend(text.bytes().map(|byte| if byte == b'\n' { '\n' } else { STANDS_FOR_VALUE })),
            _ => out.extend(text.bytes().map(|byte| if byte == b'\n' { '\n' } else { '\u{2}' })),
        }
    }
    out
}

/// The line as it will look: values as one letter, statements gone.
fn visible(line: &str) -> Cow<'_, str> {
    if !line.contains(['\u{2}', STANDS_FOR_VALUE]) {
        return Cow::Borrowed(line);
    }
    let mut out = String::with_capacity(line.len());
    for c in line.chars() {
        match c {
            '\u{2}' => {}
            STANDS_FOR_VALUE if out.ends_with('v') => {}
            STANDS_FOR_VALUE => out.push('v'),
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// A place as one word for the `place` filter.
pub fn encode(place: &Place) -> String {
    let spot = match place.spot {
        Spot::Whole => 'w',
        Spot::Word => 'p',
        Spot::Key => 'k',
        Spot::Double => 'd',
        Spot::Single => 's',
        Spot::Comment => 'c',
        Spot::Block => 'b',
    };
    let number = |n: Option<usize>| n.map_or(String::new(), |n| n.to_string());
    format!("{spot};{};{};{}", number(place.indent), number(place.alone), place.key)
}

pub fn decode(text: &str) -> Place {
    let mut parts = text.splitn(4, ';');
    let spot = match parts.next() {
        Some("p") => Spot::Word,
        Some("k") => Spot::Key,
        Some("d") => Spot::Double,
        Some("s") => Spot::Single,
        Some("c") => Spot::Comment,
        Some("b") => Spot::Block,
        _ => Spot::Whole,
    };
    let indent = parts.next().and_then(|n| n.parse().ok());
    let alone = parts.next().and_then(|n| n.parse().ok());
    Place { spot, indent, alone, key: parts.next().unwrap_or("").to_owned() }
}
