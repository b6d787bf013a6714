//! Every question of the five documents that a spec answers has keys, and every key exists in the format.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use opsgen::diagnostic::Source;
use opsgen::spec::{self, Node, read};
use serde_json::Value as Json;

/// The questions of each document, by number; what follows the number is a field of the question or a cell of its table.
const QUESTIONS: &[(&str, &str)] = &[
    (
        "operations",
        "1 1.promotion 2 2.liveness 2.readiness 2.startup 3 3.previous 3.flags 3.migrations 3.time 4 4.levels
         4.format 4.aggregation 4.retention 5 5.detection 5.communication 5.response 5.escalation
         5.postmortem 6 6.what 6.frequency 6.retention 6.testing 6.rto 6.rpo 7 7.variables 7.flags 7.secrets
         8 8.response 8.errors 8.throughput 8.queries 8.tools",
    ),
    (
        "production-readiness",
        "1 1.why 2 2.residency 2.failover 3 3.resources 3.triggers 3.limits 4 4.alerting 5 5.tracking
         5.saving 6 7 8 9 9.rotation 9.development 10 10.transit 10.rest 10.fields 11 11.rate 12
         12.dependencies 12.code 12.penetration 12.compliance 13 14 15 16 17 18 18.recovery 19 20",
    ),
    (
        "deployment",
        "7.1 7.1.why 7.2 7.2.base 7.2.size 7.2.multi-stage 7.2.local 7.3 7.3.variables 7.3.secrets 7.3.flags
         7.4 7.4.stages 7.4.coverage 7.4.scan 7.4.auto 7.4.approval 7.4.1 7.4.1.time 7.4.1.who 7.4.1.triggers
         7.4.1.switch 7.4.1.blue-green-migrations 7.4.1.initial 7.4.1.increase 7.4.1.success 7.5.apm
         7.5.logging 7.5.request-rate 7.5.error-rate 7.5.response-time 7.5.queries 7.5.cache 7.5.resources
         7.5.business 7.6.error-rate 7.6.response-time 7.6.server-errors 7.6.down 7.6.database 7.6.disk
         7.6.memory 7.6.channels 7.6.on-call 7.6.hours 7.7 7.7.retention 7.7.point-in-time 7.7.rto 7.7.rpo
         7.7.1 7.7.1.strategy 7.7.1.rollback 7.7.1.testing 7.7.1.window 7.7.1.duration 7.7.1.notification
         7.7.2 7.7.2.min 7.7.2.max 7.7.2.timeout 7.7.2.idle 7.7.2.lifetime 7.7.2.tracking 7.7.2.exhaustion
         7.8 7.8.vertical 7.8.auto 7.8.initial 7.8.year-1 7.8.peak 7.8.database 7.9.liveness 7.9.readiness
         7.9.report 7.9.1 7.9.1.accept 7.9.1.finish 7.9.1.connections 7.9.1.total 7.9.1.signal 7.9.1.grace
         7.9.1.drain 7.9.2 7.9.2.tool 7.9.2.failure 7.9.2.success 7.9.2.timeout 7.9.2.half-open 7.9.2.reset
         7.9.2.fallback 7.9.3.table 7.9.3.timeout 7.9.3.retries 7.9.3.backoff 7.9.3.never 7.9.4.levels
         7.9.4.body 7.9.4.performance 7.9.4.request 7.9.4.response 7.9.4.masking 7.9.4.format
         7.9.4.aggregation 7.10 7.10.api",
    ),
    (
        "specification",
        "1.purpose 1.data 1.scale 1.external 1.access 1.url 1.create 1.destroy 1.reset 1.time 2.services
         2.stores 2.external 2.entry 2.stage.trigger 2.stage.tools 2.stage.success 2.stage.failure
         2.stage.timeout 2.rollout.method 2.rollout.canary 2.rollout.health 2.rollout.automatic
         2.rollout.manual 2.rollout.migrations 3.registry.name 3.registry.type 3.registry.default
         3.registry.required 3.registry.about 3.registry.allowed 3.registry.sensitive 3.order 3.flags
         3.flags.rollout 4.system.cpu 4.system.memory 4.system.disk 4.system.restarts 4.app.request-rate
         4.app.error-rate 4.app.p95 4.app.p99 4.app.queue 4.app.pool 4.business 4.ai.latency 4.ai.tokens
         4.ai.tools 4.ai.retrieval 4.dashboards 4.dashboards.ai 5.format 5.levels 5.pii 5.audit 6.type
         6.trigger 6.min 6.max 6.cooldown 6.cpu 6.memory 7.backup.method 7.backup.frequency
         7.backup.retention 7.backup.tested 7.rto 7.rpo 7.procedure.service 7.procedure.database
         7.procedure.region 7.procedure.corruption 7.procedure.time 7.procedure.owner 8.runbooks 8.escalation",
    ),
    (
        "operations-document",
        "1.1 1.2 1.3 1.3.smoke 1.3.approval 1.3.freeze 1.3.emergency 1.4.triggers 1.4.process 1.4.database
         1.5.cadence 1.5.freeze 1.5.sign-off 1.5.notes 1.5.monitoring 1.5.retrospective 1.5.stakeholders
         1.6.tool 1.6.repository 1.6.structure 1.6.state 1.6.process 2.1 2.2 2.2.example 2.2.production
         2.3.tool 2.3.rotation 2.4.tool 2.4.strategy 2.5 3.1.metrics 3.1.logging 3.1.tracing 3.1.dashboards
         3.1.alerting 3.2.application 3.2.infrastructure 3.2.business 3.3.format 3.3.levels 3.3.retention
         3.3.fields 3.4.propagation 3.4.sampling 3.5.severities 3.5.definitions 3.5.runbooks 3.6 3.7
         3.8.severities 3.8.detection 3.8.triage 3.8.stakeholders 3.8.resolution 3.8.postmortem 3.8.rotation
         3.8.acknowledge 3.8.handoff 3.9.database 3.9.files 3.9.rto 3.9.rpo 3.9.procedures 3.9.region
         3.9.testing 4.1.migrations 4.1.window 4.1.verification 4.2.renewal 4.2.alert 4.3.critical 4.3.high
         4.3.regular 5.version 5.status 5.review",
    ),
];

