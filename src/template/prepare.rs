//! Turns a template into Tera source: values placed, statement lines removed, names of files made whole.
//!
//! In: template source. Out: Tera source with the same line numbers, and what the template refers to.
//! Refuses: a tag that is never closed.

use super::place::{Blocks, find};
use super::source::{Kind, Piece, split};
use crate::format::{Place, Spot, Syntax};

/// What a template refers to, with the offset of each name in the source.
#[derive(Clone, Debug, Default)]
pub struct Calls {
    pub includes: Vec<(String, usize)>,
    pub fragments: Vec<(String, usize)>,
    pub slots: Vec<(String, usize)>,
}

/// Functions that take one name without a keyword.
const NAMED: &[&str] = &["pin", "image", "fragment", "slot", "tool"];

/// `resolve` makes the name of an included file or fragment whole.
pub fn prepare(source: &str, syntax: Syntax, resolve: &dyn Fn(&str) -> String) -> Result<(String, Calls), usize> {
    let pieces = split(source)?;
    let mut out = String::with_capacity(source.len() + 256);
    let mut calls = Calls::default();
    let places = places(source, &pieces, syntax);
    let standalone = standalone(source, &pieces);
    for (at, piece) in pieces.iter().enumerate() {
        match piece.kind {
            Kind::Text => out.push_str(&text(source, piece, at, &standalone, pieces.len())),
            Kind::Value => value(source, piece, &places[at], resolve, &mut calls, &mut out),
            Kind::Statement | Kind::Comment => statement(source, piece, standalone[at], resolve, &mut calls, &mut out),
        }
    }
    Ok((out, calls))
}

/// Whether each tag's line holds nothing but statements and comments.
fn standalone(source: &str, pieces: &[Piece]) -> Vec<Standalone> {
    let mut found = vec![Standalone::default(); pieces.len()];
    let mut at = 0;
    while at < pieces.len() {
        let mut end = at;
        while end < pieces.len() && quiet(source, &pieces[end]) {
            end += 1;
        }
        let run: Vec<usize> =
            (at..end).filter(|&i| matches!(pieces[i].kind, Kind::Statement | Kind::Comment)).collect();
        if let (Some(&first), Some(&last)) = (run.first(), run.last())
            && starts_line(source, pieces[first].range.start)
            && ends_line(source, pieces[last].range.end)
        {
            for &i in &run {
                found[i].whole = true;
            }
            found[last].last = true;
        }
        at = end.max(at + 1);
    }
    found
}

#[derive(Clone, Copy, Debug, Default)]
struct Standalone {
    whole: bool,
    last: bool,
}

/// A statement, a comment, or blank text without a line break.
fn quiet(source: &str, piece: &Piece) -> bool {
    piece.kind != Kind::Value
        && (piece.kind != Kind::Text || source[piece.range.clone()].chars().all(|c| c == ' ' || c == '\t'))
}

fn starts_line(source: &str, at: usize) -> bool {
    source[..at].trim_end_matches([' ', '\t']).chars().next_back().is_none_or(|c| c == '\n')
}

fn ends_line(source: &str, at: usize) -> bool {
    source[at..].trim_start_matches([' ', '\t', '\r']).chars().next().is_none_or(|c| c == '\n')
}

/// Text without the blanks and the line break that belong to a removed line next to it.
fn text(source: &str, piece: &Piece, at: usize, standalone: &[Standalone], count: usize) -> String {
    let mut text = &source[piece.range.clone()];
    let after_tag = at > 0 && standalone[at - 1].whole;
    let before_tag = at + 1 < count && standalone[at + 1].whole;
    if after_tag && standalone[at - 1].last {
        let rest = text.trim_start_matches([' ', '\t', '\r']);
        text = rest.strip_prefix('\n').unwrap_or(rest);
    }
    if before_tag {
        text = text.trim_end_matches([' ', '\t']);
    }
    text.to_owned()
}

/// Keeps the removed line break inside the tag, so that line numbers stay true.
fn statement(
    source: &str,
    piece: &Piece,
    alone: Standalone,
    resolve: &dyn Fn(&str) -> String,
    calls: &mut Calls,
    out: &mut String,
) {
    let whole = &source[piece.range.clone()];
    let breaks = alone.last && source[piece.range.end..].trim_start_matches([' ', '\t', '\r']).starts_with('\n');
    let body = &whole[..whole.len() - 2];
    let (body, dash) = body.strip_suffix('-').filter(|rest| rest.len() > 2).map_or((body, ""), |rest| (rest, "-"));
    if piece.kind == Kind::Statement {
        out.push_str(&expression(body, piece.range.start, resolve, calls));
    } else {
        out.push_str(body);
    }
    if breaks {
        out.push('\n');
    }
    out.push_str(dash);
    out.push_str(&whole[whole.len() - 2..]);
}

