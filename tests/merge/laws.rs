//! What holds for every merge of lines.

use opsgen::plan::merge::{Favour, Merged};
use proptest::prelude::*;

use super::lines::plain;
use super::merged;
use super::seeded::check;

fn text([base, ours, theirs]: [&str; 3]) -> Merged {
    merged("text", &[], [base, ours, theirs])
}

fn settled(sides: [&str; 3]) -> Result<String, TestCaseError> {
    let merged = text(sides);
    prop_assert!(merged.is_clean(), "{merged:?}");
    Ok(merged.text(Favour::Markers))
}

#[test]
fn one_sided_and_equal_changes_are_taken_as_they_are() {
    check(1500, plain(), |texts| {
        let [base, ours, theirs] = texts.sides();
        prop_assert_eq!(settled([base, ours, base])?, ours);
        prop_assert_eq!(settled([base, base, theirs])?, theirs);
        prop_assert_eq!(settled([base, ours, ours])?, ours);
        Ok(())
    });
}

#[test]
fn it_is_the_same_whoever_comes_first() {
    check(1500, plain(), |texts| {
        let [base, ours, theirs] = texts.sides();
        let (one, other) = (text([base, ours, theirs]), text([base, theirs, ours]));
        prop_assert_eq!(one.text(Favour::Mine), other.text(Favour::Theirs));
        prop_assert_eq!(one.conflicts().count(), other.conflicts().count());
        Ok(())
    });
}

#[test]
fn the_next_merge_changes_nothing() {
    check(1500, plain(), |texts| {
        let [base, ours, theirs] = texts.sides();
        let merged = text([base, ours, theirs]);
        if merged.is_clean() {
            let result = merged.text(Favour::Mine);
            prop_assert_eq!(settled([theirs, &result, theirs])?, result);
        }
        Ok(())
    });
}

/// Lines that base doesn't have, without their line end.
fn fresh<'t>(base: &'t str, side: &'t str) -> impl Iterator<Item = &'t str> {
    side.lines().filter(move |line| base.lines().all(|other| other != *line))
}

#[test]
fn no_line_of_either_side_is_lost() {
    check(2500, plain(), |texts| {
        let [base, ours, theirs] = texts.sides();
        let merged = text([base, ours, theirs]);
        let holds = |favour, line: &str| merged.text(favour).lines().any(|other| other == line);
        for line in fresh(base, ours) {
            prop_assert!(holds(Favour::Mine, line) && holds(Favour::Markers, line), "{line:?} of {merged:?}");
        }
        for line in fresh(base, theirs) {
            prop_assert!(holds(Favour::Theirs, line) && holds(Favour::Markers, line), "{line:?} of {merged:?}");
        }
        Ok(())
    });
}

#[test]
fn a_conflict_is_one_and_holds_nothing_that_both_agree_on() {
    check(1000, plain(), |texts| {
        for conflict in text(texts.sides()).conflicts() {
            prop_assert_ne!(&conflict.ours, &conflict.theirs);
            let [ours, theirs] = [&conflict.ours, &conflict.theirs].map(|text| text.split_inclusive('\n'));
            let alike = |one: Option<&str>, other: Option<&str>| one.is_some() && one == other;
            prop_assert!(!alike(ours.clone().next(), theirs.clone().next()), "{conflict:?}");
            prop_assert!(!alike(ours.clone().next_back(), theirs.clone().next_back()), "{conflict:?}");
        }
        Ok(())
    });
}
