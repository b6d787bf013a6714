//! Exit codes: the whole list, in one place.

use crate::plan::{Action, Plan};
use crate::workspace::Failure;

/// What the shell is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Done, or nothing to do.
    Done = 0,
    /// Internal or I/O error.
    Internal = 1,
    /// Changes are pending: `check`, `diff --exit-code`, or the answer was No.
    Pending = 2,
    /// Conflict or blocked.
    Conflict = 3,
    /// Spec or blueprint invalid, or a tool of `verify` failed.
    Invalid = 4,
    /// The plan is stale.
    Stale = 5,
    Usage = 64,
    /// A signal.
    Interrupted = 130,
}

impl Exit {
    /// What a plan means for a gate.
    pub fn of(plan: &Plan) -> Self {
        if plan.count(Action::Unclaimed) > 0 {
            Self::Invalid
        } else if plan.stops().next().is_some() || plan.unsaid().next().is_some() {
            Self::Conflict
        } else if plan.is_empty() {
            Self::Done
        } else {
            Self::Pending
        }
    }

    pub fn code(self) -> u8 {
        self as u8
    }
}

impl From<&Failure> for Exit {
    fn from(failure: &Failure) -> Self {
        match failure {
            Failure::Blocked(_) => Self::Conflict,
            Failure::Stale(_) | Failure::Changed(_) => Self::Stale,
            Failure::Interrupted { .. } => Self::Interrupted,
            Failure::Root(_) | Failure::Io { .. } => Self::Internal,
        }
    }
}
