//! What each environment is: its names, its values, the digest it takes, and its own view of services and stores.
//!
//! In: an answered environment with its overlay merged, and what surrounds it. Out: the environment with its facts.

use super::fact::{Value, at, empty, fact, facts, list, name, none, text, with};
use super::{backup, datastore, service, variable};

/// Everything that the facts of an environment lean on.
pub struct Around<'a> {
    pub project: &'a str,
    /// The answered environments, in order of promotion.
    pub environments: &'a [Value],
    pub dependencies: &'a [Value],
    pub variables: &'a [Value],
    pub config_file: Option<&'a str>,
    pub engines: &'a Value,
    pub stacks: &'a Value,
    /// The tools that make backups and have a folder.
    pub makers: &'a [Value],
}

/// Services, stores and backups, resolved together because they point at each other.
pub struct Parts {
    pub services: Vec<Value>,
    pub datastores: Vec<Value>,
    pub backups: Vec<Value>,
}

impl Around<'_> {
    /// `view` holds answered services, datastores, backups and observability.
    pub fn parts(&self, view: &Value) -> Parts {
        let services = list(view, "services");
        let stores = datastore::resolve(list(view, "datastores"), services, self.variables, self.engines);
        let backups = backup::resolve(self.project, list(view, "backups"), &stores, self.makers);
        let datastores = backup::attach(stores, &backups);
        let around = service::Around {
            project: self.project,
            services,
            datastores: &datastores,
            dependencies: self.dependencies,
            stacks: self.stacks,
            metrics_port: at(view, "observability.metrics.port"),
        };
        Parts { services: service::resolve(&around), datastores, backups }
    }

    /// `view` is what the environment sees of the sections that it may overlay.
    pub fn environment(&self, answered: &Value, view: &Value) -> Value {
        let own = name(answered);
        let parts = self.parts(view);
        let values = variable::values(self.variables, own, &parts.datastores);
        let host = text(answered, "url").and_then(host);
        let app = format!("{}-{own}", self.project);
        let namespace = text(view, "hosting.namespace").unwrap_or(&app).to_owned();
        let real = text(answered, "data") == Some("real");
        let deployed = !at(answered, "deploy").is_none();
        let facts = facts!({
            "host": host,
            "services": parts.services,
            "datastores": parts.datastores,
            "backups": if real { parts.backups } else { Vec::new() },
            "hosting": at(view, "hosting"),
            "observability": at(view, "observability"),
            "alerting": at(view, "alerting"),
            "local": !deployed,
            "live": deployed && self.last_deployed() == Some(own),
            "promotes": self.promotes(answered),
            "app": app,
            "domain": if deployed { fact(host) } else { none() },
            "namespace": namespace,
            "secrets": variable::secrets(&values),
            "variables": values,
            "config_file": self.config_file.map(|file| file.replace("{environment}", own)),
            "alerts": empty(),
        });
        with(answered, facts)
    }

    fn last_deployed(&self) -> Option<&str> {
        self.environments.iter().rev().find(|it| !at(it, "deploy").is_none()).map(name)
    }

    /// The environment whose digest this one takes.
    fn promotes(&self, answered: &Value) -> Option<&str> {
        let from = text(answered, "deploy.from")?;
        self.environments.iter().map(name).find(|known| *known == from)
    }
}

/// The host of a URL, without its port.
fn host(url: &str) -> Option<&str> {
    let rest = url.split_once("://")?.1;
    rest.split(['/', ':', '?']).next().filter(|host| !host.is_empty())
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_host_has_no_port_and_no_path() {
        assert_eq!(super::host("https://api.acme.dev:8443/v1"), Some("api.acme.dev"));
        assert_eq!(super::host("api.acme.dev"), None);
    }
}
