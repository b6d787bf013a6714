//! One file of the plan: its questions, and the entry that the answers leave of it.
//!
//! In: an entry and a person. Out: what happens to it. A line that is declined stays and counts as the person's edit.

use std::io;

use super::piece::{Change, Piece, compose};
use super::{Person, help};
use crate::plan::{self, Action, Base, Content, Disk, Entry, Plan, Record, Recorded, text};
use crate::report;

/// What becomes of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Carried out as the entry says; not whole when some of it was left for another time.
    Take { entry: Box<Entry>, whole: bool },
    /// As if it weren't in the plan.
    Leave,
    /// The person's from now on.
    Mine,
}

/// One question.
#[derive(Clone, Debug)]
enum Item {
    /// The file as a whole: it comes, goes, moves, or can't be cut into lines.
    Whole,
    /// Its executable bit.
    Bit,
    Hunk(Piece),
}

/// One answer.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Said {
    Yes,
    No,
    Edited(Change),
    Nothing,
}

/// Asks about one file; true when nothing after it is to be asked.
pub fn decide(plan: &Plan, entry: &Entry, person: &mut dyn Person) -> io::Result<(Decision, bool)> {
    let mut items = items(plan, entry);
    let mut said: Vec<Said> = Vec::new();
    person.show(&report::title(entry, person.sees_colour()));
    while said.len() < items.len() {
        let at = said.len();
        let usable = usable(entry, &items[at]);
        person.show(&shown(entry, &items[at], person.sees_colour()));
        let question = question(entry, &items[at], (at + 1, items.len()), &usable);
        match person.ask(&question)? {
            'y' => said.push(Said::Yes),
            'n' => said.push(Said::No),
            'a' => said.resize(items.len(), Said::Yes),
            'd' if at == 0 => return Ok((Decision::Leave, false)),
            'd' => said.resize(items.len(), Said::No),
            'q' => {
                said.resize(items.len(), Said::Nothing);
                return Ok((decision(entry, &items, &said), true));
            }
            'M' if usable.contains('M') => return Ok((Decision::Mine, false)),
            's' if usable.contains('s') => split(&mut items, at),
            'e' if usable.contains('e') => said.extend(edited(&items[at], person)?),
            _ => person.show(&help::text(&usable)),
        }
    }
    Ok((decision(entry, &items, &said), false))
}

/// The questions of a file.
fn items(plan: &Plan, entry: &Entry) -> Vec<Item> {
    let (old, new) = entry.sides();
    let whole = matches!(entry.action, Action::Create | Action::Delete | Action::Release);
    let hunks = match plan::diff(old, new) {
        plan::Change::Text(hunks) if !whole => hunks,
        _ => return vec![Item::Whole],
    };
    let causes = plan.causes.get(&entry.target);
    let hunks = hunks.into_iter().enumerate().map(|(at, hunk)| {
        let causes = causes.and_then(|causes| causes.get(at)).cloned().unwrap_or_default();
        Item::Hunk(Piece { hunk, causes })
    });
    let moves = entry.from.iter().map(|_| Item::Whole);
    let bit = bits(entry).filter(|(before, after)| before != after).map(|_| Item::Bit);
    moves.chain(bit).chain(hunks).collect()
}

/// The executable bit before and after.
fn bits(entry: &Entry) -> Option<(bool, bool)> {
    match (&entry.disk, &entry.result) {
        (Disk::File(before), Some(after)) => Some((before.executable, after.executable)),
        _ => None,
    }
}

/// The keys that do something here besides those that always do.
fn usable(entry: &Entry, item: &Item) -> String {
    let mut keys = String::new();
    if let Item::Hunk(piece) = item {
        keys.push('e');
        keys.extend(piece.can_split().then_some('s'));
    }
    keys.extend((entry.new.is_some() && entry.from.is_none()).then_some('M'));
    keys
}

fn shown(entry: &Entry, item: &Item, colour: bool) -> String {
    let mut out = String::new();
    match item {
        Item::Hunk(piece) => report::hunk(&piece.hunk, &piece.causes, colour, &mut out),
        Item::Whole if entry.from.is_none() => {
            let (old, new) = entry.sides();
            if let plan::Change::Text(hunks) = plan::diff(old, new) {
                hunks.iter().for_each(|hunk| report::hunk(hunk, &[], colour, &mut out));
            }
        }
        Item::Whole | Item::Bit => {}
    }
    out
}

