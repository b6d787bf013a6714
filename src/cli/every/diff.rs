//! `opsgen diff --all`: the plans of many specs, one behind the other.

use std::path::PathBuf;

use super::{Tally, each, ended};
use crate::cli::console::Console;
use crate::cli::exit::Exit;
use crate::cli::fault::Outcome;
use crate::cli::options::{Choices, Global, SpecArg};
use crate::cli::pipeline;
use crate::diagnostic::Diagnostic;
use crate::plan::{self, Plan};

/// What one spec came to.
type Shown = (Vec<u8>, Vec<Diagnostic>, Exit);

/// Shows each plan with `show`.
pub fn diff(
    specs: &[PathBuf],
    choices: &Choices,
    global: &Global,
    console: Console,
    show: impl Fn(&Plan) -> Vec<u8> + Sync,
) -> Outcome {
    let mut tally = Tally::default();
    let one = |spec: &PathBuf| -> Shown {
        match pipeline::plan(&SpecArg { spec: Some(spec.to_owned()) }, choices, global) {
            Ok(planned) => {
                let planned = planned.explained();
                let shown = if planned.plan.is_empty() { Vec::new() } else { show(&planned.plan) };
                (shown, plan::diagnostics(&planned.plan), Exit::of(&planned.plan))
            }
            Err(fault) => {
                let (found, exit, why) = ended(fault);
                (why.map(String::into_bytes).unwrap_or_default(), found, exit)
            }
        }
    };
    each(specs, one, |spec, (shown, found, exit)| {
        tally.add(exit);
        console.data(&shown)?;
        if !found.is_empty() {
            console.shout(&format!("{}:", spec.display()));
        }
        console.tell(&found);
        Ok(())
    })?;
    console.talk(&format!("{} specs, {} with something to do", specs.len(), specs.len() - tally.of(Exit::Done)));
    Ok(tally.exit())
}
