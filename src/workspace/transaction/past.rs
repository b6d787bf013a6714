//! What was carried out: the last lists with the files that they replaced, by number.
//!
//! In: the folder of a list that is done. Out: a numbered entry; the oldest go.

use std::io;

use cap_std::fs::Dir;

use super::super::disk;
use super::super::state::State;
use super::{LIST, Replay};

/// So many are kept.
const KEPT: usize = 20;

/// Keeps a folder out of git by itself, wherever it is.
const IGNORE: &str = "*\n";

impl Replay<'_> {
    /// The list becomes the latest entry: from here on there is no journal any more.
    pub fn finish(&self) -> io::Result<()> {
        (self.steps)("finish");
        let undo = self.state.undo();
        if self.dir.symlink_metadata(&undo).is_err() {
            self.dir.write(format!("{}/.gitignore", self.state.local()), IGNORE)?;
            self.dir.create_dir(&undo)?;
        }
        let numbers = numbers(self.dir, self.state);
        let next = numbers.last().copied().unwrap_or_default() + 1;
        self.dir.rename(self.state.journal(), self.dir, folder(self.state, next))?;
        (self.steps)("prune");
        for number in numbers.iter().rev().skip(KEPT - 1) {
            forget(self.dir, &folder(self.state, *number));
        }
        Ok(())
    }
}

/// Without its list an entry is none, however far this gets.
fn forget(dir: &Dir, folder: &str) {
    let _ = dir.remove_file(format!("{folder}/{LIST}"));
    let _ = dir.remove_dir_all(folder);
}

/// Numbers of all entries, oldest first.
pub fn numbers(dir: &Dir, state: &State) -> Vec<u32> {
    let names = disk::list(dir, &state.undo()).unwrap_or_default();
    let mut found: Vec<u32> = names.iter().filter_map(|name| name.parse().ok()).collect();
    found.sort_unstable();
    found
}

pub fn folder(state: &State, number: u32) -> String {
    format!("{}/{number}", state.undo())
}
