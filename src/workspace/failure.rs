//! Why the workspace couldn't be read or written.

use std::fmt;
use std::io;
use std::path::Path;

use super::transaction::Failed;
use crate::diagnostic::Diagnostic;

/// Codes of the workspace's own errors.
pub mod code {
    pub const BLOCKED: &str = "OPS403";
    pub const STALE: &str = "OPS406";
    pub const ROOT: &str = "OPS407";
    pub const UNFINISHED: &str = "OPS415";
    pub const BUSY: &str = "OPS416";
    pub const CHANGED: &str = "OPS417";
    pub const STUCK: &str = "OPS418";
}

/// Nothing was written in any of these cases, or it was taken back.
#[derive(Debug)]
pub enum Failure {
    /// Something that isn't a file or folder of ours is in the way, or another run is.
    Blocked(Diagnostic),
    /// The folder can't be used at all.
    Root(Diagnostic),
    /// Files that changed since the plan was made.
    Stale(Vec<String>),
    /// Files that changed since the apply that is to be undone.
    Changed(Diagnostic),
    /// A signal: whether everything had been written by then.
    Interrupted { written: bool },
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

    pub(super) fn unwritable(folder: &str, error: &io::Error) -> Self {
        let message = format!("can't write in `{folder}`: {}", plain(error));
        Self::Root(Diagnostic::error(code::ROOT, message).help("nothing was written; mend the folder's permissions"))
    }

    /// Another run holds the lock.
    pub(super) fn busy(path: &str, holder: Option<&str>) -> Self {
        let who = holder.map_or_else(String::new, |holder| format!(" ({holder})"));
        let message = format!("another opsgen is writing here{who}");
        let help = format!("nothing was written; wait until it is done, then run again (it holds `{path}`)");
        Self::Blocked(Diagnostic::error(code::BUSY, message).help(help))
    }

    /// A run that was cut off, met by one that writes nothing.
    pub(super) fn unfinished(journal: &str) -> Self {
        let message = format!("an apply was interrupted here: `{journal}` says what is still to be done");
        Self::Blocked(
            Diagnostic::error(code::UNFINISHED, message)
                .help("run `opsgen apply`: it finishes what was begun or takes it back, then shows what is left to do"),
        )
    }

    /// A run that was cut off, and can neither be finished nor taken back.
    pub(super) fn stuck(message: String, journal: &str) -> Self {
        let help = format!(
            "look at `git status`, put the files in order, then remove `{journal}`; the old files are in it as `old-*`"
        );
        Self::Blocked(Diagnostic::error(code::STUCK, message).help(help))
    }

    /// What an undo would bring back is gone.
    pub(super) fn lost(path: &str, kept: &str) -> Self {
        let message = format!("can't bring `{path}` back: `{kept}` isn't what was kept there");
        Self::Blocked(
            Diagnostic::error(code::STUCK, message).help("nothing was written; look for the file in `git log`"),
        )
    }

    pub(super) fn changed(what: &str, paths: &[String]) -> Self {
        let message = format!("changed since {what}: {}", paths.join(", "));
        Self::Changed(
            Diagnostic::error(code::CHANGED, message)
                .help("nothing was written; put these files back as they were, or change them by hand"),
        )
    }

    /// A transaction that failed was taken back.
    pub(super) fn failed(failed: Failed) -> Self {
        if failed.is_interrupt() {
            return Self::Interrupted { written: false };
        }
        Self::Io { doing: format!("can't write `{}`", failed.path), error: failed.error, left: failed.left }
    }

    /// As it is told to the user; an interrupt is no error.
    pub fn diagnostic(&self) -> Diagnostic {
        match self {
            Self::Blocked(told) | Self::Root(told) | Self::Changed(told) => told.clone(),
            Self::Stale(paths) => {
                let message = format!("changed since the plan was made: {}", paths.join(", "));
                Diagnostic::error(code::STALE, message).help("nothing was written; run again to see the new plan")
            }
            Self::Interrupted { written: true } => {
                Diagnostic::warning(code::UNFINISHED, "interrupted; all was written")
            }
            Self::Interrupted { .. } => Diagnostic::warning(code::UNFINISHED, "interrupted; nothing was written"),
            Self::Io { doing, error, left } => {
                let told = Diagnostic::error(code::ROOT, format!("{doing}: {}", plain(error)));
                told.help(match left.as_slice() {
                    [] => "everything is as it was before".to_owned(),
                    left => format!(
                        "these couldn't be put back: {}; run `opsgen apply` again when that is mended: it finishes or \
                         takes back the rest",
                        left.join(", ")
                    ),
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
