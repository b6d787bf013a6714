//! What Grafana's dashboard linter asks of a dashboard, asked before one is written.
//!
//! In: a classic dashboard as JSON. Out: every breach with its rule and its place. Refuses nothing: whoever asks decides.
//! The rules and their names are those of github.com/grafana/dashboard-linter; where it looks at some panel types only,
//! we look at all that have queries.

mod target;
mod units;
mod variable;

use serde_json::Value;

/// Every rule, in the linter's spelling: an exclusion of anything else means nothing to it.
pub const RULES: [&str; 17] = [
    "template-datasource-rule",
    "template-job-rule",
    "template-instance-rule",
    "template-label-promql-rule",
    "template-on-time-change-reload-rule",
    "panel-datasource-rule",
    "panel-title-description-rule",
    "panel-units-rule",
    "panel-no-targets-rule",
    "target-logql-rule",
    "target-logql-auto-rule",
    "target-promql-rule",
    "target-rate-interval-rule",
    "target-job-rule",
    "target-instance-rule",
    "target-counter-agg-rule",
    "uneditable-dashboard-rule",
];

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breach {
    pub rule: &'static str,
    /// The panel or the variable; empty for the dashboard.
    pub place: String,
    pub message: String,
}

impl Breach {
    fn new(rule: &'static str, place: &str, message: impl Into<String>) -> Self {
        Self { rule, place: place.to_owned(), message: message.into() }
    }
}

pub fn breaches(dashboard: &Value) -> Vec<Breach> {
    let mut found = variable::breaches(dashboard);
    if dashboard["editable"] != false {
        found.push(Breach::new(
            "uneditable-dashboard-rule",
            "",
            "people could change it where it runs: editable is not false",
        ));
    }
    for panel in panels(dashboard) {
        found.extend(described(panel));
        if !without_queries(panel) {
            found.extend(measured(panel));
            found.extend(target::breaches(panel));
        }
    }
    found
}

/// Panels, also those in a closed row.
fn panels(value: &Value) -> Vec<&Value> {
    let direct = items(value, "panels").iter();
    direct.flat_map(|panel| if panel["type"] == "row" { panels(panel) } else { vec![panel] }).collect()
}

fn items<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_default()
}

/// Panels that ask no data source.
fn without_queries(panel: &Value) -> bool {
    ["text", "alertlist", "annolist", "dashlist", "news"].contains(&text(panel, "type"))
}

fn described(panel: &Value) -> Option<Breach> {
    let missing = ["title", "description"].into_iter().find(|key| text(panel, key).trim().is_empty())?;
    Some(Breach::new("panel-title-description-rule", text(panel, "title"), format!("has no {missing}")))
}

fn measured(panel: &Value) -> Vec<Breach> {
    let title = text(panel, "title");
    let mut found = Vec::new();
    if !templated(&panel["datasource"]) {
        found.push(Breach::new("panel-datasource-rule", title, "doesn't read the data source that is chosen above"));
    }
    if items(panel, "targets").is_empty() {
        found.push(Breach::new("panel-no-targets-rule", title, "asks nothing"));
    }
    let defaults = &panel["fieldConfig"]["defaults"];
    let mapped = !items(defaults, "mappings").is_empty();
    let overrides = items(&panel["fieldConfig"], "overrides").iter().flat_map(|it| items(it, "properties"));
    let overridden = overrides.filter(|it| it["id"] == "unit").map(|it| text(it, "value"));
    let axis = text(&panel["options"]["yAxis"], "unit");
    let own = if axis.is_empty() { text(defaults, "unit") } else { axis };
    let wrong = std::iter::once(own).chain(overridden).find(|unit| !units::known(unit));
    if let Some(unit) = wrong.filter(|_| !mapped) {
        found.push(Breach::new("panel-units-rule", title, format!("has no unit that Grafana knows: `{unit}`")));
    }
    found
}

fn templated(source: &Value) -> bool {
    let uid = source.as_str().unwrap_or_else(|| text(source, "uid"));
    ["$datasource", "${datasource}", "$prometheus_datasource", "${prometheus_datasource}"].contains(&uid)
}

/// An expression as the query engine would get it: spans of time are filled in, other variables stand in matchers as text.
fn filled(expr: &str) -> String {
    ["$__rate_interval", "${__rate_interval}"]
        .iter()
        .fold(expr.to_owned(), |text, name| text.replace(name, target::INTERVAL))
        .replace("$__interval", "1m")
        .replace("$__range", "1h")
}

#[cfg(test)]
mod tests;
