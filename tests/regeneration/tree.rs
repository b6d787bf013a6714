//! A tree in memory: what a run leaves behind, without a disk.

use std::collections::BTreeMap;

use opsgen::artifact::Artifact;
use opsgen::plan::{self, Action, Content, Disk, Existing, Options, Plan, Record, Recorded};

/// Files and records of one project.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    pub existing: Existing,
}

impl Tree {
    /// As a first apply leaves it.
    pub fn of(artifacts: &[Artifact]) -> Self {
        let mut tree = Self::default();
        let plan = tree.plan(artifacts);
        tree.apply(&plan);
        tree
    }

    pub fn plan(&self, artifacts: &[Artifact]) -> Plan {
        plan::plan(artifacts.to_vec(), &self.existing, &Options::default())
    }

    /// What a plan without stops does.
    pub fn apply(&mut self, plan: &Plan) {
        self.existing.spec = Some(plan.spec.clone());
        for entry in &plan.entries {
            if let Some(from) = &entry.from {
                self.existing.disk.remove(from);
            }
            if let Some(content) = entry.write() {
                self.existing.disk.insert(entry.target.clone(), Disk::File(content.clone()));
            }
            if entry.action == Action::Delete {
                self.existing.disk.remove(&entry.target);
            }
            if let Some(path) = &entry.record_from {
                self.existing.bases.remove(path);
            }
            match &entry.record {
                Record::Keep => {}
                Record::Write(base) => {
                    self.existing.bases.insert(entry.path.clone(), Recorded::Base(base.clone()));
                }
                Record::Drop => {
                    self.existing.bases.remove(&entry.path);
                }
            }
        }
    }

    pub fn content(&self, path: &str) -> Option<&Content> {
        match self.existing.disk.get(path) {
            Some(Disk::File(content)) => Some(content),
            _ => None,
        }
    }

    pub fn text(&self, path: &str) -> Option<String> {
        String::from_utf8(self.content(path)?.bytes.clone()).ok()
    }

    /// What a person leaves at a path.
    pub fn put(&mut self, path: &str, text: &str) {
        let executable = self.content(path).is_some_and(|content| content.executable);
        let content = Content { bytes: text.as_bytes().to_vec(), executable };
        self.existing.disk.insert(path.to_owned(), Disk::File(content));
    }

    /// Files, in order.
    pub fn paths(&self) -> Vec<&str> {
        let files: BTreeMap<&String, &Disk> = self.existing.disk.iter().collect();
        files.into_iter().filter(|(_, disk)| matches!(disk, Disk::File(_))).map(|(path, _)| path.as_str()).collect()
    }
}
