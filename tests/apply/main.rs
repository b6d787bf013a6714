//! A project over its life: applied, applied again, edited on both sides, checked.

#[path = "../program/mod.rs"]
mod program;

mod edits;
mod life;
mod memory;
mod overrides;
mod owners;
mod talk;
