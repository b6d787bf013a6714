//! `opsgen blueprint`: what can be emitted.

use clap::{Args, Subcommand};

use crate::author;
use crate::cli::console::Console;
use crate::cli::exit::Exit;
use crate::cli::fault::{Fault, Outcome};
use crate::cli::options::Global;
use crate::cli::pipeline;

#[derive(Debug, Args)]
pub struct Blueprint {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Lists every blueprint
    List,
    /// Shows one blueprint: when it applies, its inputs and outputs
    Show {
        /// Its folder, for example as `list` prints it
        id: String,
    },
}

impl Blueprint {
    pub fn run(&self, global: &Global, console: Console) -> Outcome {
        let catalog = pipeline::catalog(global, None)?;
        let text = match &self.what {
            What::List => author::list(&catalog),
            What::Show { id } => author::show(&catalog, id)
                .ok_or_else(|| Fault::Usage(format!("no blueprint `{id}`; `opsgen blueprint list` names them all")))?,
        };
        console.data(&text)?;
        Ok(Exit::Done)
    }
}
