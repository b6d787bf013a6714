//! The filters that turn one value into another or into text of the dialect.
//!
//! In: a Tera instance and its dialect. Out: the instance with filters. Refuses: values of the wrong kind, in words.

use serde_json::Value as Json;
use tera::{Error, Kwargs, State, Tera, TeraResult, Value};

use super::{surround, units};
use crate::format::{self, Dialect, Syntax, markdown, plain};

/// A line that holds this alone is dropped after rendering.
pub const DROP: char = '\u{1}';

pub fn register(tera: &mut Tera, dialect: Dialect) {
    placing(tera, dialect);
    numbers(tera);
    names(tera);
    texts(tera, dialect);
}

/// A Tera value as JSON, which `format` understands.
pub fn json(value: &Value) -> TeraResult<Json> {
    serde_json::to_value(value).map_err(Error::message)
}

pub fn fault(message: impl ToString) -> Error {
    Error::message(message)
}

fn placing(tera: &mut Tera, dialect: Dialect) {
    tera.register_filter("place", move |value: Value, kwargs: Kwargs, _: &State<'_>| -> TeraResult<Value> {
        let place = surround::decode(kwargs.must_get::<&str>("at")?);
        let safe = value.is_safe();
        let text = match value.as_str() {
            Some(text) if safe && place.spot == format::Spot::Comment => format::comment(text),
            Some(text) if safe && place.alone.is_none() => return Ok(Value::safe_string(text)),
            Some(text) if safe => text.to_owned(),
            Some(text) => format::write_text(dialect, &place, text).map_err(fault)?,
            None => format::write(dialect, &place, &json(&value)?).map_err(fault)?,
        };
        Ok(Value::safe_string(&place_lines(text, place.alone, safe || place.spot == format::Spot::Block)))
    });
    tera.register_filter("flow", move |value: Value, _: Kwargs, _: &State<'_>| -> TeraResult<Value> {
        format::flow(dialect, &json(&value)?).map(|text| Value::safe_string(&text)).map_err(fault)
    });
    tera.register_filter("raw", |value: Value, _: Kwargs, _: &State<'_>| -> TeraResult<Value> {
        let text = value.as_str().ok_or_else(|| fault(format!("`raw` takes a string, this is {}", value.name())))?;
        Ok(Value::safe_string(text))
    });
    tera.register_filter("block", move |value: Value, kwargs: Kwargs, _: &State<'_>| -> TeraResult<Value> {
        let text = value.as_str().ok_or_else(|| fault(format!("`block` takes a string, this is {}", value.name())))?;
        let Some(indent) = kwargs.get::<usize>("indent")? else { return Ok(Value::normal_string(text)) };
        let place = format::Place { indent: Some(indent), ..format::Place::default() };
        format::write(dialect, &place, &Json::from(text)).map(|text| Value::safe_string(&text)).map_err(fault)
    });
}

/// Text that stands alone on its line keeps the line's indentation, and takes the line away when empty.
fn place_lines(text: String, alone: Option<usize>, indented: bool) -> String {
    let Some(indent) = alone else { return text };
    let text = if indented { text.trim_end_matches('\n') } else { &text };
    if text.is_empty() && indented {
        return DROP.to_string();
    }
    if indented && indent > 0 { indented_lines(text, indent) } else { text.to_owned() }
}

/// Every line but the first moved right; blank lines stay blank.
pub fn indented_lines(text: &str, indent: usize) -> String {
    let pad = " ".repeat(indent);
    let mut lines = text.split('\n');
    let mut out = lines.next().unwrap_or("").to_owned();
    for line in lines {
        out.push('\n');
        if !line.is_empty() {
            out.push_str(&pad);
            out.push_str(line);
        }
    }
    out
}

/// A number printed without a needless fraction.
fn value(number: f64) -> Value {
    let number = units::tidy(number);
    if number.fract() == 0.0 && number.abs() < 9e15 { Value::from(number as i64) } else { Value::from(number) }
}

fn numbers(tera: &mut Tera) {
    type Unit = fn(&str) -> Result<f64, String>;
    let all: [(&'static str, Unit, f64); 14] = [
        ("seconds", units::seconds, 1.0),
        ("minutes", units::seconds, 60.0),
        ("millis", units::seconds, 0.001),
        ("hours", units::seconds, 3600.0),
        ("days", units::seconds, 86_400.0),
        ("bytes", units::bytes, 1.0),
        ("kib", units::bytes, 1024.0),
        ("mib", units::bytes, 1_048_576.0),
        ("gib", units::bytes, 1_073_741_824.0),
        ("megabytes", units::bytes, 1e6),
        ("cores", units::cores, 1.0),
        ("millicores", units::cores, 0.001),
        ("ratio", units::ratio, 1.0),
        ("percent", units::ratio, 0.01),
    ];
    for (name, unit, factor) in all {
        tera.register_filter(name, move |input: Value, _: Kwargs, _: &State<'_>| -> TeraResult<Value> {
            let text = input.as_str().map_or_else(|| input.to_string(), str::to_owned);
            unit(&text).map(|number| value(number / factor)).map_err(fault)
        });
    }
    tera.register_filter("number", |input: Value, _: Kwargs, _: &State<'_>| -> TeraResult<Value> {
        units::number(&input.to_string()).map(value).map_err(fault)
    });
    tera.register_filter("hms", |text: &str, _: Kwargs, _: &State<'_>| -> TeraResult<String> {
        units::seconds(text).map(units::hms).map_err(fault)
    });
}

