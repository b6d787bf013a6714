//! People and bots edit the files, the spec changes, branches meet: no line is lost, and the second run has nothing to do.

#[path = "program/mod.rs"]
mod program;

#[path = "regeneration/bots.rs"]
mod bots;
#[path = "regeneration/branches.rs"]
mod branches;
#[path = "regeneration/hand.rs"]
mod hand;
#[path = "regeneration/lines.rs"]
mod lines;
#[path = "regeneration/specs.rs"]
mod specs;
#[path = "regeneration/tree.rs"]
mod tree;