fn value(
    source: &str,
    piece: &Piece,
    place: &Place,
    resolve: &dyn Fn(&str) -> String,
    calls: &mut Calls,
    out: &mut String,
) {
    let whole = &source[piece.range.clone()];
    let (inner, start) = piece.inner(source);
    let open = &source[piece.range.start..start];
    let close = &whole[start - piece.range.start + inner.len()..];
    if inner.trim_start().starts_with('<') {
        out.push_str(whole);
        return;
    }
    let inner = expression(inner, start, resolve, calls);
    out.push_str(&format!("{open} ({}) | place(at={}) {close}", inner.trim(), quote(&encode(place))));
}

fn quote(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Gives the one unnamed argument of our functions its keyword, and whole names to files.
fn expression(source: &str, offset: usize, resolve: &dyn Fn(&str) -> String, calls: &mut Calls) -> String {
    let mut out = String::with_capacity(source.len() + 16);
    let mut rest = source;
    let mut word = String::new();
    while let Some(c) = rest.chars().next() {
        let at = offset + source.len() - rest.len();
        if c == '"' || c == '\'' || c == '`' {
            let length = string_length(rest, c);
            let name = rest.get(1..length.saturating_sub(1)).unwrap_or("");
            match word.as_str() {
                "include" => {
                    calls.includes.push((resolve(name), at));
                    out.push_str(&quote(&resolve(name)));
                }
                "fragment(" => {
                    calls.fragments.push((resolve(name), at));
                    out.push_str(&format!("name={}", quote(&resolve(name))));
                }
                "slot(" => {
                    calls.slots.push((name.to_owned(), at));
                    out.push_str(&format!("name={}", &rest[..length]));
                }
                _ if NAMED.iter().any(|named| word.strip_suffix('(') == Some(named)) => {
                    out.push_str(&format!("name={}", &rest[..length]));
                }
                _ => out.push_str(&rest[..length]),
            }
            word.clear();
            rest = &rest[length..];
            continue;
        }
        if c.is_alphanumeric() || c == '_' {
            let length = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
            let opened = word.strip_suffix('(').is_some_and(|name| NAMED.contains(&name));
            let keyword = rest[length..].trim_start().strip_prefix('=').is_some_and(|rest| !rest.starts_with('='));
            if opened && !keyword {
                out.push_str("name=");
            }
            word = rest[..length].to_owned();
            out.push_str(&word);
            rest = &rest[length..];
            continue;
        }
        if c == '(' {
            word.push('(');
        } else if !c.is_whitespace() {
            word.clear();
        }
        out.push(c);
        rest = &rest[c.len_utf8()..];
    }
    out
}

fn string_length(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// The place of each value; empty places for other pieces.
fn places(source: &str, pieces: &[Piece], syntax: Syntax) -> Vec<Place> {
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
fn visible(line: &str) -> String {
    let mut out = String::new();
    for c in line.chars() {
        match c {
            '\u{2}' => {}
            STANDS_FOR_VALUE if out.ends_with('v') => {}
            STANDS_FOR_VALUE => out.push('v'),
            c => out.push(c),
        }
    }
    out
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

#[cfg(test)]
mod tests {
    use super::*;

    fn tera(source: &str) -> String {
        prepare(source, Syntax::Text, &|name| format!("a/b/{name}")).unwrap().0
    }

    #[test]
    fn statement_lines_vanish_and_line_numbers_stay() {
        let out = tera("a\n  <% if x %>\nb\n  <% endif %>\nc\n");
        assert_eq!(out, "a\n<% if x \n%>b\n<% endif \n%>c\n");
    }

    #[test]
    fn inline_statements_keep_their_line() {
        assert_eq!(tera("a<% if x %>b<% endif %>\n"), "a<% if x %>b<% endif %>\n");
    }

    #[test]
    fn one_unnamed_argument_gets_its_keyword() {
        assert_eq!(tera("<% set x = pin(\"a\") ~ slot('s') %>"), "<% set x = pin(name=\"a\") ~ slot(name='s') %>");
        assert_eq!(tera("<% set x = image(m.image.base) %>"), "<% set x = image(name=m.image.base) %>");
        assert_eq!(tera("<% set x = image(name=m.base) %>"), "<% set x = image(name=m.base) %>");
        assert_eq!(tera("<% include \"p\" %>"), "<% include \"a/b/p\" %>");
    }
}