fn question(entry: &Entry, item: &Item, (number, of): (usize, usize), usable: &str) -> String {
    let target = &entry.target;
    let what = match (item, entry.action) {
        (Item::Hunk(_), _) => format!("Take this hunk into {target}"),
        (Item::Bit, _) if bits(entry).is_some_and(|(_, after)| after) => format!("Make {target} executable"),
        (Item::Bit, _) => format!("Make {target} not executable"),
        (Item::Whole, Action::Create) => format!("Create {target}"),
        (Item::Whole, Action::Delete) => format!("Delete {target}"),
        (Item::Whole, Action::Release) => format!("Let {target} go"),
        (Item::Whole, _) if entry.from.is_some() => format!("Move {} to {target}", entry.source()),
        (Item::Whole, _) => format!("Replace {target}"),
    };
    format!("({number}/{of}) {what} {}? ", help::prompt(usable))
}

fn split(items: &mut Vec<Item>, at: usize) {
    if let Item::Hunk(piece) = &items[at] {
        let parts = piece.split().into_iter().map(Item::Hunk).collect::<Vec<_>>();
        items.splice(at..=at, parts);
    }
}

/// The hunk after an editor; nothing when it must be asked about again.
fn edited(item: &Item, person: &mut dyn Person) -> io::Result<Option<Said>> {
    let Item::Hunk(piece) = item else { return Ok(None) };
    let Some(text) = person.edit(&piece.editable())? else { return Ok(None) };
    match piece.edited(&text) {
        Ok(change) => Ok(change.map(Said::Edited)),
        Err(why) => {
            person.show(&format!("the edited hunk doesn't fit: {why}\n"));
            Ok(None)
        }
    }
}

fn decision(entry: &Entry, items: &[Item], said: &[Said]) -> Decision {
    let take = |entry: Entry| Decision::Take { entry: Box::new(entry), whole: !said.contains(&Said::Nothing) };
    let decline = |action| Entry { action, result: None, note: None, ..entry.clone() };
    match (items, said.first()) {
        ([Item::Whole, ..], Some(Said::Nothing)) => Decision::Leave,
        ([Item::Whole, ..], Some(Said::No)) if entry.from.is_some() => Decision::Leave,
        ([Item::Whole], Some(Said::No)) => match entry.action {
            Action::Release => Decision::Leave,
            Action::Create => take(decline(Action::Gone)),
            Action::Delete => take(decline(Action::Release)),
            _ => take(decline(Action::Kept)),
        },
        _ if said.iter().all(|said| *said == Said::Yes) => take(entry.clone()),
        _ => partly(entry, items, said).map_or(Decision::Leave, take),
    }
}

/// The entry with only the hunks that were taken; nothing when it is as if the file had never been asked about.
fn partly(entry: &Entry, items: &[Item], said: &[Said]) -> Option<Entry> {
    let (Disk::File(disk), Some(result)) = (&entry.disk, &entry.result) else { return None };
    let content = Content { bytes: composed(disk, items, said), executable: bit(disk, result, items, said) };
    let open = said.contains(&Said::Nothing);
    let same = content == *disk;
    if open && same && entry.from.is_none() {
        return None;
    }
    let record = if open { standing(entry) } else { entry.record.clone() };
    let (action, result) = match same && entry.from.is_none() {
        true => (Action::Kept, None),
        false => (mixed(entry.action, &content), Some(content)),
    };
    Some(Entry { action, result, record, note: None, ..entry.clone() })
}

/// What a file is in which some lines were taken and some weren't; without the marks of a conflict it is in none.
fn mixed(action: Action, content: &Content) -> Action {
    let marked = content.bytes.split(|byte| *byte == b'\n').any(|line| line.starts_with(b"<<<<<<< "));
    match action {
        Action::Update => Action::Merge,
        Action::Marked if !marked => Action::Merge,
        other => other,
    }
}

fn composed(disk: &Content, items: &[Item], said: &[Said]) -> Vec<u8> {
    let changes: Vec<Change> = items
        .iter()
        .zip(said)
        .filter_map(|pair| match pair {
            (Item::Hunk(_), Said::Edited(change)) => Some(change.clone()),
            (Item::Hunk(piece), Said::Yes) => Some(piece.change()),
            _ => None,
        })
        .collect();
    match text::lf(&disk.bytes) {
        Some(text) if !changes.is_empty() => text::as_on(&disk.bytes, compose(&text, &changes).as_bytes()),
        _ => disk.bytes.clone(),
    }
}

fn bit(disk: &Content, result: &Content, items: &[Item], said: &[Said]) -> bool {
    let taken = items.iter().zip(said).any(|pair| matches!(pair, (Item::Bit, Said::Yes)));
    if taken { result.executable } else { disk.executable }
}

/// The record of a file of which something is left for another time: what was last written stays the base.
fn standing(entry: &Entry) -> Record {
    match (&entry.record, &entry.recorded) {
        (Record::Write(new), Some(Recorded::Base(old))) if entry.record_from.is_some() || entry.from.is_some() => {
            Record::Write(Base { content: old.content.clone(), ..new.clone() })
        }
        _ => Record::Keep,
    }
}
