//! Checks one page for people: its parts are there, nothing is left open, its numbers are the rules' own.
//!
//! In: the text, the form from the manifest, the rules. Out: the first fault with its line.
//! Refuses: a missing, misplaced or empty part, an open end, a number that no rule has.

use std::collections::BTreeSet;

use tera::Value;

use crate::catalog::{Figures, Page};
use crate::format::markdown;

/// A page without a part that it must have, or with one that was never written.
pub const UNFINISHED: &str = "OPS360";
/// A number on a page that its rules don't have.
pub const OTHER_NUMBER: &str = "OPS361";

/// Words that stand where somebody meant to write later.
const OPEN_ENDS: &[&str] =
    &["TODO", "FIXME", "TBD", "XXX", "lorem ipsum", "to be written", "coming soon", "none is known"];

/// What is wrong, and in which line (from 1).
#[derive(Debug, PartialEq)]
pub struct Fault {
    pub code: &'static str,
    pub line: usize,
    pub message: String,
    pub help: String,
}

pub fn check(text: &str, form: &Page, rules: Option<&Value>) -> Option<Fault> {
    let sections = markdown::sections(text);
    parts(text, form, &sections)
        .or_else(|| open_end(text))
        .or_else(|| figures(text, form.figures.as_ref()?, &known(rules?), &sections))
}

type Sections<'t> = [(&'t str, std::ops::Range<usize>)];

fn parts(text: &str, form: &Page, sections: &Sections<'_>) -> Option<Fault> {
    let mut from = 0;
    for part in &form.parts {
        let fault = |line, message| {
            Some(Fault {
                code: UNFINISHED,
                line,
                message,
                help: format!("write `## {part}`, with what the reader needs there"),
            })
        };
        let Some(at) = sections.iter().position(|(heading, _)| heading == part) else {
            return fault(1, format!("the part `{part}` is missing"));
        };
        let (_, range) = &sections[at];
        if at < from {
            return fault(line_of(text, range.start) - 1, format!("the part `{part}` stands out of its order"));
        }
        if text[range.clone()].trim().is_empty() {
            return fault(line_of(text, range.start) - 1, format!("the part `{part}` is empty"));
        }
        from = at;
    }
    None
}

fn open_end(text: &str) -> Option<Fault> {
    // Nearly every page has none, and is read once to know it.
    let lower = text.to_ascii_lowercase();
    let suspected: Vec<&str> =
        OPEN_ENDS.iter().copied().filter(|word| lower.contains(word.to_ascii_lowercase().as_str())).collect();
    let found = |line: &str| {
        suspected.iter().find(|word| {
            let upper = word.chars().all(|c| c.is_ascii_uppercase());
            if upper { words(line).any(|it| it == **word) } else { line.to_ascii_lowercase().contains(**word) }
        })
    };
    let (at, word) = text.lines().enumerate().find_map(|(at, line)| Some((at, found(line)?)))?;
    let help = "say it, or leave the sentence out".to_owned();
    Some(Fault { code: UNFINISHED, line: at + 1, message: format!("`{word}` was never filled in"), help })
}

fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
}

fn line_of(text: &str, at: usize) -> usize {
    text[..at].matches('\n').count() + 1
}

/// Prose and rows of tables; fences and the sentence on why a limit is what it is are left alone.
fn figures(text: &str, form: &Figures, known: &BTreeSet<String>, sections: &Sections<'_>) -> Option<Fault> {
    let wanted = sections.iter().filter(|(heading, _)| form.r#in.iter().any(|name| name == heading));
    for (heading, range) in wanted {
        let start = line_of(text, range.start);
        for (offset, line) in text[range.clone()].lines().enumerate() {
            let Some(number) = numbers(line).into_iter().find(|number| !known.contains(number)) else { continue };
            let message = format!("`{heading}` says {number}, which no rule of the page has");
            let help = "take the number from the rule: `runbook.lead.threshold.text`, `.for`, `.params`".to_owned();
            return Some(Fault { code: OTHER_NUMBER, line: start + offset, message, help });
        }
    }
    None
}

/// Every number that the rules have, in one spelling.
fn known(rules: &Value) -> BTreeSet<String> {
    let mut texts = Vec::new();
    for rule in rules.as_array().unwrap_or_default() {
        for path in ["threshold.text", "for", "keep_firing_for", "environment", "target", "severity", "expr"] {
            texts.extend(rule.get_from_path(path).and_then(|value| Some(value.as_str()?.to_owned())));
        }
        let params = rule.get_from_path("params").and_then(|params| params.as_map().cloned()).unwrap_or_default();
        texts.extend(params.values().filter_map(|param| Some(param.get_from_path("text")?.as_str()?.to_owned())));
    }
    texts.iter().flat_map(|text| text.split(['[', ']', ':'])).flat_map(numbers).collect()
}

/// The numbers of a line, outside of code: `5m`, `80%`, `15 minutes` as `15m`.
fn numbers(line: impl AsRef<str>) -> Vec<String> {
    let prose: String = line.as_ref().split('`').step_by(2).collect::<Vec<_>>().join(" ");
    let tokens: Vec<&str> = prose.split(|c: char| !(c.is_alphanumeric() || "%./_-".contains(c))).collect();
    let mut found = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let token = token.trim_end_matches(['.', '/', '-']);
        if !token.starts_with(|c: char| c.is_ascii_digit()) || token.contains(['-', '_']) {
            continue;
        }
        let unit = tokens.get(at + 1).and_then(|word| match word.trim_end_matches(['.', 's']) {
            "second" => Some("s"),
            "minute" => Some("m"),
            "hour" => Some("h"),
            "day" => Some("d"),
            _ => None,
        });
        found.push(format!("{token}{}", unit.unwrap_or_default()));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form() -> Page {
        let figures = Figures { r#in: vec!["Limit".into()], of: "rules".into() };
        Page { parts: vec!["Limit".into(), "Mend".into()], figures: Some(figures) }
    }

    fn told(text: &str) -> Option<(usize, String)> {
        let rules =
            serde_json::json!([{ "threshold": { "text": "5%" }, "for": "10m", "expr": "rate(x[15m])", "params": {} }]);
        let fault = check(text, &form(), Some(&Value::from_serializable(&rules)));
        fault.map(|fault| (fault.line, fault.message))
    }

    #[test]
    fn a_page_has_its_parts_and_the_numbers_of_its_rules() {
        assert_eq!(told("## Limit\n\nabove 5% for 10m, over 15 minutes, not `404`\n\n## Mend\n\nwait 3h\n"), None);
        assert_eq!(told("## Limit\n\nx\n").unwrap().1, "the part `Mend` is missing");
        assert_eq!(told("## Limit\n\nx\n\n## Mend\n\n").unwrap(), (5, "the part `Mend` is empty".into()));
        assert_eq!(
            told("## Mend\n\nx\n\n## Limit\n\nx\n").unwrap(),
            (1, "the part `Mend` stands out of its order".into())
        );
        assert_eq!(told("## Limit\n\nx\n\n## Mend\n\nTODO\n").unwrap(), (7, "`TODO` was never filled in".into()));
        assert_eq!(told("## Limit\n\nabove 6%\n\n## Mend\n\nx\n").unwrap().0, 3);
        assert!(told("## Limit\n\nover 14 minutes\n\n## Mend\n\nx\n").is_some());
    }
}
