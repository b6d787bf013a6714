//! Conditions by measure, and by severity.

use serde::ser::{SerializeSeq, SerializeStruct};
use serde::{Serialize, Serializer};
use serde_json::{Value as Json, json};

use super::condition::{Condition, Quantity, fields};
use super::{Measure, Quantified};
use crate::diagnostic::{Diagnostic, Span, codes};
use crate::spec::decode::{Context, Decode, Definitions, Shape};
use crate::spec::scalar::Text;
use crate::spec::suggest::nearest;
use crate::spec::tree::{Entry, Node, Value};

impl Decode for Condition {
    fn decode(node: &Node, cx: &mut Context) -> Option<Self> {
        super::decode_text(node, cx)
    }

    fn poisoned() -> Self {
        super::example()
    }

    fn schema(_: &mut Definitions) -> Json {
        super::text_schema::<Self>()
    }

    fn shape() -> Shape {
        Shape::Object(condition_shape())
    }
}

super::written_as_text!(Quantity);

fn condition_shape() -> Vec<(&'static str, Shape)> {
    ["direction", "value", "for", "never", "anomaly", "text"].map(|key| (key, Shape::Scalar)).to_vec()
}

/// The measure of that name, or the fault told.
pub(crate) fn measure(entry: &Entry, cx: &mut Context) -> Option<&'static Measure> {
    let found = Measure::find(&entry.key);
    if found.is_none() {
        let fault = Diagnostic::error(codes::UNKNOWN_MEASURE, format!("`{}` is no measure", entry.key));
        let fault = fault.at(entry.key_span.clone());
        cx.tell(match nearest(&entry.key, Measure::names()) {
            Some(near) => fault.label(format!("did you mean `{near}`?")).help(format!("write `{near}:`")),
            None => fault.help("`opsgen explain OPS020` lists the measures"),
        });
    }
    found
}

/// Tell when a value is in another unit than the measure's.
pub(crate) fn check_unit(measure: &Measure, value: Option<&Quantity>, span: &Span, cx: &mut Context) {
    if let Some(value) = value.filter(|value| !measure.unit.fits(value)) {
        let message = format!("`{}` is {}, and `{value}` is not", measure.name, measure.unit.what());
        cx.tell(Diagnostic::error(codes::WRONG_UNIT, message).at(span.clone()));
    }
}

/// Conditions by measure: `{ cpu: 80%, queue_depth: 100 for 5m }`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Conditions(pub Vec<(Text, Condition)>);

impl Conditions {
    pub fn get(&self, measure: &str) -> Option<&Condition> {
        self.0.iter().find(|(name, _)| *name == *measure).map(|(_, condition)| condition)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &Condition)> {
        self.0.iter().map(|(name, condition)| (name.as_str(), condition))
    }
}

struct Measured<'a>(&'a str, &'a Condition);

impl Serialize for Measured<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("Condition", 7)?;
        out.serialize_field("measure", self.0)?;
        fields(self.1, &mut out)?;
        out.end()
    }
}

impl Serialize for Conditions {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_seq(Some(self.0.len()))?;
        for (name, condition) in self.iter() {
            out.serialize_element(&Measured(name, condition))?;
        }
        out.end()
    }
}

impl Decode for Conditions {
    fn decode(node: &Node, cx: &mut Context) -> Option<Self> {
        let Value::Map(written) = &node.value else {
            cx.wrong_kind(node, "a map of measures, such as `{ cpu: 80% }`");
            return None;
        };
        let mut all = Vec::new();
        for entry in written.iter().filter(|entry| entry.key != "because") {
            let known = measure(entry, cx);
            let Some(condition) = cx.enter::<Condition>(&entry.key, &entry.key_span, &entry.value) else { continue };
            let Some(known) = known else { continue };
            check_unit(known, condition.value(), &entry.value.span, cx);
            let name = Text { text: entry.key.clone(), span: Some(entry.key_span.clone()) };
            all.push((name, condition.of(Some(known))));
        }
        Some(Self(all))
    }

    fn absent() -> Option<Self> {
        Some(Self::default())
    }

