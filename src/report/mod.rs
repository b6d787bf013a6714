//! A plan, shown to people and to programs.
//!
//! In: a plan. Out: text as git shows it, a patch, JSON, Markdown, HTML, annotations. Decides nothing and prints nothing.

mod annotations;
mod command;
mod conflict;
mod html;
mod identity;
mod json;
mod kept;
mod markdown;
mod patch;
mod reason;
mod stat;
mod status;
mod summary;
mod unified;

pub use annotations::{annotations, log};
pub use command::quoted;
pub use conflict::{conflicts, settle};
pub use html::html;
pub use identity::names;
pub use json::json;
pub use markdown::markdown;
pub use patch::patch;
pub use stat::stat;
pub use status::{LETTERS, legend, status, status_json};
pub use summary::{counts, first, summary};
pub use unified::{hunk, title, unified};

#[cfg(test)]
mod tests;
