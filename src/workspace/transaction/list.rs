//! The list of everything that one transaction does: kept while it runs, and afterwards so that it can be undone.
//!
//! In: the text of a list. Out: the steps. Refuses a list that was cut off, or that names a path that is never ours.

use jiff::{Timestamp, Unit};
use serde::{Deserialize, Serialize};

use super::super::print::{Print, digest};
use super::super::state::State;
use crate::plan::paths;

/// First word of every list; its version and the digest of the rest follow.
const MAGIC: &str = "opsgen-journal 1 ";

/// One file: what was there, and what is there afterwards.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    pub path: String,
    pub before: Option<Print>,
    pub after: Option<Print>,
}

/// Who did it and when.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Title {
    /// `2026-11-21T07:10:00Z`
    pub time: String,
    /// As it was typed.
    pub command: String,
}

impl Title {
    /// This run.
    pub fn now() -> Self {
        let time = Timestamp::now().round(Unit::Second).unwrap_or_default().to_string();
        let command: Vec<String> = std::env::args().skip(1).collect();
        Self { time, command: format!("opsgen {}", command.join(" ")) }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Journal {
    pub title: Title,
    /// Folders that weren't there, outermost first.
    pub folders: Vec<String>,
    pub steps: Vec<Step>,
}

impl Journal {
    pub fn encode(&self) -> Vec<u8> {
        let body = serde_json::to_string(self).unwrap_or_default();
        format!("{MAGIC}{}\n{body}\n", digest(body.as_bytes())).into_bytes()
    }

    /// Nothing when it is torn, or when it says something that no transaction of ours would do.
    pub fn decode(bytes: &[u8], state: &State) -> Option<Self> {
        let text = std::str::from_utf8(bytes).ok()?.strip_prefix(MAGIC)?;
        let (sum, body) = text.strip_suffix('\n')?.split_once('\n')?;
        let journal: Self = (digest(body.as_bytes()) == sum).then(|| serde_json::from_str(body).ok())??;
        let ours = |path: &String| paths::refusal(path).is_none() || state.is_ours(path);
        let folders = |path: &String| paths::refusal(path).is_none() || state.is_folder(path);
        (journal.steps.iter().all(|step| ours(&step.path)) && journal.folders.iter().all(folders)).then_some(journal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn journal(path: &str) -> Journal {
        let step = Step { path: path.into(), before: None, after: Some(Print::of(b"x", 0o644)) };
        Journal { steps: vec![step], ..Journal::default() }
    }

    #[test]
    fn a_list_survives_the_disk_and_a_torn_one_is_refused() {
        let state = State::new("api");
        for path in ["a.txt", "api/.opsgen/base/a.txt.base", "api/.opsgen/spec.yaml", "api/.opsgen/.gitignore"] {
            let bytes = journal(path).encode();
            assert_eq!(Journal::decode(&bytes, &state), Some(journal(path)), "{path}");
            for end in 0..bytes.len() {
                assert_eq!(Journal::decode(&bytes[..end], &state), None);
            }
        }
    }

    #[test]
    fn a_list_that_somebody_else_wrote_reaches_nothing_else() {
        let state = State::new("");
        for path in [".git/hooks/pre-commit", "../x", "/etc/passwd", ".opsgen/local/lock", ".opsgen/base/../../.git/x"]
        {
            assert_eq!(Journal::decode(&journal(path).encode(), &state), None, "{path}");
            let folders = Journal { folders: vec![path.into()], ..Journal::default() };
            assert_eq!(Journal::decode(&folders.encode(), &state), None, "{path}");
        }
    }
}
