//! The registry of variables, and what each environment's application gets from it.
//!
//! In: the answered variables, environment names, stores. Out: variables with who reads them; values by environment.

use super::fact::{
    Key, Map, Value, at, empty, fact, facts, get, list, name, named, none, nothing, text, texts, with, yes,
};

/// Only the pipeline reads a variable whose `only_in` says so.
const PIPELINE: &str = "pipeline";

pub fn resolve(answered: &[Value], environments: &[&str], services: &[&str]) -> Vec<Value> {
    answered.iter().map(|variable| facts(variable, environments, services)).collect()
}

fn facts(variable: &Value, environments: &[&str], services: &[&str]) -> Value {
    let only_in = texts(variable, "only_in");
    let follows = texts(variable, "one_of") == environments;
    let one_of = if follows { fact(environments) } else { at(variable, "one_of").clone() };
    let readers: Vec<&&str> = services.iter().filter(|it| only_in.is_empty() || only_in.contains(*it)).collect();
    with(
        variable,
        facts!({
            "one_of": if one_of.is_none() { empty() } else { one_of },
            "one_of_environments": follows,
            "services": readers,
            "pipeline": only_in == [PIPELINE],
        }),
    )
}

/// What the application gets in one environment; values of secrets are never known.
pub fn values(variables: &[Value], environment: &str, datastores: &[Value]) -> Vec<Value> {
    let own = variables.iter().filter(|variable| !yes(variable, "pipeline"));
    let row = |variable: &Value| {
        let kept = ["name", "secret", "from", "services", "about", "type", "required", "rotate", "example", "because"];
        let row = kept.into_iter().map(|key| (Key::Str(key), get(variable, key).clone()));
        let value = (Key::Str("value"), value(variable, environment, datastores));
        Value::from(row.chain([value]).collect::<Map>())
    };
    own.map(row).collect()
}

fn value(variable: &Value, environment: &str, datastores: &[Value]) -> Value {
    if yes(variable, "secret") {
        return none();
    }
    let here = list(variable, "in").iter().find(|entry| text(entry, "environment") == Some(environment));
    if let Some(entry) = here {
        return at(entry, "value").clone();
    }
    if yes(variable, "one_of_environments") {
        return fact(environment);
    }
    let store = text(variable, "from").and_then(|from| named(datastores, from));
    let bucket = store.map_or(nothing(), |store| at(store, "size.bucket"));
    if bucket.is_none() { at(variable, "default").clone() } else { bucket.clone() }
}

/// Names of the secrets among an environment's values.
pub fn secrets(values: &[Value]) -> Vec<&str> {
    values.iter().filter(|row| yes(row, "secret")).map(name).collect()
}
