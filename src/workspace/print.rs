//! What tells one state of a file from another: the digest of its bytes, and its mode.
//!
//! In: bytes, or what was found on disk. Out: a print that can be kept and compared.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::plan::{Content, Disk};

/// One state of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Print {
    pub sha256: String,
    /// Permission bits.
    pub mode: u32,
}

impl Print {
    pub fn of(bytes: &[u8], mode: u32) -> Self {
        Self { sha256: digest(bytes), mode }
    }

    /// Anyone may run it.
    pub fn is_executable(&self) -> bool {
        self.mode & 0o111 != 0
    }

    /// The same bytes, and the same about running it: other bits of the mode are the user's.
    pub fn fits(&self, content: &Content) -> bool {
        self.is_executable() == content.executable && self.sha256 == digest(&content.bytes)
    }
}

/// What is found is what the print says; no print means no file.
pub fn is(disk: &Disk, print: Option<&Print>) -> bool {
    match (disk, print) {
        (Disk::Absent, None) => true,
        (Disk::File(content), Some(print)) => print.fits(content),
        _ => false,
    }
}

/// SHA-256 in hexadecimal.
pub fn digest(bytes: &[u8]) -> String {
    let halves = Sha256::digest(bytes).into_iter().flat_map(|byte| [byte >> 4, byte & 15]);
    halves.filter_map(|half| char::from_digit(half.into(), 16)).collect()
}
