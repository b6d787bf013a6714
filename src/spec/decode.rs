//! Tree → values, collecting every fault on the way.
//!
//! In: a node. Out: a value, or `None` after the fault was told; whoever holds the field then keeps a poisoned default.
//! Refuses unknown keys, missing keys, wrong kinds of value.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use super::suggest::{either, nearest};
use super::tree::{Entry, Node, Value};
use crate::diagnostic::{Diagnostic, Span, codes};

/// Named sub-schemas: `$defs`.
pub type Definitions = BTreeMap<String, Json>;

/// What a decoded value looks like from outside: which paths exist.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    Scalar,
    /// Whatever the user writes.
    Any,
    List(Box<Shape>),
    Object(Vec<(&'static str, Shape)>),
    /// A map of names; serialised as a list of objects that start with `name`.
    Names(Box<Shape>),
}

/// A type that an answer decodes to.
pub trait Decode: Sized {
    /// `None` after telling the fault.
    fn decode(node: &Node, cx: &mut Context) -> Option<Self>;

    /// What leaving the key out means; `None` when it must be there.
    fn absent() -> Option<Self> {
        None
    }

    /// Stands in for a faulty answer, so that the rest can still be looked at.
    fn poisoned() -> Self;

    fn schema(defs: &mut Definitions) -> Json;

    fn shape() -> Shape {
        Shape::Scalar
    }

    /// Told the name that it stands under.
    #[must_use]
    fn named(self, _name: &str) -> Self {
        self
    }
}

/// Collects faults, and knows where decoding is.
#[derive(Debug, Default)]
pub struct Context {
    pub faults: Vec<Diagnostic>,
    path: Vec<(String, Span)>,
}

impl Context {
    pub fn tell(&mut self, fault: Diagnostic) {
        if !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
    }

    /// Decode what stands under a key.
    pub fn enter<T: Decode>(&mut self, key: &str, span: &Span, node: &Node) -> Option<T> {
        self.path.push((key.to_owned(), span.clone()));
        let made = T::decode(node, self);
        self.path.pop();
        made
    }

    /// `services.api.port`, or "the spec".
    pub fn path(&self) -> String {
        if self.path.is_empty() {
            return "the spec".to_owned();
        }
        let keys: Vec<&str> = self.path.iter().map(|(key, _)| key.as_str()).collect();
        format!("`{}`", keys.join("."))
    }

    /// The last key, as people call it.
    pub fn key(&self) -> &str {
        self.path.last().map_or("", |(key, _)| key)
    }

    /// Where that key stands.
    pub fn here(&self) -> Span {
        self.path.last().map_or_else(Node::nowhere, |(_, span)| span.clone())
    }

    /// Tell that a node is the wrong kind of thing.
    pub fn wrong_kind(&mut self, node: &Node, wanted: &str) {
        let alias = node.span.source.text.get(node.span.range.clone()).is_some_and(|text| text.starts_with('*'));
        if node.is_null() && (alias || self.hash(node)) {
            return;
        }
        let message = format!("{} should be {wanted}, and this is {}", self.path(), node.kind());
        let span = if node.is_null() { self.here() } else { node.span.clone() };
        self.tell(Diagnostic::error(codes::WRONG_KIND, message).at(span));
    }

    /// A value that a comment ate: `chat: #platform`.
    pub fn hash(&mut self, node: &Node) -> bool {
        let span = self.here();
        let text = span.source.text.clone();
        if node.span.source.name.is_empty() || !node.is_null() {
            return false;
        }
        let line = text.get(span.range.end..).unwrap_or("").split('\n').next().unwrap_or("");
        let after = line.trim_start_matches(|c: char| c == ':' || c.is_whitespace());
        if !after.starts_with('#') || !after[1..].starts_with(|c: char| c.is_alphanumeric()) {
            return false;
        }
        let word = after.split(|c: char| c.is_whitespace() || ",]}".contains(c)).next().unwrap_or("#");
        let start = span.range.end + line.len() - after.len();
        let message = format!("`{word}` starts a comment, so {} has no value", self.path());
        let place = Span { source: span.source, range: start..start + word.len() };
        self.tell(Diagnostic::error(codes::HASH, message).at(place).help(format!("put it in quotes: `\"{word}\"`")));
        true
    }
}

/// The keys of a section, taken one by one; what is left over is unknown.
pub struct Keys<'a> {
    node: &'a Node,
    short: Option<&'static str>,
    is_map: bool,
    taken: Vec<&'static str>,
}

impl<'a> Keys<'a> {
    /// Open a map, or take a bare value for the key named by `short`.
    pub fn open(node: &'a Node, short: Option<&'static str>, cx: &mut Context) -> Option<Self> {
        let is_map = matches!(node.value, Value::Map(_));
        if !is_map && (short.is_none() || node.is_null()) {
            cx.wrong_kind(node, "a map of keys");
            return None;
        }
        Some(Self { node, short, is_map, taken: Vec::new() })
    }

    /// Nothing written: every field takes its default.
    pub fn fresh(node: &'a Node) -> Self {
        Self { node, short: None, is_map: true, taken: Vec::new() }
    }

