//! Parsers that give back the one value of a rendered text.

use std::process::{Command, Stdio};

use pulldown_cmark::{Event, Options, Parser, TagEnd};
use serde_json::Value;

/// The value under `v`, or the key whose value is `v`, at any depth; a list item counts.
fn find(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Array(items) => items.iter().find_map(find),
        Value::Object(map)
            if map.len() == 1
                && map.values().any(|value| value == "v")
                && !map.contains_key("v")
                && !map.contains_key("value") =>
        {
            map.keys().next().cloned()
        }
        Value::Object(map) => map.get("v").and_then(find).or_else(|| map.values().find_map(find)),
        _ => None,
    }
}

pub fn yaml(text: &str) -> Option<String> {
    find(&serde_saphyr::from_str::<Value>(text).ok()?)
}

pub fn json(text: &str) -> Option<String> {
    find(&serde_json::from_str(text).ok()?)
}

pub fn toml(text: &str) -> Option<String> {
    let document: toml_edit::DocumentMut = text.parse().ok()?;
    if let Some(table) = document.get("x").and_then(|item| item.as_table()) {
        return table.iter().next().map(|(key, _)| key.to_owned());
    }
    let (key, item) = document.iter().next()?;
    if let Some(table) = item.as_inline_table() {
        return table.get("v").and_then(toml_edit::Value::as_str).map(str::to_owned);
    }
    let value = item.as_str()?;
    Some(if value == "v" && key != "v" { key.to_owned() } else { value.to_owned() })
}

/// A quoted HCL template without interpolation.
pub fn hcl(text: &str) -> Option<String> {
    let inner = text.trim_end_matches('\n').strip_prefix("v = \"")?.strip_suffix('"')?;
    let inner = inner.replace("$${", "\u{1}").replace("%%{", "\u{2}");
    if inner.contains("${") || inner.contains("%{") {
        return None;
    }
    let text = serde_json::from_str::<String>(&format!(
        "\"{}\"",
        inner.replace('\u{1}', "\\u0001").replace('\u{2}', "\\u0002")
    ))
    .ok()?;
    Some(text.replace('\u{1}', "${").replace('\u{2}', "%{"))
}

/// Runs a script in which `p WORD` prints a value.
pub fn shell(script: &str) -> Vec<String> {
    let script = format!("p() {{ printf '%s\\0' \"$@\"; }}\n{script}");
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), script).expect("written");
    let out = Command::new("sh").arg("-eu").arg(file.path()).stdin(Stdio::null()).output().expect("sh runs");
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let text = String::from_utf8(out.stdout).expect("UTF-8");
    text.split_terminator('\0').map(str::to_owned).collect()
}

/// `V=…` the way a shell reads it: plain, between single quotes, or between double quotes with four escapes.
pub fn env(text: &str) -> Option<String> {
    let value = text.strip_prefix("V=")?.strip_suffix('\n')?;
    if let Some(inner) = value.strip_prefix('\'').and_then(|value| value.strip_suffix('\'')) {
        return (!inner.contains('\'')).then(|| inner.to_owned());
    }
    match value.strip_prefix('"').and_then(|value| value.strip_suffix('"')) {
        Some(inner) => unescape(inner, &['$', '`', '"', '\\']),
        None => value.chars().all(|c| c.is_ascii_alphanumeric() || "_./@:+-%=,".contains(c)).then(|| value.to_owned()),
    }
}

/// Takes the backslash from the given letters; one of them without a backslash would be read otherwise.
fn unescape(text: &str, letters: &[char]) -> Option<String> {
    let mut out = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                let next = chars.next()?;
                if !letters.contains(&next) {
                    out.push('\\');
                }
                out.push(next);
            }
            c if letters.contains(&c) => return None,
            c => out.push(c),
        }
    }
    Some(out)
}

/// The last word of an instruction, as the image builder's own lexer reads it.
pub fn builder(text: &str) -> Option<String> {
    let (_, value) = text.strip_suffix('\n')?.split_once('=')?;
    match value.strip_prefix('"').and_then(|value| value.strip_suffix('"')) {
        Some(inner) => unescape(inner, &['$', '"', '\\']),
        None => (!value.contains(['$', '"', '\'', '\\', ' '])).then(|| value.to_owned()),
    }
}

pub fn systemd(text: &str, command: bool) -> Option<String> {
    let (_, value) = text.strip_suffix('\n')?.split_once('=')?;
    let value = match value.strip_prefix('"').and_then(|value| value.strip_suffix('"')) {
        Some(inner) => {
            let inner =
                inner.replace("\\\\", "\u{1}").replace("\\\"", "\u{2}").replace("\\n", "\n").replace("\\t", "\t");
            inner.replace('\u{1}', "\\").replace('\u{2}', "\"")
        }
        None => value.to_owned(),
    };
    let marked = value.replace("%%", "\u{1}");
    let marked = if command { marked.replace("$$", "\u{2}") } else { marked };
    let bare = marked.contains('%') || (command && marked.contains('$'));
    (!bare).then(|| marked.replace('\u{1}', "%").replace('\u{2}', "$"))
}

/// The text of the paragraph, heading, item or cell that holds the value; `a … z` around it is taken off.
pub fn markdown(text: &str) -> Option<String> {
    let mut cells: Vec<String> = Vec::new();
    let mut out = String::new();
    for event in
        Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS)
    {
        match event {
            Event::Text(text) => out.push_str(&text),
            Event::InlineHtml(tag) if &*tag == "<br>" => out.push('\n'),
            Event::Start(_) | Event::End(TagEnd::Strong) => {}
            Event::End(TagEnd::TableCell) => cells.push(std::mem::take(&mut out)),
            Event::End(_) => {}
            other => panic!("{text:?} makes markup: {other:?}"),
        }
    }
    if cells.len() == 4 {
        return cells.into_iter().nth(2);
    }
    let bare = text.starts_with("a ").then(|| out.strip_prefix("a ")?.strip_suffix(" z").map(str::to_owned)).flatten();
    bare.or(Some(out))
}

/// `#NN;` is that letter, `<br/>` a line break; quotes and brackets would end the label.
pub fn mermaid(text: &str) -> Option<String> {
    let mut out = String::new();
    let text = text.replace("<br/>", "\n");
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once('#') {
        let (code, tail) = after.split_once(';')?;
        out.push_str(before);
        out.push(char::from_u32(code.parse().ok()?)?);
        rest = tail;
        if before.contains(['"', '[', ']', '(', ')', '{', '}', '<', '>', '|', ';', '`']) {
            return None;
        }
    }
    out.push_str(rest);
    Some(out)
}

pub fn promql(text: &str) -> Option<String> {
    match promql_parser::parser::parse(text).ok()? {
        promql_parser::parser::Expr::VectorSelector(selector) => {
            selector.matchers.matchers.first().map(|matcher| matcher.value.clone())
        }
        _ => None,
    }
}