    fn poisoned() -> Self {
        Self::default()
    }

    fn schema(defs: &mut Definitions) -> Json {
        let names: Vec<_> = Measure::names().chain(["because"]).collect();
        json!({ "type": "object", "propertyNames": { "enum": names }, "additionalProperties": Condition::schema(defs) })
    }

    fn shape() -> Shape {
        let mut keys = vec![("measure", Shape::Scalar)];
        keys.extend(condition_shape());
        Shape::List(Box::new(Shape::Object(keys)))
    }
}

/// A condition of one severity.
#[derive(Clone, Debug, PartialEq)]
pub struct Level {
    /// One of `alerting.severities`.
    pub severity: Text,
    pub condition: Condition,
    pub span: Span,
}

impl Serialize for Level {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("Level", 7)?;
        out.serialize_field("severity", &self.severity)?;
        fields(&self.condition, &mut out)?;
        out.end()
    }
}

/// What is wanted of a measure and when to say so: `{ target: 200ms, medium: 500ms for 5m }`, or `never`.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Threshold {
    /// A line on the dashboard.
    pub target: Option<Quantity>,
    /// A metric of your own, where the place allows it.
    pub metric: Option<Text>,
    /// Turned off.
    pub never: bool,
    pub levels: Vec<Level>,
    pub because: Option<Text>,
}

impl Threshold {
    pub fn level(&self, severity: &str) -> Option<&Condition> {
        self.levels.iter().find(|level| level.severity == *severity).map(|level| &level.condition)
    }

    fn take(&mut self, entry: &Entry, cx: &mut Context) {
        match entry.key.as_str() {
            "target" => self.target = cx.enter("target", &entry.key_span, &entry.value),
            "metric" => self.metric = cx.enter("metric", &entry.key_span, &entry.value),
            "because" => self.because = cx.enter("because", &entry.key_span, &entry.value),
            key => {
                if let Some(condition) = cx.enter::<Condition>(key, &entry.key_span, &entry.value) {
                    let severity = Text { text: key.to_owned(), span: Some(entry.key_span.clone()) };
                    self.levels.push(Level { severity, condition, span: entry.value.span.clone() });
                }
            }
        }
    }
}

impl Decode for Threshold {
    fn decode(node: &Node, cx: &mut Context) -> Option<Self> {
        if node.is_word("never") {
            return Some(Self { never: true, ..Self::default() });
        }
        let Value::Map(written) = &node.value else {
            cx.wrong_kind(node, "a condition by severity, such as `{ medium: 80% for 5m }`, or `never`");
            return None;
        };
        let mut made = Self::default();
        for entry in written.iter().filter(|entry| !entry.value.is_null()) {
            made.take(entry, cx);
        }
        if let Some(known) = Measure::find(cx.key()) {
            for entry in written.iter().filter(|entry| entry.key == "target") {
                check_unit(known, made.target.as_ref(), &entry.value.span, cx);
            }
            for level in &made.levels {
                check_unit(known, level.condition.value(), &level.span, cx);
            }
        }
        Some(made.named(cx.key()))
    }

    fn absent() -> Option<Self> {
        None
    }

    fn poisoned() -> Self {
        Self::default()
    }

    fn named(mut self, name: &str) -> Self {
        for level in &mut self.levels {
            level.condition = level.condition.clone().of(Measure::find(name));
        }
        self
    }

    fn schema(_: &mut Definitions) -> Json {
        let level = json!({ "type": ["string", "number"], "examples": Condition::EXAMPLES });
        let map = json!({
            "type": "object",
            "properties": { "because": { "type": "string" }, "metric": { "type": "string" } },
            "additionalProperties": level,
        });
        json!({ "anyOf": [{ "const": "never" }, map] })
    }

    fn shape() -> Shape {
        let mut level = vec![("severity", Shape::Scalar)];
        level.extend(condition_shape());
        Shape::Object(vec![
            ("target", Shape::Scalar),
            ("metric", Shape::Scalar),
            ("never", Shape::Scalar),
            ("levels", Shape::List(Box::new(Shape::Object(level)))),
            ("because", Shape::Scalar),
        ])
    }
}
