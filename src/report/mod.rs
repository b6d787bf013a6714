//! A plan, shown to people and to programs.
//!
//! In: a plan. Out: text as git shows it, JSON, Markdown. Decides nothing and prints nothing.

mod json;
mod markdown;
mod stat;
mod summary;
mod unified;

pub use json::json;
pub use markdown::markdown;
pub use stat::stat;
pub use summary::{counts, first, summary};
pub use unified::unified;

#[cfg(test)]
mod tests;
