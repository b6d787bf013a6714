//! `opsgen check --all`: the gate for a repository of many specs.

use std::path::{Path, PathBuf};

use super::{Tally, each, ended};
use crate::cli::again;
use crate::cli::console::Console;
use crate::cli::exit::Exit;
use crate::cli::fault::Outcome;
use crate::cli::options::{Choices, Global, SpecArg};
use crate::cli::{memory, pipeline};
use crate::diagnostic::Diagnostic;
use crate::plan;
use crate::report;

/// What one spec came to.
struct Looked {
    exit: Exit,
    /// Errors; what is only unwise is for `lint`.
    found: Vec<Diagnostic>,
    data: String,
}

/// Checks every spec; tells only about those that aren't right, and how many there are.
pub fn check(specs: &[PathBuf], global: &Global, console: Console) -> Outcome {
    let mut tally = Tally::default();
    each(
        specs,
        |spec| look(spec, global, console.colour),
        |spec, looked| {
            tally.add(looked.exit);
            if looked.exit != Exit::Done {
                console.data(&format!("{}\n{}\n", spec.display(), looked.data))?;
                console.tell(&looked.found);
            }
            Ok(())
        },
    )?;
    let wrong = specs.len() - tally.of(Exit::Done);
    console.talk(&match wrong {
        0 => format!("{} specs, nothing to do", specs.len()),
        _ => format!("{} specs, {wrong} that their files don't follow or that are wrong themselves", specs.len()),
    });
    Ok(tally.exit())
}

fn look(spec: &Path, global: &Global, colour: bool) -> Looked {
    let arg = SpecArg { spec: Some(spec.to_owned()) };
    if memory::of(spec, global).is_some() {
        return Looked { exit: Exit::Done, found: Vec::new(), data: String::new() };
    }
    let planned = match pipeline::plan(&arg, &Choices::default(), global) {
        Ok(planned) => planned,
        Err(fault) => {
            let (found, exit, why) = ended(fault);
            return Looked { exit, found, data: why.unwrap_or_default() };
        }
    };
    let plan = &planned.plan;
    let unfinished = plan::unfinished(plan);
    let exit = match Exit::of(plan) {
        Exit::Done | Exit::Pending if !unfinished.is_empty() => Exit::Conflict,
        exit => exit,
    };
    let data = match exit {
        Exit::Done => String::new(),
        _ => {
            let command = again::apply(&planned.spec, global);
            report::summary(plan, colour) + &report::conflicts(plan, &command, colour)
        }
    };
    let errors = planned.warnings.into_iter().filter(Diagnostic::is_error);
    Looked { exit, found: errors.chain(plan::diagnostics(plan)).chain(unfinished).collect(), data }
}
