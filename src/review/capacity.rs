//! Instances, connections, stopping.

use super::{Finding, seconds, services};
use crate::diagnostic::codes;
use crate::model::fact::{Value, at, list, name, text, yes};

pub fn check(facts: &Value) -> Vec<Finding> {
    let stops = services(facts).flat_map(|(environment, service)| stopping(facts, environment, service));
    let pools = list(facts, "deployed").iter().flat_map(connections);
    stops.chain(pools).chain(lonely(facts)).collect()
}

fn stopping(facts: &Value, environment: &Value, service: &Value) -> Vec<Finding> {
    let mut found = Vec::new();
    let key = format!("services.{}.shutdown", name(service));
    let parts = ["shutdown.stop_accepting", "shutdown.drain", "shutdown.close_connections"];
    let needed: u64 = parts.iter().filter_map(|part| seconds(service, part)).sum();
    let Some(timeout) = seconds(service, "shutdown.timeout") else { return found };
    if yes(service, "shutdown.graceful") && needed > timeout {
        let message = format!("`{}` needs {needed}s to stop and is killed after {timeout}s", name(service));
        let help = format!("raise `timeout` to {needed}s, or shorten `stop_accepting`, `drain` or `close_connections`");
        found.push(Finding::new(codes::SHUTDOWN_TOO_SHORT, format!("{key}.timeout"), message, help).of(environment));
    }
    if let Some(most) = seconds(facts, "platform.limits.kill_timeout").filter(|most| timeout > *most) {
        let platform = text(facts, "platform.name").unwrap_or("the platform");
        let message = format!("`{}` may take {timeout}s to stop, and {platform} kills it after {most}s", name(service));
        let help = "shorten it, and make longer work safe to start again";
        found.push(Finding::new(codes::PLATFORM_LIMIT, format!("{key}.timeout"), message, help).of(environment));
    }
    found
}

/// Every instance's pool against what the store takes.
fn connections(environment: &Value) -> Vec<Finding> {
    let stores = list(environment, "datastores").iter();
    stores
        .filter_map(|store| {
            let most = at(store, "connections.max").as_u64()?;
            let free = most.saturating_sub(at(store, "connections.reserved").as_u64().unwrap_or(0));
            let pool = at(store, "pool.max").as_u64()?;
            let uses = |service: &&Value| list(service, "uses").iter().any(|used| name(used) == name(store));
            let users = list(environment, "services").iter().filter(uses);
            let instances: u64 = users.filter_map(|service| at(service, "max_instances").as_u64()).sum();
            let key = format!("datastores.{}.pool.max", name(store));
            let message = format!(
                "{instances} instances with {pool} connections each are {}, and `{}` takes {free} in `{}`",
                instances * pool,
                name(store),
                name(environment),
            );
            let help = "fewer instances, a smaller pool, a pooler in front, or a bigger database";
            (instances * pool > free).then(|| Finding::new(codes::POOL_TOO_BIG, key, message, help).of(environment))
        })
        .collect()
}

/// One instance of what people rely on.
fn lonely(facts: &Value) -> Vec<Finding> {
    let environment = at(facts, "live");
    if text(facts, "quality") == Some("mvp") {
        return Vec::new();
    }
    let alone =
        |service: &&Value| text(service, "kind") == Some("web") && at(service, "scaling.min").as_u64() == Some(1);
    let services = list(environment, "services").iter().filter(alone);
    services
        .map(|service| {
            let message = format!(
                "one instance of `{}` in `{}`: it is away whenever that instance is",
                name(service),
                name(environment)
            );
            let key = format!("services.{}.scaling", name(service));
            Finding::new(codes::SINGLE_INSTANCE, key, message, "write `min: 2`").of(environment)
        })
        .collect()
}
