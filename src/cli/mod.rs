//! The commands: wires the arrows together and decides the exit code.
//!
//! In: arguments. Out: data on stdout, talk on stderr, an exit code. A closed pipe is no error.

mod again;
mod command;
mod console;
mod every;
mod exit;
mod fault;
mod input;
mod interactive;
mod memory;
mod names;
mod options;
mod pipeline;
mod saved;
mod today;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use command::{apply, blueprint, check, completions, diff, explain, lint, man, schema, status, undo, verify};
use console::Console;
use exit::Exit;
use fault::{Fault, Outcome};

use crate::workspace;

/// Turns one answered spec into the operations scaffolding of a service.
#[derive(Debug, Parser)]
#[command(name = "opsgen", version, max_term_width = 100, after_help = EXIT_CODES)]
pub struct Opsgen {
    #[command(flatten)]
    global: options::Global,

    #[command(subcommand)]
    command: Command,
}

const EXIT_CODES: &str = "Exit codes: 0 done or nothing to do · 1 internal or I/O error · 2 changes pending · \
3 conflict or blocked · 4 spec or blueprint invalid, or a tool of verify failed · 5 plan stale · 64 usage · 130 interrupted";

#[derive(Debug, Subcommand)]
enum Command {
    /// Plans, shows, asks, and writes
    Apply(apply::Apply),
    /// Shows what apply would do
    Diff(diff::Diff),
    /// Takes the last apply back
    Undo(undo::Undo),
    /// Fails when the files don't follow the spec
    Check(check::Check),
    /// Two letters a file: what you changed, what apply would do
    Status(status::Status),
    /// Finds what is wrong or unwise in the spec
    Lint(lint::Lint),
    /// Runs the ecosystem's own tools over the written files
    Verify(verify::Verify),
    /// Explains a finding
    Explain(explain::Explain),
    /// Lists and shows what can be emitted
    Blueprint(blueprint::Blueprint),
    /// Prints the JSON Schema of the spec, or of a saved plan
    Schema(schema::Schema),
    /// Prints a completion script
    Completions(completions::Completions),
    /// Prints the manual page
    Man(man::Man),
}

/// Runs the program.
pub fn main() -> ExitCode {
    std::panic::set_hook(Box::new(report_bug));
    let given = match Opsgen::try_parse() {
        Ok(given) => given,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { Exit::Usage.code() } else { Exit::Done.code() });
        }
    };
    let console = Console::new(given.global.color, given.global.quiet);
    if let Err(error) = workspace::catch() {
        console.shout(&format!("warning: signals can't be caught: {error}"));
    }
    let exit = given.run(console).unwrap_or_else(|fault| tell(fault, console));
    ExitCode::from(exit.code())
}

impl Opsgen {
    fn run(&self, console: Console) -> Outcome {
        let global = &self.global;
        match &self.command {
            Command::Apply(command) => command.run(global, console),
            Command::Diff(command) => command.run(global, console),
            Command::Undo(command) => command.run(global, console),
            Command::Check(command) => command.run(global, console),
            Command::Status(command) => command.run(global, console),
            Command::Lint(command) => command.run(global, console),
            Command::Verify(command) => command.run(global, console),
            Command::Explain(command) => command.run(console),
            Command::Blueprint(command) => command.run(global, console),
            Command::Schema(command) => command.run(console),
            Command::Completions(command) => command.run(console),
            Command::Man(command) => command.run(console),
        }
    }
}

/// Says why the command ended, and what that means for the shell.
fn tell(fault: Fault, console: Console) -> Exit {
    match fault {
        Fault::Told(found, exit) => {
            console.tell(&found);
            exit
        }
        Fault::Usage(what) => {
            console.shout(&format!("error: {what}"));
            Exit::Usage
        }
        Fault::Io(error) => {
            console.shout(&format!("error: {error}"));
            Exit::Internal
        }
    }
}

/// A panic is our bug: it says so, and ends with the code for it.
fn report_bug(info: &std::panic::PanicHookInfo<'_>) {
    Console::new(console::When::Never, false).shout(&format!("error: opsgen has a bug: {info}"));
    std::process::exit(Exit::Internal.code().into());
}
