//! What stands in a blueprint.yaml.
//!
//! In: YAML text. Out: a `Manifest`. Refuses: unknown keys and wrong types, with line and column.

use indexmap::IndexMap;
use serde::Deserialize;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    pub summary: String,
    /// Path in the spec whose answer names this folder: `hosting.platform`.
    #[serde(default)]
    pub choice: Option<String>,
    #[serde(default)]
    pub when: Option<String>,
    #[serde(default)]
    pub inputs: IndexMap<String, Input>,
    #[serde(default)]
    pub outputs: Vec<Output>,
    /// What the blueprint has to say about the spec before it is rendered.
    #[serde(default)]
    pub findings: Vec<Remark>,
    /// What names mean outside the tree, by kind of name: `service`, `environment`, `name`, …
    #[serde(default)]
    pub identity: IndexMap<String, Meaning>,
}

/// What a blueprint tells the author of a spec: an answer that it lacks, or one that will not do.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Remark {
    #[serde(default)]
    pub for_each: ForEach,
    pub when: String,
    /// Key of the spec that it is about.
    pub key: String,
    pub say: String,
    pub help: String,
    /// Nothing is written until it is mended.
    #[serde(default)]
    pub refuse: bool,
}

/// What a name means to what runs, and what a person does when it changes.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Meaning {
    /// What stays under the old name until somebody does something.
    #[serde(default)]
    pub stays: Option<String>,
    /// Steps before the first deploy under the new name.
    #[serde(default)]
    pub before: Vec<Task>,
    /// Steps once that runs.
    #[serde(default)]
    pub after: Vec<Task>,
    /// Steps when the name is gone.
    #[serde(default)]
    pub remove: Vec<Task>,
}

/// One step: what to do, and the commands for it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Task {
    pub say: String,
    #[serde(default)]
    pub run: Option<String>,
    #[serde(default)]
    pub when: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// `string`, `integer`, `number`, `boolean`, `list`
    #[serde(rename = "type")]
    pub kind: String,
    pub default: serde_json::Value,
    #[serde(default)]
    pub help: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Output {
    pub template: String,
    pub path: String,
    #[serde(default)]
    pub at: Place,
    #[serde(default)]
    pub when: Option<String>,
    #[serde(default)]
    pub for_each: ForEach,
    #[serde(default)]
    pub mode: Keeping,
    #[serde(default)]
    pub format: Option<String>,
    #[serde(default)]
    pub dialect: Option<String>,
    #[serde(default)]
    pub executable: bool,
    #[serde(default)]
    pub header: bool,
    #[serde(default)]
    pub moved_from: Option<String>,
    #[serde(default)]
    pub keys: IndexMap<String, Vec<String>>,
    /// What keeps happening when the file is given up: `deploys on every push`.
    #[serde(default)]
    pub live: Option<String>,
    #[serde(default)]
    pub verify: Vec<String>,
    /// What a page for people must hold.
    #[serde(default)]
    pub page: Option<Page>,
}

/// The form of a page: its sections, and those whose numbers are the rules' own.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// Headings of the second level, in this order, none of them empty.
    pub parts: Vec<String>,
    #[serde(default)]
    pub figures: Option<Figures>,
}

/// Numbers in these sections stand in those rules.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figures {
    pub r#in: Vec<String>,
    /// A path in the scope: `runbook.rules`.
    pub of: String,
}

impl Input {
    /// The types an input can have.
    pub const KINDS: &[&str] = &["string", "integer", "number", "boolean", "list", "map"];

    pub fn accepts(&self, value: &serde_json::Value) -> bool {
        match self.kind.as_str() {
            "string" => value.is_string(),
            "integer" => value.is_i64() || value.is_u64(),
            "number" => value.is_number(),
            "boolean" => value.is_boolean(),
            "list" => value.is_array(),
            "map" => value.is_object(),
            _ => false,
        }
    }
}

/// `environment in m.deployed`, or a list of such for nesting.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(untagged)]
pub enum ForEach {
    #[default]
    Once,
    Each(String),
    Nested(Vec<String>),
}

impl ForEach {
    /// `(variable, expression)` from the outside in.
    pub fn loops(&self) -> Result<Vec<(&str, &str)>, String> {
        let lines = match self {
            Self::Once => &[][..],
            Self::Each(line) => std::slice::from_ref(line),
            Self::Nested(lines) => lines,
        };
        let split = |line: &String| format!("{line:?} isn't written `NAME in EXPRESSION`");
        lines
            .iter()
            .map(|line| {
                line.split_once(" in ").map(|(name, list)| (name.trim(), list.trim())).ok_or_else(|| split(line))
            })
            .collect()
    }
}

/// `at` of an output, as written.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Place {
    #[default]
    Here,
    Top,
}

/// `mode` of an output, as written.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Keeping {
    #[default]
    Managed,
    Locked,
    Seed,
    Keys,
    Block,
    Yours,
}
