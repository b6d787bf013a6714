//! What can be seen: metrics, dashboards, errors, probes, traces, logs.

use serde_json::{Value as Json, json};

use crate::spec::decode::{Context, Decode, Definitions, Shape};
use crate::spec::macros::{choice, section};
use crate::spec::map::{Labels, Line, Map, Word};
use crate::spec::scalar::{Maybe, Text};
use crate::spec::tree::{Node, Value};
use crate::spec::units::{Duration, PathText, Percent, Retention, Threshold};

use super::PerEnvironment;

section! {
    /// What can be seen.
    pub struct Observability {
        /// Numbers.
        metrics: Metrics = "{}",
        /// Pictures of them.
        dashboards: Dashboards = "grafana",
        /// Who collects errors.
        errors: Maybe<Text>,
        /// Who asks from outside.
        uptime: Maybe<Uptime>,
        /// Requests across services.
        traces: Maybe<Traces>,
        /// What happened, in words.
        logs: Logs = "{}",
        /// Your own metrics.
        business: Map<Business, Word>,
        /// What a model in the service does.
        ai: Maybe<Ai>,
    }
}

section! {
    /// Numbers.
    pub struct Metrics short profile {
        /// Names that the services' metrics have: `opentelemetry`, …
        profile: Option<Text>,
        /// Port that answers; the service's own when left out.
        port: Option<u16>,
        /// Path that answers.
        path: PathText = "/metrics",
        /// Who keeps them.
        store: Option<Text>,
        /// Who evaluates rules over them.
        rules_run_in: Option<Text>,
        /// How long they are kept.
        keep: Option<Retention>,
        /// What else is measured: `node`, `opencost`, or a metric profile of your own.
        exporters: Vec<Text>,
        /// Metrics that have another name here: the profile's name, then yours.
        names: Labels,
    }
}

choice! {
    /// A dashboard.
    pub enum Dashboard {
        /// Errors, latency, traffic, saturation.
        System = "system",
        /// Machines, stores, networks.
        Infrastructure = "infrastructure",
        /// Your own metrics.
        Business = "business",
        /// What a model does.
        Ai = "ai",
    }
}

/// Who draws, and what: `grafana`, `[system, business]`, or `{ tool, show }`.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
pub struct Dashboards {
    pub tool: Text,
    /// Each appears when it has a metric.
    pub show: Vec<Dashboard>,
}

impl Dashboards {
    fn all(tool: Text) -> Self {
        Self { tool, show: vec![Dashboard::System, Dashboard::Infrastructure, Dashboard::Business, Dashboard::Ai] }
    }
}

impl Decode for Dashboards {
    fn decode(node: &Node, cx: &mut Context) -> Option<Self> {
        match &node.value {
            Value::List(_) => Vec::decode(node, cx).map(|show| Self { tool: "grafana".into(), show }),
            Value::Map(entries) => {
                let mut made = Self::all("grafana".into());
                for entry in entries {
                    match entry.key.as_str() {
                        "tool" => made.tool = cx.enter("tool", &entry.key_span, &entry.value).unwrap_or_default(),
                        "show" => made.show = cx.enter("show", &entry.key_span, &entry.value).unwrap_or_default(),
                        "because" => {}
                        _ => crate::spec::decode::unknown_key(entry, &["tool", "show"], cx),
                    }
                }
                Some(made)
            }
            Value::Scalar { .. } => Text::decode(node, cx).map(Self::all),
        }
    }

    fn poisoned() -> Self {
        Self::all("grafana".into())
    }

    fn schema(defs: &mut Definitions) -> Json {
        let show = json!({ "type": "array", "items": Dashboard::schema(defs) });
        let map = json!({
            "type": "object", "additionalProperties": false,
            "properties": { "tool": { "type": "string" }, "show": show.clone(), "because": { "type": "string" } },
        });
        json!({ "anyOf": [{ "type": "string" }, show, map] })
    }

    fn shape() -> Shape {
        Shape::Object(vec![("tool", Shape::Scalar), ("show", Shape::List(Box::new(Shape::Scalar)))])
    }
}

