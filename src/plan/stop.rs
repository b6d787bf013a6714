//! What stands in the way of a plan, told to the user.

use std::collections::BTreeMap;

use super::base::has_conflict_markers;
use super::entry::{Action, Entry, Plan};
use super::existing::Disk;
use crate::diagnostic::Diagnostic;

/// Codes of everything that stops a plan.
pub mod code {
    pub const CONFLICT: &str = "OPS401";
    pub const UNOWNED: &str = "OPS402";
    pub const BLOCKED: &str = "OPS403";
    pub const LOCKED: &str = "OPS404";
    pub const UNCLAIMED: &str = "OPS405";
    pub const UNFINISHED: &str = "OPS409";
    pub const RELEASED: &str = "OPS410";
}

/// One error for each file that stops the plan, and one for each folder that is none, however many files lie behind it.
pub fn diagnostics(plan: &Plan) -> Vec<Diagnostic> {
    let mut behind: BTreeMap<&str, usize> = BTreeMap::new();
    for parent in plan.stops().filter_map(blocked_by) {
        *behind.entry(parent).or_default() += 1;
    }
    let mut found = Vec::new();
    for entry in plan.stops() {
        match blocked_by(entry).map(|parent| (parent, behind.remove(parent))) {
            None | Some((_, Some(1))) => found.push(told(entry)),
            Some((parent, Some(files))) => found.push(told_once(entry, parent, files)),
            Some((_, None)) => {}
        }
    }
    found
}

/// What stands where the file needs a folder.
fn blocked_by(entry: &Entry) -> Option<&str> {
    match &entry.disk {
        _ if entry.action != Action::Blocked => None,
        Disk::Behind { parent, .. } => Some(parent),
        Disk::Folded(twin) if twin.matches('/').count() < entry.target.matches('/').count() => Some(twin),
        _ => None,
    }
}

fn told_once(entry: &Entry, parent: &str, files: usize) -> Diagnostic {
    let what = match &entry.disk {
        Disk::Behind { kind, .. } => format!("`{parent}` is {kind}"),
        _ => format!("`{parent}` differs only in case from a folder of that name"),
    };
    let message = format!("{what}: {files} files would lie behind it");
    Diagnostic::error(code::BLOCKED, message).help("move it away, then run again; opsgen writes through no link")
}

/// The way out of an unfinished merge.
const FINISH: &str =
    "finish the merge: decide which lines stay, and take the lines with <<<<<<<, |||||||, ======= and >>>>>>> out";

fn torn(disk: &Disk) -> bool {
    matches!(disk, Disk::File(content) if has_conflict_markers(&content.bytes))
}

/// One error for each file of ours in which somebody left a merge unfinished.
pub fn unfinished(plan: &Plan) -> Vec<Diagnostic> {
    let free = |entry: &&Entry| entry.recorded.is_some() && !entry.action.is_stop();
    let ours = plan.entries.iter().filter(free).filter(|entry| torn(&entry.disk));
    ours.map(|entry| {
        let message = format!("`{}` holds the marks of an unfinished merge", entry.target);
        Diagnostic::error(code::UNFINISHED, message).help(FINISH)
    })
    .collect()
}

/// One error for each file that goes on working after opsgen gave it up.
pub fn released(plan: &Plan) -> Vec<Diagnostic> {
    let live = plan.entries.iter().filter_map(|entry| Some((entry, entry.live.as_ref()?)));
    live.map(|(entry, what)| {
        let message = format!("`{}` is no longer produced, you changed it, and it still {what}", entry.target);
        Diagnostic::error(code::RELEASED, message)
            .help("delete it when it must not, or say with `--release` that it is yours from now on")
    })
    .collect()
}

fn told(entry: &Entry) -> Diagnostic {
    let why = entry.note.as_deref().unwrap_or("can't be written");
    let message = match entry.action {
        Action::Blocked => format!("`{}` {why}", entry.target),
        _ => format!("`{}`: {why}", entry.target),
    };
    if entry.action == Action::Conflict && torn(&entry.disk) {
        return Diagnostic::error(code::UNFINISHED, message).help(FINISH);
    }
    Diagnostic::error(code_of(entry.action), message).help(help(entry))
}

fn code_of(action: Action) -> &'static str {
    match action {
        Action::Unowned => code::UNOWNED,
        Action::Blocked => code::BLOCKED,
        Action::Locked => code::LOCKED,
        Action::Unclaimed => code::UNCLAIMED,
        _ => code::CONFLICT,
    }
}

fn help(entry: &Entry) -> String {
    let path = &entry.path;
    match entry.action {
        Action::Unowned => format!(
            "merge it with `--adopt`, move it away, or keep it by adding `\"{path}\": yours` under `outputs:` in the spec"
        ),
        Action::Blocked => "move what is in the way, then run again".into(),
        Action::Locked => format!(
            "take the edit back, let it go with `--conflicts theirs`, or make the file yours to edit by adding \
             `\"{path}\": managed` under `outputs:` in the spec"
        ),
        Action::Unclaimed => {
            let id = &entry.origin.blueprint;
            format!("pass the folder that holds it with `--blueprints DIR`, or give its files up with `--forget {id}`")
        }
        _ => format!(
            "`--conflicts mine` keeps your lines, `theirs` takes the new ones, `markers` writes both for your merge tool; \
             or the file is yours with `\"{path}\": yours` under `outputs:` in the spec"
        ),
    }
}
