//! The template engine: one Tera instance a dialect, with our delimiters, filters and checks.
//!
//! In: template files and the facts that functions answer from. Out: rendered text.
//! Refuses: unknown filters, missing partials and slots, undefined names, values that a place cannot hold.

mod engine;
mod expression;
mod facts;
mod fault;
mod filters;
mod functions;
mod lint;
mod lists;
mod place;
mod prepare;
mod reach;
mod recorder;
mod scope;
mod shape;
mod source;
mod store;
mod surround;
mod trace;
mod units;

pub use crate::format::{AUTHORED, Dialect};
pub use engine::{Root, Templates, condition};
pub use facts::{Facts, Slot};
pub use lint::lint;
pub use recorder::recorded;
pub use scope::Scope;
pub use shape::{Shape, nearest};
pub use source::delimiters;
pub use store::Store;
