//! Writes one value into one place of a file so that the reader gets exactly that value.
//!
//! In: a dialect, where the value stands, the value. Out: the text. Refuses: a value that the place cannot hold.

use serde_json::Value;

use super::dialect::{Dialect, Syntax};
use super::{host, markdown, plain, yaml};

/// Where a value stands, seen from the template text around it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    pub spot: Spot,
    /// The mapping key before it on the line, `-` for a list item.
    pub key: String,
    /// Indentation of the lines that follow when the value is written as a block.
    pub indent: Option<usize>,
    /// Nothing else stands on the line: how far it is indented.
    pub alone: Option<usize>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Spot {
    /// The whole of a scalar, an argument, a table cell.
    #[default]
    Whole,
    /// Glued to other text, or in the middle of a plain scalar.
    Word,
    /// A mapping key.
    Key,
    /// Between double quotes.
    Double,
    /// Between single quotes.
    Single,
    Comment,
    /// In a block that another language owns: a block scalar, a heredoc, a code fence.
    Block,
}

/// The text that means `value` in this place.
pub fn write(dialect: Dialect, place: &Place, value: &Value) -> Result<String, String> {
    match value {
        Value::Null => Err("the value is null here; guard it with `<% if … %>` or give a `default(value=…)`".into()),
        Value::Bool(_) | Value::Number(_) => Ok(value.to_string()),
        Value::String(text) => write_text(dialect, place, text),
        Value::Array(_) => Err("a list can't stand here; use `| flow`, `| join(sep=…)` or a loop".into()),
        Value::Object(_) => Err("a map can't stand here; use `| flow` or name one of its fields".into()),
    }
}

/// The same for a value that is text.
pub fn write_text(dialect: Dialect, place: &Place, text: &str) -> Result<String, String> {
    if place.spot == Spot::Comment { Ok(comment(text)) } else { string(dialect, place, text) }
}

/// A comment ends with its line, so a value in one has no line breaks.
pub fn comment(text: &str) -> String {
    text.replace(|c: char| c.is_control(), " ").replace("-->", "-- >").replace("*/", "* /")
}

fn string(dialect: Dialect, place: &Place, text: &str) -> Result<String, String> {
    let command = place.key.starts_with("Exec");
    let guarded = host::guard(dialect.host(), &place.key, text)?;
    let text = guarded.as_ref();
    match dialect.syntax() {
        Syntax::Yaml => yaml_string(place, text),
        Syntax::Json => json(place, text),
        Syntax::Toml => keyed(place, text, plain::toml_inner),
        Syntax::Hcl => keyed(place, text, plain::hcl_inner),
        Syntax::Shell => shell(place, text),
        Syntax::Crontab if place.spot == Spot::Key => plain::schedule(text),
        Syntax::Crontab => plain::crontab(text),
        Syntax::Systemd => Ok(plain::systemd(text, command)),
        Syntax::Dockerfile => dockerfile(place, text),
        Syntax::Env if place.spot == Spot::Double => Ok(plain::shell_double(text)),
        Syntax::Env if place.spot == Spot::Key => word(text),
        Syntax::Env => Ok(plain::env(text)),
        Syntax::Markdown => markdown_text(place, text),
        Syntax::Mermaid => Ok(plain::mermaid(text)),
        Syntax::Promql if place.spot == Spot::Double => Ok(plain::toml_inner(text)),
        Syntax::Promql => plain::promql_bare(text),
        Syntax::Path => plain::path(text),
        Syntax::Text => Ok(text.to_owned()),
    }
}

fn yaml_string(place: &Place, text: &str) -> Result<String, String> {
    match place.spot {
        Spot::Whole => {
            let block = place.indent.and_then(|indent| yaml::block(text, indent));
            Ok(block.unwrap_or_else(|| yaml::scalar(text)))
        }
        Spot::Key => Ok(yaml::scalar(text)),
        Spot::Double => Ok(yaml::double(text)),
        Spot::Single => single(text).map(|()| text.replace('\'', "''")),
        Spot::Word | Spot::Block | Spot::Comment => word(text),
    }
}

fn json(place: &Place, text: &str) -> Result<String, String> {
    Ok(match place.spot {
        Spot::Double => plain::json_inner(text),
        _ => format!("\"{}\"", plain::json_inner(text)),
    })
}

