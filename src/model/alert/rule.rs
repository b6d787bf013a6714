//! One rule: its scope, parameters, expression, labels and annotations.
//!
//! In: an alert of the catalogue and an environment. Out: drafts, a rule each, whose tests are still to come.
//! Refuses: templates with undefined names, expressions that don't parse or can't fire.

use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use super::condition::{self, Condition};
use super::target::{Item, expand, name_of};
use super::words::{Scope, Words};
use super::{Alert, Fault, Threshold, number, promql, runbook};
use crate::catalog::alert::{self as catalog, Alerts, Expression, Profile, Unit};
use crate::diagnostic::Diagnostic;

/// A template of an alert that can't be rendered.
pub const TEMPLATE: &str = "OPS342";
/// An expression that isn't PromQL.
pub const NOT_PROMQL: &str = "OPS343";
/// A metric that no profile in force gives.
pub const UNKNOWN_METRIC: &str = "OPS344";
/// A threshold that can never be exceeded.
pub const UNREACHABLE: &str = "OPS161";

/// Stands in annotations where Prometheus puts the value or a label, until we know for whom we write.
pub const OPEN: char = '\u{1}';
pub const CLOSE: char = '\u{2}';

/// A rule without its tests.
pub struct Draft<'m> {
    pub alert: Alert,
    pub scope: Scope<'m>,
    pub condition: Condition,
    pub unit: Unit,
    /// Summary and description with marks for value and labels.
    pub marked: IndexMap<String, String>,
    pub reading: promql::Reading,
    pub buckets: Vec<f64>,
}

pub struct Maker<'m, 'f> {
    pub model: &'m Value,
    pub environment: &'m Value,
    pub catalog: &'m Alerts,
    pub words: &'f Words,
    pub alert: &'m catalog::Alert,
    pub faults: &'f mut Vec<Fault>,
}

type Profiles<'m> = Vec<(&'m String, &'m Profile)>;

