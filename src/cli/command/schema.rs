//! `opsgen schema`: the JSON Schemas, for editors and for programs that read plans.

use clap::{Args, ValueEnum};

use crate::cli::console::Console;
use crate::cli::exit::Exit;
use crate::cli::fault::Outcome;
use crate::plan::saved;
use crate::spec;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum What {
    /// The spec
    #[default]
    Spec,
    /// A plan that `opsgen diff --out FILE` saved
    Plan,
}

#[derive(Debug, Args)]
pub struct Schema {
    /// Of what
    #[arg(value_enum, default_value_t)]
    what: What,
}

impl Schema {
    pub fn run(&self, console: Console) -> Outcome {
        let schema = match self.what {
            What::Spec => spec::schema(),
            What::Plan => saved::schema(),
        };
        console.data(&format!("{schema:#}\n"))?;
        Ok(Exit::Done)
    }
}
