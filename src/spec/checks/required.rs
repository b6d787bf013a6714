//! Every answer that is asked for: from which quality, with which question.
//!
//! Plain data; `answers` looks whether each was given.

use crate::spec::Quality;

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
    ask(Once, Mvp, "delivery.image.registry", "Where are images kept?", "image: { registry: ghcr.io/acme/acme-api }"),
    ask(Once, Mvp, "delivery.image.base", "What is the image built on?", "image: { base: \"python:3.12-slim\" }"),
    ask(Once, Mvp, "configuration.secrets.store", "How are secrets managed?", "secrets: { store: platform }"),
    ask(Running, Mvp, "command", "Which command starts it?", "command: [gunicorn, \"app:app\"]"),
    ask(
        Running,
        Mvp,
        "resources",
        "How much processor and memory does an instance get?",
        "resources: { cpu: 250m..500m, memory: 512MiB }",
    ),
    ask(Once, Mvp, "summary", "What is it, in one line?", "summary: Takes orders and tells the warehouse"),
    ask(Once, Mvp, "repository.slug", "Where does the code live?", "repository: { slug: acme/acme-api }"),
    ask(Once, Mvp, "owner", "Which team owns the service?", "owner: platform"),
    ask(Once, Production, "hosting.regions", "Where is it deployed geographically?", "regions: [iad]"),
    ask(
        Once,
        Production,
        "hosting.infrastructure",
        "Is infrastructure managed as code?",
        "infrastructure: { tool: terraform }",
    ),
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
