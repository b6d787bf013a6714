//! Carries a plan out: what must still be true is looked at again, then all is written as one.

use super::Workspace;
use super::disk::Lookup;
use super::failure::Failure;
use super::state;
use super::transaction::{Failed, Operation, Transaction};
use crate::plan::{Content, Entry, Plan, Record, Recorded};

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
        let moved = |entry: &&Entry| {
            lookup.at(&entry.target) != entry.disk || bases.get(&entry.path) != entry.recorded.as_ref()
        };
        let mut moved: Vec<String> = plan.entries.iter().filter(moved).map(|entry| entry.target.clone()).collect();
        if self.state.read_spec(&self.dir)? != plan.before {
            moved.push(self.state.spec());
        }
        moved.extend(plan.stops().map(|entry| entry.target.clone()));
        if moved.is_empty() { Ok(()) } else { Err(Failure::Stale(moved)) }
    }

    /// Files, then records, then the spec, then what goes away.
    fn operations(&self, plan: &Plan) -> Result<Vec<Operation>, Failure> {
        let mut found: Vec<Operation> = plan.entries.iter().filter_map(written).collect();
        found.extend(plan.entries.iter().filter_map(|entry| self.recorded(entry)));
        let mut lookup = Lookup::new(&self.dir);
        let spec = (self.state.spec(), plan.spec.as_slice());
        let fixtures = self.state.fixtures();
        let fixtures = fixtures.iter().map(|(path, text)| (path.clone(), text.as_bytes()));
        for (path, bytes) in fixtures.chain([spec]) {
            if state::read(&mut lookup, &path)?.as_deref() != Some(bytes) {
                found.push(write(path, Content { bytes: bytes.to_vec(), executable: false }));
            }
        }
        let removed = plan.entries.iter().filter(|entry| entry.action == crate::plan::Action::Delete);
        found.extend(removed.map(|entry| Operation::Remove { path: entry.target.clone() }));
        let dropped = plan.entries.iter().filter(|entry| entry.record == Record::Drop);
        found.extend(dropped.map(|entry| Operation::Remove { path: self.state.base(&entry.path) }));
        Ok(found)
    }

    /// The record of a file, when it says something new.
    fn recorded(&self, entry: &Entry) -> Option<Operation> {
        let Record::Write(base) = &entry.record else { return None };
        let same = matches!(&entry.recorded, Some(Recorded::Base(before)) if before == base);
        let content = Content { bytes: base.encode(), executable: false };
        (!same).then(|| write(self.state.base(&entry.path), content))
    }
}

fn written(entry: &Entry) -> Option<Operation> {
    entry.write().map(|content| write(entry.target.clone(), content.clone()))
}

fn write(path: String, content: Content) -> Operation {
    Operation::Write { path, content }
}