fn names(tera: &mut Tera) {
    tera.register_filter("slug", |text: &str, _: Kwargs, _: &State<'_>| joined(text, "-", false));
    tera.register_filter("kebab", |text: &str, _: Kwargs, _: &State<'_>| joined(text, "-", false));
    tera.register_filter("snake", |text: &str, _: Kwargs, _: &State<'_>| joined(text, "_", false));
    tera.register_filter("constant", |text: &str, _: Kwargs, _: &State<'_>| joined(text, "_", true));
    tera.register_filter("date", |text: &str, _: Kwargs, _: &State<'_>| -> TeraResult<String> {
        let day = text.get(..10).unwrap_or(text);
        day.parse::<jiff::civil::Date>()
            .map(|date| date.to_string())
            .map_err(|_| fault(format!("{text:?} is not a date")))
    });
}

/// The words of a name, in small or large letters, with one sign between them.
fn joined(text: &str, sign: &str, large: bool) -> String {
    let mut words: Vec<String> = vec![String::new()];
    let mut small_before = false;
    for c in text.chars() {
        let boundary = !c.is_alphanumeric() || (c.is_uppercase() && small_before);
        if boundary && words.last().is_some_and(|word| !word.is_empty()) {
            words.push(String::new());
        }
        small_before = c.is_lowercase() || c.is_ascii_digit();
        if let (true, Some(word)) = (c.is_alphanumeric(), words.last_mut()) {
            if large { word.extend(c.to_uppercase()) } else { word.extend(c.to_lowercase()) }
        }
    }
    words.retain(|word| !word.is_empty());
    words.join(sign)
}

/// Text in a language: safe where that language is the dialect, a value elsewhere.
fn texts(tera: &mut Tera, dialect: Dialect) {
    let own = move |text: String, syntaxes: &[Syntax]| {
        if syntaxes.contains(&dialect.syntax()) { Value::safe_string(&text) } else { Value::from(text) }
    };
    tera.register_filter("json", move |value: Value, _: Kwargs, _: &State<'_>| -> TeraResult<Value> {
        Ok(own(json(&value)?.to_string().replace(format::AUTHORED, ""), &[Syntax::Json]))
    });
    tera.register_filter("shell", move |text: Value, _: Kwargs, _: &State<'_>| {
        own(plain::shell_word(&text.to_string()), &[Syntax::Shell])
    });
    tera.register_filter("argv", move |list: Vec<Value>, _: Kwargs, _: &State<'_>| {
        let words: Vec<String> = list.iter().map(|word| plain::shell_word(&word.to_string())).collect();
        own(words.join(" "), &[Syntax::Shell])
    });
    tera.register_filter("label", move |text: Value, _: Kwargs, _: &State<'_>| {
        own(plain::promql_string(&text.to_string()), &[Syntax::Promql])
    });
    tera.register_filter("md", move |text: Value, _: Kwargs, _: &State<'_>| {
        own(markdown::text(&text.to_string(), false), &[Syntax::Markdown])
    });
    tera.register_filter("code", move |text: Value, _: Kwargs, _: &State<'_>| {
        own(markdown::code(&text.to_string()), &[Syntax::Markdown])
    });
    tera.register_filter("section", |text: &str, kwargs: Kwargs, _: &State<'_>| -> TeraResult<String> {
        let name = kwargs.must_get::<&str>("name")?;
        let found = markdown::section(text, name).map(str::to_owned);
        let of = kwargs.get::<&str>("of")?.unwrap_or("the text");
        found.ok_or_else(|| fault(format!("{of} has no section `## {name}`")))
    });
    tera.register_filter("linked", |text: &str, kwargs: Kwargs, _: &State<'_>| -> TeraResult<String> {
        Ok(markdown::linked(text, &kwargs.must_get::<Vec<String>>("pages")?))
    });
    tera.register_filter("indent", |text: Value, kwargs: Kwargs, _: &State<'_>| -> TeraResult<Value> {
        let indent = kwargs.get::<usize>("n")?.or(kwargs.get::<usize>("width")?).unwrap_or(2);
        let lines = indented_lines(&text.to_string(), indent);
        Ok(if text.is_safe() { Value::safe_string(&lines) } else { Value::from(lines) })
    });
}
