//! Every question of the questionnaire with its answer, what makes the answer real, and how to prove it.
//!
//! In: the question and evidence files of the catalog, the spec, the facts. Out: rows in the order of the files.
//! A question is answered when one of its keys is, by the spec or by a default that is in force. A question whose `when` doesn't
//! hold for this project isn't asked.

use std::collections::BTreeSet;

use super::fact::{Key, Value, at, entries, facts, list, name, text, texts};
use crate::spec::Spec;

/// Longest answer that is shown whole in a table; a longer one is read in the spec.
const LONGEST: usize = 160;

/// The key of a section that its `because` gives the reason for; its neighbours have reasons of their own, or none.
const MAIN: [&str; 5] = ["platform", "kind", "tool", "method", "accept"];

pub struct Questions<'a> {
    pub documents: Vec<&'a Value>,
    /// Key → artifacts and proof; the longest key that a question's key starts with counts.
    pub evidence: &'a Value,
    pub spec: &'a Spec,
    pub facts: &'a Value,
    /// Whether a condition holds for the facts.
    pub holds: &'a dyn Fn(&str) -> bool,
}

/// Every condition that a question or its evidence depends on.
pub fn conditions<'a>(documents: &[&'a Value], evidence: &'a Value) -> BTreeSet<&'a str> {
    let questions = documents.iter().flat_map(|document| list(document, "questions"));
    let evidence = entries(evidence).map(|(_, item)| item);
    questions.chain(evidence).filter_map(|item| text(item, "when")).collect()
}

/// What is said at a key.
struct Said {
    text: String,
    /// Where it stands in the spec: a path, with `*` where many names have an answer. A line would change with every line above it.
    key: Option<String>,
}

impl Questions<'_> {
    pub fn rows(&self) -> Vec<Value> {
        let asked = self
            .documents
            .iter()
            .flat_map(|document| list(document, "questions").iter().map(move |it| (*document, it)));
        asked
            .filter(|(_, question)| self.applies(question))
            .map(|(document, question)| self.row(document, question))
            .collect()
    }

    fn applies(&self, item: &Value) -> bool {
        text(item, "when").is_none_or(self.holds)
    }

    fn row(&self, document: &Value, question: &Value) -> Value {
        let keys = texts(question, "keys");
        let said: Vec<(&str, Said)> = keys.iter().filter_map(|key| self.said(key).map(|said| (*key, said))).collect();
        let answer = answer(&said, keys.len());
        let asks_why = keys.iter().any(|key| key.ends_with("because"));
        let because = keys.iter().take(1).filter(|_| !asks_why).find_map(|key| self.because(key));
        let because = because.filter(|why| !answer.as_ref().is_some_and(|answer| answer.contains(why)));
        let (artifacts, proof) = self.evidence(&keys);
        facts!({
            "document": text(document, "document"),
            "title": text(document, "title"),
            "section": text(question, "section"),
            "id": at(question, "id"),
            "question": text(question, "question"),
            "keys": keys,
            "answered": answer.is_some(),
            "key": said.iter().find_map(|(_, said)| said.key.as_deref()),
            "open": answer.is_none().then(|| format!("Not answered yet: set `{}`", keys.first().unwrap_or(&""))),
            "answer": answer,
            "because": because,
            "artifacts": artifacts,
            "proof": proof,
        })
    }

    /// From the spec, else the default that is in force.
    fn said(&self, key: &str) -> Option<Said> {
        let found = self.spec.answers_at(key);
        let Some(first) = found.first() else {
            return assumed(self.facts, key).map(|text| Said { text: format!("{text} (default)"), key: None });
        };
        let several = found.len() > 1;
        let place = Some(if several { key.to_owned() } else { first.path.clone() });
        if let Some(names) = names(self.facts, key) {
            return Some(Said { text: names, key: place });
        }
        let shown = found
            .iter()
            .map(|answer| if several { labelled(&answer.path, key, &answer.text) } else { answer.text.clone() });
        Some(Said { text: shown.collect::<Vec<_>>().join(", "), key: place })
    }

    /// The reason of a section, where the question asks for the section itself or for its main key.
    fn because(&self, key: &str) -> Option<String> {
        let around = key.rsplit_once('.').filter(|(_, last)| MAIN.contains(last)).map(|(section, _)| section);
        let reason = |section: &str| self.spec.lookup(&format!("{section}.because")).map(|(text, _)| text);
        reason(key).or_else(|| around.and_then(reason))
    }

    fn evidence(&self, keys: &[&str]) -> (Vec<String>, Option<String>) {
        let fits = |key: &str, prefix: &str| {
            key == prefix || key.strip_prefix(prefix).is_some_and(|rest| rest.starts_with('.'))
        };
        let mut found: Vec<(&str, &Value)> = entries(self.evidence)
            .filter(|(prefix, item)| keys.iter().any(|key| fits(key, prefix)) && self.applies(item))
            .collect();
        found.sort_by_key(|(prefix, _)| std::cmp::Reverse(prefix.len()));
        let Some((_, item)) = found.first() else { return (Vec::new(), None) };
        (texts(item, "artifacts").into_iter().map(str::to_owned).collect(), text(item, "proof").map(str::to_owned))
    }
}

