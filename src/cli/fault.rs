//! Why a command ended early.

use std::io;

use super::exit::Exit;
use crate::diagnostic::Diagnostic;
use crate::workspace::Failure;

/// What a command gives back.
pub type Outcome = Result<Exit, Fault>;

/// Told to the user before the program ends.
#[derive(Debug)]
pub enum Fault {
    Told(Vec<Diagnostic>, Exit),
    /// Wrong use of the program: what, and what to do instead.
    Usage(String),
    Io(io::Error),
}

impl Fault {
    /// Spec or blueprints can't be used.
    pub fn invalid(found: impl Into<Vec<Diagnostic>>) -> Self {
        Self::Told(found.into(), Exit::Invalid)
    }
}

impl From<Diagnostic> for Fault {
    fn from(diagnostic: Diagnostic) -> Self {
        Self::invalid([diagnostic])
    }
}

impl From<Failure> for Fault {
    fn from(failure: Failure) -> Self {
        Self::Told(vec![failure.diagnostic()], Exit::from(&failure))
    }
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}
