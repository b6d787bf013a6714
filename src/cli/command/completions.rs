//! `opsgen completions SHELL`: a completion script.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use crate::cli::Opsgen;
use crate::cli::console::Console;
use crate::cli::exit::Exit;
use crate::cli::fault::Outcome;

#[derive(Debug, Args)]
pub struct Completions {
    shell: Shell,
}

impl Completions {
    pub fn run(&self, console: Console) -> Outcome {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Opsgen::command(), "opsgen", &mut script);
        console.data(&script)?;
        Ok(Exit::Done)
    }
}
