//! YAML scalars: plain where every reader takes them for the same string, a block for many lines, else quoted.
//!
//! In: a string. Out: a scalar that YAML 1.1 and 1.2 readers read back as that string. Refuses nothing.

use std::fmt::Write as _;

/// Plain when safe, else in the quotes that need no backslash; safe in flow context too.
pub fn scalar(text: &str) -> String {
    if is_plain(text) {
        text.to_owned()
    } else if text.contains(['"', '\\']) && !text.contains('\'') && !text.chars().any(needs_code) {
        format!("'{text}'")
    } else {
        format!("\"{}\"", double(text))
    }
}

/// A literal block when the text has many lines and the block holds it exactly.
pub fn block(text: &str, indent: usize) -> Option<String> {
    let body = text.trim_end_matches('\n');
    let fits = body.contains('\n') || text.ends_with('\n');
    let odd = |c: char| c != '\n' && (c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{85}'));
    let first = body.lines().find(|line| !line.is_empty()).unwrap_or("");
    if !fits || body.is_empty() || text.contains(odd) || body.starts_with('\n') || first.starts_with([' ', '\t']) {
        return None;
    }
    let chomp = match text.len() - body.len() {
        0 => "-",
        1 => "",
        _ => return None,
    };
    let pad = " ".repeat(indent);
    let mut out = format!("|{chomp}");
    for line in body.split('\n') {
        out.push('\n');
        if !line.is_empty() {
            out.push_str(&pad);
            out.push_str(line);
        }
    }
    Some(out)
}

/// The inside of a double quoted scalar.
pub fn double(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if needs_code(c) => {
                let code = u32::from(c);
                let _ = if code > 0xffff { write!(out, "\\U{code:08x}") } else { write!(out, "\\u{code:04x}") };
            }
            c => out.push(c),
        }
    }
    out
}

fn needs_code(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}')
}

/// Whether a plain scalar is read back as this very string.
pub fn is_plain(text: &str) -> bool {
    let inner = |c: char| {
        c.is_ascii_alphanumeric()
            || matches!(c, '_' | '.' | '/' | '@' | '%' | '+' | '~' | ' ' | '-' | ':' | '=' | '(' | ')' | ';')
    };
    let first = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '/' | '(');
    !text.is_empty()
        && text.starts_with(first)
        && text.chars().all(|c| inner(c) || (c.is_alphabetic() && !c.is_ascii()))
        && !text.ends_with([' ', ':'])
        && !text.contains(": ")
        && !means_something_else(text)
}

/// A word that some reader takes for a boolean, null, number, time or date.
fn means_something_else(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let word = matches!(
        lower.as_str(),
        "y" | "n"
            | "yes"
            | "no"
            | "on"
            | "off"
            | "true"
            | "false"
            | "null"
            | "nan"
            | ".nan"
            | ".inf"
            | "inf"
            | "infinity"
    );
    let digits = lower.trim_start_matches(['+', '-', '.']);
    let numeric = digits.starts_with(|c: char| c.is_ascii_digit())
        && digits
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '_' | '.' | ':' | '-' | '+' | 'e' | 't' | 'z' | ' '));
    let based = ["0x", "0o", "0b"].iter().any(|prefix| digits.starts_with(prefix));
    word || numeric || based || lower.starts_with("...")
}
