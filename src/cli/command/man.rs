//! `opsgen man`: the manual page, with every command.

use clap::{Args, CommandFactory};

use crate::cli::Opsgen;
use crate::cli::console::Console;
use crate::cli::exit::Exit;
use crate::cli::fault::Outcome;

#[derive(Debug, Args)]
pub struct Man {}

impl Man {
    pub fn run(&self, console: Console) -> Outcome {
        let mut page = Vec::new();
        clap_mangen::Man::new(Opsgen::command()).render(&mut page)?;
        console.data(&page)?;
        Ok(Exit::Done)
    }
}
