//! A rendered file, before anything is compared or written.
//!
//! In: nothing; `render` makes them. Out: plain values for `plan`, `verify` and `report`.
//! Refuses nothing: paths are judged where they are made.

use std::collections::BTreeMap;
use std::fmt;

/// Which folder a path is relative to.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    serde::Serialize,
    serde::Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum At {
    /// The folder that holds the spec.
    #[default]
    Here,
    /// The git work tree that holds the spec.
    Top,
}

/// Who owns the content of a file after it was first written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Three-way: our changes and the user's edits live together.
    #[default]
    Managed,
    /// Ours alone; an edit is reported.
    Locked,
    /// Written once, then the user's.
    Seed,
    /// Only our keys of a TOML file.
    Keys,
    /// Only the lines between our markers.
    Block,
    /// Never written; changes are shown.
    Yours,
}

/// Where an artifact came from: shown in reports, kept in the base header.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Origin {
    /// Blueprint id, for example `hosting/fly`.
    pub blueprint: String,
    /// Template of the output inside the blueprint.
    pub output: String,
    /// Name of the `for_each` item, when there is one: `production`, `production/api`.
    pub item: Option<String>,
}

/// A reference to a version that bots move: an action, an image, a tool.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct Pin {
    /// What is pinned: `actions/checkout`, `postgres`, `flyctl`.
    pub subject: String,
    /// As it stands in the file: `actions/checkout@SHA # v7.0.1`, `postgres:16`, `0.4.104`.
    pub text: String,
}

/// A rendered file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Artifact {
    /// Relative, `/`-separated, no `.` or `..`.
    pub path: String,
    pub at: At,
    pub bytes: Vec<u8>,
    pub executable: bool,
    /// Name under which `format::check` reads it: `yaml`, `github-actions`, `toml`, `shell`, `text`, …
    pub format: String,
    pub mode: Mode,
    pub origin: Origin,
    /// References that the merge keeps at the newer version.
    pub pins: Vec<Pin>,
    /// Arrays of tables of a TOML file, and the keys that tell their tables apart: `vm` → `processes`.
    pub keys: BTreeMap<String, Vec<String>>,
    /// The path that this output had before.
    pub moved_from: Option<String>,
    /// What keeps happening when opsgen gives the file up: `deploys on every push`.
    pub live: Option<String>,
    /// Ids of the tools that `verify` runs over it.
    pub verify: Vec<String>,
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            At::Here => "here",
            At::Top => "top",
        })
    }
}
