//! `opsgen apply --all`: every spec is planned, then one question, then each plan is made again and carried out if it is still the same.
//!
//! Nothing is written anywhere while one spec is in conflict or wrong.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use super::{Tally, each, ended};
use crate::cli::console::Console;
use crate::cli::exit::Exit;
use crate::cli::fault::{Fault, Outcome};
use crate::cli::options::{Choices, Global, SpecArg};
use crate::cli::pipeline::{self, Planned};
use crate::cli::{again, memory, names};
use crate::diagnostic::Diagnostic;
use crate::plan::{self, Action, Plan, Record};
use crate::report;

/// Two specs produce one file.
const CLAIMED: &str = "OPS428";

/// What was asked for.
pub struct Asked<'a> {
    pub choices: &'a Choices,
    pub global: &'a Global,
    pub yes: bool,
    pub release: bool,
}

/// What one spec would write: enough to know the plan again.
struct Seen {
    exit: Exit,
    found: Vec<Diagnostic>,
    counts: String,
    /// Nothing when there is nothing to write.
    digest: Option<u64>,
    /// Files outside the spec's own folder that it produces: from the root of the disk.
    shared: Vec<PathBuf>,
}

/// Plans all, asks once, writes all.
pub fn apply(specs: &[PathBuf], asked: &Asked<'_>, console: Console) -> Outcome {
    let (mut tally, mut todo) = (Tally::default(), Vec::new());
    let mut owners: BTreeMap<PathBuf, PathBuf> = BTreeMap::new();
    each(
        specs,
        |spec| see(spec, asked, console),
        |spec, mut seen| {
            for path in std::mem::take(&mut seen.shared) {
                match owners.get(&path) {
                    Some(first) => {
                        seen.found.push(claimed(&path, first, spec));
                        seen.exit = Exit::Conflict;
                    }
                    None => drop(owners.insert(path, spec.to_owned())),
                }
            }
            tally.add(seen.exit);
            if seen.exit != Exit::Done && !(asked.global.quiet && seen.exit == Exit::Pending) {
                console.data(&format!("{}: {}\n", spec.display(), seen.counts))?;
            }
            console.tell(&seen.found);
            todo.extend(seen.digest.map(|digest| (spec.to_owned(), digest)));
            Ok(())
        },
    )?;
    match tally.exit() {
        Exit::Done | Exit::Pending => {}
        exit => {
            console.talk("nothing was written");
            return Ok(exit);
        }
    }
    let changed = tally.of(Exit::Pending);
    if changed > 0 && !asked.yes && !consent(changed, console)? {
        console.talk("nothing was written");
        return Ok(Exit::Pending);
    }
    if let Err(fault) = write(&todo, asked, console) {
        console.talk(
            "some of the specs are written already; each of them is whole, and `opsgen check --all` names the rest",
        );
        return Err(fault);
    }
    console.talk(&match changed {
        0 => format!("{} specs, nothing to do", specs.len()),
        _ => format!("{} specs, {changed} written", specs.len()),
    });
    Ok(Exit::Done)
}

fn consent(changed: usize, console: Console) -> Result<bool, Fault> {
    if !console.is_interactive() {
        let command = again::with_consent();
        return Err(Fault::Usage(format!("nobody to ask here; to write this, run\n\n    {command}\n")));
    }
    Ok(console.ask(&format!("Write the files of {changed} specs? (`opsgen diff --all` shows them)"))?)
}

fn see(spec: &Path, asked: &Asked<'_>, console: Console) -> Seen {
    let remembered = if *asked.choices == Choices::default() { memory::of(spec, asked.global) } else { None };
    if let Some(remembered) = remembered
        && let Ok((place, _)) = pipeline::open(spec, asked.global)
    {
        let shared = remembered.shared.iter().map(|path| place.top.join(path)).collect();
        return Seen { exit: Exit::Done, found: Vec::new(), counts: String::new(), digest: None, shared };
    }
    match planned(spec, asked, console) {
        Ok(planned) => {
            let seen = seen(&planned.plan, asked);
            // Somebody else applied it, or an older opsgen did: the next check needn't look again.
            if seen.digest.is_none() && seen.exit == Exit::Done {
                memory::keep(&planned, &planned.plan, spec, asked.global);
            }
            Seen { shared: planned.plan.shared().map(|path| planned.place.top.join(path)).collect(), ..seen }
        }
        Err(fault) => {
            let (found, exit, why) = ended(fault);
            let counts = why.unwrap_or_else(|| "can't be planned".into());
            Seen { exit, found, counts, digest: None, shared: Vec::new() }
        }
    }
}

fn seen(plan: &Plan, asked: &Asked<'_>) -> Seen {
    let mut found = plan::diagnostics(plan);
    let mut exit = Exit::of(plan);
    if exit == Exit::Pending && asked.yes && !asked.release {
        found.extend(plan::released(plan));
        exit = if found.is_empty() { exit } else { Exit::Conflict };
    }
    let digest = writes(plan).then(|| digest(plan));
    Seen { exit, found, counts: report::counts(plan), digest, shared: Vec::new() }
}

fn claimed(path: &Path, first: &Path, second: &Path) -> Diagnostic {
    let (path, first, second) = (path.display(), first.display(), second.display());
    Diagnostic::error(CLAIMED, format!("`{path}` is claimed by two specs: {first} and {second}"))
        .help("give each its own `name`, and say in `repository: { path: … }` which part of the repository it is")
}

fn planned(spec: &Path, asked: &Asked<'_>, console: Console) -> Result<Planned, Fault> {
    let arg = SpecArg { spec: Some(spec.to_owned()) };
    pipeline::recover(&pipeline::workspace(&arg, asked.global)?.1, console)?;
    names::settled(&arg, asked.choices, asked.global, None)
}

fn write(todo: &[(PathBuf, u64)], asked: &Asked<'_>, console: Console) -> Result<(), Fault> {
    let specs: Vec<PathBuf> = todo.iter().map(|(spec, _)| spec.clone()).collect();
    let known = |spec: &Path| todo.iter().find(|(path, _)| path == spec).map(|(_, digest)| *digest);
    let one = |spec: &PathBuf| -> Result<Vec<String>, Fault> {
        let planned = planned(spec, asked, console)?;
        if known(spec) != Some(digest(&planned.plan)) {
            return Err(crate::workspace::Failure::Stale(vec![spec.display().to_string()]).into());
        }
        let notes = planned.workspace.apply(&planned.plan)?.notes;
        memory::keep(&planned, &planned.plan, spec, asked.global);
        Ok(notes)
    };
    each(&specs, one, |_, written| {
        written?.iter().for_each(|note| console.talk(note));
        Ok(())
    })
}

/// A file, a record or the record of the spec.
fn writes(plan: &Plan) -> bool {
    let entry =
        |entry: &plan::Entry| entry.result.is_some() || entry.action == Action::Delete || entry.record != Record::Keep;
    plan.entries.iter().any(entry) || plan.before.as_ref() != Some(&plan.spec)
}

/// Tells plans of one run apart; what is on disk is looked at again when it is carried out.
fn digest(plan: &Plan) -> u64 {
    let mut hasher = DefaultHasher::new();
    plan.spec.hash(&mut hasher);
    for entry in &plan.entries {
        (&entry.target, &entry.from, entry.action).hash(&mut hasher);
        entry.result.iter().for_each(|content| (&content.bytes, content.executable).hash(&mut hasher));
    }
    hasher.finish()
}