section! {
    /// Who asks from outside.
    pub struct Uptime short tool {
        /// Who asks.
        tool: Text,
        /// How often.
        every: Duration = "1m",
        /// From where.
        from: Vec<Text>,
    }
}

section! {
    /// Requests across services.
    pub struct Traces short to {
        /// Who keeps them.
        to: Text,
        /// Which share.
        sample: Percent = "10%",
        /// Which are always kept: `errors`, `slower than 1s`.
        always: Vec<Text> = "[errors, slower than 1s]",
        /// How services tell each other: `w3c`, `b3`.
        propagate: Text = "w3c",
    }
}

choice! {
    /// Least level that is logged.
    pub enum LogLevel {
        /// Everything.
        Debug = "debug",
        /// What happens.
        Info = "info",
        /// What could become a problem.
        Warning = "warning" | "warn",
        /// What failed.
        Error = "error",
        /// What stops the service.
        Critical = "critical",
    }
}

choice! {
    /// How a line is written.
    pub enum LogFormat {
        /// One JSON object a line.
        Json = "json",
        /// Text with a pattern.
        Text = "text",
        /// As the framework does.
        Framework = "framework",
    }
}

choice! {
    /// How much of a request's or response's body is logged.
    pub enum BodyLogging {
        /// All of it.
        Full = "full",
        /// The beginning.
        Truncated = "truncated",
        /// What can't be left out.
        Minimal = "minimal",
        /// Nothing.
        None = "none",
    }
}

section! {
    /// What happened, in words.
    pub struct Logs {
        /// How a line is written.
        format: LogFormat = "json",
        /// Least level.
        level: LogLevel = "info",
        /// What carries them.
        ship: Maybe<Text>,
        /// Who keeps them.
        to: Option<Text>,
        /// How long; one answer, or one by environment.
        keep: Option<PerEnvironment<Retention>>,
        /// Who did what, kept apart.
        audit: Maybe<Audit>,
        /// Fields that can be searched.
        fields: Vec<Text> = "[timestamp, level, service, environment, version, request_id, trace_id, user_id, error_code]",
        /// How much of bodies; one answer, or one by environment.
        body: PerEnvironment<BodyLogging> = "{ development: full, staging: truncated, production: none }",
        /// Whether durations are logged.
        performance: bool = "true",
        /// Whether query parameters are logged.
        query: bool = "false",
        /// What is hidden, and how.
        mask: Map<Mask, Line> = "{ password: redact, secret: redact, token: last4, api_key: last4, email: partial, phone: last4, credit_card: last4, ssn: redact }",
    }
}

section! {
    /// Who did what.
    pub struct Audit short keep {
        /// How long.
        keep: Retention,
    }
}

choice! {
    /// How a field is hidden.
    pub enum Masking {
        /// Nothing is left.
        Redact = "redact",
        /// The last four characters stay.
        Last4 = "last4",
        /// First letter and domain stay.
        Partial = "partial",
        /// A hash stands for it.
        Hash = "hash",
        /// It stays.
        Keep = "keep",
    }
}

section! {
    /// How a field is hidden.
    pub struct Mask short how {
        /// In which way.
        how: Masking,
    }
}

section! {
    /// A metric of your own.
    pub struct Business {
        /// Its name in the store.
        metric: Text,
        /// What it counts.
        about: Option<Text>,
        /// Who looks at it.
        audience: Option<Text>,
        /// How often they look.
        refresh: Option<Text>,
        /// When to say so.
        alert: Option<Threshold>,
        /// Which share of it may fail, where a label `outcome` tells `error` from the rest.
        failures: Option<Threshold>,
    }
}

section! {
    /// What a model in the service does.
    pub struct Ai {
        /// The dependency that answers.
        provider: Option<Text>,
        /// Which model.
        model: Option<Text>,
        /// How fast it answers.
        latency_p95: Option<Threshold>,
        /// How much it reads and writes.
        tokens_per_request: Option<Threshold>,
        /// What it costs.
        spend: Option<Threshold>,
        /// How often its tools fail.
        tool_failures: Option<Threshold>,
        /// How often it finds nothing.
        empty_retrievals: Option<Threshold>,
        /// How good its answers are.
        quality: Option<Threshold>,
    }
}
