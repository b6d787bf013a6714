//! Options that several commands share.

use std::path::PathBuf;

use clap::{Args, ValueEnum, ValueHint};

use super::console::When;
use crate::plan;

/// Options of every command.
#[derive(Clone, Debug, Args)]
pub struct Global {
    /// Adds a folder of blueprints; a file in it replaces the embedded one of the same path
    #[arg(long, global = true, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub blueprints: Vec<PathBuf>,

    /// Writes below this folder instead of the spec's folder and its git work tree
    #[arg(long, global = true, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub root: Option<PathBuf>,

    /// When to colour
    #[arg(long, global = true, value_name = "WHEN", value_enum, default_value_t = When::Auto)]
    pub color: When,

    /// Says only what was asked for, and errors
    #[arg(long, short, global = true)]
    pub quiet: bool,
}

/// The spec that a command works on.
#[derive(Clone, Debug, Default, Args)]
pub struct SpecArg {
    /// The spec; without it `opsgen.yaml`, then `spec.yaml`
    #[arg(value_name = "SPEC", value_hint = ValueHint::FilePath)]
    pub spec: Option<PathBuf>,
}

/// The spec, or a plan that was made from one.
#[derive(Clone, Debug, Default, Args)]
pub struct SpecOrPlan {
    /// The spec, without it `opsgen.yaml`, then `spec.yaml`; or a plan that `opsgen diff --out FILE` saved
    #[arg(value_name = "SPEC|PLAN", value_hint = ValueHint::FilePath)]
    pub path: Option<PathBuf>,
}

/// One spec, or every one below a folder.
#[derive(Clone, Copy, Debug, Default, Args)]
pub struct All {
    /// Every spec below the folder that is given, or below this one
    #[arg(long)]
    pub all: bool,
}

/// What the plan is asked to do beyond the spec.
#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
pub struct Choices {
    /// Only files that match: a path, a folder, or a pattern such as `docs/**`
    #[arg(long, value_name = "GLOB")]
    pub only: Vec<String>,

    /// Merges files that were there before opsgen with what it would write
    #[arg(long)]
    pub adopt: bool,

    /// Where you and opsgen changed the same lines: write nothing, both with marks, your lines, or the new ones
    #[arg(long, value_name = "HOW", value_enum, default_value_t)]
    pub conflicts: Conflicts,

    /// Brings a file back that you deleted
    #[arg(long, value_name = "PATH")]
    pub restore: Vec<String>,

    /// Says that a service, store, environment, bucket or project of this name is gone, and was not renamed
    #[arg(long, value_name = "NAME")]
    pub retire: Vec<String>,

    /// Gives up a blueprint that is gone: its files stay and are yours
    #[arg(long, value_name = "ID")]
    pub forget: Vec<String>,
}

/// What happens where both sides changed the same lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Conflicts {
    #[default]
    Stop,
    Markers,
    Mine,
    Theirs,
}

impl From<Conflicts> for plan::Conflicts {
    fn from(said: Conflicts) -> Self {
        match said {
            Conflicts::Stop => Self::Stop,
            Conflicts::Markers => Self::Markers,
            Conflicts::Mine => Self::Mine,
            Conflicts::Theirs => Self::Theirs,
        }
    }
}
