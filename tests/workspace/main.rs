//! What happens around a write: undo, a second run, a signal, a run that was cut off.

#[path = "../program/mod.rs"]
mod program;

mod faults;
mod interrupted;
mod marked;
mod undone;
