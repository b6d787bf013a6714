//! Splits a template into text and tags.
//!
//! In: template source with `<{ }>`, `<% %>`, `<# #>`. Out: pieces that cover it without a gap.
//! Refuses: a tag that is never closed.

use std::ops::Range;

use tera::Delimiters;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    /// `<{ … }>`
    Value,
    /// `<% … %>`
    Statement,
    /// `<# … #>`
    Comment,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    pub kind: Kind,
    /// With the delimiters.
    pub range: Range<usize>,
}

impl Piece {
    /// The text between the delimiters, without whitespace control, and where it starts.
    pub fn inner<'s>(&self, source: &'s str) -> (&'s str, usize) {
        let whole = &source[self.range.clone()];
        let body = &whole[2..whole.len() - 2];
        let start = usize::from(body.starts_with('-'));
        let end = body.len() - usize::from(body.len() > start && body.ends_with('-'));
        (&body[start..end], self.range.start + 2 + start)
    }
}

impl Piece {
    /// The same for a tag; nothing for text.
    pub fn inner_if_tag<'s>(&self, source: &'s str) -> (&'s str, usize) {
        if self.kind == Kind::Text { ("", self.range.start) } else { self.inner(source) }
    }
}

/// The pieces, or the offset of a tag that is never closed.
pub fn split(source: &str) -> Result<Vec<Piece>, usize> {
    let mut pieces = Vec::new();
    let mut at = 0;
    let mut raw = false;
    while at < source.len() {
        let Some((kind, start)) = next_tag(source, at) else { break };
        let end = close(source, kind, start).ok_or(start)?;
        let piece = Piece { kind, range: start..end };
        let word = if kind == Kind::Statement { piece.inner(source).0.trim() } else { "" };
        let hidden = raw && word != "endraw";
        if word == "raw" || word == "endraw" {
            raw = word == "raw";
        }
        if hidden {
            // Between raw and endraw everything is text, so look on right after the opening.
            push_text(&mut pieces, at..start + 2);
            at = start + 2;
            continue;
        }
        push_text(&mut pieces, at..start);
        pieces.push(piece);
        at = end;
    }
    push_text(&mut pieces, at..source.len());
    Ok(pieces)
}

fn push_text(pieces: &mut Vec<Piece>, range: Range<usize>) {
    if range.is_empty() {
        return;
    }
    match pieces.last_mut() {
        Some(last) if last.kind == Kind::Text => last.range.end = range.end,
        _ => pieces.push(Piece { kind: Kind::Text, range }),
    }
}

fn next_tag(source: &str, from: usize) -> Option<(Kind, usize)> {
    let bytes = source.as_bytes();
    (from..bytes.len().saturating_sub(1)).find_map(|at| match (bytes[at], bytes[at + 1]) {
        (b'<', b'{') => Some((Kind::Value, at)),
        (b'<', b'%') => Some((Kind::Statement, at)),
        (b'<', b'#') => Some((Kind::Comment, at)),
        _ => None,
    })
}

/// The end of the tag that opens at `start`; strings inside it may hold the closing delimiter.
fn close(source: &str, kind: Kind, start: usize) -> Option<usize> {
    let (end, strings) = match kind {
        Kind::Value => (b"}>", true),
        Kind::Statement => (b"%>", true),
        _ => (b"#>", false),
    };
    let bytes = source.as_bytes();
    let mut quote = None;
    let mut at = start + 2;
    while at + 1 < bytes.len() {
        match (quote, bytes[at]) {
            (Some(_), b'\\') => at += 1,
            (Some(open), byte) if byte == open => quote = None,
            (Some(_), _) => {}
            (None, byte @ (b'"' | b'\'' | b'`')) if strings => quote = Some(byte),
            (None, _) if &bytes[at..at + 2] == end => return Some(at + 2),
            _ => {}
        }
        at += 1;
    }
    None
}

/// What begins and ends a tag: nothing that the languages we write use.
pub fn delimiters() -> Delimiters {
    Delimiters {
        block_start: "<%".into(),
        block_end: "%>".into(),
        variable_start: "<{".into(),
        variable_end: "}>".into(),
        comment_start: "<#".into(),
        comment_end: "#>".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closing_delimiters_in_strings_and_raw_blocks_are_text() {
        let source = "a<{ \"}>\" }>b<% raw %><{ x }><% endraw %>c";
        let kinds: Vec<_> = split(source).unwrap().into_iter().map(|piece| piece.kind).collect();
        assert_eq!(
            kinds,
            [Kind::Text, Kind::Value, Kind::Text, Kind::Statement, Kind::Text, Kind::Statement, Kind::Text]
        );
    }
}
