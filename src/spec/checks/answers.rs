//! Which answers each quality asks for, with the question behind each.

use crate::diagnostic::{Diagnostic, Span, codes};
use crate::spec::decode::Context;
use crate::spec::tree::Node;
use crate::spec::{Answers, Quality, ServiceKind};

/// Where an answer is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Once.
    Once,
    /// In each service that answers requests.
    Web,
    /// In each service that stays up.
    Running,
    /// In each store that is no copy.
    Store,
    /// In each database.
    Database,
    /// In each store that a backup was answered for.
    Backup,
    /// In each environment that is deployed.
    Deployed,
}

/// An answer that a quality asks for.
#[derive(Clone, Copy, Debug)]
pub struct Requirement {
    /// Key; in a scope, after the name.
    pub key: &'static str,
    pub scope: Scope,
    pub from: Quality,
    pub question: &'static str,
    /// What the answer looks like.
    pub example: &'static str,
}

const fn ask(
    scope: Scope,
    from: Quality,
    key: &'static str,
    question: &'static str,
    example: &'static str,
) -> Requirement {
    Requirement { key, scope, from, question, example }
}

use Quality::{Enterprise, Mvp, Production};
use Scope::{Backup, Database, Deployed, Once, Running, Store, Web};

/// Every answer that is asked for.
pub const REQUIRED: &[Requirement] = &[
    ask(Once, Mvp, "services", "What runs?", "services: { api: { kind: web, port: 8000 } }"),
    ask(
        Once,
        Mvp,
        "environments",
        "How many environments are there?",
        "environments: { production: { url: …, deploy: { from: main } } }",
    ),
    ask(Once, Mvp, "delivery.ci", "Which system builds and deploys?", "ci: NAME"),
    ask(Once, Production, "repository.slug", "Where does the code live?", "repository: { slug: acme/acme-api }"),
    ask(Once, Production, "owner", "Which team owns the service?", "owner: platform"),
    ask(Once, Production, "hosting.regions", "Where is it deployed geographically?", "regions: [iad]"),
    ask(
        Once,
        Production,
        "hosting.infrastructure",
        "Is infrastructure managed as code?",
        "infrastructure: { tool: terraform }",
    ),
    ask(Once, Production, "delivery.image", "Is the application containerised?", "image: { registry: …, base: … }"),
    ask(Once, Production, "delivery.strategy", "How does a new version replace the old one?", "strategy: rolling"),
    ask(Once, Production, "delivery.rollback.within", "How quickly must a rollback be complete?", "within: 5m"),
    ask(Once, Production, "delivery.rollback.by", "Who can start a rollback?", "by: [platform]"),
    ask(
        Once,
        Production,
        "delivery.rollback.automatic",
        "What triggers a rollback?",
        "automatic: { error_rate: 5% for 5m }",
    ),
    ask(Once, Production, "configuration.secrets.store", "How are secrets managed?", "secrets: { store: platform }"),
    ask(
        Once,
        Production,
        "configuration.variables",
        "What differs between environments?",
        "variables: { LOG_LEVEL: { about: … } }",
    ),
    ask(Once, Production, "observability.metrics.store", "Which tool keeps metrics?", "metrics: { store: prometheus }"),
    ask(
        Once,
        Production,
        "observability.uptime",
        "How do you know from outside that it is up?",
        "uptime: { tool: blackbox, every: 1m }",
    ),
    ask(Once, Production, "observability.errors", "Who collects errors?", "errors: sentry"),
    ask(Once, Production, "observability.logs.to", "Where do logs go?", "logs: { to: platform }"),
    ask(Once, Production, "observability.logs.keep", "How long are logs kept?", "logs: { keep: 30d }"),
    ask(
        Once,
        Production,
        "alerting.channels",
        "Which channels carry alerts?",
        "channels: { incidents: { slack: \"#incidents\", url: SLACK_WEBHOOK_URL } }",
    ),
    ask(
        Once,
        Production,
        "alerting.severities",
        "How fast is each severity answered, and where is it sent?",
        "severities: { critical: { to: [incidents], respond: 15m } }",
    ),
    ask(
        Once,
        Production,
        "alerting.thresholds",
        "When should you be alerted?",
        "thresholds: { error_rate: { high: 5% for 5m } }",
    ),
    ask(Once, Production, "alerting.on_call", "Is somebody on call?", "on_call: { tool: pagerduty, rotation: weekly }"),
    ask(Once, Production, "incidents.channel", "Where do people talk during an incident?", "channel: \"#incidents\""),
    ask(
        Once,
        Production,
        "incidents.escalate",
        "When is an incident escalated, and to whom?",
        "escalate: [{ after: 30m, to: platform }]",
    ),
    ask(
        Once,
        Production,
        "incidents.postmortem",
        "Which incidents get a postmortem?",
        "postmortem: { for: [sev1, sev2], within: 48h }",
    ),
    ask(
        Once,
        Production,
        "security.authentication",
        "How do users prove who they are?",
        "authentication: { users: oauth }",
    ),
    ask(
        Once,
        Production,
        "security.authorization",
        "What may authenticated users do?",
        "authorization: { model: rbac }",
    ),
    ask(Once, Production, "security.encryption", "How is data encrypted?", "encryption: { transit: tls, rest: true }"),
    ask(Once, Production, "security.input", "How is malicious input kept out?", "input: { validation: pydantic }"),
    ask(Once, Production, "cost.budget", "What is the budget?", "budget: 150 USD/month"),
    ask(Once, Production, "cost.track", "How are costs tracked?", "track: aws-budgets"),
    ask(Once, Production, "docs.api", "How is the interface documented?", "api: code-first"),
    ask(
        Once,
        Enterprise,
        "delivery.migrations",
        "How do database migrations run in production?",
        "migrations: { tool: alembic }",
    ),
    ask(Once, Enterprise, "observability.traces", "How are requests traced across services?", "traces: { to: jaeger }"),
    ask(
        Once,
        Enterprise,
        "resilience.policies",
        "How long to wait for each dependency, and how often to retry?",
        "policies: { db: { timeout: 5s, retries: 2 } }",
    ),
    ask(
        Once,
        Enterprise,
        "recovery",
        "How is each kind of loss made good?",
        "recovery: { service: { within: 2m, by: automatic } }",
    ),
    ask(Once, Enterprise, "recovery.exercise", "How often is recovery rehearsed?", "exercise: quarterly"),
    ask(Once, Enterprise, "security.audits", "How is security audited?", "audits: { penetration_test: yearly }"),
    ask(
        Once,
        Enterprise,
        "security.scan",
        "What looks for vulnerabilities?",
        "scan: { dependencies: pip-audit, image: trivy }",
    ),
    ask(Once, Enterprise, "security.data", "Which data is about people?", "data: { personal: [email] }"),
    ask(Once, Enterprise, "hosting.network", "What does the network look like?", "network: { vpc: 10.0.0.0/16 }"),
    ask(
        Once,
        Enterprise,
        "hosting.failover",
        "What happens when a region is lost?",
        "failover: { region: eu-central-1, by: dns }",
    ),
    ask(Once, Enterprise, "delivery.release", "How are releases made?", "release: { cadence: weekly }"),
    ask(Web, Production, "health.liveness", "How do you verify that the process lives?", "liveness: /health/live"),
    ask(
        Web,
        Production,
        "health.readiness",
        "How do you verify that it can take traffic?",
        "readiness: { path: /health/ready }",
    ),
    ask(Web, Production, "slo", "What is promised of it?", "slo: { availability: 99.9% }"),
    ask(Web, Production, "smoke", "Which requests must work after a deploy?", "smoke: [{ get: /health }]"),
    ask(Web, Production, "load", "How much traffic is expected?", "load: { now: 50rps, year_1: 150rps, peak: 4x }"),
    ask(Running, Production, "scaling", "How does it scale?", "scaling: { min: 2, max: 5, when: { cpu: 80% } }"),
    ask(
        Running,
        Production,
        "resources",
        "How much processor and memory does an instance get?",
        "resources: { cpu: 250m..500m, memory: 512MiB }",
    ),
    ask(Web, Enterprise, "shutdown", "How does it stop gracefully?", "shutdown: { drain: 30s, timeout: 50s }"),
    ask(
        Database,
        Production,
        "connections",
        "How many connections does the database take?",
        "connections: { max: 100 }",
    ),
    ask(Database, Production, "pool", "How are database connections pooled?", "pool: { tool: pgbouncer, max: 10 }"),
    ask(
        Store,
        Production,
        "backup",
        "How is the data backed up?",
        "backups: { db: { method: [dump], schedule: daily } }",
    ),
    ask(Backup, Production, "rpo", "How much data loss is acceptable?", "rpo: 24h"),
    ask(Backup, Production, "rto", "How fast must service be restored?", "rto: 2h"),
    ask(Backup, Production, "drill", "How is restoring tested?", "drill: { every: monthly }"),
    ask(Deployed, Production, "url", "Where do people reach it?", "url: https://api.example.com"),
    ask(Deployed, Production, "data", "What data does it hold?", "data: synthetic"),
];

