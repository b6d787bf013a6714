//! Turns a template into Tera source: values placed, statement lines removed, names of files made whole.
//!
//! In: template source. Out: Tera source with the same line numbers, and what the template refers to.
//! Refuses: a tag that is never closed.

use super::expression::text_length;
use super::source::{Kind, Piece, split};
use super::surround::{encode, places};
use crate::format::{Place, Syntax};

/// What a template refers to, with the offset of each name in the source.
#[derive(Clone, Debug, Default)]
pub struct Calls {
    pub includes: Vec<(String, usize)>,
    pub fragments: Vec<(String, usize)>,
    pub slots: Vec<(String, usize)>,
}

/// Functions that take one name without a keyword.
const NAMED: &[&str] = &["pin", "image", "fragment", "slot", "tool"];

/// `resolve` makes the name of an included file or fragment whole; `mark`, where there is one, gives what stands before
/// each line.
pub fn prepare(
    source: &str,
    syntax: Syntax,
    resolve: &dyn Fn(&str) -> String,
    mark: Option<&dyn Fn(usize) -> String>,
) -> Result<(String, Calls), usize> {
    let pieces = split(source)?;
    let mut out = String::with_capacity(source.len() + 256);
    let mut calls = Calls::default();
    let places = places(source, &pieces, syntax);
    let standalone = standalone(source, &pieces);
    for (at, piece) in pieces.iter().enumerate() {
        match piece.kind {
            Kind::Text => {
                let fresh = at == 0 || standalone[at - 1].last;
                let text = text(source, piece, at, &standalone, pieces.len());
                let Some(mark) = mark else {
                    out.push_str(text);
                    continue;
                };
                let line = source[..piece.range.end].matches('\n').count() + 1 - text.matches('\n').count();
                push_marked(text, fresh, line, mark, &mut out);
                if text.ends_with('\n') && at + 1 < pieces.len() {
                    out.push_str(&mark(line + text.matches('\n').count()));
                }
            }
            Kind::Value => value(source, piece, &places[at], resolve, &mut calls, &mut out),
            Kind::Statement | Kind::Comment => statement(source, piece, standalone[at], resolve, &mut calls, &mut out),
        }
    }
    Ok((out, calls))
}

/// Text with a mark at the beginning of every line.
fn push_marked(text: &str, fresh: bool, first: usize, mark: &dyn Fn(usize) -> String, out: &mut String) {
    for (at, line) in text.split_inclusive('\n').enumerate() {
        if at > 0 || fresh {
            out.push_str(&mark(first + at));
        }
        out.push_str(line);
    }
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
fn text<'s>(source: &'s str, piece: &Piece, at: usize, standalone: &[Standalone], count: usize) -> &'s str {
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
    text
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
            let length = text_length(rest, c);
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

#[cfg(test)]
mod tests {
    use super::*;

    fn tera(source: &str) -> String {
        prepare(source, Syntax::Text, &|name| format!("a/b/{name}"), None).unwrap().0
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
