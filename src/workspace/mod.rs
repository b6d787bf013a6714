//! The only code that writes: reads what exists, and carries a plan out.
//!
//! In: a place, artifacts, a plan. Out: `Existing`, and files on disk.
//! Every path stays below the top folder; no symbolic link is followed; a plan is carried out whole or not at all, whatever
//! ends the run.

mod cache;
mod disk;
mod failure;
mod git;
mod interrupt;
mod lock;
mod operations;
mod place;
mod print;
mod recover;
mod state;
mod transaction;
mod undo;
mod write;

use std::collections::BTreeSet;
use std::path::PathBuf;

use cap_std::ambient_authority;
use cap_std::fs::Dir;

use crate::artifact::Artifact;
use crate::plan::{Existing, Options, Recorded, paths};
use disk::Lookup;
use state::State;

pub use cache::{Remembered, digest, recall};
pub use failure::{Failure, code, plain};
pub use interrupt::catch;
pub use place::Place;
pub use recover::Recovered;
pub use transaction::{Title, Way};
pub use undo::{Past, Undoing};
pub use write::Written;

/// A folder that opsgen may write below.
pub struct Workspace {
    dir: Dir,
    top: PathBuf,
    prefix: String,
    state: State,
}

impl Workspace {
    /// Opens the top folder; everything after goes through it.
    pub fn open(place: &Place) -> Result<Self, Failure> {
        let dir = Dir::open_ambient_dir(&place.top, ambient_authority())
            .map_err(|error| Failure::root(&place.top, &error))?;
        let state = State::new(&place.prefix);
        Ok(Self { dir, top: place.top.clone(), prefix: place.prefix.clone(), state })
    }

    /// What the plan compares the artifacts with.
    pub fn read(&self, artifacts: &[Artifact]) -> Result<Existing, Failure> {
        self.settled()?;
        let bases = self.state.read_bases(&self.dir)?;
        let options = Options { prefix: self.prefix.clone(), ..Options::default() };
        let mut targets: BTreeSet<String> = artifacts.iter().map(|new| options.target(new.at, &new.path)).collect();
        let former = artifacts.iter().filter_map(|new| Some(options.target(new.at, new.moved_from.as_deref()?)));
        targets.extend(former);
        for (path, recorded) in &bases {
            if let Recorded::Base(base) = recorded {
                targets.insert(options.target(base.at, path));
            } else {
                targets.insert(options.target(Default::default(), path));
            }
        }
        let mut lookup = Lookup::new(&self.dir);
        let disk = targets
            .into_iter()
            .filter(|target| paths::refusal(target).is_none())
            .map(|target| (target.clone(), lookup.at(&target)))
            .collect();
        Ok(Existing { bases, disk, spec: self.state.read_spec(&self.dir)? })
    }
}

#[cfg(test)]
mod tests;
