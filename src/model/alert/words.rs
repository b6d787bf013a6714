//! Renders the templates inside `alert.yaml` and `tests.yaml`.
//!
//! In: template text and a scope. Out: text. In PromQL a value stands as a quoted string, a number or a duration, never as code.
//! Refuses: undefined names; a name that is no PromQL identifier.

use super::super::fact::{self, Value, none, nothing};
use super::names::Names;
use crate::catalog::alert::{self as catalog, Alerts, Expression};
use crate::template::{Store, delimiters};
use std::io::Write;
use std::sync::LazyLock;

use indexmap::IndexMap;
use tera::{Context, Kwargs, State, Tera, TeraResult};

/// The names that a template sees, borrowed from the model.
#[derive(Clone)]
pub struct Scope<'m> {
    names: Vec<(String, &'m Value)>,
    context: Context,
    commands: Value,
    /// Labels that the selection fixes and the aggregation keeps.
    labels: Vec<(String, String)>,
    kept: bool,
    /// What the spec calls metrics.
    metrics: Names,
}

impl<'m> Scope<'m> {
    pub fn new() -> Self {
        Self {
            names: Vec::new(),
            context: Context::new(),
            commands: none(),
            labels: Vec::new(),
            kept: false,
            metrics: Names::default(),
        }
    }

    pub fn bind(&mut self, name: &str, value: &'m Value) {
        if name == "m" {
            self.metrics = Names::of(value);
        }
        self.names.push((name.to_owned(), value));
        self.set(name, value);
    }

    pub fn set(&mut self, name: &str, value: &Value) {
        self.context.insert_value(name.to_owned(), value.clone());
    }

    pub fn set_commands(&mut self, commands: Value) {
        self.context.insert_value("commands", commands.clone());
        self.commands = commands;
    }

    /// The platform's commands, rendered for this scope.
    pub fn commands(&self) -> Value {
        self.commands.clone()
    }

    /// The labels that series selected in this way keep when aggregated so.
    pub fn remember(&mut self, series: &str, by: &str) {
        self.labels = super::promql::equalities(series);
        self.labels.retain(|(name, _)| by.split(',').any(|kept| kept.trim() == name));
    }

    pub fn keep_own_labels(&mut self) {
        self.kept = true;
    }

    pub fn own_labels(&self) -> &[(String, String)] {
        if self.kept { &self.labels } else { &[] }
    }

    /// Code that was rendered before: stands as it is.
    pub fn set_code(&mut self, name: &str, text: &str) {
        self.context.insert_value(name.to_owned(), tera::Value::safe_string(text));
    }

    /// The value at `store.connections.max`; null where the path ends early.
    pub fn get(&self, path: &str) -> &'m Value {
        let mut parts = path.split('.');
        let first = parts.next().unwrap_or_default();
        let start = self.names.iter().rev().find(|(name, _)| name == first).map_or(nothing(), |(_, value)| *value);
        parts.fold(start, fact::get)
    }
}

/// Three engines: text for people, PromQL for Prometheus, JSON for whoever takes it. What they compiled serves every spec.
pub struct Words {
    text: Store,
    promql: Store,
    json: Store,
}

static WORDS: LazyLock<Words> = LazyLock::new(Words::new);

