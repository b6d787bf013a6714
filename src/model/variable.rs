//! The registry of variables, and what each environment's application gets from it.
//!
//! In: the answered variables, environment names, stores. Out: variables with who reads them; values by environment.

use serde_json::{Value, json};

use super::fact::{at, list, name, named, text, texts, with};

/// Only the pipeline reads a variable whose `only_in` says so.
const PIPELINE: &str = "pipeline";

pub fn resolve(answered: &[Value], environments: &[&str], services: &[&str]) -> Vec<Value> {
    answered.iter().map(|variable| facts(variable, environments, services)).collect()
}

fn facts(variable: &Value, environments: &[&str], services: &[&str]) -> Value {
    let only_in = texts(variable, "only_in");
    let follows = texts(variable, "one_of") == environments;
    let one_of = if follows { json!(environments) } else { at(variable, "one_of").clone() };
    let readers: Vec<&&str> = services.iter().filter(|it| only_in.is_empty() || only_in.contains(*it)).collect();
    with(
        variable,
        json!({
            "one_of": if one_of.is_null() { json!([]) } else { one_of },
            "one_of_environments": follows,
            "services": readers,
            "pipeline": only_in == [PIPELINE],
        }),
    )
}

/// What the application gets in one environment; values of secrets are never known.
pub fn values(variables: &[Value], environment: &str, datastores: &[Value]) -> Vec<Value> {
    let own = variables.iter().filter(|variable| at(variable, "pipeline") != &json!(true));
    let row = |variable: &Value| {
        let kept = ["name", "secret", "from", "services", "about", "type", "required", "rotate", "example", "because"];
        let mut row: Value = kept.iter().map(|key| ((*key).to_owned(), at(variable, key).clone())).collect();
        row["value"] = value(variable, environment, datastores);
        row
    };
    own.map(row).collect()
}

fn value(variable: &Value, environment: &str, datastores: &[Value]) -> Value {
    if at(variable, "secret") == &json!(true) {
        return Value::Null;
    }
    let here = list(variable, "in").iter().find(|entry| text(entry, "environment") == Some(environment));
    if let Some(entry) = here {
        return at(entry, "value").clone();
    }
    if at(variable, "one_of_environments") == &json!(true) {
        return json!(environment);
    }
    let store = text(variable, "from").and_then(|from| named(datastores, from));
    let bucket = store.map_or(&Value::Null, |store| at(store, "size.bucket"));
    if bucket.is_null() { at(variable, "default").clone() } else { bucket.clone() }
}

/// Names of the secrets among an environment's values.
pub fn secrets(values: &[Value]) -> Vec<&str> {
    values.iter().filter(|row| at(row, "secret") == &json!(true)).map(name).collect()
}
