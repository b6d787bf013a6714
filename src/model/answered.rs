//! The answers as templates see them: one shape for each idea, whichever of its forms the spec used.
//!
//! In: the spec as JSON. Out: the same tree with conditions, times, channels, thresholds, policies in their template form.
//! Refuses nothing; nothing here depends on another answer except defaults that a section gives its rows.

mod delivery;
mod observed;
mod policy;
mod time;

use super::fact::{Value, at, empty, entries, fact, facts, list, name, none, text, with};
pub use time::party;

/// Rewrites the whole tree.
pub fn answers(root: &Value) -> Value {
    let last = list(root, "environments").iter().rev().map(name).next().unwrap_or_default().to_owned();
    let base = view(root, &last, None);
    let environments: Vec<Value> = list(root, "environments").iter().map(environment).collect();
    let rest = facts!({
        "environments": environments,
        "delivery": delivery::delivery(at(root, "delivery")),
        "configuration": delivery::configuration(at(root, "configuration")),
        "incidents": policy::incidents(at(root, "incidents")),
        "recovery": policy::recovery(at(root, "recovery")),
        "resilience": policy::resilience(at(root, "resilience")),
        "security": policy::security(at(root, "security")),
        "docs": policy::docs(at(root, "docs")),
        "outputs": each(at(root, "outputs"), |output| with(output, facts!({ "glob": name(output) }))),
    });
    with(&with(root, base), rest)
}

/// The sections that an environment may overlay.
fn view(root: &Value, environment: &str, level: Option<&Value>) -> Value {
    facts!({
        "services": each(at(root, "services"), service),
        "datastores": each(at(root, "datastores"), datastore),
        "hosting": hosting(at(root, "hosting")),
        "observability": observed::observability(at(root, "observability"), environment, level),
        "alerting": observed::alerting(at(root, "alerting")),
        "backups": each(at(root, "backups"), backup),
    })
}

fn environment(answered: &Value) -> Value {
    let own = name(answered).to_owned();
    let facts = facts!({
        "access": each(at(answered, "access"), party),
        "hours": time::hours(at(answered, "hours")),
        "deploy": deploy(at(answered, "deploy")),
        "create": create(at(answered, "create")),
    });
    with(&with(answered, view(answered, &own, Some(at(answered, "logs")))), facts)
}

fn deploy(answered: &Value) -> Value {
    if answered.is_none() {
        return none();
    }
    let trigger = at(answered, "trigger");
    let on = text(trigger, "on").unwrap_or("manual");
    let shown = text(trigger, "pattern").map_or_else(|| on.to_owned(), |pattern| format!("{on} \"{pattern}\""));
    let not = each(at(answered, "not"), time::blackout);
    with(answered, facts!({ "trigger": with(trigger, facts!({ "text": shown })), "not": not }))
}

/// Commands of people, not of programs: one line of shell.
fn create(answered: &Value) -> Value {
    if answered.is_none() {
        return none();
    }
    let line = |key: &str| match at(answered, key).as_array() {
        Some(words) => fact(words.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" ")),
        None => at(answered, key).clone(),
    };
    with(answered, facts!({ "command": line("command"), "reset": line("reset"), "destroy": line("destroy") }))
}

/// Every item of a list rewritten; what isn't a list becomes an empty one.
pub(super) fn each(items: &Value, rewrite: impl Fn(&Value) -> Value) -> Vec<Value> {
    items.as_array().map(|items| items.iter().map(rewrite).collect()).unwrap_or_default()
}

/// The value, or another one when nothing was answered.
fn or(value: &Value, default: Value) -> Value {
    if value.is_none() { default } else { value.clone() }
}

/// A word that says "no" becomes nothing.
fn some(value: &Value) -> Value {
    if matches!(value.as_str(), Some("none")) { none() } else { value.clone() }
}

/// Start-up time that probes allow when nothing is said.
const STARTS_WITHIN: &str = "30s";
/// Longest wait for a smoke request when nothing is said.
const SMOKE_WITHIN: &str = "10s";
/// Pause between two changes of the number of instances when nothing is said.
const COOLDOWN: &str = "5m";

fn service(answered: &Value) -> Value {
    let health = at(answered, "health");
    let starts = or(at(health, "starts_within"), fact(STARTS_WITHIN));
    with(
        answered,
        facts!({
            "scaling": scaling(at(answered, "scaling")),
            "load": load(at(answered, "load")),
            "health": with(health, facts!({ "starts_within": starts })),
            "smoke": each(at(answered, "smoke"), smoke),
        }),
    )
}

fn scaling(answered: &Value) -> Value {
    let fixed = at(answered, "min") == at(answered, "max");
    let cooldown = if fixed { none() } else { or(at(answered, "cooldown"), fact(COOLDOWN)) };
    with(answered, facts!({ "fixed": fixed, "cooldown": cooldown }))
}

