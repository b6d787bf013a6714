//! What an apply left on disk, as git's index knows it: so that a check sees with a stat a file that nothing moved since.
//!
//! In: a plan that was carried out and what a check would say of it. Out: the same words, while every file is as it was left.
//! Refuses nothing: what can't be trusted is forgotten. Lies in `.opsgen/local`, which is never committed; only `apply` writes it.
//!
//! A file may change twice within one tick of the clock. So an entry as young as the cache itself proves nothing by its
//! stat, and is compared by content.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, Metadata};
use std::hash::{DefaultHasher, Hasher};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{Place, State, Workspace};
use crate::plan::{Disk, Entry, Plan, Record, Recorded};

/// Changes with the form of the file.
const FORM: &[u8] = b"opsgen cache 1\n";

/// What a check would say, and for which question.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remembered {
    /// Stands for everything that isn't a file of the plan: the program, the spec, the options.
    pub key: u64,
    /// The days on which it would say the same: from the first to the last, which may be open.
    pub since: String,
    pub until: Option<String>,
    /// What was found, plain and in colour.
    pub told: Vec<(String, String)>,
    pub counts: String,
}

/// A short stand-in for bytes.
pub fn digest(parts: &[&[u8]]) -> u64 {
    let mut hasher = DefaultHasher::new();
    for part in parts {
        hasher.write_usize(part.len());
        hasher.write(part);
    }
    hasher.finish()
}

/// What must be found at a path: nothing, or content with this digest.
type Expected = BTreeMap<String, Option<u64>>;

impl Workspace {
    /// Keeps what lies on disk after the plan was carried out. That it can't be kept is no error: the next check takes longer.
    pub fn remember(&self, plan: &Plan, remembered: &Remembered) {
        let path = self.top.join(self.state.cache());
        let _ = fs::remove_file(&path);
        let Some(bytes) = self.encode(plan, remembered) else { return };
        let fresh = path.with_extension("new");
        if fs::write(&fresh, bytes).and_then(|()| fs::rename(&fresh, &path)).is_err() {
            let _ = fs::remove_file(&fresh);
        }
    }

    /// A check would no longer say the same.
    pub fn forget(&self) {
        let _ = fs::remove_file(self.top.join(self.state.cache()));
    }

    fn encode(&self, plan: &Plan, remembered: &Remembered) -> Option<Vec<u8>> {
        let expected = self.expected(plan)?;
        let mut out = FORM.to_vec();
        put(&mut out, &serde_json::to_vec(remembered).ok()?);
        for (path, digest) in expected {
            put(&mut out, path.as_bytes());
            let stat = fs::symlink_metadata(self.top.join(&path));
            match (digest, stat) {
                (None, Err(_)) => out.extend([0; STAT + 8]),
                (Some(digest), Ok(stat)) => {
                    out.extend(fingerprint(&stat)?);
                    out.extend(digest.to_le_bytes());
                }
                _ => return None,
            }
        }
        let whole = digest(&[&out]);
        out.extend(whole.to_le_bytes());
        Some(out)
    }

    /// Files and records as the plan leaves them, and the folders of the records, by their names.
    fn expected(&self, plan: &Plan) -> Option<Expected> {
        let mut expected = Expected::new();
        for entry in &plan.entries {
            expected.insert(entry.target.clone(), left(entry)?);
            let record = match (&entry.record, &entry.recorded) {
                (Record::Write(base), _) | (Record::Keep, Some(Recorded::Base(base))) => Some(base.encode()),
                (Record::Drop, _) | (Record::Keep, None) => None,
                _ => return None,
            };
            let record = record.map(|bytes| digest(&[&bytes]));
            expected.insert(self.state.base(&entry.path), record);
        }
        expected.insert(self.state.spec(), Some(digest(&[&plan.spec])));
        let records: BTreeSet<&str> = expected.keys().filter_map(|path| folder(path)).collect();
        let base = self.state.bases();
        let folders: BTreeSet<String> = records
            .into_iter()
            .flat_map(|path| Path::new(path).ancestors())
            .filter(|path| path.starts_with(&base))
            .filter_map(|path| Some(path.to_str()?.to_owned()))
            .collect();
        for path in folders {
            let names = names(&self.top.join(&path))?;
            expected.insert(path, Some(names));
        }
        Some(expected)
    }
}

