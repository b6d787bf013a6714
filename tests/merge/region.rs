//! Our part of a user's file comes, changes and goes, and the rest stays byte for byte.

use std::collections::BTreeMap;

use opsgen::plan::merge::Favour;
use opsgen::plan::region::{block::Marks, keys};
use proptest::prelude::*;

use super::seeded::check;
use super::toml::{cases, handled, rendered, text};

#[test]
fn lines_between_marks_leave_the_rest_alone() {
    let line = || "[a-z# ]{0,6}\n";
    let lines = move || proptest::collection::vec(line(), 0..5).prop_map(|lines| lines.concat());
    check(1000, (lines(), lines(), lines(), lines()), |(above, below, first, second)| {
        let marks = Marks::of("yaml", "ci/base").unwrap();
        let put = marks.put(&above, &first).unwrap() + &below;
        prop_assert_eq!(marks.find(&put), Ok(Some(first)));
        let again = marks.put(&put, &second).unwrap();
        prop_assert_eq!(marks.find(&again), Ok(Some(second)));
        prop_assert_eq!(marks.remove(&again).unwrap(), above + &below);
        Ok(())
    });
}

#[test]
fn our_keys_come_and_go_among_the_users() {
    let vm = || BTreeMap::from([("vm".to_owned(), vec!["processes".to_owned()])]);
    check(1000, cases(), |(base, changes, more, chances)| {
        let (old, new) = (text(&base), text(&rendered(&base, &changes, &more)));
        let (disk, wrote) = handled(&base, &chances);
        let merged = keys::merge(Some(&old), &disk, Some(&new), &vm());
        prop_assert!(merged.is_clean(), "{merged:#?}");
        let after = merged.text(Favour::Markers);
        let gone = keys::merge(Some(&new), &after, None, &vm()).text(Favour::Markers);
        for line in wrote.iter().filter(|line| !line.is_empty()) {
            prop_assert!(after.contains(line.as_str()) && gone.contains(line.as_str()), "{line:?} is lost:\n{gone}");
        }
        prop_assert_eq!(keys::merge(None, &after, Some(&new), &vm()).text(Favour::Markers), after);
        Ok(())
    });
}
