//! Takes applies back: the last ones are kept with the files that they replaced.
//!
//! In: how far back. Out: what would change, as a plan to show; and then everything as it was, in one transaction that can be
//! undone itself. Refuses when a file isn't any more what the apply left there.

use std::collections::BTreeMap;

use super::disk::Lookup;
use super::failure::Failure;
use super::interrupt::{self, Writing};
use super::lock::Lock;
use super::print::{self, Print};
use super::transaction::{self, Journal, Operation, Title};
use super::write::Written;
use super::{Workspace, git};
use crate::plan::{Action, Content, Disk, Entry, Plan};

/// An apply that can be taken back.
#[derive(Clone, Debug)]
pub struct Past {
    pub number: u32,
    pub title: Title,
    /// Files of the user's that it touched.
    pub files: usize,
    journal: Journal,
}

/// What taking back means for one file.
#[derive(Debug)]
struct Turn {
    before: Option<Print>,
    /// Where the content from before is kept.
    kept: String,
    after: Option<Print>,
}

/// Everything that goes back, and what must still be there for it.
#[derive(Debug)]
pub struct Undoing {
    /// The first apply that is taken back.
    pub first: Title,
    /// How many.
    pub count: usize,
    /// What happens to the user's files.
    pub plan: Plan,
    turns: BTreeMap<String, Turn>,
}

impl Workspace {
    /// What can be taken back, newest first.
    pub fn pasts(&self) -> Vec<Past> {
        let numbers = transaction::numbers(&self.dir, &self.state).into_iter().rev();
        numbers.filter_map(|number| self.past(number)).collect()
    }

    fn past(&self, number: u32) -> Option<Past> {
        let folder = transaction::folder(&self.state, number);
        let journal = transaction::list(&self.dir, &folder, &self.state)?;
        let files = journal.steps.iter().filter(|step| !self.state.is_ours(&step.path)).count();
        Some(Past { number, title: journal.title.clone(), files, journal })
    }

    /// What taking back the last apply would do, or all since one, it included; nothing when there is none.
    pub fn undoing(&self, since: Option<u32>) -> Result<Option<Undoing>, Failure> {
        self.settled()?;
        self.state.check_local(&self.dir)?;
        let mut pasts = self.pasts();
        pasts.truncate(match since {
            // An apply that touched only records is nothing that anybody could see: it goes with the one before it.
            None => pasts.iter().position(|past| past.files > 0).map_or(1, |at| at + 1),
            Some(number) => pasts.iter().position(|past| past.number == number).map_or(0, |at| at + 1),
        });
        let Some(first) = pasts.last().map(|past| past.title.clone()) else { return Ok(None) };
        let turns = self.turns(&pasts);
        self.check_turns(&first, &turns)?;
        let plan = self.shown(&turns)?;
        Ok(Some(Undoing { first, count: pasts.len(), plan, turns }))
    }

    /// By path: the state before the first of them, and the one after the last.
    fn turns(&self, pasts: &[Past]) -> BTreeMap<String, Turn> {
        let mut turns: BTreeMap<String, Turn> = BTreeMap::new();
        for past in pasts.iter().rev() {
            let folder = transaction::folder(&self.state, past.number);
            for (at, step) in past.journal.steps.iter().enumerate() {
                let turn = turns.entry(step.path.clone()).or_insert_with(|| Turn {
                    before: step.before.clone(),
                    kept: format!("{folder}/{}", transaction::replaced(at)),
                    after: None,
                });
                turn.after.clone_from(&step.after);
            }
        }
        turns.retain(|_, turn| turn.before != turn.after);
        turns
    }

    /// Everything is as the last apply left it.
    fn check_turns(&self, first: &Title, turns: &BTreeMap<String, Turn>) -> Result<(), Failure> {
        let mut lookup = Lookup::new(&self.dir);
        let changed: Vec<String> = turns
            .iter()
            .filter(|(path, turn)| !print::is(&lookup.at(path), turn.after.as_ref()))
            .map(|(path, _)| path.clone())
            .collect();
        let what = format!("the apply of {}", first.time);
        if changed.is_empty() { Ok(()) } else { Err(Failure::changed(&what, &changed)) }
    }

    /// The user's files in it, as a plan.
    fn shown(&self, turns: &BTreeMap<String, Turn>) -> Result<Plan, Failure> {
        let mut lookup = Lookup::new(&self.dir);
        let mut entries = Vec::new();
        for (path, turn) in turns.iter().filter(|(path, _)| !self.state.is_ours(path)) {
            let old = self.old(path, turn)?;
            let action = match (&turn.before, &turn.after) {
                (None, _) => Action::Delete,
                (_, None) => Action::Create,
                _ => Action::Update,
            };
            let disk = lookup.at(path);
            let (path, target) = (path.clone(), path.clone());
            entries.push(Entry { path, target, action, disk, new: old.clone(), result: old, ..Entry::default() });
        }
        Ok(Plan { entries, prefix: self.prefix.clone(), ..Plan::default() })
    }

    /// The content from before, unless somebody touched what was kept.
    fn old(&self, path: &str, turn: &Turn) -> Result<Option<Content>, Failure> {
        let Some(before) = &turn.before else { return Ok(None) };
        match Lookup::new(&self.dir).at(&turn.kept) {
            Disk::File(content) if before.sha256 == print::digest(&content.bytes) => {
                Ok(Some(Content { executable: before.is_executable(), ..content }))
            }
            _ => Err(Failure::lost(path, &turn.kept)),
        }
    }

    fn unmerged(&self, undoing: &Undoing) -> Vec<String> {
        let paths: Vec<&str> = undoing.plan.entries.iter().map(|entry| entry.target.as_str()).collect();
        git::unmerged(&self.top, &paths)
    }

    /// Takes it back; everything must still be as it was when it was shown.
    pub fn undo(&self, undoing: &Undoing) -> Result<Written, Failure> {
        let _writing = Writing::begin();
        let title = Title::now();
        let _lock = Lock::take(&self.dir, &self.state, &title)?;
        if self.has_journal() {
            return Err(Failure::unfinished(&self.state.journal()));
        }
        self.check_turns(&undoing.first, &undoing.turns)?;
        let mut operations = Vec::new();
        for (path, turn) in &undoing.turns {
            operations.push(match (&turn.before, self.old(path, turn)?) {
                (Some(before), Some(old)) => {
                    Operation::Restore { path: path.clone(), bytes: old.bytes, mode: before.mode }
                }
                _ => Operation::Remove { path: path.clone() },
            });
        }
        let steps = |_: &str| !interrupt::struck();
        transaction::run(&self.dir, &self.state, &steps, title, &operations).map_err(Failure::failed)?;
        if interrupt::struck() {
            Err(Failure::Interrupted { written: true })
        } else {
            Ok(Written { notes: self.unmerged(undoing) })
        }
    }
}
