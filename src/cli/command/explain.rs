//! `opsgen explain CODE`: what a finding means and how to mend it.

use clap::Args;

use crate::cli::console::Console;
use crate::cli::exit::Exit;
use crate::cli::fault::{Fault, Outcome};
use crate::diagnostic;

#[derive(Debug, Args)]
pub struct Explain {
    /// The code in brackets behind `error` or `warning`, for example OPS401
    code: String,
}

impl Explain {
    pub fn run(&self, console: Console) -> Outcome {
        let code = self.code.to_uppercase();
        let text = diagnostic::explain(&code)
            .ok_or_else(|| Fault::Usage(format!("no finding has the code `{}`; codes look like OPS401", self.code)))?;
        console.data(&format!("{}\n", text.trim_end()))?;
        Ok(Exit::Done)
    }
}
