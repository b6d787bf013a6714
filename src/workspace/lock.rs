//! One writer at a time: a lock of the operating system on a file that says who holds it.
//!
//! In: the folder for things of this machine. Out: the lock, or who has it. The system drops it with the process, so that
//! a file which a crash left behind never stands in the way.

use std::fs::{File, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::os::unix::fs::MetadataExt as _;

use cap_std::fs::{Dir, MetadataExt as _, OpenOptions};
use serde::{Deserialize, Serialize};

use super::failure::Failure;
use super::state::State;
use super::transaction::Title;
use crate::plan::paths;

/// How often a lock is tried whose file goes away under our hands.
const TRIES: usize = 100;

/// The process that writes.
#[derive(Debug, Serialize, Deserialize)]
struct Holder {
    pid: u32,
    host: String,
    #[serde(flatten)]
    title: Title,
}

/// Held until it is dropped.
pub struct Lock<'a> {
    dir: &'a Dir,
    path: String,
    _file: File,
}

impl<'a> Lock<'a> {
    pub fn take(dir: &'a Dir, state: &State, title: &Title) -> Result<Self, Failure> {
        state.check_local(dir)?;
        let path = state.lock();
        for _ in 0..TRIES {
            match hold(dir, &path) {
                Ok(Some(mut file)) => {
                    sign(&mut file, title).map_err(|error| Failure::unwritable(&state.local(), &error))?;
                    return Ok(Self { dir, path, _file: file });
                }
                Ok(None) => {}
                Err(TryLockError::WouldBlock) => return Err(busy(dir, &path)),
                Err(TryLockError::Error(error)) => return Err(Failure::unwritable(&state.local(), &error)),
            }
        }
        Err(busy(dir, &path))
    }

    /// Says who is writing now, if anybody is; takes and writes nothing.
    pub fn is_held(dir: &Dir, state: &State) -> Option<Failure> {
        let path = state.lock();
        let file = dir.open(&path).ok()?.into_std();
        matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)).then(|| busy(dir, &path))
    }
}

/// The file under lock; nothing when it is no longer the one at this path.
fn hold(dir: &Dir, path: &str) -> Result<Option<File>, TryLockError> {
    let Some(file) = open(dir, path).map_err(TryLockError::Error)? else { return Ok(None) };
    match file.try_lock() {
        Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {}
        tried => tried?,
    }
    let same = |file: &File| {
        let (held, there) = (file.metadata().ok()?, dir.symlink_metadata(path).ok()?);
        Some((held.dev(), held.ino()) == (there.dev(), there.ino()))
    };
    Ok(same(&file).unwrap_or(false).then_some(file))
}

fn open(dir: &Dir, path: &str) -> io::Result<Option<File>> {
    if let Some(folder) = paths::parents(path).next() {
        dir.create_dir_all(folder)?;
    }
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    match dir.open_with(path, &options) {
        Ok(file) => Ok(Some(file.into_std())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn sign(file: &mut File, title: &Title) -> io::Result<()> {
    let host = rustix::system::uname().nodename().to_string_lossy().into_owned();
    let holder = Holder { pid: std::process::id(), host, title: title.clone() };
    file.set_len(0)?;
    file.rewind()?;
    writeln!(file, "{}", serde_json::to_string(&holder).unwrap_or_default())
}

fn busy(dir: &Dir, path: &str) -> Failure {
    let mut text = String::new();
    let read = dir.open(path).and_then(|mut file| file.read_to_string(&mut text));
    let holder: Option<Holder> = read.ok().and_then(|_| serde_json::from_str(&text).ok());
    Failure::busy(path, holder.map(|holder| holder.words()).as_deref())
}

impl Holder {
    fn words(&self) -> String {
        format!("pid {} on {}, since {}: `{}`", self.pid, self.host, self.title.time, self.title.command)
    }
}

impl Drop for Lock<'_> {
    /// The file goes while the lock is still held.
    fn drop(&mut self) {
        let _ = self.dir.remove_file(&self.path);
        for folder in paths::parents(&self.path).take(2) {
            let _ = self.dir.remove_dir(folder);
        }
    }
}
