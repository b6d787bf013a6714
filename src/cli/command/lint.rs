//! `opsgen lint`: everything that is wrong or unwise in the spec.

use clap::{Args, ValueEnum};

use crate::cli::console::Console;
use crate::cli::exit::Exit;
use crate::cli::fault::Outcome;
use crate::cli::options::{Global, SpecArg};
use crate::cli::pipeline;
use crate::diagnostic::Level;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Deny {
    Warnings,
}

#[derive(Debug, Args)]
pub struct Lint {
    #[command(flatten)]
    spec: SpecArg,

    /// Fails on warnings too
    #[arg(long, value_enum, value_name = "WHAT")]
    deny: Option<Deny>,
}

impl Lint {
    pub fn run(&self, global: &Global, console: Console) -> Outcome {
        let found = pipeline::findings(&self.spec, global)?;
        for diagnostic in &found {
            console.data(&format!("{}\n\n", diagnostic.render(console.colour)))?;
        }
        let count = |level| found.iter().filter(|diagnostic| diagnostic.level == level).count();
        let (errors, warnings) = (count(Level::Error), count(Level::Warning));
        console.talk(&format!("{}, {}", counted(errors, "error"), counted(warnings, "warning")));
        let denied = self.deny == Some(Deny::Warnings) && warnings > 0;
        Ok(if errors > 0 || denied { Exit::Invalid } else { Exit::Done })
    }
}

fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
