//! Which record belongs to a render: its own, or that of the name it had before.
//!
//! In: artifacts, records, renamed items. Out: for each artifact the record, and where its file lies until now.
//! Guesses nothing: a path is taken over only by the same output of the same blueprint, or where the author said so.

use std::collections::{BTreeMap, BTreeSet};

use super::Options;
use super::existing::{Existing, Recorded};
use crate::artifact::{Artifact, At, Origin};

/// The past of one artifact.
#[derive(Clone, Copy, Debug)]
pub struct Past<'a> {
    /// Path of the artifact when it was recorded.
    pub path: &'a str,
    pub recorded: &'a Recorded,
}

/// The past of every artifact that has one, by path of the artifact.
pub fn pasts<'a>(artifacts: &[Artifact], existing: &'a Existing, options: &Options) -> BTreeMap<String, Past<'a>> {
    let produced: BTreeSet<&str> = artifacts.iter().map(|new| new.path.as_str()).collect();
    let mut free: BTreeMap<&str, &Recorded> = existing
        .bases
        .iter()
        .filter(|(path, _)| !produced.contains(path.as_str()))
        .map(|(p, r)| (p.as_str(), r))
        .collect();
    let mut found = BTreeMap::new();
    for new in artifacts {
        let own = existing.bases.get_key_value(&new.path);
        let past = own.map(|(path, recorded)| Past { path, recorded }).or_else(|| {
            let path = before(new, &free, &options.renames)?;
            free.remove_entry(path).map(|(path, recorded)| Past { path, recorded })
        });
        if let Some(past) = past {
            found.insert(new.path.clone(), past);
        }
    }
    found
}

/// The free record that is this artifact's under another name.
fn before<'a>(new: &Artifact, free: &BTreeMap<&'a str, &Recorded>, renames: &[(String, String)]) -> Option<&'a str> {
    let said = new.moved_from.as_deref().and_then(|path| free.get_key_value(path));
    let same = |recorded: &Recorded| match recorded {
        Recorded::Base(base) => renamed(&base.origin, renames) == new.origin,
        Recorded::Unreadable(_) => false,
    };
    said.or_else(|| free.iter().find(|(_, recorded)| same(recorded))).map(|(path, _)| *path)
}

/// An origin with the new names of its items.
fn renamed(origin: &Origin, renames: &[(String, String)]) -> Origin {
    let now = |name: &str| {
        let found = renames.iter().find(|(from, _)| from == name);
        found.map_or_else(|| name.to_owned(), |(_, to)| to.clone())
    };
    let item = origin.item.as_ref().map(|item| item.split('/').map(now).collect::<Vec<_>>().join("/"));
    Origin { item, ..origin.clone() }
}

impl Past<'_> {
    /// Where the file was put when it was recorded; a record that can't be read says nothing, so that is where it goes now.
    pub fn target(&self, now: At, options: &Options) -> String {
        let at = match self.recorded {
            Recorded::Base(base) => base.at,
            Recorded::Unreadable(_) => now,
        };
        options.target(at, self.path)
    }
}
