//! Writes many files as one: stage all, commit with one rename, move into place; an error takes everything back.
//!
//! In: operations on paths below one folder. Out: done, or as it was before.
//!
//! Three folders, each the same one under another name: `stage` (worth nothing yet), `journal` (the commit: from here on a
//! crash is finished or taken back by the next run), `undo/N` (done: the list and the replaced files, to take it back later).
//! A replaced file is never copied: its old content is linked into that folder before the first rename.

mod folders;
mod list;
mod past;
mod replay;
mod stage;
mod standing;
mod sync;

use std::io;

use cap_std::fs::Dir;

pub use list::{Journal, Step, Title};
pub use past::{folder, numbers};
pub use replay::{Left, Replay};
pub use standing::{Stuck, Way, list};

use stage::Stage;

use super::state::State;
use crate::plan::Content;

/// Name of the list inside the folder.
const LIST: &str = "list";

/// One change of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operation {
    /// `like` is the path of another file whose mode it takes over.
    Write {
        path: String,
        content: Content,
        like: Option<String>,
    },
    /// A file as it was before, to the last bit of its mode.
    Restore {
        path: String,
        bytes: Vec<u8>,
        mode: u32,
    },
    Remove {
        path: String,
    },
}

impl Operation {
    pub fn path(&self) -> &str {
        match self {
            Self::Write { path, .. } | Self::Restore { path, .. } | Self::Remove { path } => path,
        }
    }
}

/// Asked before every step, by its name; `false` before the commit takes everything back, and later changes nothing.
pub type Steps<'a> = &'a dyn Fn(&str) -> bool;

/// What failed, and what couldn't be taken back.
#[derive(Debug)]
pub struct Failed {
    pub path: String,
    pub error: io::Error,
    pub left: Vec<String>,
}

impl Failed {
    fn at(path: &str, error: io::Error) -> Self {
        Self { path: path.to_owned(), error, left: Vec::new() }
    }

    /// Somebody asked to stop; nothing is left of it.
    pub fn is_interrupt(&self) -> bool {
        self.error.kind() == io::ErrorKind::Interrupted
    }
}

/// Carries the operations out in their order, or takes everything back.
pub fn run(dir: &Dir, state: &State, steps: Steps<'_>, title: Title, operations: &[Operation]) -> Result<(), Failed> {
    let journal = Stage::begin(dir, state, steps)?.fill(title, operations)?;
    let replay = Replay::new(dir, state, &journal, steps);
    let done =
        replay.forward(|_| true).and_then(|()| replay.finish().map_err(|error| Failed::at(&state.undo(), error)));
    done.map_err(|failed| {
        let Left(left) = replay.take_back();
        Failed { left, ..failed }
    })
}

/// Whether to go on; an interrupt is an error of its own kind.
fn go(steps: Steps<'_>, name: &str) -> io::Result<()> {
    if steps(name) { Ok(()) } else { Err(io::ErrorKind::Interrupted.into()) }
}

/// Links, or copies where links aren't known.
fn keep(dir: &Dir, from: &str, folder: &Dir, to: &str) -> io::Result<()> {
    match dir.hard_link(from, folder, to) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => dir.copy(from, folder, to).map(drop),
        done => done,
    }
}

/// Name of a new file in the folder of the list.
fn staged(at: usize) -> String {
    format!("new-{at}")
}

/// Name of the file that it replaces.
pub fn replaced(at: usize) -> String {
    format!("old-{at}")
}
