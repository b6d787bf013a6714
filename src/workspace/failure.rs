//! Why the workspace couldn't be read or written.

use std::fmt;
use std::io;
use std::path::Path;

use crate::diagnostic::Diagnostic;

/// Codes of the workspace's own errors.
pub mod code {
    pub const STALE: &str = "OPS406";
    pub const ROOT: &str = "OPS407";
    pub const BLOCKED: &str = "OPS403";
}

/// Nothing was written in any of these cases, or it was taken back.
#[derive(Debug)]
pub enum Failure {
    /// Something that isn't a file or folder of ours is in the way.
    Blocked(Diagnostic),
    /// The folder can't be used at all.
    Root(Diagnostic),
    /// Files that changed since the plan was made.
    Stale(Vec<String>),
    /// Reading or writing failed; what was undone, and what couldn't be.
    Io { doing: String, error: io::Error, left: Vec<String> },
}

impl Failure {
    pub fn io(doing: impl Into<String>, error: io::Error) -> Self {
        Self::Io { doing: doing.into(), error, left: Vec::new() }
    }

    pub(super) fn blocked(path: &str, what: &str) -> Self {
        let message = format!("`{path}` is {what}, where opsgen keeps what it last wrote");
        Self::Blocked(Diagnostic::error(code::BLOCKED, message).help("move it away, then run again"))
    }

    pub(super) fn root(path: &Path, error: &io::Error) -> Self {
        let message = format!("can't use `{}`: {}", path.display(), plain(error));
        Self::Root(Diagnostic::error(code::ROOT, message).help("give a folder that exists and that you may write to"))
    }

    pub(super) fn unwritable(path: &Path, error: &io::Error) -> Self {
        let message = format!("can't write in `{}`: {}", path.display(), plain(error));
        Self::Root(Diagnostic::error(code::ROOT, message).help("nothing was written; mend the folder's permissions"))
    }

    /// As it is told to the user.
    pub fn diagnostic(&self) -> Diagnostic {
        match self {
            Self::Blocked(told) | Self::Root(told) => told.clone(),
            Self::Stale(paths) => {
                let message = format!("changed since the plan was made: {}", paths.join(", "));
                Diagnostic::error(code::STALE, message).help("nothing was written; run again to see the new plan")
            }
            Self::Io { doing, error, left } => {
                let told = Diagnostic::error(code::ROOT, format!("{doing}: {}", plain(error)));
                told.help(match left.as_slice() {
                    [] => "everything is as it was before".to_owned(),
                    left => format!("these couldn't be put back: {}", left.join(", ")),
                })
            }
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.diagnostic().message)
    }
}

impl std::error::Error for Failure {}

/// An error without the number that the system puts behind it.
pub fn plain(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or(&text);
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}
