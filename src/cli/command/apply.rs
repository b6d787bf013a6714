//! `opsgen apply`: plan, show, confirm, write. A saved plan is written as it was saved, or not at all.

use std::path::Path;

use clap::Args;

use crate::cli::console::Console;
use crate::cli::exit::Exit;
use crate::cli::fault::{Fault, Outcome};
use crate::cli::options::{Choices, Global, SpecArg, SpecOrPlan};
use crate::cli::{again, input, pipeline, saved};
use crate::plan::saved::{Saved, State};
use crate::plan::{self, Plan};
use crate::report;
use crate::workspace::Workspace;

#[derive(Debug, Args)]
pub struct Apply {
    #[command(flatten)]
    what: SpecOrPlan,

    /// Writes without asking
    #[arg(long, short)]
    yes: bool,

    /// Gives up files that you changed and that keep working, when there is nobody to ask
    #[arg(long)]
    release: bool,

    #[command(flatten)]
    choices: Choices,
}

/// A plan, and where it would be written.
struct Ready<'a> {
    plan: &'a Plan,
    workspace: &'a Workspace,
    top: &'a Path,
    /// What the spec leaves open.
    notes: &'a [String],
    /// The command that makes this plan.
    command: String,
}

impl Apply {
    pub fn run(&self, global: &Global, console: Console) -> Outcome {
        let path = input::find(self.what.path.as_deref())?;
        match saved::open(&path)? {
            Some(saved) => self.saved(&saved, global, console),
            None => self.spec(&SpecArg { spec: Some(path) }, global, console),
        }
    }

    fn spec(&self, spec: &SpecArg, global: &Global, console: Console) -> Outcome {
        pipeline::recover(&pipeline::workspace(spec, global)?.1, console)?;
        let planned = pipeline::plan(spec, &self.choices, global)?;
        console.tell(&planned.warnings);
        let ready = Ready {
            plan: &planned.plan,
            workspace: &planned.workspace,
            top: &planned.place.top,
            notes: &planned.notes,
            command: again::apply(&planned.spec, global),
        };
        self.carry_out(&ready, global, console)
    }

    fn saved(&self, saved: &Saved, global: &Global, console: Console) -> Outcome {
        if self.choices != Choices::default() {
            return Err(Fault::Usage("a saved plan is written as it is; make another one for other choices".into()));
        }
        pipeline::recover(&saved::workspace(saved, global)?.1, console)?;
        let found = saved::find(saved, global)?;
        let plan = match &found.state {
            State::Ready(plan) => plan,
            State::Stale(moved) => return Err(saved::stale(moved)),
            State::Done => {
                console.talk("nothing to do: this plan was carried out already");
                return Ok(Exit::Done);
            }
        };
        let ready = Ready {
            plan,
            workspace: &found.workspace,
            top: &found.place.top,
            notes: &[],
            command: again::apply(saved.spec().unwrap_or("SPEC"), global),
        };
        self.carry_out(&ready, global, console)
    }

    fn carry_out(&self, ready: &Ready<'_>, global: &Global, console: Console) -> Outcome {
        let plan = ready.plan;
        let exit = Exit::of(plan);
        match exit {
            Exit::Done => {
                ready.workspace.apply(plan)?;
                console.talk(&report::counts(plan));
                Ok(exit)
            }
            Exit::Pending => {
                show(ready, global, console)?;
                self.write(ready, console)
            }
            _ => {
                console.data(&report::summary(plan, console.colour))?;
                console.data(&report::conflicts(plan, &ready.command, console.colour))?;
                console.tell(&plan::diagnostics(plan));
                console.talk("nothing was written");
                Ok(exit)
            }
        }
    }

    fn write(&self, ready: &Ready<'_>, console: Console) -> Outcome {
        let released = plan::released(ready.plan);
        if self.yes && !self.release && !released.is_empty() {
            console.tell(&released);
            console.talk("nothing was written");
            return Ok(Exit::Conflict);
        }
        if !self.yes {
            if !console.is_interactive() {
                let command = again::with_consent();
                return Err(Fault::Usage(format!("nobody to ask here; to write this, run\n\n    {command}\n")));
            }
            if !console.ask(&format!("Write this to {}?", ready.top.display()))? {
                console.talk("nothing was written");
                return Ok(Exit::Pending);
            }
        }
        let written = ready.workspace.apply(ready.plan)?;
        written.notes.iter().for_each(|note| console.talk(note));
        console.talk(&format!("written to {}", ready.top.display()));
        Ok(Exit::Done)
    }
}

fn show(ready: &Ready<'_>, global: &Global, console: Console) -> Result<(), Fault> {
    if global.quiet {
        return Ok(());
    }
    let plan = ready.plan;
    if plan.is_first() {
        console.data(&report::first(plan, ready.notes))?;
    } else {
        console.data(&report::unified(plan, console.colour))?;
        console.data("\n")?;
        console.data(&report::summary(plan, console.colour))?;
    }
    Ok(())
}
