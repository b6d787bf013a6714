//! Answers that the platform can't honour by itself.

use super::{Finding, seconds, services};
use crate::diagnostic::codes;
use crate::model::fact::{Value, at, fact, list, name, text, texts, yes};

pub fn check(facts: &Value) -> Vec<Finding> {
    let scaling = services(facts).filter_map(|(environment, service)| scaling(facts, environment, service));
    let promises = services(facts).filter_map(|(environment, service)| window(facts, environment, service));
    let logs = list(facts, "deployed").iter().filter_map(|environment| logs(facts, environment));
    scaling.chain(promises).chain(logs).chain(strategy(facts)).chain(weights(facts)).collect()
}

fn called(facts: &Value) -> &str {
    text(facts, "platform.name").unwrap_or("the platform")
}

fn lacks(facts: &Value, capability: &str) -> bool {
    at(facts, &format!("platform.capabilities.{capability}")) == &fact(false)
}

fn scaling(facts: &Value, environment: &Value, service: &Value) -> Option<Finding> {
    let by_cpu = list(service, "scaling.when").iter().any(|when| text(when, "measure") == Some("cpu"));
    if !by_cpu || !lacks(facts, "cpu_autoscaling") || yes(service, "scaling.fixed") {
        return None;
    }
    let message = format!("{} doesn't scale `{}` by processor time itself", called(facts), name(service));
    let help = "a separate autoscaler is emitted and must run beside it; a waiver says that you know";
    Some(
        Finding::new(codes::NO_AUTOSCALING, format!("services.{}.scaling.when", name(service)), message, help)
            .of(environment),
    )
}

fn own(facts: &Value, store: Option<&str>) -> bool {
    store.is_some() && store == text(facts, "platform.id")
}

fn logs(facts: &Value, environment: &Value) -> Option<Finding> {
    let logs = at(environment, "observability.logs");
    if !own(facts, text(logs, "to")) || text(logs, "ship").is_some() {
        return None;
    }
    let (wanted, kept) = (seconds(logs, "keep")?, seconds(facts, "platform.logs.retention")?);
    let message = format!(
        "logs should stay {}, and {} keeps them {}",
        text(logs, "keep").unwrap_or("longer"),
        called(facts),
        text(facts, "platform.logs.retention").unwrap_or("less"),
    );
    let help = "send them elsewhere with `ship:` and `to:`, or ask for less";
    (wanted > kept)
        .then(|| Finding::new(codes::LOGS_TOO_SHORT, "observability.logs.keep", message, help).of(environment))
}

/// A promise over more days than there are numbers for.
fn window(facts: &Value, environment: &Value, service: &Value) -> Option<Finding> {
    let metrics = at(environment, "observability.metrics");
    let kept = seconds(metrics, "keep");
    let kept =
        kept.or_else(|| seconds(facts, "platform.store.retention").filter(|_| own(facts, text(metrics, "store"))))?;
    let wanted = seconds(service, "slo.window")?;
    let message = format!(
        "the promise of `{}` is counted over {}d, and metrics are kept for {}d",
        name(service),
        wanted / 86_400,
        kept / 86_400
    );
    let help = "keep metrics longer, or shorten `window`";
    let key = format!("services.{}.slo.window", name(service));
    (wanted > kept).then(|| Finding::new(codes::WINDOW_TOO_LONG, key, message, help).of(environment))
}

fn strategy(facts: &Value) -> Option<Finding> {
    let kind = text(facts, "delivery.strategy.kind")?;
    let able = texts(facts, "platform.strategies");
    let pipeline = ["manual", "flags", "recreate"].contains(&kind);
    let message = format!("{} can't do a {kind} deployment", called(facts));
    let help = format!("it can do {}", able.join(", "));
    (!pipeline && !able.is_empty() && !able.contains(&kind))
        .then(|| Finding::new(codes::NO_SUCH_STRATEGY, "delivery.strategy", message, help))
}

fn weights(facts: &Value) -> Option<Finding> {
    let beside = text(facts, "hosting.uses.rollouts").is_some();
    let canary = text(facts, "delivery.strategy.kind") == Some("canary");
    let steps = canary && !beside && lacks(facts, "weighted_traffic");
    let message = format!("{} doesn't send a share of traffic to a canary", called(facts));
    let help = "its canary is one instance first, then all; the steps are not followed";
    steps.then(|| Finding::new(codes::NO_WEIGHTS, "delivery.strategy.canary", message, help))
}
