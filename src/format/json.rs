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
    let start = out.len();
    let mut room = WIDTH.saturating_sub(used);
    if inline(value, &mut room, out) {
        return;
    }
    out.truncate(start);
    let (open, close, parts): (_, _, Vec<(String, &Value)>) = match value {
        Value::Object(map) if !map.is_empty() => {
            ('{', '}', map.iter().map(|(key, value)| (format!("{}: ", quoted(key)), value)).collect())
        }
        Value::Array(items) if !items.is_empty() => {
            ('[', ']', items.iter().map(|item| (String::new(), item)).collect())
        }
        _ => return out.push_str(&scalar(value)),
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

/// Writes the value on this line, or stops as soon as the room is gone: what is too long is never written whole.
fn inline(value: &Value, room: &mut usize, out: &mut String) -> bool {
    match value {
        Value::Object(map) if !map.is_empty() => {
            let mut pairs = map.iter().enumerate();
            put("{ ", room, out)
                && pairs.all(|(at, (key, value))| {
                    (at == 0 || put(", ", room, out))
                        && put(&format!("{}: ", quoted(key)), room, out)
                        && inline(value, room, out)
                })
                && put(" }", room, out)
        }
        Value::Array(items) if !items.is_empty() => {
            let mut items = items.iter().enumerate();
            put("[", room, out)
                && items.all(|(at, item)| (at == 0 || put(", ", room, out)) && inline(item, room, out))
                && put("]", room, out)
        }
        _ => put(&scalar(value), room, out),
    }
}

fn put(text: &str, room: &mut usize, out: &mut String) -> bool {
    let left = room.checked_sub(text.chars().count());
    if let Some(left) = left {
        *room = left;
        out.push_str(text);
    }
    left.is_some()
}

/// What has no parts.
fn scalar(value: &Value) -> String {
    match value {
        Value::Object(_) => "{}".into(),
        Value::Number(number) => number.to_string().trim_end_matches(".0").to_owned(),
        Value::String(text) => quoted(text),
        Value::Array(_) | Value::Bool(_) | Value::Null => value.to_string(),
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
