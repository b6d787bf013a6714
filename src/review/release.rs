//! Approvals, health, people who hear of trouble.

use super::{Finding, services};
use crate::diagnostic::codes;
use crate::model::fact::{Value, list, name, text, texts};

pub fn check(facts: &Value) -> Vec<Finding> {
    let approvals = list(facts, "deployed").iter().filter_map(|environment| approvals(facts, environment));
    let probes = services(facts).filter_map(|(environment, service)| probes(environment, service));
    let silent = list(facts, "alerting.severities").iter().filter_map(silent);
    let twice = services(facts).filter_map(|(environment, service)| twice(environment, service));
    approvals.chain(probes).chain(silent).chain(twice).collect()
}

/// Required reviewers of a private repository need the plan for large organisations.
fn approvals(facts: &Value, environment: &Value) -> Option<Finding> {
    let visible = text(facts, "repository.visibility") == Some("public");
    let paid = text(facts, "repository.plan") == Some("enterprise");
    let hosted = text(facts, "repository.host") == Some("github");
    if visible || paid || !hosted || texts(environment, "deploy.approvers").is_empty() {
        return None;
    }
    let plan = text(facts, "repository.plan").unwrap_or("free");
    let message =
        format!("a private repository on the {plan} plan can't require approvals for `{}`", name(environment));
    let help = "the deployment is started by hand instead, by people who are listed; a public repository or the enterprise plan enforces it";
    let key = format!("environments.{}.deploy.approvers", name(environment));
    Some(Finding::new(codes::APPROVAL_NOT_ENFORCED, key, message, help))
}

/// Liveness that asks the database restarts everything when the database is away.
fn probes(environment: &Value, service: &Value) -> Option<Finding> {
    let (alive, ready) = (text(service, "health.liveness.path")?, text(service, "health.readiness.path")?);
    let needs = texts(service, "health.readiness.requires");
    let message = format!("`{}` asks the same path whether it lives and whether it is ready", name(service));
    let help = format!(
        "readiness needs {}: without it every instance would be restarted; give liveness a path that asks nothing",
        needs.join(", ")
    );
    let key = format!("services.{}.health.liveness", name(service));
    (alive == ready && !needs.is_empty())
        .then(|| Finding::new(codes::LIVENESS_ASKS_TOO_MUCH, key, message, help).of(environment))
}

fn silent(severity: &Value) -> Option<Finding> {
    let key = format!("alerting.severities.{}.to", name(severity));
    let message = format!("nobody hears of alerts of severity `{}`", name(severity));
    texts(severity, "to")
        .is_empty()
        .then(|| Finding::new(codes::NOBODY_HEARS, key, message, "name a channel under `to`"))
}

/// A scheduler that runs twice starts everything twice.
fn twice(environment: &Value, service: &Value) -> Option<Finding> {
    let most = crate::model::fact::at(service, "scaling.max").as_u64()?;
    let message = format!(
        "the scheduler `{}` may run {most} times at once, and would start everything {most} times",
        name(service)
    );
    let key = format!("services.{}.scaling", name(service));
    let several = text(service, "kind") == Some("scheduler") && most > 1;
    several.then(|| Finding::new(codes::SCHEDULER_TWICE, key, message, "write `scaling: 1`").of(environment))
}
