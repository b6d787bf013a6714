//! What is at a path: looked up folder by folder, so that no symbolic link is ever followed.
//!
//! Each folder is listed once; a name that differs only in case is found on every file system.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use cap_std::fs::{Dir, Metadata, PermissionsExt};

use super::failure::plain;
use crate::plan::{Content, Disk};

/// No file of ours is larger; what is isn't read into memory.
const LARGEST: u64 = 16 << 20;

/// Names in one folder, or why it can't be listed.
type Listing = Result<BTreeSet<String>, String>;

/// Looks at paths below one folder.
pub struct Lookup<'a> {
    dir: &'a Dir,
    listings: BTreeMap<String, Listing>,
}

impl<'a> Lookup<'a> {
    pub fn new(dir: &'a Dir) -> Self {
        Self { dir, listings: BTreeMap::new() }
    }

    /// What is at a `/`-separated path.
    pub fn at(&mut self, path: &str) -> Disk {
        let mut folder = String::new();
        let mut names = path.split('/').peekable();
        while let Some(name) = names.next() {
            if let Some(disk) = self.missing(&folder, name) {
                return disk;
            }
            let here = join(&folder, name);
            let Ok(metadata) = self.dir.symlink_metadata(&here) else { return Disk::Absent };
            match names.peek() {
                None => return self.file(&here, &metadata),
                Some(_) if metadata.is_dir() => folder = here,
                Some(_) => return Disk::Behind { parent: here, kind: kind(&metadata) },
            }
        }
        Disk::Absent
    }

    /// Why there is nothing of this name in the folder; nothing when there is.
    fn missing(&mut self, folder: &str, name: &str) -> Option<Disk> {
        let names = match self.listing(folder) {
            Ok(names) => names,
            Err(why) => return Some(Disk::Unreadable(why.clone())),
        };
        if names.contains(name) {
            return None;
        }
        let folded = name.to_lowercase();
        let twin = names.iter().find(|other| other.to_lowercase() == folded);
        Some(twin.map_or(Disk::Absent, |twin| Disk::Folded(join(folder, twin))))
    }

    fn listing(&mut self, folder: &str) -> &Listing {
        let dir = self.dir;
        self.listings.entry(folder.to_owned()).or_insert_with(|| list(dir, folder).map_err(|error| plain(&error)))
    }

    fn file(&self, path: &str, metadata: &Metadata) -> Disk {
        if metadata.is_symlink() {
            return Disk::Symlink;
        }
        if metadata.is_dir() {
            return Disk::Directory;
        }
        if !metadata.is_file() {
            return Disk::Other;
        }
        match read(self.dir, path, metadata.len()) {
            Ok(Some(bytes)) => Disk::File(Content { bytes, executable: is_executable(metadata) }),
            Ok(None) => Disk::Unreadable(format!("it is larger than {} MiB", LARGEST >> 20)),
            Err(error) => Disk::Unreadable(plain(&error)),
        }
    }
}

/// The bytes of a file; nothing when it has more than any file of ours, however much that is.
fn read(dir: &Dir, path: &str, length: u64) -> std::io::Result<Option<Vec<u8>>> {
    if length > LARGEST {
        return Ok(None);
    }
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or_default());
    let read = dir.open(path)?.take(LARGEST + 1).read_to_end(&mut bytes)?;
    Ok((read as u64 <= LARGEST).then_some(bytes))
}

/// Anyone may run it.
pub fn is_executable(metadata: &Metadata) -> bool {
    metadata.permissions().mode() & 0o111 != 0
}

/// Names in a folder; a name that isn't UTF-8 can't be one of ours.
pub fn list(dir: &Dir, folder: &str) -> std::io::Result<BTreeSet<String>> {
    let entries = dir.read_dir(if folder.is_empty() { "." } else { folder })?;
    entries
        .filter_map(|entry| match entry {
            Ok(entry) => entry.file_name().into_string().ok().map(Ok),
            Err(error) => Some(Err(error)),
        })
        .collect()
}

fn kind(metadata: &Metadata) -> &'static str {
    if metadata.is_symlink() { "a symbolic link" } else { "a file" }
}

/// A name in a folder; the top folder is the empty path.
pub fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}
