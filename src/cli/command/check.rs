//! `opsgen check`: the gate for CI. The plan is empty, and no file of ours holds the marks of an unfinished merge.

use clap::Args;

use crate::cli::again;
use crate::cli::console::Console;
use crate::cli::every;
use crate::cli::exit::Exit;
use crate::cli::fault::Outcome;
use crate::cli::options::{All, Choices, Global, SpecArg};
use crate::cli::{input, memory, pipeline};
use crate::plan::{self, Plan};
use crate::report;

#[derive(Debug, Args)]
pub struct Check {
    #[command(flatten)]
    spec: SpecArg,

    #[command(flatten)]
    all: All,
}

impl Check {
    pub fn run(&self, global: &Global, console: Console) -> Outcome {
        if self.all.all {
            return every::check(&every::specs(self.spec.spec.as_deref(), global)?, global, console);
        }
        let path = input::find(self.spec.spec.as_deref())?;
        if let Some(remembered) = memory::of(&path, global) {
            memory::tell(&remembered, console);
            return Ok(Exit::Done);
        }
        let planned = pipeline::plan(&self.spec, &Choices::default(), global)?;
        console.tell(&planned.warnings);
        let plan = &planned.plan;
        console.tell(&plan::diagnostics(plan));
        let unfinished = plan::unfinished(plan);
        console.tell(&unfinished);
        if Exit::of(plan) == Exit::Done && unfinished.is_empty() {
            console.talk(&report::counts(plan));
            return Ok(Exit::Done);
        }
        let command = again::apply(&planned.spec, global);
        console.data(&report::summary(plan, console.colour))?;
        console.data(&report::conflicts(plan, &command, console.colour))?;
        Ok(gate(plan, unfinished.is_empty(), console, &command))
    }
}

fn gate(plan: &Plan, finished: bool, console: Console, command: &str) -> Exit {
    match Exit::of(plan) {
        Exit::Pending if finished => {
            console.talk(&format!("the files don't follow the spec; run `{command}`"));
            Exit::Pending
        }
        Exit::Done | Exit::Pending => Exit::Conflict,
        exit => exit,
    }
}
