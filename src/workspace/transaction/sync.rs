//! What is brought to the disk before anything is replaced, so that a power cut leaves no file empty.
//!
//! Only what would be lost counts: a transaction that replaces nothing asks for nothing, as git does for its work tree.
//! One that replaces something asks twice: for everything staged and listed, before the commit, and for the commit itself.
//! The first is one call for the file system and not one a file: on a busy disk that is ten times faster.

use std::io;

use cap_std::fs::Dir;

/// Every file in a folder, and its name.
#[cfg(target_os = "linux")]
pub fn files(dir: &Dir, folder: &str) -> io::Result<()> {
    Ok(rustix::fs::syncfs(dir.open(folder)?)?)
}

/// Every file in a folder, and its name.
#[cfg(not(target_os = "linux"))]
pub fn files(dir: &Dir, folder: &str) -> io::Result<()> {
    for name in super::super::disk::list(dir, folder)? {
        dir.open(format!("{folder}/{name}"))?.sync_all()?;
    }
    names(dir, folder)
}

/// The names in a folder.
pub fn names(dir: &Dir, folder: &str) -> io::Result<()> {
    dir.open(folder)?.sync_all()
}
