//! A plan → what is done on disk for it, in order: files, records, the spec last applied, then what goes away.
//!
//! In: a plan whose preconditions hold. Out: operations; none when everything is already so.

use std::collections::BTreeSet;

use super::Workspace;
use super::disk::Lookup;
use super::failure::Failure;
use super::state;
use super::transaction::Operation;
use crate::plan::{Action, Content, Entry, Plan, Record, Recorded};

impl Workspace {
    pub(super) fn operations(&self, plan: &Plan) -> Result<Vec<Operation>, Failure> {
        let entries = || plan.entries.iter();
        let mut found: Vec<Operation> = entries().filter_map(written).collect();
        found.extend(entries().filter_map(|entry| self.recorded(entry)));
        let gone: BTreeSet<String> =
            entries().filter_map(left).chain(entries().filter_map(|entry| self.dropped(entry))).collect();
        if !(plan.partial && found.is_empty() && gone.is_empty()) {
            self.beside(plan, &mut found)?;
        }
        let kept: BTreeSet<String> = found.iter().map(|operation| operation.path().to_owned()).collect();
        found.extend(gone.difference(&kept).map(|path| Operation::Remove { path: path.clone() }));
        Ok(found)
    }

    /// What stands beside the records; a plan that is only a part leaves the spec last applied as it is.
    fn beside(&self, plan: &Plan, found: &mut Vec<Operation>) -> Result<(), Failure> {
        let mut lookup = Lookup::new(&self.dir);
        let fixtures = self.state.fixtures();
        let fixtures = fixtures.iter().map(|(path, text)| (path.clone(), text.as_bytes()));
        let spec = (!plan.partial).then(|| (self.state.spec(), plan.spec.as_slice()));
        for (path, bytes) in fixtures.chain(spec) {
            if state::read(&mut lookup, &path)?.as_deref() != Some(bytes) {
                found.push(write(path, Content { bytes: bytes.to_vec(), executable: false }));
            }
        }
        Ok(())
    }

    /// The record of a file, when it says something new.
    fn recorded(&self, entry: &Entry) -> Option<Operation> {
        let Record::Write(base) = &entry.record else { return None };
        let here = entry.record_from.is_none();
        let same = here && matches!(&entry.recorded, Some(Recorded::Base(before)) if before == base);
        let content = Content { bytes: base.encode(), executable: false };
        (!same).then(|| write(self.state.base(&entry.path), content))
    }

    /// The record that goes: of a file that is given up, or under the name that a file had before.
    fn dropped(&self, entry: &Entry) -> Option<String> {
        let path = match entry.record {
            Record::Drop => entry.record_from.as_ref().unwrap_or(&entry.path),
            Record::Write(_) => entry.record_from.as_ref()?,
            Record::Keep => return None,
        };
        Some(self.state.base(path))
    }
}

fn written(entry: &Entry) -> Option<Operation> {
    let content = entry.write()?.clone();
    Some(Operation::Write { path: entry.target.clone(), content, like: entry.from.clone() })
}

/// The path that a file leaves.
fn left(entry: &Entry) -> Option<String> {
    match entry.action {
        Action::Delete => Some(entry.source().to_owned()),
        _ => entry.result.as_ref().and(entry.from.clone()),
    }
}

fn write(path: String, content: Content) -> Operation {
    Operation::Write { path, content, like: None }
}