impl Words {
    pub fn shared() -> &'static Self {
        &WORDS
    }

    fn new() -> Self {
        let mut promql = engine();
        promql.autoescape_on([""]);
        promql.set_escape_fn(promql_value);
        let mut text = engine();
        text.autoescape_on(Vec::<&str>::new());
        let mut json = engine();
        json.autoescape_on([""]);
        json.set_escape_fn(json_text);
        Self { text: Store::new(text), promql: Store::new(promql), json: Store::new(json) }
    }

    pub fn text(&self, template: &str, scope: &Scope<'_>) -> Result<String, String> {
        if !template.contains('<') {
            return Ok(template.to_owned());
        }
        told(self.text.text(template, &scope.context, false))
    }

    pub fn promql(&self, template: &str, scope: &Scope<'_>) -> Result<String, String> {
        told(self.promql.text(template.trim(), &scope.context, true)).map(|expr| scope.metrics.apply(expr))
    }

    /// Values stand between double quotes, where the template has them.
    pub fn json(&self, template: &str, scope: &Scope<'_>) -> Result<String, String> {
        told(self.json.text(template.trim(), &scope.context, true))
    }

    pub fn when(&self, expression: Option<&str>, scope: &Scope<'_>) -> Result<bool, String> {
        let Some(expression) = expression else { return Ok(true) };
        Ok(self.text(&condition(expression), scope)? == "1")
    }

    /// Compiles texts for people and PromQL at once, unless they are known.
    pub fn learn<'t>(&self, text: impl IntoIterator<Item = &'t str>, promql: impl IntoIterator<Item = &'t str>) {
        self.text.learn(text.into_iter().filter(|text| text.contains('<')));
        self.promql.learn(promql.into_iter().map(str::trim));
    }

    /// The conditions of all alerts, panels and profiles: they are asked for every target.
    pub fn learn_conditions(&self, catalog: &Alerts) {
        let alerts =
            catalog.alerts.iter().flat_map(|alert| conditions(&alert.definition.profiles, &alert.definition.when));
        let rows = || catalog.dashboards.values().flat_map(|dashboard| &dashboard.rows);
        let panels = || rows().flat_map(|row| &row.panels);
        let shown = rows().map(|row| &row.when).chain(panels().map(|panel| &panel.when)).filter_map(Option::as_deref);
        let shown = shown.chain(panels().flat_map(|panel| panel.expressions().filter_map(|it| it.when.as_deref())));
        let profiles = catalog.profiles.values().filter_map(|profile| profile.when.as_deref());
        let all: Vec<String> = alerts.chain(shown).chain(profiles).map(condition).collect();
        let panels: Vec<_> = panels().collect();
        let texts = panels.iter().flat_map(|panel| [&panel.title, &panel.description]);
        let texts =
            texts.chain(panels.iter().flat_map(|panel| panel.expressions().filter_map(|it| it.r#where.as_ref())));
        let queries = panels.iter().flat_map(|panel| panel.expressions().map(|expression| expression.expr.as_str()));
        self.learn(texts.map(String::as_str), queries);
        self.learn(all.iter().map(String::as_str), []);
    }

    /// The texts of an alert and of its tests.
    pub fn learn_alert(&self, alert: &catalog::Alert) {
        let definition = &alert.definition;
        let spoken = [&definition.summary, &definition.description, &definition.command].into_iter();
        let places = definition.profiles.values().filter_map(|expression| expression.r#where.as_ref());
        let cases = alert.tests.iter().flat_map(|case| {
            let texts = case.labels.values().chain(case.value.as_ref()).chain(case.series.values());
            let listed = case.samples.iter().flat_map(|samples| samples.values.values());
            texts.chain(listed).chain([&case.case])
        });
        let text = spoken
            .chain(places)
            .chain(&definition.service)
            .chain([&definition.signal])
            .chain(definition.labels.values())
            .chain(cases);
        let series = alert.tests.iter().flat_map(|case| case.series.keys());
        let promql = definition.profiles.values().map(|expression| &expression.expr).chain(series);
        self.learn(text.map(String::as_str), promql.map(String::as_str));
    }
}

fn condition(expression: &str) -> String {
    format!("<% if {expression} %>1<% endif %>")
}

fn conditions<'a>(
    expressions: &'a IndexMap<String, Expression>,
    when: &'a Option<String>,
) -> impl Iterator<Item = &'a str> {
    expressions.values().filter_map(|expression| expression.when.as_deref()).chain(when.as_deref())
}

fn told(rendered: TeraResult<String>) -> Result<String, String> {
    rendered.map_err(|fault| fault.to_string().split_whitespace().collect::<Vec<_>>().join(" "))
}

fn engine() -> Tera {
    let mut tera = Tera::new();
    let set = tera.set_delimiters(delimiters());
    debug_assert!(set.is_ok());
    tera.register_filter("name", identifier);
    tera.register_filter("has", has);
    tera
}

/// A metric or label name that stands as code.
fn identifier(name: &str, _: Kwargs, _: &State<'_>) -> TeraResult<tera::Value> {
    let whole = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | ':'));
    if whole {
        Ok(tera::Value::safe_string(name))
    } else {
        Err(tera::Error::message(format!("`{name}` is not a metric name")))
    }
}

/// Whether a list holds an object with that value under that key.
#[allow(clippy::needless_pass_by_value)]
fn has(list: Vec<tera::Value>, args: Kwargs, _: &State<'_>) -> TeraResult<bool> {
    let key: String = args.must_get("key")?;
    let wanted: tera::Value = args.must_get("value")?;
    Ok(list
        .iter()
        .any(|item| item.as_map().and_then(|map| map.get(&tera::value::Key::from(key.clone()))) == Some(&wanted)))
}

fn promql_value(text: &str, out: &mut dyn Write) -> std::io::Result<()> {
    if duration(text) { out.write_all(text.as_bytes()) } else { write!(out, "{}", quoted(text)) }
}

fn json_text(text: &str, out: &mut dyn Write) -> std::io::Result<()> {
    let quoted = serde_json::to_string(text)?;
    out.write_all(&quoted.as_bytes()[1..quoted.len() - 1])
}

fn duration(text: &str) -> bool {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    rest.len() < text.len() && matches!(rest, "ms" | "s" | "m" | "h" | "d" | "w" | "y")
}

fn quoted(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    format!("\"{text}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hostile_value_stays_in_its_json_text() {
        let value = fact::fact(serde_json::json!({ "cluster": "a\"}],\n\\", "n": 0.05 }));
        let mut scope = Scope::new();
        scope.bind("s", &value);
        let text = Words::new().json("{\"Value\": \"<{ s.cluster }>\", \"Threshold\": <{ s.n }>}", &scope).unwrap();
        let read: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(read, serde_json::json!({ "Value": "a\"}],\n\\", "Threshold": 0.05 }));
    }

    #[test]
    fn a_hostile_value_stays_a_label_value() {
        let value = fact::fact(serde_json::json!({ "job": "a\"} or vector(1) #", "window": "5m", "n": 0.05 }));
        let mut scope = Scope::new();
        scope.bind("s", &value);
        let text = Words::new().promql("rate(x{job=<{ s.job }>}[<{ s.window }>]) > <{ s.n }>", &scope).unwrap();
        assert_eq!(text, "rate(x{job=\"a\\\"} or vector(1) #\"}[5m]) > 0.05");
        assert!(Words::new().promql("<{ s.typo }>", &scope).is_err());
        assert!(scope.get("s.window.deep").is_none());
    }
}