fn answer(said: &[(&str, Said)], keys: usize) -> Option<String> {
    let shown = said.iter().map(|(key, said)| {
        let last = key.rsplit('.').next().unwrap_or(key);
        if keys == 1 || said.text.len() > LONGEST { said.text.clone() } else { format!("{last}: {}", said.text) }
    });
    let whole: Vec<String> = shown.map(|text| if text.len() > LONGEST { shortened(&text) } else { text }).collect();
    (!whole.is_empty()).then(|| whole.join("; "))
}

/// Cut at a word, so that a table stays a table.
fn shortened(text: &str) -> String {
    let cut =
        text.char_indices().take_while(|(at, _)| *at < LONGEST).filter(|(_, c)| *c == ' ').map(|(at, _)| at).last();
    format!("{} …", text[..cut.unwrap_or(0)].trim_end_matches([',', ' ', '{']))
}

/// The part of a path that a `*` stands for, before the answer.
fn labelled(path: &str, pattern: &str, text: &str) -> String {
    let named = path.split('.').zip(pattern.split('.')).filter(|(_, part)| *part == "*").map(|(name, _)| name);
    let names: Vec<&str> = named.collect();
    if names.is_empty() { text.to_owned() } else { format!("{}: {text}", names.join(".")) }
}

/// The names at a key that holds a map of names.
fn names(facts: &Value, key: &str) -> Option<String> {
    let items = at(facts, key).as_array()?;
    let names: Option<Vec<&str>> = items.iter().map(|item| text(item, "name")).collect();
    names.filter(|names| !names.is_empty()).map(|names| names.join(", "))
}

/// A default in the facts; nothing for what is empty or off.
fn assumed(facts: &Value, key: &str) -> Option<String> {
    let (part, rest) = key.split_once('.').map_or((key, None), |(part, rest)| (part, Some(rest)));
    if part == "*" {
        let rest = rest?;
        let items = facts
            .as_array()?
            .iter()
            .filter_map(|item| assumed(item, rest).map(|text| format!("{}: {text}", name(item))));
        let items: Vec<String> = items.collect();
        return (!items.is_empty()).then(|| items.join(", "));
    }
    let value = facts.as_map()?.get(&Key::Str(part))?;
    match rest {
        Some(rest) => assumed(value, rest),
        None => plain(value),
    }
}

fn plain(value: &Value) -> Option<String> {
    if let Some(text) = value.as_str() {
        return (!text.is_empty() && text != "none").then(|| text.to_owned());
    }
    if let Some(answer) = value.as_bool() {
        return Some(if answer { "yes" } else { "no" }.to_owned());
    }
    if let Some(items) = value.as_array().filter(|items| !items.is_empty()) {
        return items.iter().map(plain).collect::<Option<Vec<_>>>().map(|all| all.join(", "));
    }
    value.is_number().then(|| value.to_string())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_default_is_an_answer_and_nothing_is_not() {
        let facts = json!({ "services": [{ "name": "api", "stateless": true, "slo": null }], "keep": 3, "tell": [] });
        let facts = super::super::fact::fact(facts);
        assert_eq!(assumed(&facts, "keep").as_deref(), Some("3"));
        assert_eq!(assumed(&facts, "services.*.stateless").as_deref(), Some("api: yes"));
        assert_eq!(assumed(&facts, "services.*.slo"), None);
        assert_eq!(assumed(&facts, "tell"), None);
    }

    #[test]
    fn long_answers_are_cut_at_a_word() {
        let short = shortened(&"word ".repeat(80));
        assert!(short.len() < LONGEST + 5 && short.ends_with("word …"), "{short}");
    }
}
