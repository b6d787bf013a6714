//! TOML by key: what each side changed, whatever the order and form in which the other wrote it.
//!
//! In: base, ours and theirs. Out: ours with the changes of theirs, every other byte as it was, and conflicts at
//! their keys. Refuses (the lines are merged instead): what isn't TOML, and arrays of tables that changed and whose
//! tables nothing tells apart.

mod apply;
mod layout;
mod unit;

use std::collections::{BTreeMap, BTreeSet};

use super::{Favour, Merged, Sides};
pub use layout::Keys;
use layout::Layout;

/// What a section becomes when theirs takes it away and the user has keys of their own in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// The file is ours: that is a conflict.
    File,
    /// Only our keys are ours: the section stays.
    Keys,
}

/// A merge by key.
pub struct ByKey {
    pub merged: Merged,
    /// What the keys must mean afterwards.
    expected: Expected,
}

impl ByKey {
    /// Whether a text means what this merge means.
    pub fn means(&self, text: &str, keys: &Keys) -> bool {
        let text = ended(text);
        Layout::of(&text, keys).is_some_and(|layout| self.expected.holds(&layout))
    }
}

/// Merges by key.
pub fn merge(sides: Sides<'_>, keys: &Keys, owner: Owner) -> Option<ByKey> {
    let [base, ours, theirs] = [sides.base, sides.ours, sides.theirs].map(ended);
    let layout = |text| Layout::of(text, keys);
    let three = Three { base: layout(&base)?, ours: layout(&ours)?, theirs: layout(&theirs)? };
    let expected = Expected::of(&three, owner);
    let mut merged = apply::apply(&three, owner)?;
    if !last_line_ends(sides) {
        merged.drop_last_line_end();
    }
    let by = ByKey { merged, expected };
    let fits = !by.merged.is_clean() || by.means(&by.merged.text(Favour::Mine), keys);
    fits.then_some(by)
}

/// The three versions as lists of units.
struct Three<'a> {
    base: Layout<'a>,
    ours: Layout<'a>,
    theirs: Layout<'a>,
}

/// With a line end on the last line.
fn ended(text: &str) -> String {
    if text.is_empty() || text.ends_with('\n') { text.to_owned() } else { format!("{text}\n") }
}

fn last_line_ends(sides: Sides<'_>) -> bool {
    let [base, ours, theirs] =
        [sides.base, sides.ours, sides.theirs].map(|text| text.is_empty() || text.ends_with('\n'));
    if ours == base { theirs } else { ours }
}

/// What every key must mean afterwards, told without any regard to where it stands.
struct Expected {
    /// Identity and meaning; nothing: it must be gone.
    decided: BTreeMap<String, Option<String>>,
    open: BTreeSet<String>,
}

impl Expected {
    fn of(three: &Three<'_>, owner: Owner) -> Self {
        let [base, ours, theirs] = [&three.base, &three.ours, &three.theirs].map(Layout::meaning);
        let ids: BTreeSet<&str> = base.keys().chain(ours.keys()).chain(theirs.keys()).copied().collect();
        let mut expected = Self { decided: BTreeMap::new(), open: BTreeSet::new() };
        for id in ids {
            let [base, ours, theirs] = [base.get(id), ours.get(id), theirs.get(id)];
            let stays = owner == Owner::Keys && id.starts_with('[') && ours.is_some();
            let means = match () {
                () if stays || (ours != theirs && ours != base && theirs != base) => None,
                () if ours == base => Some(theirs),
                () => Some(ours),
            };
            match means {
                Some(means) => drop(expected.decided.insert(id.to_owned(), means.map(|means| (*means).to_owned()))),
                None => drop(expected.open.insert(id.to_owned())),
            }
        }
        expected
    }

    fn holds(&self, layout: &Layout<'_>) -> bool {
        let found = layout.meaning();
        let known = |id: &&&str| self.decided.contains_key(**id) || self.open.contains(**id);
        found.keys().all(|id| known(&id))
            && self.decided.iter().all(|(id, means)| found.get(id.as_str()).copied() == means.as_deref())
    }
}
