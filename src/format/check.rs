//! Whether a text is well formed, before anybody writes it.
//!
//! In: the name of a format, a text. Out: nothing, or the first fault with its line. Refuses: text that its reader would.

mod events;
mod expression;
mod lines;
mod markdown;
mod promql;
mod shell;
mod structured;

use super::Dialect;
pub use structured::parser_message;

/// What is wrong, and on which line (from 1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub line: usize,
    pub message: String,
}

impl Fault {
    pub fn new(line: usize, message: impl Into<String>) -> Self {
        Self { line: line.max(1), message: message.into() }
    }
}

/// Checks a text as a format or dialect by its name; a name without a reader of ours is text.
pub fn check(format: &str, text: &str) -> Result<(), Fault> {
    let Some(dialect) = Dialect::named(format) else { return Ok(()) };
    match dialect {
        Dialect::GithubActions => structured::yaml(text).and_then(|()| expression::balanced(text)),
        Dialect::Prometheus => promql::rules(text),
        Dialect::Json | Dialect::Grafana => structured::json(text),
        Dialect::Toml => structured::toml(text),
        Dialect::Shell => shell::script(text),
        Dialect::Markdown => markdown::fences(text),
        Dialect::Promql => promql::expression(text).map_err(|message| Fault::new(1, message)),
        Dialect::Crontab => lines::crontab(text),
        Dialect::Dockerfile => lines::dockerfile(text),
        Dialect::Env => lines::env(text),
        Dialect::Mermaid => markdown::diagram(text),
        Dialect::Alertmanager | Dialect::Compose | Dialect::GitlabCi | Dialect::Kubernetes | Dialect::Yaml => {
            structured::yaml(text)
        }
        Dialect::GoTemplate | Dialect::Hcl | Dialect::Path | Dialect::Systemd | Dialect::Text => Ok(()),
    }
}
