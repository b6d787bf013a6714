//! `opsgen status`: two letters a file, what you changed and what apply would do.

use clap::{Args, ValueEnum};

use crate::cli::console::Console;
use crate::cli::exit::Exit;
use crate::cli::fault::Outcome;
use crate::cli::options::{Choices, Global, SpecArg};
use crate::cli::pipeline;
use crate::report;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    #[default]
    Text,
    Json,
}

#[derive(Debug, Args)]
#[command(after_help = report::LETTERS)]
pub struct Status {
    #[command(flatten)]
    spec: SpecArg,

    /// How to show it
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

impl Status {
    pub fn run(&self, global: &Global, console: Console) -> Outcome {
        let planned = pipeline::plan(&self.spec, &Choices::default(), global)?;
        let plan = &planned.plan;
        match self.format {
            Format::Json => console.data(&format!("{:#}\n", report::status_json(plan)))?,
            Format::Text => {
                let list = report::status(plan, console.colour);
                console.data(&list)?;
                match list.is_empty() {
                    true => console.talk("clean: every file is as opsgen wrote it, and there is nothing to do"),
                    false => console.talk(&format!("\n{}", report::legend(plan))),
                }
            }
        }
        Ok(Exit::Done)
    }
}
