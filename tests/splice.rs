//! Edits of the spec's text: whatever a person's style, the new answer is in and every other byte stays.

use opsgen::diagnostic::{Diagnostic, Source};
use opsgen::spec::splice::set;
use opsgen::spec::tree::{Entry, Node, Value};
use opsgen::spec::{self, Spec, read};
use proptest::prelude::*;

const SPECS: [&str; 2] =
    [include_str!("../snapshots/fly-web-api/spec.yaml"), include_str!("../snapshots/kubernetes-shop/spec.yaml")];

/// Writes a tree as some person might: braces or lines, quotes or none, comments and empty lines anywhere.
struct Hand<'a> {
    chances: &'a [u8],
    at: usize,
    step: usize,
    newline: &'a str,
    out: String,
}

impl Hand<'_> {
    fn chance(&mut self, of: u8) -> bool {
        self.at += 1;
        self.chances[self.at % self.chances.len()].is_multiple_of(of)
    }

    fn end_line(&mut self) {
        if self.chance(4) {
            self.out.push_str("  # a remark: { with, marks");
        }
        self.out.push_str(self.newline);
        if self.chance(9) {
            self.out.push_str(self.newline);
        }
    }

    fn word(&mut self, text: &str, plain: bool) {
        let told = if plain { text.to_owned() } else { serde_json::Value::from(text).to_string() };
        self.out.push_str(&told);
    }

    fn map(&mut self, entries: &[Entry], depth: usize) {
        for entry in entries {
            if self.chance(7) {
                self.out.push_str(&" ".repeat(depth * self.step));
                self.out.push_str("# a line of its own");
                self.out.push_str(self.newline);
            }
            self.out.push_str(&" ".repeat(depth * self.step));
            let quoted = !entry.key.chars().all(|letter| letter.is_ascii_alphanumeric() || "_-".contains(letter));
            self.word(&entry.key, !quoted && entry.key != "null");
            self.out.push(':');
            match &entry.value.value {
                Value::Map(inner) if !inner.is_empty() && !self.chance(3) => {
                    self.end_line();
                    self.map(inner, depth + 1);
                }
                _ => {
                    self.out.push(' ');
                    self.flow(&entry.value);
                    self.end_line();
                }
            }
        }
    }

    fn flow(&mut self, node: &Node) {
        match &node.value {
            Value::Scalar { text, plain } => {
                let safe = text.chars().all(|letter| letter.is_ascii_alphanumeric() || "_-./%".contains(letter));
                self.word(text, *plain && (safe || node.is_null()) && !text.is_empty());
            }
            Value::List(items) => {
                self.out.push('[');
                for (at, item) in items.iter().enumerate() {
                    self.out.push_str(if at > 0 { ", " } else { "" });
                    self.flow(item);
                }
                self.out.push(']');
            }
            Value::Map(entries) => {
                let pad = if self.chance(2) { " " } else { "" };
                self.out.push_str(&format!("{{{pad}"));
                for (at, entry) in entries.iter().enumerate() {
                    self.out.push_str(if at > 0 { ", " } else { "" });
                    self.word(&entry.key, false);
                    self.out.push_str(": ");
                    self.flow(&entry.value);
                }
                let comma = if self.chance(5) && !entries.is_empty() { "," } else { "" };
                self.out.push_str(&format!("{comma}{pad}}}"));
            }
        }
    }
}

fn parsed(text: &str) -> Option<Spec> {
    let (spec, faults) = spec::parse(Source::new("spec.yaml", text));
    (!faults.iter().any(Diagnostic::is_error)).then_some(spec)
}

fn written(which: usize, chances: &[u8], step: usize, crlf: bool, bare: bool) -> String {
    let (tree, _) = read::read(&Source::new("spec.yaml", SPECS[which]));
    let entries: Vec<Entry> =
        tree.entries().iter().filter(|entry| !(bare && entry.key == "outputs")).cloned().collect();
    let newline = if crlf { "\r\n" } else { "\n" };
    let mut hand = Hand { chances, at: 0, step, newline, out: String::new() };
    hand.map(&entries, 0);
    hand.out
}

/// What stands between what both share at the start and at the end.
fn between<'a>(old: &'a str, new: &'a str) -> (&'a str, &'a str) {
    let start = old.bytes().zip(new.bytes()).take_while(|(one, other)| one == other).count();
    let rest = old.len().min(new.len()) - start;
    let end = old.bytes().rev().zip(new.bytes().rev()).take(rest).take_while(|(one, other)| one == other).count();
    (&old[start..old.len() - end], &new[start..new.len() - end])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn one_answer_more_and_every_other_byte_as_it_was(
        which in 0..2usize,
        chances in prop::collection::vec(any::<u8>(), 16..200),
        step in 1..5usize,
        crlf in any::<bool>(),
        bare in any::<bool>(),
        pick in any::<prop::sample::Index>(),
    ) {
        let text = written(which, &chances, step, crlf, bare);
        let before = parsed(&text).expect("what the hand writes is a spec");
        let items = |section: &str| before.tree().get(section).unwrap().entries().iter()
            .map(|entry| vec![section.to_owned(), entry.key.clone(), "was".to_owned()]).collect::<Vec<_>>();
        let mut paths = [items("services"), items("datastores"), items("environments"), items("teams")].concat();
        paths.push(vec!["outputs".into(), "ops/bin/*: \"odd\" #1".into()]);
        paths.push(vec!["outputs".into(), "docs/operations.md".into()]);
        let path = pick.get(&paths);
        let value = if path[0] == "outputs" { "yours" } else { "earlier" };
        let path: Vec<&str> = path.iter().map(String::as_str).collect();

        let made = set(&text, &path, value).expect("edited");
        let (gone, come) = between(&text, &made);
        prop_assert_eq!(gone, "", "only something new: {}", come);
        for line in text.lines().filter(|line| !made.lines().any(|kept| kept == *line)) {
            let code = line.split("  #").next().unwrap();
            prop_assert!(code.contains('{'), "only a map between braces grows in its line: {}", line);
        }
        let after = parsed(&made).expect("still a spec");
        let node = path.iter().try_fold(after.tree(), |node, part| node.get(part)).expect("it is there");
        prop_assert_eq!(node.text(), value);
        prop_assert_eq!(without(after.tree(), &path).json(), without(before.tree(), &path).json());

        let again = set(&made, &path, "managed").expect("edited again");
        let (gone, come) = between(&made, &again);
        prop_assert!(value.contains(gone) && "managed".contains(come), "{} → {}", gone, come);
    }
}

/// The tree without the answer; a section that held nothing else goes, too.
fn without(node: &Node, path: &[&str]) -> Node {
    let (first, rest) = path.split_first().unwrap();
    let mut made = node.clone();
    if let Value::Map(entries) = &mut made.value {
        for entry in entries.iter_mut().filter(|entry| entry.key == *first && !rest.is_empty()) {
            entry.value = without(&entry.value, rest);
        }
        entries.retain(|entry| entry.key != *first || !(rest.is_empty() || entry.value.entries().is_empty()));
    }
    made
}