impl<'m> Maker<'m, '_> {
    pub fn drafts(&mut self) -> Vec<Draft<'m>> {
        let mut start = Scope::new();
        start.bind("m", self.model);
        start.bind("environment", self.environment);
        let scopes = match expand(self.alert.definition.for_each.as_ref(), &start) {
            Ok(scopes) => scopes,
            Err(message) => return self.complain(None, TEMPLATE, message).map_or_else(Vec::new, |()| Vec::new()),
        };
        scopes.into_iter().flat_map(|(scope, items)| self.target(scope, &items).unwrap_or_default()).collect()
    }

    fn target(&mut self, mut scope: Scope<'m>, items: &[Item<'m>]) -> Option<Vec<Draft<'m>>> {
        let wanted = self.words.when(self.alert.definition.when.as_deref(), &scope);
        if !self.tried(wanted)? {
            return None;
        }
        let profiles = self.in_force(&scope)?;
        let (profile, expression) = self.choose(&scope, &profiles)?;
        self.select(&mut scope, items, profile, &profiles)?;
        self.commands(&mut scope);
        let conditions = condition::find(self.alert, &scope, self.faults);
        let drafts = conditions.into_iter().filter_map(|condition| {
            let scope = scope.clone();
            self.draft(scope, items, profile, expression, &profiles, condition)
        });
        Some(drafts.collect())
    }

    /// Profiles that the model lists, or whose own condition holds.
    fn in_force(&mut self, scope: &Scope<'m>) -> Option<Profiles<'m>> {
        let listed = self.model["profiles"].as_array().map_or(&[][..], Vec::as_slice);
        let mut found = Vec::new();
        for (name, profile) in &self.catalog.profiles {
            let listed = listed.iter().any(|item| item.as_str() == Some(name));
            let holds = match &profile.when {
                Some(when) => self.tried(self.words.when(Some(when), scope))?,
                None => listed,
            };
            if holds {
                found.push((name, profile));
            }
        }
        Some(found)
    }

    /// How the series of the innermost item are found: the chosen profile says it, or else the platform's.
    fn select(&mut self, scope: &mut Scope<'m>, items: &[Item<'m>], chosen: &str, profiles: &Profiles<'m>) -> Option<()> {
        let ordered = profiles.iter().filter(|(name, _)| *name == chosen).chain(profiles.iter());
        let found = ordered.flat_map(|(_, profile)| items.iter().rev().filter_map(|(item, _)| profile.select.get(item))).next();
        if let Some(select) = found {
            let series = self.tried(self.words.promql(&select.series, scope))?;
            scope.set_code("select", &series);
            scope.set_code("by", &select.by);
            scope.remember(&series, &select.by);
        }
        Some(())
    }

    fn choose(&mut self, scope: &Scope<'m>, profiles: &Profiles<'m>) -> Option<(&'m String, &'m Expression)> {
        for (name, expression) in &self.alert.definition.profiles {
            let known = name == "any" || profiles.iter().any(|(profile, _)| *profile == name);
            if known && self.tried(self.words.when(expression.when.as_deref(), scope))? {
                return Some((name, expression));
            }
        }
        None
    }

    /// The platform's commands for this scope; one that needs what the scope lacks is left out.
    fn commands(&mut self, scope: &mut Scope<'m>) {
        let platform = &self.model["platform"];
        let ids = ["id", "same_as"].map(|key| platform[key].as_str().unwrap_or_default());
        let Some(commands) = ids.iter().find_map(|id| self.catalog.commands.get(*id)) else { return };
        let rendered: Map<String, Value> = commands
            .iter()
            .filter_map(|(name, template)| Some((name.clone(), self.words.text(template, scope).ok()?.into())))
            .collect();
        scope.set_commands(rendered);
    }

    fn draft(
        &mut self,
        mut scope: Scope<'m>,
        items: &[Item<'m>],
        profile: &str,
        expression: &Expression,
        profiles: &Profiles<'m>,
        condition: Condition,
    ) -> Option<Draft<'m>> {
        let definition = &self.alert.definition;
        let unit = definition.params.get("threshold").map_or(Unit::Count, |param| param.unit);
        let params = self.params(&scope, &condition, unit)?;
        for (name, value) in &params {
            scope.set(name, value);
        }
        scope.set("wait", &json!(condition.wait));
        scope.set_code("compare", if condition.above { ">" } else { "<" });
        let expr = self.tried(self.words.promql(&expression.expr, &scope))?;
        let reading = match promql::read(&expr) {
            Ok(reading) => reading,
            Err(message) => {
                let message = format!("{} for {profile} is not PromQL: {message}: {expr}", self.alert.name);
                return self.complain(None, NOT_PROMQL, message);
            }
        };
        self.checked(profile, profiles, &reading, &condition)?;
        let buckets = reading.buckets(profiles).unwrap_or_default().to_vec();
        let marked = self.annotations(&mut scope, expression, profiles)?;
        if expression.expr.contains("<{ by }>") || reading.absent {
            scope.keep_own_labels();
        }
        let alert = self.assemble(&scope, items, profile, expr, params, &condition, &marked)?;
        Some(Draft { alert, scope, condition, unit, marked, reading, buckets })
    }

    fn params(&mut self, scope: &Scope<'m>, condition: &Condition, unit: Unit) -> Option<Map<String, Value>> {
        let mut params = Map::new();
        if let Some(threshold) = condition.threshold {
            let mut facts = number::project(unit, threshold);
            facts.insert("text".into(), condition.text.clone().into());
            facts.insert("source".into(), source(condition.key.as_deref()));
            params.insert("threshold".into(), Value::Object(facts));
        }
        for (name, param) in self.alert.definition.params.iter().filter(|(name, _)| *name != "threshold") {
            let answered = param.value.as_deref().and_then(|path| condition::text_of(scope.get(path)));
            let key = answered.as_ref().and(param.key.as_deref().or(param.value.as_deref()));
            let text = answered.or_else(|| param.default.clone())?;
            let Some(value) = number::parse(param.unit, &text) else {
                let message = format!("`{text}` of the parameter `{name}` of {} has the wrong unit", self.alert.name);
                return self.complain(key.map(str::to_owned), condition::WRONG_UNIT, message);
            };
            let mut facts = number::project(param.unit, value);
            facts.insert("text".into(), text.into());
            facts.insert("source".into(), source(key));
            params.insert(name.clone(), Value::Object(facts));
        }
        Some(params)
    }

    fn checked(&mut self, profile: &str, profiles: &Profiles<'m>, reading: &promql::Reading, condition: &Condition) -> Option<()> {
        if profile != "any"
            && let Some(metric) = reading.unknown(profiles)
        {
            let message = format!("{} reads `{metric}`, which no metric profile in force has", self.alert.name);
            return self.complain(None, UNKNOWN_METRIC, message);
        }
        let largest = reading.buckets(profiles).and_then(<[f64]>::last).copied();
        if let (Some(largest), Some(threshold)) = (largest, condition.threshold)
            && threshold >= largest
        {
            let message = format!("{} can never fire above {}: the largest bucket of {profile} is {largest}s", self.alert.name, condition.text);
            return self.complain(condition.key.clone(), UNREACHABLE, message);
        }
        Some(())
    }

    fn annotations(&mut self, scope: &mut Scope<'m>, expression: &Expression, profiles: &Profiles<'m>) -> Option<IndexMap<String, String>> {
        let names = profiles.iter().flat_map(|(_, profile)| profile.metrics.values().flat_map(|metric| &metric.labels));
        let labels: Map<String, Value> = names.map(|name| (name.clone(), mark(name).into())).collect();
        scope.set("labels", &Value::Object(labels));
        scope.set("value", &mark("$value").into());
        let place = match &expression.r#where {
            Some(template) => self.tried(self.words.text(template, scope))?,
            None => String::new(),
        };
        scope.set("where", &place.into());
        let definition = &self.alert.definition;
        let mut marked = IndexMap::new();
        for (name, template) in [("summary", &definition.summary), ("description", &definition.description), ("command", &definition.command)] {
            marked.insert(name.to_owned(), self.tried(self.words.text(template, scope))?);
        }
        Some(marked)
    }

    #[allow(clippy::too_many_arguments)]
    fn assemble(
        &mut self,
        scope: &Scope<'m>,
        items: &[Item<'m>],
        profile: &str,
        expr: String,
        params: Map<String, Value>,
        condition: &Condition,
        marked: &IndexMap<String, String>,
    ) -> Option<Alert> {
        let definition = &self.alert.definition;
        let name = self.alert.name.clone();
        let slug = runbook::slug(&name);
        let target = items.iter().map(|(_, item)| name_of(item)).collect::<Vec<_>>().join("/");
        let owner = match &definition.service {
            Some(template) => self.tried(self.words.text(template, scope))?,
            None => items.first().map(|(_, item)| name_of(item)).unwrap_or_default().to_owned(),
        };
        let spec = self.model["name"].as_str().unwrap_or_default();
        let service = if owner.is_empty() { spec.to_owned() } else { format!("{spec}/{owner}") };
        let team = self.model["owner"].as_str().unwrap_or_default().to_owned();
        let environment = name_of(self.environment).to_owned();
        let pairs = [("severity", &condition.severity), ("service", &service), ("signal", &definition.signal), ("environment", &environment), ("team", &team)];
        let labels = pairs.into_iter().map(|(key, value)| (key.to_owned(), value.clone())).collect();
        let path = runbook::path(self.model, &slug);
        let url = runbook::url(self.model, &path);
        let dashboard = runbook::dashboard(spec, &definition.dashboard);
        let mut annotations: IndexMap<_, _> = marked.iter().map(|(key, text)| (key.clone(), self.live(text))).collect();
        annotations.insert("runbook_url".into(), url.clone());
        annotations.insert("dashboard".into(), dashboard.clone());
        let of = |kind: &str| items.iter().find(|(name, _)| name == kind).map(|(_, item)| name_of(item).to_owned());
        let severity = rows(self.environment, "severities").find(|row| name_of(row) == condition.severity).unwrap_or(&Value::Null);
        Some(Alert {
            slug,
            component: self.alert.component.clone(),
            environment,
            service: of("service"),
            store: of("store").or_else(|| of("backup")),
            target,
            severity: condition.severity.clone(),
            signal: definition.signal.clone(),
            measure: definition.measure.clone(),
            profile: profile.to_owned(),
            expr,
            wait: condition.wait.clone().filter(|_| !definition.window),
            keep_firing_for: definition.keep_firing_for.clone(),
            labels,
            annotations,
            summary: marked["summary"].clone(),
            runbook: path,
            runbook_url: url,
            dashboard,
            team,
            threshold: condition.threshold.map(|threshold| Threshold {
                text: condition.text.clone(),
                number: number::number(threshold),
                above: condition.above,
                key: condition.key.clone(),
            }),
            params,
            commands: scope.commands(),
            respond: severity["respond"].as_str().map(str::to_owned),
            channels: severity["to"].as_array().into_iter().flatten().filter_map(|name| Some(name.as_str()?.to_owned())).collect(),
            tests: Vec::new(),
            name,
        })
    }

    /// Marks become Go templates, braces of the spec's own text are kept as text.
    fn live(&self, text: &str) -> String {
        let text = text.replace("{{", "{{ \"{{\" }}");
        unmark(&text, |name| match name {
            "$value" => number::template(self.alert.definition.shows).to_owned(),
            label => format!("{{{{ $labels.{label} }}}}"),
        })
    }

    fn tried<T>(&mut self, result: Result<T, String>) -> Option<T> {
        result.map_err(|message| self.complain::<T>(None, TEMPLATE, format!("{}: {message}", self.alert.folder))).ok()
    }

    fn complain<T>(&mut self, key: Option<String>, code: &'static str, message: String) -> Option<T> {
        let diagnostic = Diagnostic::error(code, message);
        if !self.faults.iter().any(|fault| fault.diagnostic == diagnostic) {
            self.faults.push(Fault { key, diagnostic });
        }
        None
    }
}

fn rows<'v>(environment: &'v Value, key: &str) -> impl Iterator<Item = &'v Value> {
    environment["alerting"][key].as_array().into_iter().flatten()
}

fn source(key: Option<&str>) -> Value {
    key.map_or_else(|| "default".into(), Into::into)
}

fn mark(name: &str) -> String {
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
