//! Versions that people and bots set: the newest wins, and what is older than the last write stays.

use opsgen::artifact::Pin;
use opsgen::plan::merge::Favour;
use proptest::prelude::*;

use super::merged;
use super::seeded::check;

type Version = [u8; 3];

fn version() -> impl Strategy<Value = Version> {
    proptest::array::uniform3(0..4u8)
}

/// Base, ours and theirs of one pin; bots and people leave most of them alone.
fn versions() -> impl Strategy<Value = [Version; 3]> {
    (version(), proptest::option::of(version()), proptest::option::of(version()))
        .prop_map(|(base, ours, theirs)| [base, ours.unwrap_or(base), theirs.unwrap_or(base)])
}

fn winner([base, ours, theirs]: [Version; 3]) -> Version {
    match ours {
        _ if ours == base => theirs,
        _ if ours >= theirs || ours < base => ours,
        _ if theirs == base => ours,
        _ => theirs,
    }
}

fn reference(kind: usize, [major, minor, patch]: Version) -> String {
    let number = format!("{major}.{minor}.{patch}");
    match kind {
        0 => format!(
            "actions/checkout@{:040} # v{number}",
            u32::from(major) << 16 | u32::from(minor) << 8 | u32::from(patch)
        ),
        1 => format!("postgres:{number}-alpine"),
        _ => number,
    }
}

/// A pipeline with its pins on lines that touch.
fn pipeline(pins: [Version; 3], spec: u8, hand: u8) -> String {
    let [action, image, tool] = [0, 1, 2].map(|kind: usize| reference(kind, pins[kind]));
    let hand = if hand == 0 { String::new() } else { format!("# mine {hand}\n") };
    format!("run: {spec}\nimage: {image}\nuses: {action}\nversion: {tool}\nlast: true\nother: postgres:5432\n{hand}")
}

#[test]
fn the_newest_of_disk_and_render_wins_and_older_than_base_is_kept() {
    check(2500, (proptest::array::uniform3(versions()), 1..3u8, 0..3u8), |(pins, spec, hand)| {
        let side = |side: usize| [0, 1, 2].map(|kind: usize| pins[kind][side]);
        let texts = [pipeline(side(0), 1, 0), pipeline(side(1), 1, hand), pipeline(side(2), spec, 0)];
        let known = ["actions/checkout", "postgres", "flyctl"];
        let pin =
            |(kind, subject): (usize, &&str)| Pin { subject: (*subject).into(), text: reference(kind, pins[kind][2]) };
        let known: Vec<Pin> = known.iter().enumerate().map(pin).collect();
        let merged = merged("yaml", &known, texts.each_ref().map(String::as_str));
        prop_assert_eq!(merged.text(Favour::Markers), pipeline(pins.map(winner), spec, hand));
        Ok(())
    });
}
