//! Data goes to stdout, talk to stderr; colour only where it can be seen.

use std::io::{self, IsTerminal, Write};

use anstream::{AutoStream, ColorChoice};
use clap::ValueEnum;

use crate::diagnostic::Diagnostic;

/// When to colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum When {
    /// On a terminal; `NO_COLOR` and `CLICOLOR_FORCE` are honoured
    #[default]
    Auto,
    Always,
    Never,
}

/// The two streams, and how they are used.
#[derive(Clone, Copy, Debug)]
pub struct Console {
    pub colour: bool,
    pub colour_talk: bool,
    quiet: bool,
}

impl Console {
    pub fn new(when: When, quiet: bool) -> Self {
        let decide = |auto: ColorChoice| match when {
            When::Auto => auto != ColorChoice::Never,
            When::Always => true,
            When::Never => false,
        };
        let colour = decide(AutoStream::choice(&io::stdout()));
        Self { colour, colour_talk: decide(AutoStream::choice(&io::stderr())), quiet }
    }

    /// What was asked for. A reader that has seen enough is no error, and changes nothing about the run.
    pub fn data(&self, text: &(impl AsRef<[u8]> + ?Sized)) -> io::Result<()> {
        let mut out = io::stdout().lock();
        match out.write_all(text.as_ref()).and_then(|()| out.flush()) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            ended => ended,
        }
    }

    /// What helps a person to follow; silent with `--quiet`.
    pub fn talk(&self, text: &str) {
        if !self.quiet {
            self.shout(text);
        }
    }

    /// What must be said even with `--quiet`. Nobody listening is no error.
    pub fn shout(&self, text: &str) {
        let _ = writeln!(io::stderr().lock(), "{text}");
    }

    /// Findings as talk.
    pub fn tell(&self, found: &[Diagnostic]) {
        for diagnostic in found {
            if diagnostic.is_error() || !self.quiet {
                self.shout(&format!("{}\n", diagnostic.render(self.colour_talk)));
            }
        }
    }

    /// Asks for consent on a terminal; anything but yes is No.
    pub fn ask(&self, question: &str) -> io::Result<bool> {
        let mut talk = io::stderr().lock();
        write!(talk, "{question} [y/N] ")?;
        talk.flush()?;
        let mut answer = String::new();
        io::stdin().read_line(&mut answer)?;
        Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
    }

    /// What a person answers, in lower case.
    pub fn answer(&self, question: &str) -> io::Result<String> {
        let mut talk = io::stderr().lock();
        write!(talk, "{question}")?;
        talk.flush()?;
        let mut answer = String::new();
        io::stdin().read_line(&mut answer)?;
        Ok(answer.trim().to_lowercase())
    }

    /// Somebody can be asked.
    pub fn is_interactive(&self) -> bool {
        io::stdin().is_terminal() && io::stderr().is_terminal()
    }
}
