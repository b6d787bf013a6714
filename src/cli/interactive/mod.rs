//! `apply -i`: the plan cut down to what a person takes of it, file by file and hunk by hunk.
//!
//! In: a plan and a person's answers. Out: the plan that remains. Writes nothing; what isn't answered stays as it is.

mod file;
mod help;
mod piece;
mod remember;
mod terminal;

use std::collections::BTreeMap;
use std::io;

use crate::plan::Plan;
use file::Decision;

pub use remember::Remembered;
pub use terminal::Terminal;

/// Who is asked.
pub trait Person {
    /// Says something.
    fn show(&mut self, text: &str);

    /// The key that answers; `q` when there is nobody any more.
    fn ask(&mut self, question: &str) -> io::Result<char>;

    /// The text after an editor; nothing when it couldn't be edited.
    fn edit(&mut self, text: &str) -> io::Result<Option<String>>;

    /// Somebody who sees colours.
    fn sees_colour(&self) -> bool;
}

/// What a person chose.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chosen {
    pub plan: Plan,
    /// Paths of artifacts that are the person's from now on.
    pub mine: Vec<String>,
    /// At least one file was decided on.
    pub taken: bool,
}

/// Asks about every file that changes, deletions first.
pub fn choose(plan: &Plan, person: &mut dyn Person) -> io::Result<Chosen> {
    let mut decisions: BTreeMap<&str, Decision> = BTreeMap::new();
    for entry in plan.changes() {
        let (decision, quit) = file::decide(plan, entry, person)?;
        decisions.insert(&entry.target, decision);
        if quit {
            break;
        }
    }
    Ok(remaining(plan, &decisions))
}

/// The plan without what was left for another time.
fn remaining(plan: &Plan, decisions: &BTreeMap<&str, Decision>) -> Chosen {
    let mut chosen = Chosen { plan: Plan { entries: Vec::new(), ..plan.clone() }, ..Chosen::default() };
    for entry in &plan.entries {
        match decisions.get(entry.target.as_str()) {
            _ if !entry.action.is_change() => chosen.plan.entries.push(entry.clone()),
            Some(Decision::Take { entry, whole }) => {
                chosen.plan.entries.push((**entry).clone());
                chosen.taken = true;
                chosen.plan.partial |= !whole;
            }
            Some(Decision::Mine) => chosen.mine.push(entry.path.clone()),
            Some(Decision::Leave) | None => chosen.plan.partial = true,
        }
        if decisions.contains_key(entry.target.as_str()) {
            chosen.plan.causes.remove(&entry.target);
        }
    }
    chosen
}

#[cfg(test)]
mod tests;
