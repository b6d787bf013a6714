//! What no plan may do, whoever wrote the file: leave the root, touch what opsgen never touches, or write what isn't shown.

use super::super::Options;
use super::super::entry::{Action, Entry, Plan, Record};
use super::super::existing::Disk;
use super::super::paths;
use super::format::{self, File, Found};

/// Why the plan may not be carried out.
pub fn check(file: &File, plan: &Plan) -> Result<(), String> {
    let folders = [Some(file.prefix.as_str()).filter(|prefix| !prefix.is_empty()), file.spec.path.as_deref()];
    for path in folders.into_iter().flatten() {
        allowed(path)?;
    }
    let options = Options { prefix: file.prefix.clone(), ..Options::default() };
    for (entry, saved) in plan.entries.iter().zip(&file.files) {
        place(entry, &options)?;
        shown(entry)?;
        owned(entry, saved)?;
    }
    let written = plan.entries.iter().filter(|entry| entry.result.is_some()).map(|entry| entry.target.as_str());
    let clash = paths::clashes(written).into_iter().next();
    clash.map_or(Ok(()), |(path, why)| Err(format!("`{path}` {why}")))
}

/// Every path that something happens to lies below the root, and is where the entry says.
fn place(entry: &Entry, options: &Options) -> Result<(), String> {
    if entry.target != options.target(entry.at, &entry.path) {
        return Err(format!("`{}` isn't where `{}` belongs", entry.target, entry.path));
    }
    let touched = entry.result.is_some() || entry.action == Action::Delete;
    if touched || matches!(entry.record, Record::Write(_)) {
        let from = entry.from.iter().chain(&entry.record_from).map(String::as_str);
        return [entry.path.as_str(), &entry.target].into_iter().chain(from).try_for_each(allowed);
    }
    match entry.record {
        Record::Drop => [Some(&entry.path), entry.record_from.as_ref()].into_iter().flatten().try_for_each(inside),
        _ => Ok(()),
    }
}

fn allowed(path: impl AsRef<str>) -> Result<(), String> {
    let path = path.as_ref();
    paths::refusal(path).map_or(Ok(()), |why| Err(format!("`{path}` {why}")))
}

/// A record that only goes may have any name that stays in the folder of records.
fn inside(path: &String) -> Result<(), String> {
    let plain = |part: &str| !part.is_empty() && part != "." && part != "..";
    if path.split('/').all(plain) && !path.contains(['\\', '\0']) {
        return Ok(());
    }
    Err(format!("`{path}` leaves the folder of records"))
}

/// Nothing is written that reports don't show as a change.
fn shown(entry: &Entry) -> Result<(), String> {
    let writes =
        matches!(entry.action, Action::Create | Action::Update | Action::Merge | Action::Move | Action::Marked);
    match (writes, &entry.result) {
        (false, Some(_)) => Err(format!("`{}` would be written without being shown", entry.target)),
        (true, None) => Err(format!("`{}` is to be written, and nothing says what", entry.target)),
        _ if entry.action.is_stop() && entry.record != Record::Keep => {
            Err(format!("`{}` stands in the way, and its record would change", entry.target))
        }
        _ => Ok(()),
    }
}

/// Files go only where a file is, and only those that opsgen wrote.
fn owned(entry: &Entry, saved: &format::Entry) -> Result<(), String> {
    let free = matches!(entry.disk, Disk::Absent | Disk::File(_));
    if entry.result.is_some() && !free {
        return Err(format!("`{}` would be written where no file can be", entry.target));
    }
    let goes = entry.action == Action::Delete || (entry.from.is_some() && entry.result.is_some());
    if goes && (saved.recorded.is_none() || !matches!(saved.disk, Found::File(_))) {
        return Err(format!("`{}` would go, and opsgen never wrote it", entry.source()));
    }
    Ok(())
}
