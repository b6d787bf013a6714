//! How things come back: one row a scenario of loss.

use serde::Serialize;
use serde_json::{Value as Json, json};

use crate::spec::decode::{Context, Decode, Definitions, Shape};
use crate::spec::macros::section;
use crate::spec::map::Map;
use crate::spec::scalar::Text;
use crate::spec::tree::{Entry, Node, Value};
use crate::spec::units::{Duration, Schedule};

use super::Party;

section! {
    /// How one loss is made good.
    pub struct Scenario {
        /// How long it may go unnoticed.
        detected_within: Option<Duration>,
        /// How soon.
        within: Option<Duration>,
        /// By whom.
        by: Vec<Party>,
        /// In which way.
        how: Option<Text>,
        /// What is put up with instead.
        accept: Option<Text>,
    }
}

/// Rows of the recovery plan, by what is lost: `service`, `database`, `corruption`, `region`, `everything`, or your own.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Recovery {
    /// How often it is rehearsed.
    pub exercise: Option<Schedule>,
    pub because: Option<Text>,
    pub scenarios: Map<Scenario>,
}

impl Recovery {
    pub fn scenario(&self, name: &str) -> Option<&Scenario> {
        self.scenarios.get(name)
    }
}

fn pick<T: Decode>(entries: &[Entry], key: &str, cx: &mut Context) -> Option<T> {
    let entry = entries.iter().find(|entry| entry.key == key && !entry.value.is_null())?;
    cx.enter(key, &entry.key_span, &entry.value)
}

impl Decode for Recovery {
    fn decode(node: &Node, cx: &mut Context) -> Option<Self> {
        let Value::Map(entries) = &node.value else {
            cx.wrong_kind(node, "a map of scenarios");
            return None;
        };
        let rest =
            entries.iter().filter(|entry| !matches!(entry.key.as_str(), "exercise" | "because")).cloned().collect();
        let rest = Node { value: Value::Map(rest), span: node.span.clone() };
        Some(Self {
            exercise: pick(entries, "exercise", cx),
            because: pick(entries, "because", cx),
            scenarios: Map::decode(&rest, cx).unwrap_or_default(),
        })
    }

    fn absent() -> Option<Self> {
        Some(Self::default())
    }

    fn poisoned() -> Self {
        Self::default()
    }

    fn schema(defs: &mut Definitions) -> Json {
        let exercise = Schedule::schema(defs);
        let scenario = Scenario::schema(defs);
        let names = ["service", "database", "corruption", "region", "everything"];
        let mut properties: serde_json::Map<String, Json> =
            names.iter().map(|name| ((*name).to_owned(), scenario.clone())).collect();
        properties.insert("exercise".into(), exercise);
        properties.insert("because".into(), json!({ "type": "string" }));
        json!({ "type": "object", "properties": properties, "additionalProperties": scenario })
    }

    fn shape() -> Shape {
        Shape::Object(vec![
            ("exercise", Shape::Scalar),
            ("because", Shape::Scalar),
            ("scenarios", Shape::Names(Box::new(Scenario::shape()))),
        ])
    }
}
