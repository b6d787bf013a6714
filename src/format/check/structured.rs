//! YAML, JSON and TOML are read by the parsers that our other code uses.
//!
//! In: text. Out: nothing, or the fault. Refuses: syntax errors and duplicate keys.

use super::{Fault, events};

/// One or many documents.
pub fn yaml(text: &str) -> Result<(), Fault> {
    if events::well_formed(text, &mut |_, _| {}) {
        return Ok(());
    }
    serde_saphyr::from_multiple::<serde_json::Value>(text).map(drop).map_err(|error| {
        let line = error.location().map_or(1, |at| at.line() as usize);
        Fault::new(line, parser_message(&error.to_string()))
    })
}

pub fn json(text: &str) -> Result<(), Fault> {
    let fault = |error: serde_json::Error| Fault::new(error.line(), error.to_string());
    serde_json::from_str::<Unique>(text).map(drop).map_err(fault)
}

pub fn toml(text: &str) -> Result<(), Fault> {
    text.parse::<toml_edit::DocumentMut>().map(drop).map_err(|error| {
        let line = error.span().map_or(1, |span| text[..span.start.min(text.len())].matches('\n').count() + 1);
        Fault::new(line, error.message())
    })
}

/// What a parser says, without the place, which the caller tells, and without advice about its options.
pub fn parser_message(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default().trim_start_matches("error: ");
    let rest = line.strip_prefix("line ").and_then(|rest| rest.split_once(": ")).map(|(_, rest)| rest);
    let message = rest.unwrap_or(line);
    match message.strip_prefix("duplicate mapping key: ").and_then(|rest| rest.split_once(", set ")) {
        Some((key, _)) => format!("the key {key:?} stands twice"),
        None => message.to_owned(),
    }
}

/// Any JSON value; an object that names a key twice is an error.
struct Unique;

impl<'de> serde::Deserialize<'de> for Unique {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Visitor)
    }
}

struct Visitor;

impl<'de> serde::de::Visitor<'de> for Visitor {
    type Value = Unique;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Unique, E> {
        Ok(Unique)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Unique, E> {
        Ok(Unique)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Unique, E> {
        Ok(Unique)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Unique, E> {
        Ok(Unique)
    }

    fn visit_str<E>(self, _: &str) -> Result<Unique, E> {
        Ok(Unique)
    }

    fn visit_unit<E>(self) -> Result<Unique, E> {
        Ok(Unique)
    }

    fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut items: A) -> Result<Unique, A::Error> {
        while items.next_element::<Unique>()?.is_some() {}
        Ok(Unique)
    }

    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Unique, A::Error> {
        let mut seen = std::collections::BTreeSet::new();
        while let Some(key) = map.next_key::<String>()? {
            if seen.contains(&key) {
                return Err(serde::de::Error::custom(format!("the key {key:?} stands twice")));
            }
            seen.insert(key);
            map.next_value::<Unique>()?;
        }
        Ok(Unique)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn duplicate_keys_are_faults_in_every_format() {
        assert_eq!(yaml("a: 1\nb: 2\na: 3\n").unwrap_err().line, 3);
        assert_eq!(yaml("a: 1\n---\na: 1\n"), Ok(()));
        assert!(json("{\"a\": 1, \"a\": 2}").is_err());
        assert!(toml("a = 1\na = 2\n").is_err());
    }
}
