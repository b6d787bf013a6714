//! Two letters a file, as `git status --short`: what the user changed, and what apply would do.
//!
//! In: a plan. Out: lines, their legend, JSON. Files where neither has anything to say aren't there.

use anstyle::{AnsiColor, Style};
use serde_json::{Value, json};

use super::unified::paint;
use crate::artifact::Mode;
use crate::plan::{Action, Disk, Entry, Plan, Recorded};

/// What the user did to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum You {
    Nothing,
    Changed,
    Deleted,
    Made,
    Blocked,
}

/// What a letter means: the letter, its name for programs, and words.
type Letter = (char, &'static str, &'static str);

const NOTHING: Letter = (' ', "nothing", "");

impl You {
    fn of(entry: &Entry) -> Self {
        let edited = matches!(entry.action, Action::Kept | Action::Merge | Action::Conflict | Action::Marked);
        match (&entry.recorded, &entry.disk) {
            (None, Disk::Absent) => Self::Nothing,
            (None, Disk::File(_)) => Self::Made,
            (Some(_), Disk::Absent) => Self::Deleted,
            (Some(Recorded::Unreadable(_)), Disk::File(_)) => Self::Changed,
            (Some(Recorded::Base(_)), Disk::File(_)) if matches!(entry.mode, Mode::Keys | Mode::Block) => {
                if edited {
                    Self::Changed
                } else {
                    Self::Nothing
                }
            }
            (Some(Recorded::Base(base)), Disk::File(content)) if base.content.same(content) => Self::Nothing,
            (Some(_), Disk::File(_)) => Self::Changed,
            _ => Self::Blocked,
        }
    }

    fn letter(self) -> Letter {
        match self {
            Self::Nothing => NOTHING,
            Self::Changed => ('M', "changed", "you changed it"),
            Self::Deleted => ('D', "deleted", "you deleted it"),
            Self::Made => ('?', "made", "it is there, and opsgen never wrote it"),
            Self::Blocked => ('!', "blocked", "something that is no file is there"),
        }
    }
}

/// What apply would do.
fn would(action: Action) -> Letter {
    match action {
        Action::Create => ('A', "create", "apply would create it"),
        Action::Update => ('M', "update", "apply would change it"),
        Action::Merge => ('M', "merge", "apply would change it"),
        Action::Marked => ('M', "mark", "apply would change it"),
        Action::Move => ('R', "move", "apply would move it"),
        Action::Delete => ('D', "delete", "apply would delete it"),
        Action::Release => ('L', "release", "apply would let it go: it stays, and is yours"),
        Action::Conflict => ('U', "conflict", "you and apply would change the same lines: nothing can be written"),
        Action::Unowned | Action::Locked | Action::Blocked | Action::Unclaimed => {
            ('!', "stop", "apply can't go on: nothing can be written")
        }
        Action::Yours => ('~', "advise", "it is yours; `opsgen diff` shows what opsgen would write"),
        _ => NOTHING,
    }
}

/// Every letter with its meaning, column by column.
pub const LETTERS: &str = "\
The first column is what you did since the last apply, the second what apply would do now:

  M   you changed it                 A   create it
  D   you deleted it                 M   change it, with your changes kept
  ?   opsgen never wrote it          D   delete it
  !   something that is no file      R   move it
                                     L   let it go: it stays, and is yours
                                     U   conflict: both changed the same lines
                                     !   something else is in the way
                                     ~   it is yours, and opsgen would write something else";

/// The files that have a letter.
fn files(plan: &Plan) -> impl Iterator<Item = (&Entry, Letter, Letter)> {
    let silent = |action| matches!(action, Action::Same | Action::Refresh | Action::Forget | Action::Adopt);
    let loud = plan.entries.iter().filter(move |entry| !silent(entry.action));
    loud.map(|entry| (entry, You::of(entry).letter(), would(entry.action)))
        .filter(|(_, you, apply)| (you.0, apply.0) != (' ', ' '))
}

/// A line a file; nothing when there is nothing to say.
pub fn status(plan: &Plan, colour: bool) -> String {
    let mut out = String::new();
    for (entry, you, apply) in files(plan) {
        let bad =
            if entry.action.is_stop() { AnsiColor::Red.on_default().bold() } else { AnsiColor::Green.on_default() };
        paint(AnsiColor::Yellow.on_default(), &you.0.to_string(), colour, &mut out);
        paint(bad, &apply.0.to_string(), colour, &mut out);
        let name = match &entry.from {
            Some(from) => format!("{from} -> {}", entry.target),
            None => entry.target.clone(),
        };
        out.push(' ');
        paint(Style::new(), &name, colour, &mut out);
        out.push('\n');
    }
    out
}

/// The letters that occur, and what they mean.
pub fn legend(plan: &Plan) -> String {
    let mut lines: Vec<String> = Vec::new();
    let you = files(plan).map(|(_, you, _)| (format!("{} ", you.0), you));
    let apply = files(plan).map(|(_, _, apply)| (format!(" {}", apply.0), apply));
    for (shown, (_, _, words)) in you.chain(apply).filter(|(_, letter)| letter.0 != ' ') {
        let line = format!("{shown}  {words}");
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines.join("\n")
}

/// The same for programs.
pub fn status_json(plan: &Plan) -> Value {
    let file = |(entry, you, apply): (&Entry, Letter, Letter)| {
        json!({
            "path": entry.target,
            "from": entry.from,
            "letters": format!("{}{}", you.0, apply.0),
            "you": you.1,
            "apply": apply.1,
            "note": entry.note,
        })
    };
    let files: Vec<Value> = files(plan).map(file).collect();
    json!({ "version": 1, "clean": files.is_empty(), "files": files })
}
