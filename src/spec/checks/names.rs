//! References between services, stores, environments and variables.

use super::Known;
use crate::diagnostic::{Diagnostic, Span, codes};
use crate::spec::Answers;
use crate::spec::decode::Context;
use crate::spec::tree::Node;

pub fn check(answers: &Answers, tree: &Node, cx: &mut Context) {
    let services = Known {
        code: codes::UNKNOWN_SERVICE,
        what: "service",
        section: "services",
        names: answers.services.names().collect(),
    };
    let stores = Known {
        code: codes::UNKNOWN_STORE,
        what: "store",
        section: "datastores",
        names: answers.datastores.names().collect(),
    };
    let both = Known {
        code: codes::UNKNOWN_STORE,
        what: "store or dependency",
        section: "dependencies",
        names: answers.datastores.names().chain(answers.dependencies.names()).collect(),
    };
    let variables = Known {
        code: codes::UNKNOWN_VARIABLE,
        what: "variable",
        section: "configuration.variables",
        names: answers.configuration.variables.names().collect(),
    };
    clashes(answers, cx);
    of_services(answers, &services, &both, &variables, cx);
    of_stores(answers, &stores, &both, cx);
    of_configuration(answers, &services, &both, cx);
    of_environments(answers, tree, &services, &stores, cx);
}

/// `uses` has one name space for stores and dependencies.
fn clashes(answers: &Answers, cx: &mut Context) {
    for dependency in &answers.dependencies {
        let Some(store) = answers.datastores.iter().find(|store| store.name == dependency.name) else { continue };
        let message = format!("`{}` is the name of a store and of a dependency", dependency.name);
        let fault = Diagnostic::error(codes::NAME_CLASH, message).maybe_at(dependency.name.span.clone());
        let fault = match &store.name.span {
            Some(span) => fault.related(span.clone(), "the store"),
            None => fault,
        };
        cx.tell(fault.help("`uses` couldn't tell them apart; rename one"));
    }
}

fn of_services(answers: &Answers, services: &Known<'_>, both: &Known<'_>, variables: &Known<'_>, cx: &mut Context) {
    for service in &answers.services {
        service.value.uses.iter().for_each(|used| both.expect(&used.name, cx));
        if let Some(from) = &service.value.stack.same_as {
            services.expect(from, cx);
            let chained = answers.services.get(from).is_some_and(|other| other.stack.same_as.is_some());
            if *from == service.name || chained {
                let message = format!("`{}` takes its code from `{from}`, which has none of its own", service.name);
                let fault = Diagnostic::error(codes::CIRCLE, message).maybe_at(from.span.clone());
                cx.tell(fault.help("name the service that says `stack: { language: … }`"));
            }
        }
        let health = &service.value.health;
        health.readiness.iter().flat_map(|ready| &ready.requires).for_each(|name| both.expect(name, cx));
        let told = health.dependencies.iter().flat_map(|report| &report.reports);
        told.filter(|name| **name != "all").for_each(|name| both.expect(name, cx));
        service.value.smoke.iter().flat_map(|smoke| &smoke.bearer).for_each(|name| variables.expect(name, cx));
    }
}

fn of_stores(answers: &Answers, stores: &Known<'_>, both: &Known<'_>, cx: &mut Context) {
    for store in &answers.datastores {
        let Some(primary) = &store.value.replica_of else { continue };
        stores.expect(primary, cx);
        let chained = answers.datastores.get(primary).is_some_and(|other| other.replica_of.is_some());
        if *primary == store.name || chained {
            let message = format!("`{}` copies `{primary}`, which is a copy itself", store.name);
            cx.tell(Diagnostic::error(codes::CIRCLE, message).maybe_at(primary.span.clone()).help("name the primary"));
        }
    }
    answers.backups.iter().for_each(|backup| stores.expect(&backup.name, cx));
    answers.resilience.policies.iter().for_each(|policy| both.expect(&policy.name, cx));
    let stages = answers.delivery.stages.iter().flat_map(|stage| &stage.value.with);
    stages.for_each(|name| stores.expect(name, cx));
    if let Some(provider) = answers.observability.ai.as_ref().and_then(|ai| ai.provider.as_ref()) {
        both.expect(provider, cx);
    }
}

fn of_configuration(answers: &Answers, services: &Known<'_>, both: &Known<'_>, cx: &mut Context) {
    for variable in &answers.configuration.variables {
        variable.value.from.iter().for_each(|name| both.expect(name, cx));
        let services_only = variable.value.only_in.iter().filter(|name| **name != "pipeline");
        services_only.for_each(|name| services.expect(name, cx));
        if variable.value.secret {
            let written =
                variable.value.default.iter().chain(variable.value.r#in.iter().map(|value| &value.value.value));
            for value in written {
                let message = format!("`{}` is a secret, and here stands a value for it", variable.name);
                let fault = Diagnostic::error(codes::SECRET, message).maybe_at(variable.name.span.clone());
                cx.tell(fault.help(format!(
                    "remove the value of {} letters; `configuration.secrets` says where it lives",
                    value.len()
                )));
            }
        }
    }
}

fn of_environments(answers: &Answers, tree: &Node, services: &Known<'_>, stores: &Known<'_>, cx: &mut Context) {
    let environments = Known {
        code: codes::UNKNOWN_ENVIRONMENT,
        what: "environment",
        section: "environments",
        names: answers.environments.names().collect(),
    };
    let variables = answers.configuration.variables.iter();
    variables.flat_map(|variable| &variable.value.r#in).for_each(|value| environments.expect(&value.name, cx));
    let stages = answers.delivery.stages.iter().flat_map(|stage| &stage.value.r#in);
    stages.for_each(|name| environments.expect(name, cx));
    let migrations = answers.delivery.migrations.as_ref().and_then(|migrations| migrations.test_in.as_ref());
    migrations.into_iter().for_each(|name| environments.expect(name, cx));
    for path in ["observability.logs.keep", "observability.logs.body"] {
        let entries = tree.find(path).map_or(&[][..], Node::entries);
        entries.iter().for_each(|entry| environments.expect_at(&entry.key, Some(entry.key_span.clone()), cx));
    }
    for environment in tree.get("environments").map_or(&[][..], Node::entries) {
        for (section, known) in [("services", services), ("datastores", stores), ("backups", stores)] {
            let overlaid = environment.value.get(section).map_or(&[][..], Node::entries);
            overlaid.iter().for_each(|entry| known.expect_at(&entry.key, Some(entry.key_span.clone()), cx));
        }
    }
    promotions(answers, cx);
}

/// An environment that takes another one's digest comes after it.
fn promotions(answers: &Answers, cx: &mut Context) {
    let mut seen: Vec<(&str, bool)> = Vec::new();
    for environment in &answers.environments {
        if let Some(deploy) = &environment.value.deploy {
            let known = answers.environments.contains(&deploy.from);
            let ready = seen.iter().find(|(name, _)| *name == deploy.from.as_str());
            let problem = match ready {
                _ if !known => None,
                Some((_, true)) => None,
                Some((name, false)) => Some(format!("`{name}` is never deployed, so it has no digest to promote")),
                None => Some(format!("`{}` comes later, and environments stand in order of promotion", deploy.from)),
            };
            let span: Option<Span> = deploy.from.span.clone();
            if let Some(problem) = problem {
                cx.tell(
                    Diagnostic::error(codes::PROMOTION_ORDER, problem)
                        .maybe_at(span)
                        .help("name a branch, or an environment above this one that has `deploy:`"),
                );
            }
        }
        seen.push((environment.name.as_str(), environment.value.deploy.is_some()));
    }
}
