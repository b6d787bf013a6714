//! What a stat says of a file, as bytes to compare, asked for with the shortest paths.
//!
//! In: paths below a folder, best in their order: what lies in the same folder is looked up in it, not from the root of the file
//! system. Out: a stamp, or that nothing is there. Refuses nothing: what can't be asked has no answer.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use rustix::fd::OwnedFd;
use rustix::fs::{AtFlags, CWD, Mode, OFlags, Stat, openat, statat};
use rustix::io::Errno;

use super::digest;

/// Bytes of a stamp: device, inode, mode, size, and the times of content and of everything else in nanoseconds.
pub const STAMP: usize = 6 * 8;

/// The folder of a path without one.
const HERE: &str = ".";

/// The folder that was looked into last, kept open.
pub struct Folders {
    top: OwnedFd,
    path: String,
    /// None while there is no such folder.
    open: Option<OwnedFd>,
}

impl Folders {
    pub fn below(top: &Path) -> Option<Self> {
        let folder = || openat(CWD, top, FOLDER, Mode::empty()).ok();
        Some(Self { top: folder()?, path: HERE.to_owned(), open: folder() })
    }

    /// What is at a path: its stamp, or nothing. No answer when the file system gives none.
    pub fn stamp(&mut self, path: &str) -> Option<Option<[u8; STAMP]>> {
        let (folder, name) = path.rsplit_once('/').unwrap_or((HERE, path));
        if folder != self.path {
            self.open = found(openat(&self.top, folder, FOLDER, Mode::empty()))?;
            folder.clone_into(&mut self.path);
        }
        let Some(open) = &self.open else { return Some(None) };
        Some(found(statat(open, name, AtFlags::SYMLINK_NOFOLLOW))?.map(|stat| stamp(&stat)))
    }
}

const FOLDER: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);

fn found<T>(answer: Result<T, Errno>) -> Option<Option<T>> {
    match answer {
        Ok(answer) => Some(Some(answer)),
        Err(Errno::NOENT) => Some(None),
        Err(_) => None,
    }
}

// The widths of these numbers differ between systems.
#[allow(clippy::unnecessary_cast, clippy::cast_sign_loss)]
fn stamp(stat: &Stat) -> [u8; STAMP] {
    let nanoseconds = |seconds: i64, rest: i64| seconds.wrapping_mul(1_000_000_000).wrapping_add(rest).cast_unsigned();
    let numbers = [
        stat.st_dev as u64,
        stat.st_ino as u64,
        u64::from(stat.st_mode),
        stat.st_size as u64,
        nanoseconds(stat.st_mtime as i64, stat.st_mtime_nsec as i64),
        nanoseconds(stat.st_ctime as i64, stat.st_ctime_nsec as i64),
    ];
    let mut out = [0; STAMP];
    for (into, number) in out.chunks_exact_mut(8).zip(numbers) {
        into.copy_from_slice(&number.to_le_bytes());
    }
    out
}

/// The later of the two times.
pub fn modified(stamp: &[u8; STAMP]) -> u64 {
    let time = |chunk: &[u8]| chunk.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte));
    time(&stamp[32..40]).max(time(&stamp[40..48]))
}

/// The names in a folder.
pub fn names(folder: &Path) -> Option<u64> {
    let entries = fs::read_dir(folder).ok()?;
    let names: Option<BTreeSet<_>> = entries.map(|entry| Some(entry.ok()?.file_name())).collect();
    let names: Vec<_> = names?.into_iter().collect();
    let parts: Vec<&[u8]> = names.iter().map(|name| name.as_encoded_bytes()).collect();
    Some(digest(&parts))
}
