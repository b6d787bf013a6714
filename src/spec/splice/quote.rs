//! A word as it stands in YAML: bare where that is safe, otherwise in double quotes.

/// Words that YAML or a reader of YAML 1.1 takes for something else than text.
const TAKEN: [&str; 9] = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];

/// Key or value.
pub fn word(text: &str) -> String {
    let safe = |letter: char| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_';
    let bare = text.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && text.chars().all(safe)
        && !TAKEN.contains(&text.to_ascii_lowercase().as_str());
    if bare { text.to_owned() } else { serde_json::Value::from(text).to_string() }
}

/// A value under the rest of its path, on one line: `yours`, `{ api: { was: web } }`.
pub fn flow(path: &[&str], value: &str) -> String {
    match path.split_first() {
        None => word(value),
        Some((first, rest)) => format!("{{ {}: {} }}", word(first), flow(rest, value)),
    }
}
