//! `opsgen apply`: plan, show, confirm, write.

use clap::Args;

use crate::cli::again;
use crate::cli::console::Console;
use crate::cli::exit::Exit;
use crate::cli::fault::{Fault, Outcome};
use crate::cli::options::{Choices, Global, SpecArg};
use crate::cli::pipeline::{self, Planned};
use crate::plan;
use crate::report;

#[derive(Debug, Args)]
pub struct Apply {
    #[command(flatten)]
    spec: SpecArg,

    /// Writes without asking
    #[arg(long, short)]
    yes: bool,

    /// Gives up files that you changed and that keep working, when there is nobody to ask
    #[arg(long)]
    release: bool,

    #[command(flatten)]
    choices: Choices,
}

impl Apply {
    pub fn run(&self, global: &Global, console: Console) -> Outcome {
        let planned = pipeline::plan(&self.spec, &self.choices, global)?;
        console.tell(&planned.warnings);
        let plan = &planned.plan;
        let exit = Exit::of(plan);
        match exit {
            Exit::Done => {
                planned.workspace.apply(plan)?;
                console.talk(&report::counts(plan));
                Ok(exit)
            }
            Exit::Pending => {
                show(&planned, global, console)?;
                self.write(&planned, console)
            }
            _ => {
                let command = again::apply(&planned.spec, global);
                console.data(&report::summary(plan, console.colour))?;
                console.data(&report::conflicts(plan, &command, console.colour))?;
                console.tell(&plan::diagnostics(plan));
                console.talk("nothing was written");
                Ok(exit)
            }
        }
    }

    fn write(&self, planned: &Planned, console: Console) -> Outcome {
        let released = plan::released(&planned.plan);
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
            if !console.ask(&format!("Write this to {}?", planned.place.top.display()))? {
                console.talk("nothing was written");
                return Ok(Exit::Pending);
            }
        }
        planned.workspace.apply(&planned.plan)?;
        console.talk(&format!("written to {}", planned.place.top.display()));
        Ok(Exit::Done)
    }
}

fn show(planned: &Planned, global: &Global, console: Console) -> Result<(), Fault> {
    if global.quiet {
        return Ok(());
    }
    let plan = &planned.plan;
    if plan.is_first() {
        console.data(&report::first(plan, &planned.notes))?;
    } else {
        console.data(&report::unified(plan, console.colour))?;
        console.data("\n")?;
        console.data(&report::summary(plan, console.colour))?;
    }
    Ok(())
}
