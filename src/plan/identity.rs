//! Names that exist outside the tree: what a plan means for what runs or holds data under them.
//!
//! Plain values; `spec` sees what changed, `trace` asks the blueprints what a person does then, reports print it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What became of a name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Fate {
    #[default]
    Renamed,
    Removed,
    /// Renamed or removed: nobody said which.
    Unsaid,
}

/// A name of something that opsgen doesn't touch.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Identity {
    /// As people call it: `service`, `backup destination`.
    pub kind: String,
    pub fate: Fate,
    /// The name until now.
    pub from: String,
    /// The name from now on, when there is one.
    pub to: Option<String>,
    /// What stays as it is until somebody does something.
    pub stays: Vec<String>,
    /// What that somebody does, in order.
    pub steps: Vec<Step>,
}

/// One thing to do by hand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Step {
    pub say: String,
    /// Commands, where it is done by commands.
    pub run: Option<String>,
}
