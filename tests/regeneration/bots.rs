//! Dependency bots move pins and versions: the check stays green, and the next change of the spec keeps the newer one.

use opsgen::artifact::{Artifact, Pin};
use opsgen::plan::Action;

use super::specs::{POOLS, Random, artifacts, seed};
use super::tree::Tree;

const EDITS: usize = 200;

/// The files of a scenario whose pins a bot would move.
fn pinned(artifacts: &[Artifact]) -> Vec<(&str, &Pin)> {
    let pairs = artifacts.iter().flat_map(|new| new.pins.iter().map(|pin| (new.path.as_str(), pin)));
    pairs.collect()
}

/// The pin one release further, as a bot writes it.
fn bumped(pin: &Pin, random: &mut Random) -> String {
    let sha: String =
        (0..40).map(|_| char::from_digit(u32::try_from(random.below(16)).unwrap(), 16).unwrap()).collect();
    match pin.text.split_once(" # v") {
        Some((reference, version)) => {
            let (name, _) = reference.split_once('@').unwrap();
            format!("{name}@{sha} # v{}", next(version, random))
        }
        None => match pin.text.rsplit_once(':') {
            Some((name, tag)) => format!("{name}:{}", next(tag, random)),
            None => next(&pin.text, random),
        },
    }
}

/// A later version of the same shape.
fn next(version: &str, random: &mut Random) -> String {
    let start = version.find(|letter: char| letter.is_ascii_digit()).unwrap_or_else(|| panic!("no version: {version}"));
    let (prefix, version) = version.split_at(start);
    let digits = version.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(version.len());
    let mut parts: Vec<u64> = version[..digits].split('.').map(|part| part.parse().unwrap()).collect();
    let at = random.below(parts.len());
    parts[at] += 1 + random.next() % 5;
    let numbers: Vec<String> = parts.iter().map(u64::to_string).collect();
    format!("{prefix}{}{}", numbers.join("."), &version[digits..])
}

#[test]
fn a_newer_pin_survives_the_next_change_of_the_spec() {
    let mut random = Random(seed());
    let pool = &POOLS[0];
    let first = &pool[0];
    let pins = pinned(first);
    assert!(pins.len() > 10, "{} pins", pins.len());
    let mut changed = 0;
    let only = |all: &[Artifact], path: &str| all.iter().filter(|new| new.path == path).cloned().collect::<Vec<_>>();
    for _ in 0..EDITS {
        let (path, pin) = pins[random.below(pins.len())];
        let first = only(first, path);
        let mut tree = Tree::of(&first);
        let newer = bumped(pin, &mut random);
        let text = tree.text(path).unwrap();
        assert!(text.contains(&pin.text), "{path} doesn't hold {}", pin.text);
        tree.put(path, &text.replacen(&pin.text, &newer, 1));
        let plan = tree.plan(&first);
        assert!(plan.is_empty(), "{path}: {newer}: the check is red");
        let next = only(&pool[1 + random.below(pool.len() - 1)], path);
        let plan = tree.plan(&next);
        let entry = plan.entries.iter().find(|entry| entry.target == path);
        let Some(entry) = entry.filter(|entry| entry.new.is_some()) else { continue };
        assert_ne!(entry.action, Action::Conflict, "{path}: {newer}: {:?}", entry.conflicts);
        changed += usize::from(entry.action == Action::Merge);
        let mut done = tree.clone();
        done.apply(&plan);
        assert!(done.text(path).unwrap().contains(&newer), "{path} lost {newer}");
    }
    assert!(changed > 0, "no file with a moved pin changed");
}

#[test]
fn pins_are_known_to_the_files_that_hold_them() {
    let text = std::fs::read_to_string(super::program::scenario("fly-web-api").join("spec.yaml")).unwrap();
    let artifacts = artifacts(&text).unwrap();
    let ci = artifacts.iter().find(|new| new.path.ends_with("workflows/ci.yml")).unwrap();
    let text = String::from_utf8(ci.bytes.clone()).unwrap();
    let uses = text.lines().filter(|line| line.contains("uses: ") && line.contains('@'));
    for line in uses {
        assert!(ci.pins.iter().any(|pin| line.contains(&pin.text)), "no pin for {line}");
    }
}