fn asks(asked: Quality, quality: Quality) -> bool {
    asked <= quality
}

pub fn check(answers: &Answers, tree: &Node, cx: &mut Context) {
    for required in REQUIRED.iter().filter(|required| asks(required.from, answers.quality)) {
        for path in places(required, answers) {
            let written = tree.find(&path).is_some_and(|node| !node.is_null());
            if !written {
                cx.tell(missing(required, &path, answers.quality, tree));
            }
        }
    }
}

/// The full paths at which an answer is asked for.
fn places(required: &Requirement, answers: &Answers) -> Vec<String> {
    let services = |kinds: &[ServiceKind]| -> Vec<String> {
        let picked = answers.services.iter().filter(|service| kinds.contains(&service.value.kind));
        picked.map(|service| format!("services.{}.{}", service.name, required.key)).collect()
    };
    let stores = |databases: bool| -> Vec<&str> {
        let sql = ["postgres", "mysql", "mariadb", "mongodb"];
        let kept = answers.datastores.iter().filter(|store| store.value.replica_of.is_none());
        let kept = kept.filter(|store| {
            store.value.engine.as_ref().is_none_or(|engine| !databases || sql.contains(&engine.as_str()))
        });
        kept.map(|store| store.name.as_str()).collect()
    };
    match required.scope {
        Once => vec![required.key.to_owned()],
        Web => services(&[ServiceKind::Web]),
        Running => services(&[ServiceKind::Web, ServiceKind::Worker]),
        Database => stores(true).iter().map(|name| format!("datastores.{name}.{}", required.key)).collect(),
        Store => stores(false).iter().map(|name| format!("backups.{name}")).collect(),
        Backup => answers.backups.names().map(|name| format!("backups.{name}.{}", required.key)).collect(),
        Deployed => {
            let deployed = answers.environments.iter().filter(|environment| environment.value.deploy.is_some());
            deployed.map(|environment| format!("environments.{}.{}", environment.name, required.key)).collect()
        }
    }
}

fn missing(required: &Requirement, path: &str, quality: Quality, tree: &Node) -> Diagnostic {
    let fault = Diagnostic::error(codes::MISSING_ANSWER, format!("`{path}` is not answered: {}", required.question));
    let fault = fault.maybe_at(nearest_key(path, tree)).label(format!("quality {quality} asks for it"));
    fault.help(format!("for example `{}`", required.example))
}

/// The key of the innermost part of the path that stands in the file, else `quality`.
fn nearest_key(path: &str, tree: &Node) -> Option<Span> {
    let (mut node, mut span) = (tree, None);
    for part in path.split('.') {
        let Some(entry) = node.entries().iter().find(|entry| entry.key == part) else { break };
        span = Some(entry.key_span.clone());
        node = &entry.value;
    }
    span.or_else(|| tree.entries().iter().find(|entry| entry.key == "quality").map(|entry| entry.key_span.clone()))
}
