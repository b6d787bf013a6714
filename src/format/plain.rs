//! Escaping of every syntax but YAML: one function a syntax, from a string to the text that means it.
//!
//! In: a string. Out: its written form. Refuses: what the syntax cannot say, in words.

use std::fmt::Write as _;

/// A word that no syntax we write takes apart: names, versions, paths, references, durations.
pub fn is_word(text: &str) -> bool {
    let safe =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '/' | '@' | ':' | '+' | '-' | '%' | '=' | ',');
    !text.is_empty() && text.chars().all(safe)
}

/// A word for a POSIX shell.
pub fn shell_word(text: &str) -> String {
    if is_word(text) { text.to_owned() } else { format!("'{}'", shell_single(text)) }
}

/// The inside of a single quoted shell word.
pub fn shell_single(text: &str) -> String {
    text.replace('\'', "'\\''")
}

/// The inside of a double quoted word, where a shell or a builder still expands.
pub fn shell_double(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '$' | '`' | '"' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// The inside of a JSON string.
pub fn json_inner(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

/// The inside of a TOML basic string.
pub fn toml_inner(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out
}

/// The inside of an HCL template string.
pub fn hcl_inner(text: &str) -> String {
    toml_inner(text).replace("${", "$${").replace("%{", "%%{")
}

pub fn is_bare_key(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
}

/// A value of an environment file: the shell, Compose and dotenv libraries read the same.
pub fn env(text: &str) -> String {
    if text.is_empty() || is_word(text) {
        text.to_owned()
    } else if text.contains('\'') {
        format!("\"{}\"", shell_double(text))
    } else {
        format!("'{text}'")
    }
}

/// The inside of a double quoted word that an image builder expands.
pub fn builder_double(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('$', "\\$")
}

/// A shell word in a crontab line, where an unescaped `%` would end the command.
pub fn crontab(text: &str) -> Result<String, String> {
    if text.contains(['\n', '\r']) {
        return Err("a crontab line can't hold a line break".into());
    }
    Ok(shell_word(text).replace('%', "\\%"))
}

/// The five fields at the beginning of a crontab line.
pub fn schedule(text: &str) -> Result<String, String> {
    let field = |c: char| c.is_ascii_alphanumeric() || matches!(c, '*' | '/' | ',' | '-' | ' ');
    if text.split(' ').count() == 5 && text.chars().all(field) {
        return Ok(text.to_owned());
    }
    Err(format!("{text:?} is no schedule of five fields"))
}

/// `command` says that the key is one of `Exec…=`, where `$` is expanded too.
pub fn systemd(text: &str, command: bool) -> String {
    let escaped = text.replace('%', "%%");
    let escaped = if command { escaped.replace('$', "$$") } else { escaped };
    if is_word(text) || text.is_empty() {
        return escaped;
    }
    let escaped = escaped.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n").replace('\t', "\\t");
    format!("\"{escaped}\"")
}

/// Label text: everything but letters, digits and harmless marks as a numbered entity.
pub fn mermaid(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '\n' => out.push_str("<br/>"),
            c if c.is_alphanumeric() || matches!(c, ' ' | '_' | '.' | '/' | ':' | '-' | ',' | '@' | '+' | '=') => {
                out.push(c);
            }
            c => {
                let _ = write!(out, "#{};", u32::from(c));
            }
        }
    }
    out
}

/// A matcher value or other string of PromQL, quotes included.
pub fn promql_string(text: &str) -> String {
    format!("\"{}\"", toml_inner(text))
}

/// What may stand bare in PromQL: metric and label names, numbers, durations.
pub fn promql_bare(text: &str) -> Result<String, String> {
    let name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | ':' | '.');
    if !text.is_empty() && text.chars().all(name) {
        return Ok(text.to_owned());
    }
    Err(format!("{text:?} can't stand bare in PromQL; write `| label` for a quoted matcher value"))
}

/// A path below the root, or a part of one.
pub fn path(text: &str) -> Result<String, String> {
    let safe = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '/' | '-' | '@' | '+');
    if !text.is_empty() && text.chars().all(safe) {
        return Ok(text.to_owned());
    }
    Err(format!("{text:?} can't be part of a path; only letters, digits and `-_./@+` can"))
}
