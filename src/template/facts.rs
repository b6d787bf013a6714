//! What the functions of templates answer from: references to pinned things, and the slots of platforms.
//!
//! In: tables made from data files and platforms. Out: a reference, a slot.
//! Refuses: a name that no data file knows, a slot that a platform doesn't fill.

use std::collections::BTreeMap;

use tera::Value;

/// A slot of a platform: the partial that fills it, or why nothing does.
#[derive(Clone, Debug)]
pub enum Slot {
    File(String),
    Unsupported(String),
}

/// What the functions answer from.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Function name → what is looked up → the reference.
    pub references: BTreeMap<&'static str, BTreeMap<String, String>>,
    /// Platform → slot → what fills it.
    pub slots: BTreeMap<String, BTreeMap<String, Slot>>,
}

impl Facts {
    pub fn reference(&self, function: &str, name: &str) -> Result<Value, String> {
        let known = self.references.get(function);
        match known.and_then(|known| known.get(name)) {
            Some(text) if function == "pin" => Ok(Value::safe_string(text)),
            Some(text) => Ok(Value::normal_string(text)),
            // An image that no data file knows is still named by its tag; it is only never given a digest.
            None if function == "image" && name.contains(':') => Ok(Value::normal_string(name)),
            None => Err(format!(
                "no data file knows {function}({name:?}); add it below blueprints/pins with the place it was seen"
            )),
        }
    }

    /// What fills a slot, for each platform that has it.
    pub fn slots_named<'s>(&'s self, slot: &'s str) -> impl Iterator<Item = &'s Slot> {
        self.slots.values().filter_map(move |slots| slots.get(slot))
    }

    pub fn slot(&self, platform: &str, slot: &str) -> Result<Slot, String> {
        let fills = self.slots.get(platform).and_then(|slots| slots.get(slot));
        fills.cloned().ok_or_else(|| format!("the platform {platform:?} has no slot {slot:?}; add slots/{slot}.yaml.tera or `unsupported: {{ {slot}: why }}`"))
    }
}
