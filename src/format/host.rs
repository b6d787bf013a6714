//! What the reader of a file would replace inside a value, written so that it comes out as text.
//!
//! In: a value. Out: the value with the host's interpolation escaped. Refuses: a variable where the host has no escape.

use std::borrow::Cow;

use super::dialect::Host;

/// Stands before text that a template author wrote, whose interpolation is meant: a fragment.
pub const AUTHORED: char = '\u{e002}';

/// `key` is the mapping key before the value on its line, when there is one.
pub fn guard<'t>(host: Host, key: &str, text: &'t str) -> Result<Cow<'t, str>, String> {
    Ok(Cow::Owned(match host {
        Host::Nothing => return Ok(Cow::Borrowed(text)),
        Host::Expression => text.replace("${{", "${{ '${{' }}"),
        Host::Dollar => text.replace('$', "$$"),
        Host::DollarParen if expanded(key) && (text.contains("$(") || text.contains("$$")) => text.replace('$', "$$"),
        Host::DollarParen => return Ok(Cow::Borrowed(text)),
        Host::GoTemplate => text.replace("{{", "{{ \"{{\" }}"),
        Host::Variable if text.contains(AUTHORED) => text.replace(AUTHORED, ""),
        Host::Variable if replaced(text) => {
            return Err(format!(
                "{text:?} holds a variable that the reader would replace, and there is no way to escape it"
            ));
        }
        Host::Variable => return Ok(Cow::Borrowed(text)),
    }))
}

/// `$name`, `${…}` or `[[name]]`.
fn replaced(text: &str) -> bool {
    let named = |c: Option<char>| c.is_some_and(|c| c.is_alphabetic() || c == '_' || c == '{');
    text.match_indices('$').any(|(at, _)| named(text[at + 1..].chars().next()))
        || text.match_indices("[[").any(|(at, _)| named(text[at + 2..].chars().next()))
}

/// Only variables and arguments are expanded: `value:`, `command: […]`, `args: […]`, and their list items.
fn expanded(key: &str) -> bool {
    matches!(key, "value" | "command" | "args" | "-")
}
