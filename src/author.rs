//! What the author of a blueprint asks: what is there, what does one make, what is wrong with it.
//!
//! In: the catalog. Out: text and warnings. Refuses nothing.

mod lint;
mod show;

pub use lint::lint;
pub use show::{list, show};
