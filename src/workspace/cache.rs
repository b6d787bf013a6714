//! What an apply left on disk, as git's index knows it: so that a check sees with a stat a file that nothing moved since.
//!
//! In: a plan that was carried out and what a check would say of it. Out: the same words, while every file is as it was left.
//! Refuses nothing: what can't be trusted is forgotten. Lies in `.opsgen/local`, which is never committed; only `apply` writes it.
//!
//! A file may change twice within one tick of the clock. So an entry as young as the cache itself proves nothing by its
//! stat, and is compared by content.

mod stamp;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::hash::{DefaultHasher, Hasher};
use std::path::Path;

use serde::{Deserialize, Serialize};

use self::stamp::{Folders, STAMP, modified, names};
use super::{Place, State, Workspace};
use crate::plan::{Disk, Entry, Plan, Record, Recorded};

/// Changes with the form of the file.
const FORM: &[u8] = b"opsgen cache 2\n";

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
    /// Files outside the spec's own folder that it produces, from the top.
    pub shared: Vec<String>,
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
        let mut folders = Folders::below(&self.top)?;
        let mut expected: Vec<(String, Option<u64>)> = expected.into_iter().collect();
        expected.sort_by(|(one, _), (other, _)| folder(one).cmp(&folder(other)));
        for (path, digest) in expected {
            put(&mut out, path.as_bytes());
            match (digest, folders.stamp(&path)?) {
                (None, None) => out.extend([0; STAMP + 8]),
                (Some(digest), Some(stamp)) => {
                    out.extend(stamp);
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
    let mut folders = Folders::below(&place.top)?;
    let born = modified(&folders.stamp(&state.cache())??);
    let (body, whole) = bytes.split_last_chunk::<8>()?;
    let mut rest = body.strip_prefix(FORM)?;
    let remembered: Remembered = serde_json::from_slice(take(&mut rest)?).ok()?;
    let day = remembered.since.as_str() <= today && remembered.until.as_deref().is_none_or(|until| today <= until);
    if remembered.key != key || !day || digest(&[body]) != u64::from_le_bytes(*whole) {
        return None;
    }
    while !rest.is_empty() {
        let path = std::str::from_utf8(take(&mut rest)?).ok()?;
        let (stamp, after) = rest.split_first_chunk::<STAMP>()?;
        let (digest, after) = after.split_first_chunk::<8>()?;
        rest = after;
        let now = folders.stamp(path)?.unwrap_or([0; STAMP]);
        let young = modified(stamp) >= born && now != [0; STAMP];
        if now != *stamp || young && content(&place.top.join(path)) != Some(u64::from_le_bytes(*digest)) {
            return None;
        }
    }
    Some(remembered)
}

fn content(path: &Path) -> Option<u64> {
    if path.is_dir() { names(path) } else { Some(digest(&[&fs::read(path).ok()?])) }
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
