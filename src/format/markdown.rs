//! Markdown text: a value comes out as text, never as markup.
//!
//! In: a string. Out: the escaped text, a code span, or fenced text. Refuses: a fence inside a fence.

/// Text in a paragraph, heading, list item or table cell. `start` says that a block could begin here.
pub fn text(text: &str, start: bool) -> String {
    if !start && is_plain(text) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let chars: Vec<char> = text.chars().collect();
    let edge = |at: usize| chars[..at].iter().all(|c| *c == ' ') || chars[at..].iter().all(|c| *c == ' ');
    for (at, &c) in chars.iter().enumerate() {
        let before = at.checked_sub(1).map(|at| chars[at]);
        let after = chars.get(at + 1).copied();
        match c {
            // A break tag alone on its line would begin a block of HTML.
            '\n' if text.trim().is_empty() => out.push_str("&#10;"),
            '\n' => out.push_str("<br>"),
            '\r' => out.push_str("&#13;"),
            '\t' => out.push_str("&#9;"),
            ' ' if edge(at) || before == Some('\n') || after == Some('\n') => out.push_str("&#32;"),
            '&' if after.is_none_or(|c| c.is_alphanumeric() || c == '#') => out.push_str("&amp;"),
            '<' if after.is_none_or(|c| !matches!(c, ' ' | '=')) => out.push_str("&lt;"),
            _ if marks(c, before, after, start && at == 0) || (start && ends_number(&chars, at)) => {
                out.push('\\');
                out.push(c);
            }
            _ => out.push(c),
        }
    }
    out
}

/// Whether nothing in the text could mean anything in the middle of a line.
fn is_plain(text: &str) -> bool {
    let harmless =
        |byte: u8| byte.is_ascii_alphanumeric() || !byte.is_ascii() || b" .,:;()/-+=%!?'\"$@".contains(&byte);
    !text.starts_with(' ') && !text.ends_with(' ') && text.bytes().all(harmless)
}

/// Whether the character would mean something where it stands.
fn marks(c: char, before: Option<char>, after: Option<char>, first: bool) -> bool {
    let inner = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    match c {
        '\\' | '`' | '*' | '[' | ']' | '|' | '~' => true,
        '_' => !(inner(before) && inner(after)),
        '#' => before.is_none_or(|c| c == ' '),
        '>' | '-' | '+' | '=' => first,
        _ => false,
    }
}

/// `1.` and `1)` at the beginning of a line would begin a list.
fn ends_number(chars: &[char], at: usize) -> bool {
    at > 0 && matches!(chars[at], '.' | ')') && chars[..at].iter().all(char::is_ascii_digit)
}

/// The heading of each second-level section and where its text lies; a fence holds no headings.
pub fn sections(text: &str) -> Vec<(&str, std::ops::Range<usize>)> {
    let mut found: Vec<(&str, std::ops::Range<usize>)> = Vec::new();
    let (mut at, mut fenced) = (0, false);
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        fenced ^= line.trim_start().starts_with("```");
        let Some(heading) = line.strip_prefix("## ").filter(|_| !fenced) else { continue };
        if let Some((_, before)) = found.last_mut() {
            before.end = start;
        }
        found.push((heading.trim(), at..text.len()));
    }
    found
}

/// The text under a heading of the second level.
pub fn section<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let (_, range) = sections(text).into_iter().find(|(heading, _)| *heading == name)?;
    Some(text[range].trim_matches('\n'))
}

/// Without the links to pages of the same folder that aren't among these; their words stay.
pub fn linked(text: &str, pages: &[String]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("](") {
        let (before, after) = (&rest[..at], &rest[at + 2..]);
        let target = after.split(')').next().unwrap_or_default();
        let page = target.strip_suffix(".md").filter(|page| !page.contains('/'));
        if let (Some(page), Some(open)) = (page, before.rfind('['))
            && !pages.iter().any(|known| known == page)
        {
            out.push_str(&before[..open]);
            out.push_str(&before[open + 1..]);
            rest = &after[target.len() + 1..];
        } else {
            out.push_str(&rest[..at + 2]);
            rest = after;
        }
    }
    out + rest
}

/// A code span that shows exactly this text.
pub fn code(text: &str) -> String {
    let text = text.replace(['\n', '\r'], " ").replace('|', "\\|");
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') || text.trim().is_empty() { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// Text inside a fenced block, as it is.
pub fn fenced(text: &str) -> Result<String, String> {
    if text.lines().any(|line| line.trim_start().starts_with("```")) {
        return Err("the text holds a code fence and would end the block it stands in".into());
    }
    Ok(text.trim_end_matches('\n').to_owned())
}

/// One blank line where there were more, none at the end; what stands in a code fence stays as it is.
pub fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut fence, mut blanks) = (false, 0);
    for line in text.lines() {
        let blank = line.trim().is_empty() && !fence;
        blanks = if blank { blanks + 1 } else { 0 };
        if blanks < 2 {
            out.push_str(if blank { "" } else { line });
            out.push('\n');
        }
        fence ^= line.trim_start().starts_with("```");
    }
    let length = out.trim_end_matches('\n').len();
    out.truncate(length);
    out.push('\n');
    out
}

/// The target of a link.
pub fn target(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            ' ' => out.push_str("%20"),
            '(' => out.push_str("%28"),
            ')' => out.push_str("%29"),
            '<' => out.push_str("%3C"),
            '>' => out.push_str("%3E"),
            '|' => out.push_str("%7C"),
            '\\' => out.push_str("%5C"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{linked, section, tidy};

    #[test]
    fn blank_lines_collapse_outside_of_fences() {
        let pages = ["b".to_owned()];
        assert_eq!(linked("see [A](a.md), [B](b.md) or [C](../c.md)", &pages), "see A, [B](b.md) or [C](../c.md)");
        assert_eq!(section("## A\n\na\n```\n## B\n```\n\n## B\n\nb\n", "B"), Some("b"));
        assert_eq!(tidy("a\n\n\n\nb\n\n"), "a\n\nb\n");
        assert_eq!(tidy("```\na\n\n\nb\n```\n"), "```\na\n\n\nb\n```\n");
    }
}
