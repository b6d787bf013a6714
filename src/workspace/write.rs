//! Carries a plan out: what must still be true is looked at again, then all is written as one.

use std::collections::BTreeMap;

use super::disk::Lookup;
use super::failure::Failure;
use super::interrupt::{self, Writing};
use super::lock::Lock;
use super::transaction::{self, Steps, Title};
use super::{Workspace, git};
use crate::plan::{Disk, Entry, Plan, Record, Recorded};

/// What is to be said after a write.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    pub notes: Vec<String>,
}

impl Workspace {
    /// Writes exactly what the plan says; a plan that was already carried out writes nothing.
    pub fn apply(&self, plan: &Plan) -> Result<Written, Failure> {
        self.apply_in(plan, &|_| !interrupt::struck())
    }

    /// `apply`, with a word before each step.
    pub fn apply_in(&self, plan: &Plan, steps: Steps<'_>) -> Result<Written, Failure> {
        if self.is_carried_out(plan)? {
            return self.check(plan).map(|()| Written::default());
        }
        let _writing = Writing::begin();
        let title = Title::now();
        let _lock = Lock::take(&self.dir, &self.state, &title)?;
        if self.has_journal() {
            return Err(Failure::unfinished(&self.state.journal()));
        }
        self.check(plan)?;
        let operations = self.operations(plan)?;
        if !operations.is_empty() {
            transaction::run(&self.dir, &self.state, steps, title, &operations).map_err(Failure::failed)?;
        }
        let notes = git::mark(&self.top, plan);
        if interrupt::struck() { Err(Failure::Interrupted { written: true }) } else { Ok(Written { notes }) }
    }

    /// The plan alone says that there is nothing to write, so that no lock is needed.
    fn is_carried_out(&self, plan: &Plan) -> Result<bool, Failure> {
        let quiet = |entry: &Entry| entry.result.is_none() && !entry.action.is_change() && entry.record == Record::Keep;
        Ok(plan.entries.iter().all(quiet) && self.operations(plan)?.is_empty())
    }

    /// Everything must be as the plan saw it, and nothing may stand in its way.
    fn check(&self, plan: &Plan) -> Result<(), Failure> {
        let bases = self.state.read_bases(&self.dir)?;
        let mut lookup = Lookup::new(&self.dir);
        let leaves: Vec<&str> = plan.entries.iter().filter_map(|entry| entry.from.as_deref()).collect();
        let mut moved: Vec<String> = Vec::new();
        for entry in &plan.entries {
            if lookup.at(entry.source()) != entry.disk || !is_recorded(entry, &bases) {
                moved.push(entry.source().to_owned());
            }
            let new = entry.from.is_some() && !leaves.contains(&entry.target.as_str());
            if new && lookup.at(&entry.target) != Disk::Absent {
                moved.push(entry.target.clone());
            }
        }
        if self.state.read_spec(&self.dir)? != plan.before {
            moved.push(self.state.spec());
        }
        moved.extend(plan.stops().map(|entry| entry.target.clone()));
        moved.sort();
        moved.dedup();
        if moved.is_empty() { Ok(()) } else { Err(Failure::Stale(moved)) }
    }
}

/// The record is the one that the plan saw, under the name that it had then.
fn is_recorded(entry: &Entry, bases: &BTreeMap<String, Recorded>) -> bool {
    let path = entry.record_from.as_ref().unwrap_or(&entry.path);
    bases.get(path) == entry.recorded.as_ref()
}
