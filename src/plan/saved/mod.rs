//! Plans that are kept in a file: what was shown is what is written, or nothing is.
//!
//! In: a plan, or the text of a file. Out: the text, or the plan again. Refuses a plan that isn't whole or does what none may.

mod contents;
mod format;
mod load;
mod resume;
mod save;
mod trust;

use super::entry::Plan;
use super::existing::Existing;
use crate::artifact::Artifact;

pub use load::{is_saved, load};
pub use resume::State;
pub use save::save;

/// Codes of saved plans.
pub mod code {
    pub const DAMAGED: &str = "OPS425";
    pub const NEWER: &str = "OPS426";
    pub const ELSEWHERE: &str = "OPS427";
}

/// What stands before a path that a link leads away from.
const LINK: &str = "a symbolic link";

/// A plan that was read from a file.
#[derive(Clone, Debug)]
pub struct Saved {
    file: format::File,
    plan: Plan,
}

impl Saved {
    /// The plan as it was shown; enough to show it again.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Where the spec lies; nothing when the root was given.
    pub fn spec(&self) -> Option<&str> {
        self.file.spec.path.as_deref()
    }

    /// The spec's folder, from the top folder.
    pub fn prefix(&self) -> &str {
        &self.file.prefix
    }

    /// Every path that must be looked at to know what the plan is worth now.
    pub fn places(&self) -> Vec<Artifact> {
        resume::places(&self.file)
    }

    /// What the plan is worth now.
    pub fn state(&self, existing: &Existing) -> State {
        resume::state(self, existing)
    }
}

/// The JSON Schema of the file.
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(format::File).to_value()
}
