//! What the last apply of a spec left behind, so that a check that would find nothing parses nothing.
//!
//! In: a spec's bytes, its place, today. Out: what a check would say, while it would say the same.
//! Refuses nothing: without the memory a check looks at everything.

use std::path::Path;

use super::console::Console;
use super::options::Global;
use super::pipeline::{self, Planned};
use super::today::today;
use crate::plan::{self, Action, Plan};
use crate::report;
use crate::workspace::{Remembered, digest, recall};

/// What a check of this spec would say; nothing when it has to look.
pub fn of(spec: &Path, global: &Global) -> Option<Remembered> {
    let key = key(&std::fs::read(spec).ok()?, spec, global)?;
    let (place, workspace) = pipeline::open(spec, global).ok()?;
    workspace.settled().ok()?;
    recall(&place, key, &today().ok()?.to_string())
}

/// Says it.
pub fn tell(remembered: &Remembered, console: Console) {
    let told = remembered.told.iter().map(|(plain, colour)| if console.colour_talk { colour } else { plain });
    told.for_each(|text| console.talk(&format!("{text}\n")));
    console.talk(&remembered.counts);
}

/// Keeps what a check would say after this plan was carried out, when it would be content.
pub fn keep(planned: &Planned, plan: &Plan, spec: &Path, global: &Global) {
    let after = carried_out(plan);
    let quiet = after.stops().next().is_none() && plan::unfinished(plan).is_empty() && !plan.partial;
    let marked = plan.entries.iter().any(|entry| entry.action == Action::Marked);
    match key(&plan.spec, spec, global) {
        Some(key) if planned.is_own() && quiet && !marked => {
            let told = planned.warnings.iter().map(|it| (it.render(false), it.render(true))).collect();
            let remembered = Remembered {
                key,
                since: planned.today.to_string(),
                until: planned.until.map(|date| date.to_string()),
                told,
                counts: report::counts(&after),
                shared: plan.shared().map(str::to_owned).collect(),
            };
            // What is still true stays as it is: an apply that changes nothing touches nothing.
            if recall(&planned.place, key, &remembered.since).as_ref() != Some(&remembered) {
                planned.workspace.remember(plan, &remembered);
            }
        }
        _ => planned.workspace.forget(),
    }
}

/// The same files as the next plan would see them.
fn carried_out(plan: &Plan) -> Plan {
    let mut after = plan.clone();
    after.entries.retain(|entry| !matches!(entry.action, Action::Delete | Action::Release | Action::Forget));
    for entry in &mut after.entries {
        entry.action = match entry.action {
            Action::Merge | Action::Kept => Action::Kept,
            action @ (Action::Gone | Action::Yours) => action,
            action if action.is_stop() => action,
            _ => Action::Same,
        };
    }
    after
}

/// Stands for the program, the spec and what was asked; nothing when a folder of blueprints is asked for.
fn key(bytes: &[u8], spec: &Path, global: &Global) -> Option<u64> {
    let program = std::env::current_exe().and_then(std::fs::metadata).ok()?;
    let built = program.modified().ok()?.duration_since(std::time::UNIX_EPOCH).ok()?.as_nanos();
    let root = global.root.as_ref().map(|root| root.as_os_str().as_encoded_bytes());
    let parts: [&[u8]; 6] = [
        env!("CARGO_PKG_VERSION").as_bytes(),
        &built.to_le_bytes(),
        &program.len().to_le_bytes(),
        bytes,
        spec.as_os_str().as_encoded_bytes(),
        root.unwrap_or_default(),
    ];
    global.blueprints.is_empty().then(|| digest(&parts))
}
