//! Carries a plan out: what must still be true is looked at again, then all is written as one.

use std::collections::BTreeMap;

use super::Workspace;
use super::disk::Lookup;
use super::failure::Failure;
use super::transaction::{Failed, Transaction};
use crate::plan::{Disk, Entry, Plan, Recorded};

impl Workspace {
    /// Writes exactly what the plan says; a plan that was already carried out writes nothing.
    pub fn apply(&self, plan: &Plan) -> Result<(), Failure> {
        self.check(plan)?;
        let operations = self.operations(plan)?;
        if operations.is_empty() {
            return Ok(());
        }
        self.state.check_local(&self.dir)?;
        let stage = format!("{}/stage", self.state.local());
        let run = Transaction::begin(&self.dir, &stage).map_err(|error| Failure::unwritable(&self.top, &error))?;
        run.run(&operations).map_err(|Failed { path, error, left }| Failure::Io {
            doing: format!("can't write `{path}`"),
            error,
            left,
        })
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
