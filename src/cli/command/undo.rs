//! `opsgen undo`: shows what the last apply replaced, asks, and brings it back.

use clap::Args;

use crate::cli::again;
use crate::cli::console::Console;
use crate::cli::exit::Exit;
use crate::cli::fault::{Fault, Outcome};
use crate::cli::options::{Global, SpecArg};
use crate::cli::pipeline;
use crate::report;
use crate::workspace::{Past, Undoing, Workspace};

#[derive(Debug, Args)]
pub struct Undo {
    #[command(flatten)]
    spec: SpecArg,

    /// Writes without asking
    #[arg(long, short)]
    yes: bool,

    /// Shows the applies that can be undone
    #[arg(long, conflicts_with_all = ["yes", "since"])]
    list: bool,

    /// Undoes this apply of the list and everything after it
    #[arg(long, value_name = "NUMBER")]
    since: Option<u32>,
}

impl Undo {
    pub fn run(&self, global: &Global, console: Console) -> Outcome {
        let (place, workspace) = pipeline::workspace(&self.spec, global)?;
        if self.list {
            workspace.settled()?;
            console.data(&table(&workspace.pasts()))?;
            return Ok(Exit::Done);
        }
        pipeline::recover(&workspace, console)?;
        let Some(undoing) = workspace.undoing(self.since)? else { return nothing(self.since, console) };
        if !global.quiet {
            show(&undoing, console)?;
        }
        let question = format!("Undo this in {}?", place.top.display());
        if !self.yes && !consent(&question, console)? {
            return Ok(Exit::Pending);
        }
        write(&workspace, &undoing, console)
    }
}

fn show(undoing: &Undoing, console: Console) -> Result<(), Fault> {
    console.data(&report::unified(&undoing.plan, console.colour))?;
    let Undoing { first, count, .. } = undoing;
    let what = format!("`{}` of {}", first.command, first.time);
    console.talk(&match count {
        1 => format!("undoes {what}"),
        _ => format!("undoes {what} and the {} after it", count - 1),
    });
    console.talk("your spec stays as it is: the next apply writes the same again unless you change it");
    Ok(())
}

fn consent(question: &str, console: Console) -> Result<bool, Fault> {
    if !console.is_interactive() {
        let command = again::with_consent();
        return Err(Fault::Usage(format!("nobody to ask here; to undo this, run\n\n    {command}\n")));
    }
    let yes = console.ask(question)?;
    if !yes {
        console.talk("nothing was written");
    }
    Ok(yes)
}

fn write(workspace: &Workspace, undoing: &Undoing, console: Console) -> Outcome {
    let written = workspace.undo(undoing)?;
    written.notes.iter().for_each(|note| console.talk(note));
    console.talk("undone; `opsgen undo` again brings it back");
    Ok(Exit::Done)
}

fn nothing(since: Option<u32>, console: Console) -> Outcome {
    match since {
        Some(number) => Err(Fault::Usage(format!("no apply {number} here: `opsgen undo --list` shows them"))),
        None => {
            console.talk("nothing to undo");
            Ok(Exit::Done)
        }
    }
}

/// One line an apply, newest first.
fn table(pasts: &[Past]) -> String {
    let line = |past: &Past| {
        let files = if past.files == 1 { "1 file".to_owned() } else { format!("{} files", past.files) };
        format!("{:>4}  {}  {files:>9}  {}\n", past.number, past.title.time, past.title.command)
    };
    pasts.iter().map(line).collect()
}
