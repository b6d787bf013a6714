//! What people read of a rule: labels, annotations, links, who is told.
//!
//! In: a scope with all parameters. Out: texts with marks where Prometheus puts the value or a label, and the finished rule.
//! Refuses: undefined names.

use super::super::fact::{Map, Value, list, name, named, nothing, text, texts};
use std::sync::Arc;

use indexmap::IndexMap;
use promql_parser::parser::Expr;
use sha2::{Digest, Sha256};

use super::condition::Condition;
use super::rule::Maker;
use super::target::Item;
use super::words::Scope;
use super::{Alert, Threshold, number, promql, runbook};
use crate::catalog::alert::Expression;

/// Stands in annotations where Prometheus puts the value or a label, until we know for whom we write.
pub const OPEN: char = '\u{1}';
pub const CLOSE: char = '\u{2}';

/// What was rendered for a rule.
pub struct Made<'p> {
    pub profile: &'p str,
    pub expr: String,
    pub tree: Option<Arc<Expr>>,
    pub series: Vec<String>,
    pub blind: bool,
    pub params: Map,
    pub marked: &'p IndexMap<String, String>,
}

impl<'m> Maker<'m, '_> {
    pub(super) fn annotations(
        &mut self,
        scope: &mut Scope<'m>,
        expression: &Expression,
        labels: &Value,
    ) -> Option<IndexMap<String, String>> {
        scope.set("labels", labels);
        scope.set("value", &mark("$value").into());
        let place = match &expression.r#where {
            Some(template) => self.tried(self.words.text(template, scope))?,
            None => String::new(),
        };
        scope.set("where", &place.as_str().into());
        let definition = &self.alert.definition;
        let mut marked = IndexMap::new();
        for (name, template) in [
            ("summary", &definition.summary),
            ("description", &definition.description),
            ("command", &definition.command),
        ] {
            marked.insert(name.to_owned(), self.tried(self.words.text(template, scope))?);
        }
        marked.insert("legend".into(), place);
        Some(marked)
    }

    pub(super) fn assemble(
        &mut self,
        scope: &Scope<'m>,
        items: &[Item<'m>],
        condition: &Condition,
        made: Made<'_>,
    ) -> Option<Alert> {
        let definition = &self.alert.definition;
        let spec = name(self.model);
        let slug = runbook::slug(&self.alert.name);
        let runbook = runbook::path(self.model, &slug);
        let runbook_url = runbook::url(self.model, &runbook);
        let dashboard = runbook::dashboard(spec, self.catalog.dashboard_of(self.alert));
        let of = |kind: &str| items.iter().find(|(name, _)| name == kind).map(|(_, item)| name(item).to_owned());
        let mut annotations: IndexMap<_, _> = made
            .marked
            .iter()
            .filter(|(key, _)| *key != "legend")
            .map(|(key, text)| (key.clone(), self.live(text)))
            .collect();
        annotations.insert("runbook_url".into(), runbook_url.clone());
        annotations.insert("dashboard".into(), dashboard.clone());
        let severity = self.severity(&condition.severity);
        let target = items.iter().map(|(_, item)| name(item)).collect::<Vec<_>>().join("/");
        let environment = name(self.environment).to_owned();
        let labels = self.labels(scope, items, &condition.severity)?;
        Some(Alert {
            id: identity(&slug, &[spec, &environment, &self.alert.name, &target, &condition.severity]),
            name: self.alert.name.clone(),
            slug,
            component: self.alert.component.clone(),
            environment,
            service: of("service"),
            store: of("store").or_else(|| of("backup")),
            target,
            items: items.iter().map(|(kind, item)| (kind.clone(), name(item).to_owned())).collect(),
            severity: condition.severity.clone(),
            signal: labels["signal"].clone(),
            measure: definition.measure.clone(),
            profile: made.profile.to_owned(),
            expr: made.expr,
            lines: made.tree.as_deref().map(promql::lines).unwrap_or_default().into(),
            tree: made.tree,
            wait: condition.wait.clone().filter(|_| !definition.window),
            keep_firing_for: definition.keep_firing_for.clone(),
            labels,
            annotations,
            summary: made.marked["summary"].clone(),
            runbook,
            runbook_url,
            dashboard,
            team: self.team().to_owned(),
            threshold: threshold(condition),
            params: made.params,
            commands: scope.commands(),
            series: made.series,
            shows: definition.shows,
            legend: unmark(&made.marked["legend"], |label| format!("{{{{{label}}}}}")).trim().to_owned(),
            respond: text(severity, "respond").map(str::to_owned),
            blind: made.blind,
            channels: texts(severity, "to").into_iter().map(str::to_owned).collect(),
            tests: Vec::new(),
            slow: false,
        })
    }

    fn team(&self) -> &'m str {
        text(self.model, "owner").unwrap_or_default()
    }

    fn severity(&self, name: &str) -> &'m Value {
        named(list(self.environment, "alerting.severities"), name).unwrap_or(nothing())
    }

    /// The labels that routing, grouping and muting go by.
    fn labels(&mut self, scope: &Scope<'m>, items: &[Item<'m>], severity: &str) -> Option<IndexMap<String, String>> {
        let owner = match &self.alert.definition.service {
            Some(template) => self.tried(self.words.text(template, scope))?,
            None => items.first().map(|(_, item)| name(item)).unwrap_or_default().to_owned(),
        };
        let signal = self.tried(self.words.text(&self.alert.definition.signal, scope))?;
        let spec = name(self.model);
        let service = if owner.is_empty() { spec.to_owned() } else { format!("{spec}/{owner}") };
        let pairs = [
            ("severity", severity),
            ("service", &service),
            ("signal", &signal),
            ("environment", name(self.environment)),
            ("team", self.team()),
        ];
        let mut labels: IndexMap<String, String> =
            pairs.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
        for (key, template) in &self.alert.definition.labels {
            labels.insert(key.clone(), self.tried(self.words.text(template, scope))?);
        }
        Some(labels)
    }

    /// Marks become Go templates, braces of the spec's own text are kept as text.
    fn live(&self, text: &str) -> String {
        let text = text.replace("{{", "{{ \"{{\" }}");
        unmark(&text, |name| match name {
            "$value" => number::template(self.alert.definition.shows).to_owned(),
            label => format!("{{{{ $labels.{label} }}}}"),
        })
    }
}

fn threshold(condition: &Condition) -> Option<Threshold> {
    condition.threshold.map(|threshold| Threshold {
        text: condition.text.clone(),
        number: number::number(threshold),
        above: condition.above,
        key: condition.key.clone(),
    })
}

pub fn mark(name: &str) -> String {
    format!("{OPEN}{name}{CLOSE}")
}

/// Replaces each mark.
pub fn unmark(text: &str, replace: impl Fn(&str) -> String) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(OPEN) {
        let (name, after) = after.split_once(CLOSE).unwrap_or((after, ""));
        out.push_str(before);
        out.push_str(&replace(name));
        rest = after;
    }
    out + rest
}

/// At most 40 letters, digits and dashes, which is what the narrowest system takes: words for people, then a digest of the parts.
fn identity(words: &str, parts: &[&str]) -> String {
    let digest = Sha256::digest(parts.join("\n").as_bytes());
    let digest: String = digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    let words: String = words.chars().take(27).collect();
    format!("{}-{digest}", words.trim_end_matches('-'))
}

/// What is marked in a text.
pub fn marks(text: &str) -> Vec<&str> {
    let parts = text.split(OPEN).skip(1);
    parts.filter_map(|part| part.split_once(CLOSE)).map(|(name, _)| name).collect()
}
