//! The file of a saved plan: its shape, published as a JSON Schema.
//!
//! Plain values. Preconditions are digests; what is written or shown stands once under `contents`. No absolute path, no clock.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::super::cause::Cause;
use super::super::entry::Action;
use super::super::identity::Identity;
use crate::artifact::{At, Mode, Origin};

/// Version of this format; a change of meaning makes it larger.
pub const VERSION: u32 = 1;

/// A plan of opsgen, as `opsgen diff --out FILE` saves it and `opsgen apply FILE` carries it out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// Version of this format.
    pub plan: u32,
    /// Version of the program that made it.
    pub opsgen: String,
    /// SHA-256 of this document without this value: a plan that was changed by hand is refused.
    pub digest: String,
    /// The spec that it was made from.
    pub spec: Spec,
    /// The spec's folder, from the top folder; empty when they are the same.
    pub prefix: String,
    /// Only a part of what the spec asks for.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub partial: bool,
    /// One for each file, ordered by target.
    pub files: Vec<Entry>,
    /// Names outside the files that the spec calls otherwise now, or not at all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<Identity>,
    /// Everything that is written or shown, by its SHA-256.
    pub contents: BTreeMap<String, Text>,
}

/// The spec of a plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Spec {
    /// Where it lies, from the top folder or from the folder in which the plan was made; absent when a root was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// SHA-256 of the spec that was last applied; absent when none was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// SHA-256 of the spec that is applied.
    pub after: String,
}

/// What happens to one file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Path from the folder that `at` names.
    pub path: String,
    pub at: At,
    /// Path from the top folder.
    pub target: String,
    pub action: Action,
    pub mode: Mode,
    pub origin: Origin,
    /// What must be there.
    pub disk: Found,
    /// SHA-256 of the record that must be there; absent when there must be none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recorded: Option<String>,
    /// The new render.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new: Option<Content>,
    /// What is written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<Content>,
    /// Path from the top folder under which it lies until now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Path of the record that goes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record_from: Option<String>,
    /// What happens to the record.
    #[serde(default, skip_serializing_if = "Record::is_keep")]
    pub record: Record,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conflicts: Vec<Conflict>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub live: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Why each hunk is there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub causes: Vec<Vec<Cause>>,
}

/// Bytes by their digest, and the executable bit.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Content {
    pub sha256: String,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub executable: bool,
}

/// What was found at a path.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Found {
    Absent,
    File(Content),
    Directory,
    Symlink,
    Other,
    /// Why it can't be read.
    Unreadable(String),
    /// Which parent is no folder, and whether it is a link.
    Behind {
        parent: String,
        link: bool,
    },
    /// The name that differs only in case.
    Folded(String),
}

/// What happens to the record of a file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Record {
    #[default]
    Keep,
    Drop,
    Write(Base),
}

/// What is recorded as last written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Base {
    pub mode: Mode,
    pub origin: Origin,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub live: Option<String>,
    /// Format of the file, where a part of it is ours.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub format: String,
    /// What tells the tables of an array apart.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub keys: BTreeMap<String, Vec<String>>,
    pub content: Content,
}

/// Lines that both sides changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Conflict {
    pub base: String,
    pub ours: String,
    pub theirs: String,
}

/// Bytes, as text where they are text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Text {
    Text(String),
    Base64(String),
}

impl Record {
    fn is_keep(&self) -> bool {
        *self == Self::Keep
    }
}
