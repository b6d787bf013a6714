//! The canonical form of JSON: what fits on a line stands on one, everything else has a line a part.
//!
//! In: JSON. Out: the same in one spelling, keys in their order, so that a change of one value is a change of one line.
//! Refuses: what isn't JSON.

use std::fmt::Write;

use serde_json::Value;

const WIDTH: usize = 140;

pub fn canonical(text: &str) -> Result<String, serde_json::Error> {
    let mut out = String::new();
    write(&serde_json::from_str(text)?, 0, 0, &mut out);
    out.push('\n');
    Ok(out)
}

/// `used` columns of the line are taken already.
fn write(value: &Value, indent: usize, used: usize, out: &mut String) {
    let line = inline(value);
    let (open, close, parts): (_, _, Vec<(String, &Value)>) = match value {
        _ if used + line.chars().count() <= WIDTH => return out.push_str(&line),
        Value::Object(map) => {
            ('{', '}', map.iter().map(|(key, value)| (format!("{}: ", quoted(key)), value)).collect())
        }
        Value::Array(items) => ('[', ']', items.iter().map(|item| (String::new(), item)).collect()),
        _ => return out.push_str(&line),
    };
    out.push(open);
    let inner = indent + 2;
    for (at, (key, value)) in parts.iter().enumerate() {
        out.push_str(if at == 0 { "\n" } else { ",\n" });
        let _ = write!(out, "{:inner$}{key}", "");
        write(value, inner, inner + key.chars().count() + 1, out);
    }
    let _ = write!(out, "\n{:indent$}{close}", "");
}

fn inline(value: &Value) -> String {
    match value {
        Value::Object(map) if map.is_empty() => "{}".into(),
        Value::Object(map) => {
            let parts: Vec<_> = map.iter().map(|(key, value)| format!("{}: {}", quoted(key), inline(value))).collect();
            format!("{{ {} }}", parts.join(", "))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(inline).collect::<Vec<_>>().join(", ")),
        Value::Number(number) => number.to_string().trim_end_matches(".0").to_owned(),
        Value::String(text) => quoted(text),
        Value::Bool(_) | Value::Null => value.to_string(),
    }
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_parts_stand_on_one_line_and_the_form_is_a_fixed_point() {
        let text = format!("{{\"b\":[1,2.0,{{}}],\"a\":\"{}\"}}", "x".repeat(WIDTH));
        let once = canonical(&text).unwrap();
        assert_eq!(once, format!("{{\n  \"b\": [1, 2, {{}}],\n  \"a\": \"{}\"\n}}\n", "x".repeat(WIDTH)));
        assert_eq!(canonical(&once).unwrap(), once);
    }
}