fn file(document: &str) -> Node {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("blueprints/questions/{document}.yaml"));
    let (tree, faults) = read::read(&Source::new(document, fs::read_to_string(path).unwrap()));
    assert!(faults.is_empty(), "{document}: {faults:?}");
    tree
}

fn text<'a>(node: &'a Node, key: &str) -> &'a str {
    node.get(key).and_then(Node::scalar).unwrap_or_default()
}

fn rows(document: &str) -> Vec<Node> {
    match file(document).get("questions").map(|node| node.value.clone()) {
        Some(spec::tree::Value::List(rows)) => rows,
        _ => panic!("{document} has no questions"),
    }
}

fn keys(row: &Node) -> Vec<String> {
    match row.get("keys").map(|node| &node.value) {
        Some(spec::tree::Value::List(keys)) => keys.iter().map(Node::text).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn no_question_is_dropped_and_none_is_made_up() {
    for (document, wanted) in QUESTIONS {
        assert_eq!(text(&file(document), "document"), *document);
        let rows = rows(document);
        let found: Vec<&str> = rows.iter().map(|row| text(row, "id")).collect();
        assert_eq!(found, wanted.split_whitespace().collect::<Vec<_>>(), "{document}");
        for row in &rows {
            assert!(text(row, "question").ends_with('?'), "{document} {}", text(row, "id"));
            assert!(!text(row, "section").is_empty(), "{document} {}", text(row, "id"));
            assert!(!keys(row).is_empty(), "{document} {} is answered by nothing", text(row, "id"));
        }
    }
}

/// The schemas that a path leads to; `*` is any name or any item.
fn reach<'a>(root: &'a Json, schema: &'a Json, path: &[&str]) -> bool {
    if let Some(name) = schema["$ref"].as_str().and_then(|name| name.strip_prefix("#/$defs/")) {
        return reach(root, &root["$defs"][name], path);
    }
    let Some((part, rest)) = path.split_first() else { return true };
    let nested = ["anyOf", "oneOf"].iter().filter_map(|key| schema[*key].as_array()).flatten();
    if nested.into_iter().any(|inner| reach(root, inner, path)) {
        return true;
    }
    let named = &schema["properties"][*part];
    if named.is_object() && reach(root, named, rest) {
        return true;
    }
    let open = &schema["additionalProperties"];
    let names = schema["propertyNames"]["enum"].as_array();
    let named_so = *part == "*"
        || spec::Measure::find(part).is_some()
        || names.is_some_and(|names| names.iter().any(|name| name == part));
    (open.is_object() && named_so && reach(root, open, rest))
        || (*part == "*" && schema["items"].is_object() && reach(root, &schema["items"], rest))
}

#[test]
fn every_key_exists() {
    let schema = spec::schema();
    for (document, _) in QUESTIONS {
        for row in rows(document) {
            for key in keys(&row) {
                let path: Vec<&str> = key.split('.').collect();
                assert!(reach(&schema, &schema, &path), "{document} {}: there is no `{key}`", text(&row, "id"));
            }
        }
    }
    assert!(!reach(&schema, &schema, &["services", "*", "helth"]));
    assert!(!reach(&schema, &schema, &["alerting", "thresholds", "cpus"]));
}

/// The two examples answer what their documents ask: the enterprise one everything that fits its choices.
#[test]
fn the_examples_answer() {
    for (example, documents, open) in [
        ("fly-web-api", &["operations", "production-readiness"][..], FLY_OPEN),
        ("kubernetes-shop", &["specification", "operations-document"][..], SHOP_OPEN),
    ] {
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("snapshots/{example}/spec.yaml"));
        let (tree, _) = read::read(&Source::new("spec.yaml", fs::read_to_string(path).unwrap()));
        let mut unanswered = BTreeSet::new();
        for document in documents {
            for row in rows(document) {
                if keys(&row).iter().all(|key| tree.answers(key).is_empty()) {
                    unanswered.insert(format!("{document} {}", text(&row, "id")));
                }
            }
        }
        let open: BTreeSet<String> = open.iter().map(|id| (*id).to_owned()).collect();
        assert_eq!(unanswered, open, "{example}");
    }
}

/// Questions that the first example leaves to defaults.
const FLY_OPEN: &[&str] = &["operations 8.queries"];
/// Questions that the second example leaves to defaults.
const SHOP_OPEN: &[&str] = &[];
