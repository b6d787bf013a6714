//! The pipeline's facts: stages with their commands, the image's parts, links into the repository.
//!
//! In: answered delivery and repository, the stack of what is built. Out: facts that pipelines and documents share.

use super::fact::{Map, Value, at, empty, facts, list, name, named, none, spoken, table, text, texts, with, yes};

/// The order in which stages run; a stage of the user's own comes after these.
const ORDER: &[&str] = &["lint", "unit", "build", "integration", "scan", "e2e", "approval", "production"];
/// Least coverage of unit tests, and least severity that fails a scan, when nothing is said: `reference` defaults of the format.
const COVERAGE: &str = "80%";
const FAIL_ABOVE: &str = "high";
const TIMEOUT: &str = "15m";

pub fn stages(answered: &[Value], commands: &Value, datastores: &[Value], first: &str) -> Vec<Value> {
    let own = answered.iter().map(name).filter(|stage| !ORDER.contains(stage));
    let wanted = ORDER.iter().copied().filter(|stage| *stage != "e2e" || named(answered, "e2e").is_some()).chain(own);
    wanted.map(|stage| with(&defaults(stage, commands, datastores, first), said(answered, stage))).collect()
}

fn said(answered: &[Value], stage: &str) -> Value {
    Value::from(named(answered, stage).into_iter().flat_map(spoken).collect::<Map>())
}

fn defaults(stage: &str, commands: &Value, datastores: &[Value], first: &str) -> Value {
    let startable = |store: &&Value| !at(store, "engine_facts.image").is_none() && at(store, "primary").is_none();
    let with: Vec<&str> = match stage {
        "integration" => datastores.iter().filter(startable).map(name).collect(),
        _ => Vec::new(),
    };
    facts!({
        "name": stage,
        "command": at(commands, stage),
        "tools": empty(),
        "timeout": TIMEOUT,
        "coverage": (stage == "unit").then_some(COVERAGE),
        "with": with,
        "in": (stage == "e2e").then_some(first),
        "fail_above": (stage == "scan").then_some(FAIL_ABOVE),
        "must_pass": true,
        "after_failure": "stop",
        "because": none(),
    })
}

/// Stages by name beside the list, so that a template can place one.
pub fn pipeline(stages: &[Value], variables: &[Value]) -> Value {
    let secrets = variables.iter().filter(|it| yes(it, "pipeline")).map(name);
    let stage = table(stages.iter().map(|it| (name(it).to_owned(), it.clone())));
    facts!({ "secrets": secrets.collect::<Vec<_>>(), "stages": stages, "stage": stage })
}

/// The image with its registry, repository and base taken apart; null when nothing is containerised.
pub fn image(answered: &Value) -> Value {
    let Some(reference) = text(answered, "registry") else { return none() };
    let (registry, repository) = reference.split_once('/').unwrap_or(("", reference));
    let (base_name, base_tag) = match text(answered, "base") {
        Some(base) => base.rsplit_once(':').map_or((Some(base), None), |(name, tag)| (Some(name), Some(tag))),
        None => (None, None),
    };
    with(
        answered,
        facts!({
            "registry": registry, "repository": repository, "reference": reference,
            "base_name": base_name, "base_tag": base_tag,
        }),
    )
}

/// `hosts`: address of each repository host, from the catalog.
pub fn repository(answered: &Value, hosts: &Value) -> Value {
    let slug = text(answered, "slug").unwrap_or_default();
    let base = text(hosts, text(answered, "host").unwrap_or_default()).unwrap_or_default();
    let url = format!("{base}{slug}");
    with(answered, facts!({ "url": url, "owner": slug.split('/').next() }))
}

pub fn links(repository: &Value, docs: &Value) -> Value {
    let url = text(repository, "url").unwrap_or_default();
    let branch = text(repository, "branch").unwrap_or("main");
    let published = text(docs, "publish").map(|url| url.trim_end_matches('/').to_owned());
    let docs = published.unwrap_or_else(|| format!("{url}/blob/{branch}{}", prefix(repository)));
    facts!({ "docs": docs, "repository": url, "actions": format!("{url}/actions") })
}

fn prefix(repository: &Value) -> String {
    text(repository, "path").map(|path| format!("/{}", path.trim_matches('/'))).unwrap_or_default()
}

/// The tool's own commands where the spec gives none.
pub fn migrations(answered: &Value, tools: &Value) -> Value {
    let Some(tool) = text(answered, "tool") else { return none() };
    let own = at(tools, tool);
    let command = |key: &str| if at(answered, key).is_none() { at(own, key) } else { at(answered, key) };
    with(answered, facts!({ "up": command("up"), "down": command("down"), "dry_run": command("dry_run") }))
}

/// Metric profiles in force: the application's, the platform's, the stores', then what else is measured.
/// A tool that watches from outside is one when `known` metrics come from it.
pub fn profiles(facts: &Value, platform: &Value, known: &Value) -> Vec<String> {
    let mut profiles: Vec<String> = Vec::new();
    let mut add = |profile: &str| {
        if !profiles.iter().any(|known| known == profile) {
            profiles.push(profile.to_owned());
        }
    };
    text(facts, "observability.metrics.profile").into_iter().for_each(&mut add);
    list(platform, "profiles").iter().filter_map(Value::as_str).for_each(&mut add);
    let stores = list(facts, "datastores").iter();
    stores.filter(|store| text(store, "kind") != Some("files")).filter_map(|it| text(it, "engine")).for_each(&mut add);
    text(facts, "observability.uptime.tool").into_iter().filter(|tool| !at(known, tool).is_none()).for_each(&mut add);
    texts(facts, "observability.metrics.exporters").into_iter().for_each(&mut add);
    if !list(facts, "backups").is_empty() {
        add("backup");
    }
    if !at(facts, "observability.ai").is_none() {
        add("genai");
    }
    profiles
}
