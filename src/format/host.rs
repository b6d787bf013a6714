//! What the reader of a file would replace inside a value, written so that it comes out as text.
//!
//! In: a value. Out: the value with the host's interpolation escaped. Refuses nothing.

use super::dialect::Host;

/// `key` is the mapping key before the value on its line, when there is one.
pub fn guard(host: Host, key: &str, text: &str) -> String {
    match host {
        Host::Nothing | Host::Variable => text.to_owned(),
        Host::Expression => text.replace("${{", "${{ '${{' }}"),
        Host::Dollar => text.replace('$', "$$"),
        Host::DollarParen if expanded(key) && (text.contains("$(") || text.contains("$$")) => text.replace('$', "$$"),
        Host::DollarParen => text.to_owned(),
        Host::GoTemplate => text.replace("{{", "{{ \"{{\" }}"),
    }
}

/// Only variables and arguments are expanded: `value:`, `command: […]`, `args: […]`, and their list items.
fn expanded(key: &str) -> bool {
    matches!(key, "value" | "command" | "args" | "-")
}