fn keyed(place: &Place, text: &str, inner: fn(&str) -> String) -> Result<String, String> {
    match place.spot {
        Spot::Double => Ok(inner(text)),
        Spot::Single if text.contains('\'') => Err(format!("{text:?} can't stand between single quotes")),
        Spot::Single => single(text).map(|()| text.to_owned()),
        Spot::Key if plain::is_bare_key(text) => Ok(text.to_owned()),
        Spot::Block => word(text),
        _ => Ok(format!("\"{}\"", inner(text))),
    }
}

fn shell(place: &Place, text: &str) -> Result<String, String> {
    match place.spot {
        Spot::Double => Ok(plain::shell_double(text)),
        Spot::Single => Ok(plain::shell_single(text)),
        Spot::Block | Spot::Key => word(text),
        _ => Ok(plain::shell_word(text)),
    }
}

/// `RUN` and its like are read by a shell, the other instructions by the builder.
fn dockerfile(place: &Place, text: &str) -> Result<String, String> {
    if text.contains(['\n', '\r']) {
        return Err("an instruction of a Dockerfile can't hold a line break".into());
    }
    match place.key.as_str() {
        "RUN" | "CMD" | "ENTRYPOINT" | "HEALTHCHECK" => shell(place, text),
        "" => word(text),
        _ if place.spot == Spot::Double => Ok(plain::builder_double(text)),
        _ if plain::is_word(text) => Ok(text.to_owned()),
        _ => Ok(format!("\"{}\"", plain::builder_double(text))),
    }
}

fn markdown_text(place: &Place, text: &str) -> Result<String, String> {
    match place.spot {
        Spot::Block => markdown::fenced(text),
        Spot::Single if text.contains(['`', '\n']) => Err(format!("{text:?} can't stand in a code span; use `| code`")),
        Spot::Single => Ok(text.replace('|', "\\|")),
        Spot::Key => Ok(markdown::target(text)),
        _ => Ok(markdown::text(text, place.indent == Some(0))),
    }
}

fn single(text: &str) -> Result<(), String> {
    if text.contains(|c: char| c.is_control()) {
        return Err(format!("{text:?} can't stand between single quotes; leave the quotes out"));
    }
    Ok(())
}

/// A value that is safe in the middle of other text, whatever that text is.
fn word(text: &str) -> Result<String, String> {
    if plain::is_word(text) && !text.ends_with(':') {
        return Ok(text.to_owned());
    }
    Err(format!(
        "{text:?} can't stand inside other text; build one value with `~`, put it between double quotes, or move the text to a fragment"
    ))
}

/// A list or map on one line, in the dialect's own syntax.
pub fn flow(dialect: Dialect, value: &Value) -> Result<String, String> {
    flow_under(dialect, "-", value)
}

/// `under` is the key of a map's value; `-` for an item of a list, as on a line of its own.
fn flow_under(dialect: Dialect, under: &str, value: &Value) -> Result<String, String> {
    let place = Place { key: under.to_owned(), ..Place::default() };
    match (dialect.syntax(), value) {
        (Syntax::Yaml | Syntax::Json | Syntax::Dockerfile | Syntax::Toml | Syntax::Hcl, Value::Array(items)) => {
            let items: Result<Vec<_>, _> = items.iter().map(|item| flow_under(dialect, "-", item)).collect();
            Ok(format!("[{}]", items?.join(", ")))
        }
        (Syntax::Yaml | Syntax::Json | Syntax::Toml | Syntax::Hcl, Value::Object(map)) => {
            let key = Place { spot: Spot::Key, ..Place::default() };
            let between = if matches!(dialect.syntax(), Syntax::Toml | Syntax::Hcl) { " = " } else { ": " };
            let pairs: Result<Vec<_>, String> = map
                .iter()
                .map(|(name, value)| {
                    let text = flow_under(dialect, name, value)?;
                    let name = write(dialect, &key, &Value::from(name.as_str()))?;
                    Ok(format!("{name}{between}{text}"))
                })
                .collect();
            let pairs = pairs?;
            Ok(if pairs.is_empty() { "{}".into() } else { format!("{{ {} }}", pairs.join(", ")) })
        }
        (Syntax::Shell, Value::Array(items)) => {
            let words: Result<Vec<_>, _> = items.iter().map(|item| write(dialect, &place, item)).collect();
            Ok(words?.join(" "))
        }
        (Syntax::Yaml | Syntax::Json | Syntax::Hcl, Value::Null) => Ok("null".into()),
        (Syntax::Dockerfile, Value::String(text)) => Ok(format!("\"{}\"", plain::json_inner(text))),
        _ => write(dialect, &place, value),
    }
}
