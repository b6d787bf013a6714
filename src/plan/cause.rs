//! Why a hunk is there.
//!
//! Plain values; `trace` finds them, reports print them.

use std::fmt;

use serde::{Deserialize, Serialize};

/// One reason for a change.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Cause {
    /// An answer of the spec changed; `line` is where it stands now, nothing when it was taken out.
    Spec { key: String, line: Option<usize>, before: Option<String>, after: Option<String> },
    /// The blueprint says something else than when the file was last written.
    Blueprint { id: String },
    /// You changed the file.
    Yours,
    /// The spec or the blueprint: which of them can't be said without the spec that was last applied.
    Unknown,
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Spec { key, line, before, after } => {
                f.write_str("spec")?;
                if let Some(line) = line {
                    write!(f, ":{line}")?;
                }
                let said = |side: &Option<String>| side.clone().unwrap_or_else(|| "(none)".into());
                write!(f, " {key}: {} → {}", said(before), said(after))
            }
            Self::Blueprint { id } => write!(f, "blueprint {id}"),
            Self::Yours => f.write_str("your edit"),
            Self::Unknown => f.write_str("spec or blueprint (the spec that was last applied can't be read any more)"),
        }
    }
}
