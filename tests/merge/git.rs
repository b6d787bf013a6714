//! Wherever `git merge-file` is clean and its result parses, ours is the same; where git stops, so do we.

use std::fs;
use std::path::Path;
use std::process::Command;

use opsgen::format;
use opsgen::plan::merge::Favour;
use proptest::prelude::*;

use super::lines::{plain, texts};
use super::merged;
use super::seeded::check;

/// What git makes of it, and whether it is clean.
fn git(folder: &Path, sides: [&str; 3]) -> (String, bool) {
    let names = ["base", "ours", "theirs"];
    names.iter().zip(sides).for_each(|(name, text)| fs::write(folder.join(name), text).unwrap());
    let command = ["merge-file", "-p", "-q", "ours", "base", "theirs"];
    let output = Command::new("git").args(command).current_dir(folder).output().unwrap();
    (String::from_utf8(output.stdout).unwrap(), output.status.success())
}

#[test]
fn lines_merge_as_in_git() {
    let folder = tempfile::tempdir().unwrap();
    check(150, plain(), |texts| {
        let (expected, clean) = git(folder.path(), texts.sides());
        let merged = merged("text", &[], texts.sides());
        prop_assert_eq!(merged.is_clean(), clean, "git: {}", expected);
        prop_assert!(!clean || merged.text(Favour::Markers) == expected, "git: {expected}");
        Ok(())
    });
}

#[test]
fn a_merge_that_git_calls_clean_also_parses() {
    let folder = tempfile::tempdir().unwrap();
    let yaml = texts(|kind| format!("key{kind}: {kind}"), |name, number| format!("{name}{number}: 1"));
    check(100, yaml, |texts| {
        let (expected, clean) = git(folder.path(), texts.sides());
        let [base, ours, theirs] = texts.sides();
        let merged = merged("yaml", &[], texts.sides());
        let one_sided = ours == theirs || ours == base || theirs == base;
        let parses = one_sided || format::check("yaml", &expected).is_ok();
        prop_assert_eq!(merged.is_clean(), clean && parses, "git: {}", expected);
        prop_assert!(!merged.is_clean() || merged.text(Favour::Markers) == expected, "git: {expected}");
        Ok(())
    });
}