fn load(answered: &Value) -> Value {
    let peak = text(answered, "peak");
    let times = peak.and_then(|peak| peak.strip_suffix('x')).and_then(|times| times.parse::<u64>().ok());
    let rate = match (times, text(answered, "now")) {
        (Some(times), Some(now)) => multiplied(now, times),
        _ => peak.map(str::to_owned),
    };
    let blank = facts!({ "now": none(), "year_1": none(), "peak": none() });
    with(&with(&blank, answered.clone()), facts!({ "peak_rate": rate }))
}

fn multiplied(rate: &str, times: u64) -> Option<String> {
    let digits = rate.find(|c: char| !c.is_ascii_digit()).unwrap_or(rate.len());
    rate[..digits].parse::<u64>().ok().map(|count| format!("{}{}", count * times, &rate[digits..]))
}

fn smoke(answered: &Value) -> Value {
    let said = ["get", "post", "head"].into_iter().find_map(|method| text(answered, method).map(|path| (method, path)));
    let (method, path) = said.unwrap_or(("get", "/"));
    let within = or(at(answered, "within"), fact(SMOKE_WITHIN));
    with(answered, facts!({ "method": method.to_uppercase(), "path": path, "within": within, "body": none() }))
}

fn datastore(answered: &Value) -> Value {
    let size = at(answered, "size");
    let count = or(at(answered, "count"), fact(1));
    let nodes = or(at(size, "nodes"), fact(1));
    let size = with(size, facts!({ "high_availability": some(at(size, "high_availability")), "nodes": nodes }));
    with(answered, facts!({ "size": size, "count": count }))
}

fn hosting(answered: &Value) -> Value {
    let network = at(answered, "network");
    let subnets = entries(at(network, "subnets")).filter(|(name, _)| *name != "because");
    let subnets: Vec<Value> = subnets.map(|(name, cidrs)| facts!({ "name": name, "cidrs": listed(cidrs) })).collect();
    let subnets: Vec<Value> = subnets.into_iter().filter(|subnet| !list(subnet, "cidrs").is_empty()).collect();
    let infrastructure = at(answered, "infrastructure");
    let facts = facts!({
        "network": with(network, facts!({ "subnets": subnets, "cdn": some(at(network, "cdn")) })),
        "infrastructure": with(infrastructure, facts!({ "state": state(at(infrastructure, "state")) })),
        "residency": some(at(answered, "residency")),
    });
    with(answered, facts)
}

fn listed(value: &Value) -> Value {
    if value.is_none() {
        empty()
    } else if value.is_array() {
        value.clone()
    } else {
        fact([value])
    }
}

fn state(answered: &Value) -> Value {
    let kept = ["s3", "gcs", "azure", "http"].into_iter();
    let found = kept.filter_map(|kind| text(answered, kind).map(|name| (kind, name))).next();
    found.map_or(none(), |(kind, name)| facts!({ "kind": kind, "name": name, "lock": at(answered, "lock") }))
}

/// How long weekly and monthly backups stay when nothing is said.
const WEEKLY: &str = "8w";
const MONTHLY: &str = "12m";

fn backup(answered: &Value) -> Value {
    let keep = at(answered, "keep");
    let permanent = text(keep, "permanent_or_daily") == Some("permanent") || text(keep, "daily") == Some("permanent");
    let kept = |key: &str, default: Value| if permanent { none() } else { or(at(keep, key), default) };
    let drill = at(answered, "drill");
    let place = or(at(drill, "where"), fact("platform"));
    with(
        answered,
        facts!({
                "keep": with(keep, facts!({
            "permanent": permanent, "daily": kept("daily", none()),
            "weekly": kept("weekly", fact(WEEKLY)), "monthly": kept("monthly", fact(MONTHLY)),
        })),
                "to": destination(at(answered, "to")),
                "drill": if drill.is_none() { none() } else { with(drill, facts!({ "where": place })) },
            }),
    )
}

fn destination(url: &Value) -> Value {
    let Some(whole) = url.as_str() else { return none() };
    if let Some((remote, path)) = whole.strip_prefix("rclone:").and_then(|rest| rest.split_once(':')) {
        return facts!({ "url": whole, "scheme": "rclone", "remote": remote, "bucket": none(), "path": path });
    }
    let (scheme, rest) = whole.split_once("://").unwrap_or(("file", whole));
    let (bucket, path) = if scheme == "file" { ("", rest) } else { rest.split_once('/').unwrap_or((rest, "")) };
    facts!({ "url": whole, "scheme": scheme, "remote": none(), "bucket": bucket, "path": path })
}
