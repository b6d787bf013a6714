//! Random specs: those of the scenarios with random answers changed or taken out, as long as they are still valid, and what each renders to.

use std::fs;
use std::sync::LazyLock;

use opsgen::artifact::Artifact;
use opsgen::catalog::{Catalog, embedded};
use opsgen::diagnostic::{Diagnostic, Source};
use opsgen::spec::tree::{Node, Value};
use opsgen::{model, render, spec};

use super::program::scenario;

/// Random specs of each scenario; the first is the scenario's own.
const EACH: usize = 8;

/// A small generator of random numbers: same seed, same numbers.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit.max(1) as u64).unwrap()
    }
}

/// The seed of this run: `OPSGEN_SEED`, or a fixed one.
pub fn seed() -> u64 {
    let seed = std::env::var("OPSGEN_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(20_261_121);
    eprintln!("OPSGEN_SEED={seed}");
    seed
}

pub static CATALOG: LazyLock<Catalog> =
    LazyLock::new(|| Catalog::load(&[embedded()]).unwrap_or_else(|faults| panic!("{faults:?}")));

/// The renders of every scenario's random specs.
pub static POOLS: LazyLock<Vec<Vec<Vec<Artifact>>>> = LazyLock::new(|| {
    let mut random = Random(seed());
    ["fly-web-api", "kubernetes-shop"].map(|name| pool(name, &mut random)).into()
});

fn pool(name: &str, random: &mut Random) -> Vec<Vec<Artifact>> {
    let text = fs::read_to_string(scenario(name).join("spec.yaml")).unwrap();
    let mut found = vec![artifacts(&text).unwrap()];
    let mut tried = 0;
    while found.len() < EACH {
        tried += 1;
        assert!(tried < 20 * EACH, "{name}: too few random specs are valid");
        let changed = (0..1 + random.below(4)).fold(text.clone(), |text, _| change(&text, random));
        found.extend(artifacts(&changed));
    }
    found
}

/// What a spec renders to; nothing when it isn't valid.
pub fn artifacts(text: &str) -> Option<Vec<Artifact>> {
    let (spec, found) = spec::parse(Source::new("spec.yaml", text));
    if found.iter().any(Diagnostic::is_error) {
        return None;
    }
    let (model, faults) = model::resolve(&spec, &CATALOG);
    if faults.iter().any(Diagnostic::is_error) {
        return None;
    }
    render::render(&model, &CATALOG).ok()
}

/// One answer changed or taken out.
fn change(text: &str, random: &mut Random) -> String {
    let (spec, _) = spec::parse(Source::new("spec.yaml", text));
    let mut leaves = Vec::new();
    collect(spec.tree(), &mut leaves);
    let Some(range) = leaves.get(random.below(leaves.len())).cloned() else { return text.to_owned() };
    if random.below(4) == 0 {
        return without_line(text, range.start);
    }
    let old = &text[range.clone()];
    let new: String =
        old.chars()
            .map(|letter| {
                if letter.is_ascii_digit() { char::from(b'1' + u8::try_from(random.below(9)).unwrap()) } else { letter }
            })
            .collect();
    let new = match new.as_str() {
        "true" => "false".to_owned(),
        "false" => "true".to_owned(),
        same if same == old => format!("{same}x"),
        _ => new,
    };
    format!("{}{new}{}", &text[..range.start], &text[range.end..])
}

fn without_line(text: &str, at: usize) -> String {
    let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
    let end = text[at..].find('\n').map_or(text.len(), |end| at + end + 1);
    format!("{}{}", &text[..start], &text[end..])
}

fn collect(node: &Node, leaves: &mut Vec<std::ops::Range<usize>>) {
    match &node.value {
        Value::Scalar { .. } => leaves.push(node.span.range.clone()),
        Value::List(items) => items.iter().for_each(|item| collect(item, leaves)),
        Value::Map(entries) => entries.iter().for_each(|entry| collect(&entry.value, leaves)),
    }
}
