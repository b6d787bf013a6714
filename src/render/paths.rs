//! Where an artifact may land.
//!
//! In: paths. Out: nothing, or what is wrong. Refuses: paths that leave the root, that belong to git or
//! to opsgen itself, and two claims on one path.

use std::collections::BTreeMap;

use super::RENDER;
use crate::artifact::Artifact;
use crate::diagnostic::Diagnostic;

pub fn legal(path: &str) -> Result<(), String> {
    let parts: Vec<&str> = path.split('/').collect();
    let refuse = |why: &str| Err(format!("the path {path:?} {why}"));
    if path.starts_with('/') || path.contains('\\') || path.contains(':') {
        return refuse("is not relative to the root");
    }
    if parts.contains(&"..") {
        return refuse("leaves the root");
    }
    if parts.iter().any(|part| part.is_empty() || *part == ".") {
        return refuse("has an empty part");
    }
    if parts.iter().any(|part| part.eq_ignore_ascii_case(".git") || part.eq_ignore_ascii_case(".opsgen")) {
        return refuse("lies in a folder that git or opsgen keeps for itself");
    }
    Ok(())
}

/// Every path has one owner, on file systems that fold case too.
pub fn claims(artifacts: &[Artifact]) -> Vec<Diagnostic> {
    let mut owners: BTreeMap<(String, _), &Artifact> = BTreeMap::new();
    let mut faults = Vec::new();
    for artifact in artifacts {
        if let Some(first) = owners.insert((artifact.path.to_lowercase(), artifact.at), artifact) {
            let message = format!("two outputs claim {}: {} and {}", artifact.path, owner(first), owner(artifact));
            faults.push(
                Diagnostic::error(RENDER, message)
                    .help("give one of them another `path`, or a `when` that excludes the other"),
            );
        }
    }
    faults
}

fn owner(artifact: &Artifact) -> String {
    let Origin { blueprint, output, item } = &artifact.origin;
    match item {
        Some(item) => format!("{blueprint}/{output} for {item} ({})", artifact.path),
        None => format!("{blueprint}/{output} ({})", artifact.path),
    }
}

use crate::artifact::Origin;
