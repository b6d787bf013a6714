//! `opsgen diff`: the plan, and nothing is written.

use std::path::PathBuf;

use clap::{Args, ValueEnum, ValueHint};

use crate::cli::console::Console;
use crate::cli::exit::Exit;
use crate::cli::fault::{Fault, Outcome};
use crate::cli::options::{Choices, Global, SpecArg};
use crate::cli::pipeline;
use crate::plan::{self, Plan};
use crate::report;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    #[default]
    Text,
    Json,
    Markdown,
}

#[derive(Debug, Args)]
pub struct Diff {
    #[command(flatten)]
    spec: SpecArg,

    /// How to show it
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,

    /// Writes it to a file
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    out: Option<PathBuf>,

    /// Exits 2 when changes are pending, 3 when something is in the way
    #[arg(long)]
    exit_code: bool,

    /// Shows only how much changes
    #[arg(long)]
    stat: bool,

    #[command(flatten)]
    choices: Choices,
}

impl Diff {
    pub fn run(&self, global: &Global, console: Console) -> Outcome {
        let planned = pipeline::plan(&self.spec, &self.choices, global)?;
        console.tell(&planned.warnings);
        let plan = &planned.plan;
        let text = self.text(plan, console.colour && self.out.is_none());
        match &self.out {
            Some(path) => std::fs::write(path, text).map_err(|error| unwritable(path, &error))?,
            None => console.data(&text)?,
        }
        console.tell(&plan::diagnostics(plan));
        if self.format == Format::Text {
            console.talk(&report::counts(plan));
        }
        Ok(if self.exit_code { Exit::of(plan) } else { Exit::Done })
    }

    fn text(&self, plan: &Plan, colour: bool) -> String {
        match self.format {
            Format::Text if self.stat => report::stat(plan, colour),
            Format::Text => report::unified(plan, colour),
            Format::Json => format!("{:#}\n", report::json(plan)),
            Format::Markdown => report::markdown(plan),
        }
    }
}

fn unwritable(path: &std::path::Path, error: &std::io::Error) -> Fault {
    Fault::Io(std::io::Error::new(error.kind(), format!("can't write `{}`: {error}", path.display())))
}
