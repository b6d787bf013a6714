//! Where the references of a pin stand in a text, whatever their version.
//!
//! In: a pin, the new render in which it stands as it is, any version of the text. Out: places.

use std::collections::BTreeSet;
use std::ops::Range;

use super::version::Kind;
use crate::artifact::Pin;

/// Finds the references of one pin.
pub struct Finder<'a> {
    pub kind: Kind,
    /// What stands before the reference: `actions/checkout@`, `postgres:`; nothing for a tool.
    name: &'a str,
    /// What the lines of the new render hold around it.
    around: BTreeSet<(&'a str, &'a str)>,
}

impl<'a> Finder<'a> {
    pub fn of(pin: &'a Pin, new: &'a str) -> Self {
        let text = pin.text.as_str();
        let tagged = text.split("@sha256:").next().unwrap_or(text);
        let (kind, name) = match (tagged.find('@'), tagged.rfind(':')) {
            (Some(at), _) => (Kind::Action, &text[..=at]),
            (None, Some(at)) => (Kind::Image, &text[..=at]),
            (None, None) => (Kind::Tool, ""),
        };
        let lines =
            new.lines().flat_map(|line| line.match_indices(text).map(move |(at, _)| (line, at..at + text.len())));
        let alone = lines.filter(|(line, range)| stands_alone(line, range));
        let around = alone.map(|(line, range)| (&line[..range.start], &line[range.end..])).collect();
        Self { kind, name, around }
    }

    /// The places of references in a line.
    pub fn places(&self, line: &str) -> Vec<Range<usize>> {
        if self.kind == Kind::Tool {
            return self.version(line).into_iter().collect();
        }
        let named = line.match_indices(self.name).filter(|(at, _)| begins(line, *at) && self.is_placed(line, *at));
        named.filter_map(|(at, _)| self.reference(line, at + self.name.len())).collect()
    }

    /// An image is only looked for where the new render has it: `postgres:5432` is none.
    fn is_placed(&self, line: &str, at: usize) -> bool {
        self.kind == Kind::Action || self.around.iter().any(|(before, _)| bare(before) == bare(&line[..at]))
    }

    /// From the name to the end of what says which version.
    fn reference(&self, line: &str, start: usize) -> Option<Range<usize>> {
        let rest = line.get(start..)?;
        let stops = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ',' | '`' | ')' | ']');
        let end = rest.find(stops).unwrap_or(rest.len());
        let tag = if self.kind == Kind::Action { tag(&rest[end..]) } else { 0 };
        (end > 0).then_some(start..start + end + tag)
    }

    fn version(&self, line: &str) -> Option<Range<usize>> {
        self.around.iter().find_map(|(before, after)| {
            let middle = line.strip_prefix(before)?.strip_suffix(after)?;
            let digits = middle.strip_prefix('v').unwrap_or(middle).starts_with(|c: char| c.is_ascii_digit());
            let plain = middle.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+' | '_'));
            (digits && plain).then(|| before.len()..before.len() + middle.len())
        })
    }
}

/// The length of a comment that begins with a version: ` # v7.0.1`.
fn tag(rest: &str) -> usize {
    let Some(comment) = rest.trim_start().strip_prefix('#') else { return 0 };
    let word = comment.split_whitespace().next().unwrap_or_default();
    let number = word.strip_prefix("tag=").unwrap_or(word);
    let is_version = number.strip_prefix('v').unwrap_or(number).starts_with(|c: char| c.is_ascii_digit());
    match rest.find(word) {
        Some(at) if is_version => at + word.len(),
        _ => 0,
    }
}

/// What stands before a reference, without indent, list mark and quotes.
fn bare(before: &str) -> &str {
    before.trim().trim_start_matches("- ").trim_end_matches(['"', '\'']).trim()
}

/// No part of a longer name ends here.
fn begins(line: &str, at: usize) -> bool {
    !line[..at].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '/' | '.' | '-' | '_' | '@'))
}

fn stands_alone(line: &str, range: &Range<usize>) -> bool {
    let part = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '/');
    !line[..range.start].ends_with(part) && !line[range.end..].starts_with(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found<'l>(text: &str, new: &str, line: &'l str) -> Vec<&'l str> {
        let pin = Pin { subject: "any".into(), text: text.into() };
        Finder::of(&pin, new).places(line).into_iter().map(|range| &line[range]).collect()
    }

    #[test]
    fn actions_under_any_form_of_version() {
        let found = |line| found("a/b@0123 # v2", "uses: a/b@0123 # v2", line);
        assert_eq!(found("  - uses: a/b@4567 # v3.1 # note"), ["4567 # v3.1"]);
        assert_eq!(found("  uses: \"a/b@v4\" # note 1"), ["v4"]);
        assert_eq!(found("uses: my/a/b@v4"), [""; 0]);
        assert_eq!(found("uses: a/b/sub@v4"), [""; 0]);
    }

    #[test]
    fn images_where_the_render_has_them() {
        let found = |line| found("postgres:16", "    image: postgres:16 # note", line);
        assert_eq!(found("image: postgres:17@sha256:ab"), ["17@sha256:ab"]);
        assert_eq!(found("- image: 'postgres:16-alpine'"), ["16-alpine"]);
        assert_eq!(found("url: postgres:5432"), [""; 0]);
        assert_eq!(found("image: my/postgres:17"), [""; 0]);
    }

    #[test]
    fn tools_by_what_stands_around_them() {
        let found = |line| found("0.4.104", "  version: 0.4.104\n  x: 10.4.104\n", line);
        assert_eq!(found("  version: 0.4.110-rc1"), ["0.4.110-rc1"]);
        assert_eq!(found("  version: latest"), [""; 0]);
        assert_eq!(found("  x: 10.4.110"), [""; 0]);
    }
}
