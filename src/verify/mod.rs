//! Runs the ecosystem's own tools over written artifacts.
//!
//! In: artifacts, with the ids of their tools, and the folders they were written to. Out: one `Check` a tool: passed over how many
//! files, failed with the tool's own words, or absent from PATH.
//! Refuses to count a tool that read nothing as passed, and tools that aren't in `tools.yaml`.

mod run;
mod tool;

use std::path::{Path, PathBuf};

use crate::artifact::{Artifact, At};
use crate::diagnostic::Diagnostic;
pub use tool::{Exception, Tool, Toolbox};

/// An artifact names a tool that isn't known.
pub const UNKNOWN_TOOL: &str = "OPS501";
/// A tool rejected an artifact, or read nothing.
pub const REJECTED: &str = "OPS502";
/// A tool isn't on PATH.
pub const ABSENT: &str = "OPS503";

/// What one tool said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// Id in `tools.yaml`.
    pub tool: String,
    /// What the tool looks at, for people.
    pub about: String,
    /// Files given to it.
    pub files: usize,
    pub verdict: Verdict,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    Passed,
    /// The command, and what it printed.
    Failed {
        command: String,
        output: String,
    },
    /// The program that PATH doesn't have.
    Absent {
        program: String,
    },
}

/// The folders that `At::Here` and `At::Top` stand for.
#[derive(Clone, Debug)]
pub struct Places {
    pub here: PathBuf,
    pub top: PathBuf,
}

impl Places {
    fn path(&self, artifact: &Artifact) -> PathBuf {
        self.folder(artifact.at).join(&artifact.path)
    }

    fn folder(&self, at: At) -> &Path {
        match at {
            At::Here => &self.here,
            At::Top => &self.top,
        }
    }
}

/// Runs every tool that the artifacts name, `only` those when it isn't empty. Files that a person deleted are left out.
///
/// # Errors
/// When an artifact names a tool that `tools.yaml` doesn't hold.
pub fn run(artifacts: &[Artifact], places: &Places, only: &[String]) -> Result<Vec<Check>, Vec<Diagnostic>> {
    let toolbox = Toolbox::embedded();
    let unknown = unknown_tools(artifacts, &toolbox);
    if !unknown.is_empty() {
        return Err(unknown);
    }
    let wanted = |tool: &&Tool| only.is_empty() || only.contains(&tool.id);
    let checks = toolbox.tools.iter().filter(wanted).filter_map(|tool| {
        let files = files_of(tool, artifacts, places);
        (!files.is_empty()).then(|| check(tool, &toolbox, &files, places))
    });
    Ok(checks.collect())
}

fn files_of(tool: &Tool, artifacts: &[Artifact], places: &Places) -> Vec<PathBuf> {
    let named = artifacts.iter().filter(|artifact| artifact.verify.contains(&tool.id));
    named.map(|artifact| places.path(artifact)).filter(|path| path.is_file()).collect()
}

fn check(tool: &Tool, toolbox: &Toolbox, files: &[PathBuf], places: &Places) -> Check {
    let verdict = run::verdict(tool, &toolbox.rules_for(&tool.id), files, &places.here);
    Check { tool: tool.id.clone(), about: tool.about.clone(), files: files.len(), verdict }
}

fn unknown_tools(artifacts: &[Artifact], toolbox: &Toolbox) -> Vec<Diagnostic> {
    let mut faults = Vec::new();
    for artifact in artifacts {
        for id in artifact.verify.iter().filter(|id| toolbox.tool(id).is_none()) {
            let message = format!("{} names the tool `{id}`, which opsgen doesn't run", artifact.origin.blueprint);
            let known: Vec<&str> = toolbox.tools.iter().map(|tool| tool.id.as_str()).collect();
            faults.push(Diagnostic::error(UNKNOWN_TOOL, message).help(format!("known tools: {}", known.join(", "))));
        }
    }
    faults
}
