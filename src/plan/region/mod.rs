//! The part of a user's file that is ours: the lines between our marks, or our keys of a TOML file.
//!
//! In: the text on disk, what we last wrote there and what we would write, all in LF. Out: our part, or the text with
//! another part. Never changes anything else. Refuses: marks that are doubled or torn.

pub mod block;
pub mod keys;
