//! Who talks to whom: what every diagram is drawn from.
//!
//! In: the facts of the project. Out: nodes, edges and groups with ids that are safe in a diagram.
//! What isn't answered is left out.

use super::fact::{Value, at, facts, list, name, no, text, texts};

#[derive(Default)]
struct Topology {
    nodes: Vec<Value>,
    edges: Vec<Value>,
    groups: Vec<Value>,
}

pub fn resolve(facts: &Value) -> Value {
    let mut drawn = Topology::default();
    drawn.groups(facts);
    let front = drawn.front(facts);
    for service in list(facts, "services") {
        drawn.service(service, &front);
    }
    for store in list(facts, "datastores") {
        drawn.store(store);
    }
    for dependency in list(facts, "dependencies") {
        let id = id("dependency", name(dependency));
        drawn.node(&id, name(dependency), text(dependency, "purpose"), "dependency", Some("outside"));
    }
    facts!({ "nodes": drawn.nodes, "edges": drawn.edges, "groups": drawn.groups })
}

impl Topology {
    fn groups(&mut self, facts: &Value) {
        let regions = texts(facts, "hosting.regions").join(", ");
        self.group("platform", text(facts, "platform.name").unwrap_or_default(), Some(regions.as_str()), None);
        self.group("services", "Services", None, Some("platform"));
        if !list(facts, "datastores").is_empty() {
            self.group("data", "Data", None, Some("platform"));
        }
        if !list(facts, "dependencies").is_empty() {
            self.group("outside", "Outside", None, None);
        }
    }

    /// What stands between users and the web services; the id of the last of it.
    fn front(&mut self, facts: &Value) -> String {
        let mut front = "users".to_owned();
        if !list(facts, "services").iter().any(is_web) {
            return front;
        }
        self.node("users", "Users", None, "users", None);
        let edges = ["hosting.network.edge", "hosting.network.load_balancer", "hosting.uses.gateway.name"];
        let edge = edges.iter().find_map(|path| text(facts, path));
        for (id, label) in [("cdn", text(facts, "hosting.network.cdn")), ("edge", edge)] {
            let Some(label) = label.filter(|label| *label != "none") else { continue };
            self.node(id, label, None, "edge", Some("platform"));
            self.edge(&front, id, "HTTPS", "solid");
            id.clone_into(&mut front);
        }
        front
    }

    fn service(&mut self, service: &Value, front: &str) {
        let id = id("service", name(service));
        let kind = text(service, "kind").unwrap_or_default();
        self.node(&id, name(service), Some(&format!("{kind}, {}", instances(service))), kind, Some("services"));
        if is_web(service) {
            let port = at(service, "port").as_u64().map(|port| format!(" {port}")).unwrap_or_default();
            self.edge(front, &id, &format!("HTTP{port}"), "solid");
        }
        for used in list(service, "stores") {
            self.edge(&id, &self::id("store", name(used)), text(used, "as").unwrap_or_default(), "solid");
        }
        for called in list(service, "calls") {
            let style = if no(called, "dependency.critical") { "dotted" } else { "solid" };
            self.edge(&id, &self::id("dependency", name(called)), text(called, "as").unwrap_or_default(), style);
        }
    }

    fn store(&mut self, store: &Value) {
        let id = id("store", name(store));
        let kind = text(store, "kind").unwrap_or("store");
        self.node(&id, name(store), text(store, "label"), kind, Some("data"));
        if let Some(primary) = text(store, "primary") {
            self.edge(&self::id("store", primary), &id, "replicates", "dotted");
        }
    }

    fn node(&mut self, id: &str, label: &str, detail: Option<&str>, kind: &str, group: Option<&str>) {
        self.nodes.push(facts!({ "id": id, "label": label, "detail": detail, "kind": kind, "group": group }));
    }

    fn edge(&mut self, from: &str, to: &str, label: &str, style: &str) {
        self.edges.push(facts!({ "from": from, "to": to, "label": label, "style": style }));
    }

    fn group(&mut self, id: &str, label: &str, detail: Option<&str>, parent: Option<&str>) {
        let detail = detail.filter(|detail| !detail.is_empty());
        self.groups.push(facts!({ "id": id, "label": label, "detail": detail, "parent": parent }));
    }
}

fn id(kind: &str, name: &str) -> String {
    format!("{kind}_{}", name.replace('-', "_"))
}

fn is_web(service: &Value) -> bool {
    text(service, "kind") == Some("web")
}

fn instances(service: &Value) -> String {
    let count = |key: &str| at(service, key).as_u64().unwrap_or(1);
    match (count("scaling.min"), count("scaling.max")) {
        (1, 1) => "1 instance".to_owned(),
        (min, max) if min == max => format!("{min} instances"),
        (min, max) => format!("{min} to {max} instances"),
    }
}
