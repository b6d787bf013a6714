//! The merge under random edits: its laws, agreement with git, and that nothing a person wrote is lost.
//!
//! Over ten thousand cases a run, each run others; a failure prints the seed that repeats it.

mod git;
mod laws;
mod lines;
mod pins;
mod region;
mod seeded;
mod toml;

use std::collections::BTreeMap;

use opsgen::artifact::Pin;
use opsgen::plan::merge::{Merged, Rules, Sides, merge};

/// Merges texts of a format.
fn merged(format: &str, pins: &[Pin], [base, ours, theirs]: [&str; 3]) -> Merged {
    let keys = BTreeMap::from([("vm".to_owned(), vec!["processes".to_owned()])]);
    merge(Sides { base, ours, theirs }, Rules { format, pins, keys: &keys })
}
