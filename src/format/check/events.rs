//! YAML read event by event, without making values of it.
//!
//! In: a text. Out: whether it is well formed, and its scalars with their paths.
//! Refuses nothing: what is faulty or unusual (anchors, tags, keys that aren't words) is "not simple", and another reader says why.

use serde_saphyr::granit_parser::{Event, Parser, StrInput};

type Input<'t> = Parser<'t, StrInput<'t>>;

/// Whether every document is well formed and simple. `see` gets each value with its path; an item of a list is `""`.
pub fn well_formed(text: &str, see: &mut dyn FnMut(&[&str], &str)) -> bool {
    let mut reader = Reader { input: Parser::new_from_str(text), open: Vec::new() };
    loop {
        match reader.input.next_event() {
            None => return true,
            Some(Ok((event, _))) => {
                if reader.take(event, see).is_none() {
                    return false;
                }
            }
            Some(Err(_)) => return false,
        }
    }
}

/// A collection that isn't closed yet.
enum Open {
    List,
    Map {
        keys: Vec<String>,
        /// The last key waits for its value.
        waiting: bool,
    },
}

struct Reader<'t> {
    input: Input<'t>,
    open: Vec<Open>,
}

impl Reader<'_> {
    /// Nothing, when the event isn't simple.
    fn take(&mut self, event: Event<'_>, see: &mut dyn FnMut(&[&str], &str)) -> Option<()> {
        if event.anchor_id().is_some_and(|id| id > 0) || event.tag().is_some() {
            return None;
        }
        match event {
            Event::Scalar(text, ..) => return self.scalar(&text, see),
            Event::SequenceStart(..) => {
                self.value()?;
                self.open.push(Open::List);
            }
            Event::MappingStart(..) => {
                self.value()?;
                self.open.push(Open::Map { keys: Vec::new(), waiting: false });
            }
            Event::SequenceEnd | Event::MappingEnd => drop(self.open.pop()),
            Event::Alias(_) | Event::UnresolvedAlias(_) => return None,
            _ => {}
        }
        Some(())
    }

    /// A value begins here; a collection in the place of a key isn't simple.
    fn value(&mut self) -> Option<()> {
        match self.open.last_mut() {
            Some(Open::Map { waiting, .. }) if *waiting => *waiting = false,
            Some(Open::Map { .. }) => return None,
            _ => {}
        }
        Some(())
    }

    fn scalar(&mut self, text: &str, see: &mut dyn FnMut(&[&str], &str)) -> Option<()> {
        match self.open.last_mut() {
            Some(Open::Map { keys, waiting }) if !*waiting => {
                if text == "<<" || keys.iter().any(|key| key == text) {
                    return None;
                }
                keys.push(text.to_owned());
                *waiting = true;
                return Some(());
            }
            Some(Open::Map { waiting, .. }) => *waiting = false,
            _ => {}
        }
        see(&self.path(), text);
        Some(())
    }

    fn path(&self) -> Vec<&str> {
        self.open.iter().map(Open::step).collect()
    }
}

impl Open {
    fn step(&self) -> &str {
        match self {
            Self::List => "",
            Self::Map { keys, .. } => keys.last().map_or("", String::as_str),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_seen_with_their_paths() {
        let mut seen = Vec::new();
        let text = "a:\n  - b: 1\n    c: [x]\n---\nd: |\n  e\n";
        assert!(well_formed(text, &mut |path, value| seen.push(format!("{} {value}", path.join(".")))));
        assert_eq!(seen, ["a..b 1", "a..c. x", "d e\n"]);
    }

    #[test]
    fn what_is_unusual_is_left_to_another_reader() {
        for text in ["a: 1\na: 2\n", "a: &b 1\n", "a: *b\n", "a: !t 1\n", "{a: 1}: 2\n", "a: [1\n"] {
            assert!(!well_formed(text, &mut |_, _| {}), "{text}");
        }
    }
}
