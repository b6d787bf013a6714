//! Rules about the variables of a dashboard.
//!
//! In: a dashboard. Out: breaches. Refuses nothing.

use serde_json::Value;

use super::{Breach, filled, items, templated, text};

pub fn breaches(dashboard: &Value) -> Vec<Breach> {
    let variables = items(&dashboard["templating"], "list");
    let mut found: Vec<Breach> = source(variables).into_iter().collect();
    found.extend(filter(variables, "template-job-rule", "job", "Job"));
    found.extend(filter(variables, "template-instance-rule", "instance", "Instance"));
    for variable in variables.iter().filter(|variable| variable["type"] == "query") {
        let name = text(variable, "name");
        if variable["refresh"] != 2 {
            let message = "doesn't follow the time that is chosen: refresh is not 2";
            found.push(Breach::new("template-on-time-change-reload-rule", name, message));
        }
        if let Err(message) = asked(variable) {
            found.push(Breach::new("template-label-promql-rule", name, message));
        }
    }
    found
}

fn source(variables: &[Value]) -> Option<Breach> {
    let rule = "template-datasource-rule";
    let Some(source) = variables.iter().find(|variable| variable["type"] == "datasource") else {
        return Some(Breach::new(rule, "", "no data source can be chosen"));
    };
    let name = text(source, "name");
    if !["datasource", "prometheus_datasource"].contains(&name) {
        return Some(Breach::new(rule, name, "should be named `datasource`"));
    }
    let label = text(source, "label");
    let good = ["Data source", "Prometheus data source"].contains(&label);
    (!good).then(|| Breach::new(rule, name, format!("is labelled `{label}`, not `Data source`")))
}

/// A variable that narrows every panel: many values or all of them.
fn filter(variables: &[Value], rule: &'static str, name: &str, label: &str) -> Option<Breach> {
    let Some(variable) = variables.iter().find(|variable| variable["name"] == name) else {
        return Some(Breach::new(rule, name, "is missing"));
    };
    let wrong = [
        (variable["type"] != "query", "is not filled by a query"),
        (!templated(&variable["datasource"]), "doesn't read the data source that is chosen above"),
        (text(variable, "label") != label, "has another label than its name"),
        (variable["multi"] != true, "takes one value only"),
        (variable["allValue"] != ".+", "means something else by `All` than `.+`"),
    ];
    let message = wrong.into_iter().find_map(|(wrong, message)| wrong.then_some(message))?;
    Some(Breach::new(rule, name, message))
}

/// `label_values(SERIES, LABEL)` and its like, whose series is PromQL.
fn asked(variable: &Value) -> Result<(), String> {
    let query = variable["query"].as_str().unwrap_or_else(|| text(&variable["query"], "query"));
    let (function, rest) = query.split_once('(').ok_or_else(|| format!("`{query}` asks nothing"))?;
    let inner = rest.strip_suffix(')').ok_or_else(|| format!("`{query}` doesn't end"))?;
    let series = match function {
        "label_values" => inner.rsplit_once(',').map_or(inner, |(series, _)| series),
        "label_names" | "metrics" | "query_result" => inner,
        _ => return Err(format!("`{function}` is no function of variables")),
    };
    promql_parser::parser::parse(&filled(series)).map(drop).map_err(|message| format!("`{series}`: {message}"))
}
