//! Puts what the engine says on a line of the template as it was written.
//!
//! In: an error and its source. Out: a diagnostic. Refuses nothing: at worst there is no line.

use std::sync::Arc;

use tera::ErrorKind;

use super::engine::TEMPLATE;
use super::trace;
use crate::diagnostic::{Diagnostic, Source, Span};

pub fn unclosed(source: &Arc<Source>, at: usize) -> Diagnostic {
    Diagnostic::error(TEMPLATE, "this tag is never closed").at(Span { source: source.clone(), range: at..at + 2 })
}

/// The file in ` --> name:line:column`.
pub fn named_file(text: &str) -> Option<String> {
    let place = text.lines().find_map(|line| line.trim_start().strip_prefix("--> "))?;
    place.rsplitn(3, ':').nth(2).map(str::to_owned)
}

/// Tera tells the place of an unknown filter, function or test only in its text: ` --> name:line:column`.
fn unplaced(text: &str, source: &Arc<Source>) -> Diagnostic {
    let message = text.lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned();
    let fault = Diagnostic::error(TEMPLATE, message);
    let place = text.lines().find_map(|line| line.trim_start().strip_prefix("--> "));
    let line = place.and_then(|place| place.rsplit(':').nth(1)?.parse::<usize>().ok());
    match line {
        Some(line) => fault.at(Span { source: source.clone(), range: trace::line_range(source, line) }),
        None => fault,
    }
}

/// Puts Tera's error on its line of the template as it was written.
pub fn place_error(error: &tera::Error, source: &Arc<Source>) -> Diagnostic {
    let (ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report)) = error.kind() else {
        return unplaced(&error.to_string(), source);
    };
    let range = trace::line_range(source, report.span().start_line);
    Diagnostic::error(TEMPLATE, report.message()).at(Span { source: source.clone(), range })
}
