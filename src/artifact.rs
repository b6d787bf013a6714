//! A rendered file, before anything is compared or written.
//!
//! In: nothing; `render` makes them. Out: plain values for `plan`, `verify` and `report`.
//! Refuses nothing: paths are judged where they are made.

use std::fmt;

/// Which folder a path is relative to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum At {
    /// The folder that holds the spec.
    #[default]
    Here,
    /// The git work tree that holds the spec.
    Top,
}

/// Who owns the content of a file after it was first written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
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
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Origin {
    /// Blueprint id, for example `hosting/fly`.
    pub blueprint: String,
    /// Template of the output inside the blueprint.
    pub output: String,
    /// Name of the `for_each` item, when there is one: `production`, `production/api`.
    pub item: Option<String>,
}

/// A rendered file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Artifact {
    /// Relative, `/`-separated, no `.` or `..`.
    pub path: String,
    pub at: At,
    pub bytes: Vec<u8>,
    pub executable: bool,
    /// Name of a format known to `format`: `yaml`, `toml`, `json`, `shell`, `markdown`, `text`, …
    pub format: String,
    pub mode: Mode,
    pub origin: Origin,
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
