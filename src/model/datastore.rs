//! What follows for a store from its answers: its engine's facts, who uses it, which variable points at it.
//!
//! In: the answered stores, services, variables. Out: stores with their facts; a replica takes over what its primary answers.

use super::fact::{Map, Value, at, facts, list, name, named, none, spoken, text, with};

pub fn resolve(answered: &[Value], services: &[Value], variables: &[Value], engines: &Value) -> Vec<Value> {
    answered.iter().map(|store| facts(&inherited(store, answered), services, variables, engines)).collect()
}

/// A replica with the answers of its primary where it has none of its own.
fn inherited(store: &Value, all: &[Value]) -> Value {
    let Some(primary) = text(store, "replica_of").and_then(|primary| named(all, primary)) else {
        return store.clone();
    };
    let said = spoken(store).filter(|(key, _)| !matches!(key.as_str(), Some("size" | "scaling")));
    with(primary, Value::from(said.collect::<Map>()))
}

fn facts(store: &Value, services: &[Value], variables: &[Value], engines: &Value) -> Value {
    let engine = at(engines, text(store, "engine").unwrap_or_default());
    let variable = variables.iter().find(|variable| text(variable, "from") == Some(name(store)));
    let endpoint = at(store, "endpoint");
    with(
        store,
        facts!({
            "endpoint": if endpoint.is_none() { none() } else { with_port(endpoint, engine) },
            "label": label(store, engine),
            "kind": at(engine, "kind"),
            "path": path(store, engine),
            "url_variable": variable.map(name),
            "engine_facts": with(engine, facts!({ "image": image(store, engine) })),
            "primary": at(store, "replica_of"),
            "pooled": pooled(store, engine),
            "used_by": users(store, services),
            "backup": none(),
        }),
    )
}

/// Whether its address leads to a pooler, which refuses a connection that sets what the pooler doesn't know.
fn pooled(store: &Value, engine: &Value) -> bool {
    let one_of = |key: &str, said: &Value| list(engine, key).iter().any(|known| known.as_str() == said.as_str());
    let by = one_of("poolers.tools", at(store, "pool.tool")) || one_of("poolers.providers", at(store, "provider"));
    by && at(store, "replica_of").is_none()
}

fn with_port(endpoint: &Value, engine: &Value) -> Value {
    if at(endpoint, "port").is_none() {
        with(endpoint, facts!({ "port": at(engine, "port") }))
    } else {
        endpoint.clone()
    }
}

fn label(store: &Value, engine: &Value) -> String {
    let own = text(engine, "label").or(text(store, "engine")).unwrap_or_default();
    let version = text(store, "version").map(|version| format!(" {version}")).unwrap_or_default();
    let replicas = if at(store, "replica_of").is_none() { "" } else { " replicas" };
    format!("{own}{version}{replicas}")
}

/// The image that stands for the engine in development and in tests: the answered version of the engine's own.
fn image(store: &Value, engine: &Value) -> Option<String> {
    Some(format!("{}:{}", text(engine, "image")?, text(store, "version")?))
}

/// Where the files of a volume are.
fn path(store: &Value, engine: &Value) -> Option<String> {
    let answered = text(store, "path").map(str::to_owned);
    answered.or_else(|| (text(engine, "kind") == Some("volume")).then(|| format!("/data/{}", name(store))))
}

fn users(store: &Value, services: &[Value]) -> Vec<Value> {
    let users = services.iter().filter_map(|service| {
        let used = named(list(service, "uses"), name(store))?;
        Some(facts!({ "service": name(service), "as": at(used, "as") }))
    });
    users.collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::fact::fact;
    use super::*;

    #[test]
    fn a_replica_has_its_primarys_engine_and_its_own_count() {
        let stores = [
            fact(json!({ "name": "db", "engine": "postgres", "version": "16", "count": null, "replica_of": null })),
            fact(json!({ "name": "copies", "engine": null, "version": null, "count": 2, "replica_of": "db" })),
        ];
        let engines = fact(json!({ "postgres": { "label": "PostgreSQL", "kind": "sql" } }));
        let resolved = resolve(&stores, &[], &[], &engines);
        assert_eq!(text(&resolved[1], "label"), Some("PostgreSQL 16 replicas"));
        assert_eq!((at(&resolved[1], "count").as_u64(), name(&resolved[1])), (Some(2), "copies"));
    }
}
