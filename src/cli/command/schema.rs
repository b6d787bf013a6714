//! `opsgen schema`: the JSON Schema of the spec, for editors.

use clap::Args;

use crate::cli::console::Console;
use crate::cli::exit::Exit;
use crate::cli::fault::Outcome;
use crate::spec;

#[derive(Debug, Args)]
pub struct Schema {}

impl Schema {
    pub fn run(&self, console: Console) -> Outcome {
        console.data(&format!("{:#}\n", spec::schema()))?;
        Ok(Exit::Done)
    }
}
