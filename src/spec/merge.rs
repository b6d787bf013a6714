//! What an environment sees: its overlay over the base, merged as trees so that every answer keeps its place.
//!
//! Maps merge, single values and lists replace, `null` removes.

use super::decode::{Context, Decode};
use super::sections::{BodyLogging, Effective, Environment, PerEnvironment};
use super::tree::{Entry, Node, Value};

/// `over` laid on `base`.
pub fn merge(base: &Node, over: &Node) -> Node {
    let (Value::Map(below), Value::Map(above)) = (&base.value, &over.value) else { return over.clone() };
    let mut entries: Vec<Entry> = Vec::new();
    for entry in below {
        match above.iter().find(|other| other.key == entry.key) {
            Some(other) if other.value.is_null() => {}
            Some(other) => {
                let keeps = matches!((&entry.value.value, &other.value.value), (Value::Map(_), Value::Map(_)));
                let key_span = if keeps { entry.key_span.clone() } else { other.key_span.clone() };
                entries.push(Entry { key: entry.key.clone(), key_span, value: merge(&entry.value, &other.value) });
            }
            None => entries.push(entry.clone()),
        }
    }
    let added =
        above.iter().filter(|other| !other.value.is_null() && !below.iter().any(|entry| entry.key == other.key));
    entries.extend(added.cloned());
    Node { value: Value::Map(entries), span: base.span.clone() }
}

fn section<T: Decode + Default>(tree: &Node, environment: &str, key: &str, cx: &mut Context) -> T {
    let own = tree.get("environments").and_then(|all| all.get(environment)).and_then(|one| one.get(key));
    let base = tree.entries().iter().find(|entry| entry.key == key).filter(|entry| !entry.value.is_null());
    let own_entry = || {
        let one = tree.get("environments")?.get(environment)?;
        one.entries().iter().find(|entry| entry.key == key)
    };
    match (base, own) {
        (Some(base), Some(own)) if !own.is_null() => cx.enter(key, &base.key_span, &merge(&base.value, own)),
        (Some(base), _) => {
            // Its faults are told already.
            Context::default().enter(key, &base.key_span, &base.value)
        }
        (None, Some(own)) if !own.is_null() => {
            own_entry().and_then(|entry| cx.enter(key, &entry.key_span, &entry.value))
        }
        _ => None,
    }
    .unwrap_or_default()
}

/// What the environment sees.
pub fn effective(tree: &Node, name: &str, environment: &Environment, cx: &mut Context) -> Effective {
    let mut seen = Effective {
        services: section(tree, name, "services", cx),
        datastores: section(tree, name, "datastores", cx),
        hosting: section(tree, name, "hosting", cx),
        observability: section(tree, name, "observability", cx),
        alerting: section(tree, name, "alerting", cx),
        backups: section(tree, name, "backups", cx),
    };
    let logs = &mut seen.observability.logs;
    if let Some(level) = environment.logs {
        logs.level = level;
    }
    logs.keep = logs.keep.as_ref().and_then(|keep| keep.of(name)).map(|keep| PerEnvironment::All(*keep));
    logs.body = PerEnvironment::All(logs.body.of(name).copied().unwrap_or(BodyLogging::None));
    seen
}
