//! `opsgen verify`: the ecosystem's own tools over the written files.

use clap::Args;

use crate::cli::console::Console;
use crate::cli::exit::Exit;
use crate::cli::fault::{Fault, Outcome};
use crate::cli::options::{Global, SpecArg};
use crate::cli::{input, pipeline};
use crate::verify::{self, Places, Verdict};

#[derive(Debug, Args)]
pub struct Verify {
    #[command(flatten)]
    spec: SpecArg,

    /// Runs only this tool
    #[arg(long, value_name = "ID")]
    tool: Vec<String>,

    /// Fails when a tool isn't on PATH
    #[arg(long)]
    require_all: bool,
}

impl Verify {
    pub fn run(&self, global: &Global, console: Console) -> Outcome {
        let rendered = pipeline::rendered(&input::find(self.spec.spec.as_deref())?, global)?;
        let places = Places { here: rendered.place.here(), top: rendered.place.top.clone() };
        let checks = verify::run(&rendered.artifacts, &places, &self.tool).map_err(Fault::invalid)?;
        let mut failed = false;
        for check in &checks {
            let verdict = match &check.verdict {
                Verdict::Passed => "passed".to_owned(),
                Verdict::Absent { program } => format!("absent: `{program}` isn't on PATH"),
                Verdict::Failed { command, output } => format!("failed: {command}\n{}", output.trim_end()),
            };
            failed |= match check.verdict {
                Verdict::Passed => false,
                Verdict::Absent { .. } => self.require_all,
                Verdict::Failed { .. } => true,
            };
            console.data(&format!("{:24} {:4} files  {verdict}\n", check.tool, check.files))?;
        }
        if checks.is_empty() {
            console.talk("nothing to verify: no file was written yet");
        }
        Ok(if failed { Exit::Invalid } else { Exit::Done })
    }
}
