//! One file a command.

pub mod apply;
pub mod blueprint;
pub mod check;
pub mod completions;
pub mod diff;
pub mod explain;
pub mod lint;
pub mod man;
pub mod schema;
pub mod status;
pub mod undo;
pub mod verify;