/// What an apply remembered here under this key, when nothing has moved since. `today` is a day as `2026-11-21`.
pub fn recall(place: &Place, key: u64, today: &str) -> Option<Remembered> {
    let state = State::new(&place.prefix);
    let path = place.top.join(state.cache());
    let bytes = fs::read(&path).ok()?;
    let born = fingerprint(&fs::symlink_metadata(&path).ok()?)?;
    let (body, whole) = bytes.split_last_chunk::<8>()?;
    let mut rest = body.strip_prefix(FORM)?;
    let remembered: Remembered = serde_json::from_slice(take(&mut rest)?).ok()?;
    let day = remembered.since.as_str() <= today && remembered.until.as_deref().is_none_or(|until| today <= until);
    if remembered.key != key || !day || digest(&[body]) != u64::from_le_bytes(*whole) {
        return None;
    }
    while !rest.is_empty() {
        let path = std::str::from_utf8(take(&mut rest)?).ok()?;
        let (stat, after) = rest.split_first_chunk::<STAT>()?;
        let (digest, after) = after.split_first_chunk::<8>()?;
        rest = after;
        if !unmoved(&place.top.join(path), stat, u64::from_le_bytes(*digest), &born) {
            return None;
        }
    }
    Some(remembered)
}

/// Bytes of a stat: device, inode, mode, size, and the times of content and of everything else in nanoseconds.
const STAT: usize = 6 * 8;

fn unmoved(path: &Path, stat: &[u8; STAT], known: u64, born: &[u8; STAT]) -> bool {
    let now = fs::symlink_metadata(path);
    if *stat == [0; STAT] {
        return now.is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound);
    }
    let Ok(now) = now else { return false };
    if fingerprint(&now).as_ref() != Some(stat) {
        return false;
    }
    modified(stat) < modified(born) || content(path, &now) == Some(known)
}

fn content(path: &Path, stat: &Metadata) -> Option<u64> {
    if stat.is_dir() { names(path) } else { Some(digest(&[&fs::read(path).ok()?])) }
}

/// The later of the two times.
fn modified(stat: &[u8; STAT]) -> u64 {
    let time = |chunk: &[u8]| chunk.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte));
    time(&stat[32..40]).max(time(&stat[40..48]))
}

#[cfg(unix)]
fn fingerprint(stat: &Metadata) -> Option<[u8; STAT]> {
    use std::os::unix::fs::MetadataExt;
    let nanoseconds = |seconds: i64, rest: i64| seconds.wrapping_mul(1_000_000_000).wrapping_add(rest).cast_unsigned();
    let numbers = [
        stat.dev(),
        stat.ino(),
        u64::from(stat.mode()),
        stat.size(),
        nanoseconds(stat.mtime(), stat.mtime_nsec()),
        nanoseconds(stat.ctime(), stat.ctime_nsec()),
    ];
    let mut out = [0; STAT];
    for (into, number) in out.chunks_exact_mut(8).zip(numbers) {
        into.copy_from_slice(&number.to_le_bytes());
    }
    Some(out)
}

/// Without inodes nothing is remembered.
#[cfg(not(unix))]
fn fingerprint(_: &Metadata) -> Option<[u8; STAT]> {
    None
}

/// What a plan leaves at the target of an entry: nothing, or this content. None at all when it can't be said.
fn left(entry: &Entry) -> Option<Option<u64>> {
    let content = entry.result.as_ref().or(match &entry.disk {
        Disk::File(content) => Some(content),
        Disk::Absent => None,
        _ => return None,
    });
    let gone = entry.action == crate::plan::Action::Delete;
    Some(content.filter(|_| !gone).map(|content| digest(&[&content.bytes])))
}

/// The names in a folder.
fn names(folder: &Path) -> Option<u64> {
    let entries = fs::read_dir(folder).ok()?;
    let names: Option<BTreeSet<_>> = entries.map(|entry| Some(entry.ok()?.file_name())).collect();
    let names: Vec<_> = names?.into_iter().collect();
    let parts: Vec<&[u8]> = names.iter().map(|name| name.as_encoded_bytes()).collect();
    Some(digest(&parts))
}

fn folder(path: &str) -> Option<&str> {
    path.rsplit_once('/').map(|(folder, _)| folder)
}

fn put(out: &mut Vec<u8>, bytes: &[u8]) {
    out.extend((bytes.len() as u64).to_le_bytes());
    out.extend(bytes);
}

fn take<'b>(rest: &mut &'b [u8]) -> Option<&'b [u8]> {
    let (length, after) = rest.split_first_chunk::<8>()?;
    let length = usize::try_from(u64::from_le_bytes(*length)).ok()?;
    let (bytes, after) = after.split_at_checked(length)?;
    *rest = after;
    Some(bytes)
}
