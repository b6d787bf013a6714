//! The formats and dialects we write: how a value is escaped, and whether a text is well formed.
//!
//! In: values and texts. Out: escaped text, or what is wrong with a text.
//! Refuses: a value that the place cannot hold.

mod check;
pub mod dashboard;
pub mod dialect;
mod host;
pub mod json;
pub mod markdown;
mod place;
pub mod plain;
mod yaml;

pub use check::{Fault, check, parser_message};
pub use dialect::{Dialect, Host, Syntax};
pub use host::AUTHORED;
pub use place::{Place, Spot, comment, flow, write, write_text};
pub use plain::shell_word;
