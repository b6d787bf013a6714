//! `opsgen diff`: the plan, and nothing is written.

use std::path::PathBuf;

use clap::{Args, ValueEnum, ValueHint};

use crate::cli::again;
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
    /// As git shows it, with why each hunk is there
    Text,
    /// For programs
    Json,
    /// For a comment in a pull request, cut to the 65,536 characters that one may hold
    Markdown,
    /// One page that needs nothing else
    Html,
    /// For `git apply`
    Patch,
    /// Annotations for the log of a workflow, and the Markdown; with `--out`, the Markdown goes to the file
    Github,
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
        let command = again::apply(&planned.spec, global);
        self.give(plan, &command, console)?;
        console.tell(&plan::diagnostics(plan));
        if self.format == Format::Text {
            console.talk(&report::counts(plan));
        }
        Ok(if self.exit_code { Exit::of(plan) } else { Exit::Done })
    }

    /// The plan as asked for, on stdout or in the file.
    fn give(&self, plan: &Plan, command: &str, console: Console) -> Result<(), Fault> {
        let Some(path) = &self.out else {
            return Ok(console.data(&self.bytes(plan, command, console.colour))?);
        };
        if self.format == Format::Github {
            console.data(&report::annotations(plan))?;
        }
        std::fs::write(path, self.bytes(plan, command, false)).map_err(|error| unwritable(path, &error))
    }

    fn bytes(&self, plan: &Plan, command: &str, colour: bool) -> Vec<u8> {
        let text = match self.format {
            Format::Text if self.stat => report::stat(plan, colour),
            Format::Text => report::unified(plan, colour),
            Format::Json => format!("{:#}\n", report::json(plan)),
            Format::Markdown => report::markdown(plan, command),
            Format::Html => report::html(plan, command),
            Format::Patch => return report::patch(plan),
            Format::Github if self.out.is_some() => report::markdown(plan, command),
            Format::Github => report::log(plan, command),
        };
        text.into_bytes()
    }
}

fn unwritable(path: &std::path::Path, error: &std::io::Error) -> Fault {
    Fault::Io(std::io::Error::new(error.kind(), format!("can't write `{}`: {error}", path.display())))
}