    fn entry(&self, key: &str) -> Option<&'a Entry> {
        self.node.entries().iter().find(|entry| entry.key == key)
    }

    /// The value of a key: written, else by default, else absent, else a missing answer.
    pub fn take<T: Decode>(&mut self, key: &'static str, default: Option<&str>, cx: &mut Context) -> T {
        self.taken.push(key);
        if !self.is_map && self.short == Some(key) {
            return T::decode(self.node, cx).unwrap_or_else(T::poisoned);
        }
        if let Some(entry) = self.entry(key) {
            if !entry.value.is_null() {
                return cx.enter(key, &entry.key_span, &entry.value).unwrap_or_else(T::poisoned);
            }
            cx.path.push((key.to_owned(), entry.key_span.clone()));
            let eaten = cx.hash(&entry.value);
            cx.path.pop();
            if eaten {
                return T::poisoned();
            }
        }
        match default {
            Some(text) => literal(text),
            None => T::absent().unwrap_or_else(|| {
                self.missing(key, cx);
                T::poisoned()
            }),
        }
    }

    fn missing(&self, key: &str, cx: &mut Context) {
        let message = format!("{} needs `{key}`", cx.path());
        let fault = Diagnostic::error(codes::MISSING_KEY, message);
        let span = cx.here();
        let fault = if span.source.name.is_empty() { fault } else { fault.at(span) };
        cx.tell(fault.help(format!("add `{key}: …`")));
    }

    /// Tell every key that nobody took.
    pub fn finish(self, cx: &mut Context) {
        for entry in self.node.entries().iter().filter(|entry| !self.taken.contains(&entry.key.as_str())) {
            unknown_key(entry, &self.taken, cx);
        }
    }
}

/// `entry` isn't among `keys`: say what is near.
pub fn unknown_key(entry: &Entry, keys: &[&str], cx: &mut Context) {
    let key = &entry.key;
    if yaml_boolean(entry, cx) {
        return;
    }
    let fault =
        Diagnostic::error(codes::UNKNOWN_KEY, format!("{} has no key `{key}`", cx.path())).at(entry.key_span.clone());
    if key.contains(' ') && entry.value.is_null() {
        cx.tell(fault.help("between braces a comma ends the text before it; put that text in quotes"));
        return;
    }
    let known: Vec<&str> = keys.iter().copied().filter(|known| *known != "because").collect();
    let fault = match nearest(key, known.iter().copied()) {
        Some(near) => fault.label(format!("did you mean `{near}`?")).help(format!("write `{near}:`")),
        None => fault.help(format!("its keys are {}", either(known).replace(" or ", " and "))),
    };
    cx.tell(fault);
}

/// A key that editors of YAML 1.1 read as true or false.
pub fn yaml_boolean(entry: &Entry, cx: &mut Context) -> bool {
    let key = &entry.key;
    if !matches!(key.to_lowercase().as_str(), "on" | "off" | "yes" | "no") {
        return false;
    }
    let message = format!("`{key}` is no key: YAML 1.1 editors read it as true or false");
    let fault = Diagnostic::error(codes::YAML_BOOLEAN, message).at(entry.key_span.clone());
    cx.tell(fault.help("choose another name"));
    true
}

/// The value of a default, written as it would stand in the file.
pub fn literal<T: Decode>(text: &str) -> T {
    let source = crate::diagnostic::Source::new("", text);
    let (node, _) = super::read::read(&source);
    let node = if text == "{}" { Node::empty() } else { node };
    let mut cx = Context::default();
    let made = T::decode(&node, &mut cx);
    debug_assert!(cx.faults.is_empty(), "default `{text}`: {:?}", cx.faults);
    made.unwrap_or_else(T::poisoned)
}

/// A field of a section, for its schema.
pub struct Field {
    pub key: &'static str,
    pub about: String,
    pub default: Option<&'static str>,
    pub required: bool,
    pub schema: Json,
}

/// The schema of a section from its fields.
pub fn section_schema(about: &str, fields: Vec<Field>, short: Option<&str>) -> Json {
    let mut properties = serde_json::Map::new();
    let mut bare = None;
    let required: Vec<&str> = fields.iter().filter(|field| field.required).map(|field| field.key).collect();
    for field in fields {
        if Some(field.key) == short {
            bare = Some(field.schema.clone());
        }
        let mut schema = json!({ "description": field.about });
        if let (Some(into), Json::Object(from)) = (schema.as_object_mut(), field.schema) {
            let nested = from.get("description").is_some();
            into.extend(from.into_iter().filter(|(key, _)| !(nested && key == "description")));
            if let Some(default) = field.default {
                let source = crate::diagnostic::Source::new("", default);
                let value = if default == "{}" { json!({}) } else { super::read::read(&source).0.json() };
                into.insert("default".into(), value);
            }
        }
        properties.insert(field.key.into(), schema);
    }
    let mut object = json!({ "type": "object", "properties": properties, "additionalProperties": false });
    if let (false, Some(map)) = (required.is_empty(), object.as_object_mut()) {
        map.insert("required".into(), json!(required));
    }
    match bare {
        None => {
            let mut schema = json!({ "description": about });
            if let (Some(into), Json::Object(from)) = (schema.as_object_mut(), object) {
                into.extend(from);
            }
            schema
        }
        Some(bare) => json!({ "description": about, "anyOf": [bare, object] }),
    }
}

/// Every section takes a reason.
pub fn because_field() -> Field {
    let about = "The reason for these answers, printed beside them.".to_owned();
    Field { key: "because", about, default: None, required: false, schema: json!({ "type": "string" }) }
}

/// First lines of documentation as one sentence.
pub fn about(lines: &[&str]) -> String {
    lines.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ")
}
