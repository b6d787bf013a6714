//! What follows for a service from its answers: whose image it runs, what it talks to, how it is scraped.
//!
//! In: the answered services, stores and dependencies of one environment. Out: services with their facts.

use super::fact::{Value, at, facts, list, name, named, text, texts, with};

/// Everything that the facts of a service lean on.
pub struct Around<'a> {
    /// Name of the project.
    pub project: &'a str,
    pub services: &'a [Value],
    pub datastores: &'a [Value],
    pub dependencies: &'a [Value],
    /// Stack facts by language and package manager.
    pub stacks: &'a Value,
    pub metrics_port: &'a Value,
}

pub fn resolve(around: &Around<'_>) -> Vec<Value> {
    around.services.iter().map(|service| facts(service, around)).collect()
}

fn facts(service: &Value, around: &Around<'_>) -> Value {
    let own = name(service);
    let image_from = text(service, "stack.same_as").unwrap_or(own);
    let builder = named(around.services, image_from).unwrap_or(service);
    let liveness = at(service, "health.liveness.path");
    let readiness = at(service, "health.readiness.path");
    with(
        service,
        facts!({
            "label": format!("{}/{own}", around.project),
            "stack": stack(at(builder, "stack"), around.stacks),
            "image_from": image_from,
            "builds": image_from == own,
            "health": health(service),
            "stores": used(service, around.datastores, "store"),
            "calls": used(service, around.dependencies, "dependency"),
            "metrics_port": around.metrics_port,
            "probe_path": if readiness.is_none() { liveness } else { readiness },
            "max_instances": at(service, "scaling.max"),
            "job": format!("{}-{own}", around.project),
        }),
    )
}

/// The answered stack with what is known of its package manager: commands, lock file, set-up.
fn stack(answered: &Value, stacks: &Value) -> Value {
    let language = text(answered, "language").unwrap_or_default();
    let manager = text(answered, "package_manager").unwrap_or_default();
    with(answered, at(at(stacks, language), manager).clone())
}

/// `reports: all` becomes the names of all that the service uses.
fn health(service: &Value) -> Value {
    let health = at(service, "health");
    if texts(health, "dependencies.reports") != ["all"] {
        return health.clone();
    }
    let all: Vec<&str> = list(service, "uses").iter().map(name).collect();
    let dependencies = with(at(health, "dependencies"), facts!({ "reports": all }));
    with(health, facts!({ "dependencies": dependencies }))
}

fn used(service: &Value, things: &[Value], key: &'static str) -> Vec<Value> {
    let uses = list(service, "uses").iter();
    let known = uses.filter_map(|used| named(things, name(used)).map(|thing| (used, thing)));
    known.map(|(used, thing)| facts!({ "name": name(used), "as": at(used, "as"), key: thing })).collect()
}
