//! One rule: its scope, parameters, expression, labels and annotations.
//!
//! In: an alert of the catalogue and an environment. Out: drafts, a rule each, whose tests are still to come.
//! Refuses: templates with undefined names, expressions that don't parse or can't fire.

use std::sync::Arc;

use super::super::fact::{Key, Map, Value, fact};
use indexmap::IndexMap;
use promql_parser::parser::Expr;

use super::around::{Around, Arounds};
use super::condition::{self, Condition};
use super::profile::{self, Profiles};
use super::target::{Item, expand};
use super::unsaid::Unsaid;
use super::wording::Made;
use super::words::{Scope, Words};
use super::{Alert, Fault, number, promql};
use crate::catalog::alert::{self as catalog, Alerts, Expression, Inside, Unit};
use crate::diagnostic::Diagnostic;

/// A template of an alert that can't be rendered.
pub const TEMPLATE: &str = "OPS342";
/// An expression that isn't PromQL.
pub const NOT_PROMQL: &str = "OPS343";
/// A metric that no profile in force gives.
pub const UNKNOWN_METRIC: &str = "OPS344";
/// A threshold that can never be exceeded.
pub const UNREACHABLE: &str = "OPS161";

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
    /// The model and the environment, bound once for all alerts.
    pub start: &'f Scope<'m>,
    pub catalog: &'m Alerts,
    pub words: &'f Words,
    pub alert: &'m catalog::Alert,
    pub arounds: &'f mut Arounds<'m>,
    pub faults: &'f mut Vec<Fault>,
    pub unsaid: &'f mut Vec<Unsaid>,
}

impl<'m> Maker<'m, '_> {
    pub fn drafts(&mut self) -> Vec<Draft<'m>> {
        let scopes = match expand(self.alert.definition.for_each.as_ref(), self.start) {
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
        self.words.learn_alert(self.alert);
        let around = self.arounds.of(self.model, self.catalog, self.words, &scope, items);
        let around = self.tried(around)?;
        let (language, known) = (profile::language(self.model), &around.profiles);
        let chosen = profile::choose(language, &self.alert.definition.profiles, self.words, &scope, known);
        let Some((profile, expression)) = self.tried(chosen)? else {
            self.miss(&scope, items);
            return None;
        };
        let selected = profile::select(self.words, &mut scope, items, profile, &around.profiles);
        self.tried(selected)?;
        scope.set_commands(around.commands.clone());
        let conditions = condition::find(self.alert, &scope, self.faults);
        let drafts = conditions.into_iter().filter_map(|condition| {
            let scope = scope.clone();
            self.draft(scope, items, profile, expression, &around, condition)
        });
        Some(drafts.collect())
    }

    fn draft(
        &mut self,
        mut scope: Scope<'m>,
        items: &[Item<'m>],
        profile: &str,
        expression: &Expression,
        around: &Around<'m>,
        condition: Condition,
    ) -> Option<Draft<'m>> {
        let profiles = &around.profiles;
        let definition = &self.alert.definition;
        let unit = definition.params.get("threshold").map_or(Unit::Count, |param| param.unit);
        let params = self.params(&scope, &condition, unit)?;
        for (name, value) in &params {
            scope.set(name.as_str().unwrap_or_default(), value);
        }
        scope.set("wait", &fact(&condition.wait));
        scope.set("pending", &profile::pending(profiles, profile, &condition).into());
        scope.set_code("compare", if condition.above { ">" } else { "<" });
        let foreign = profile::language(self.model).is_some();
        let written = match profile::inside(profiles, profile) {
            Some(Inside::Json) => self.words.json(&expression.expr, &scope),
            None if foreign => self.words.text(&expression.expr, &scope),
            None => self.words.promql(&expression.expr, &scope),
        };
        let expr = self.tried(written)?.trim().to_owned();
        let tree = if foreign { None } else { Some(self.parsed(profile, &expr)?) };
        let reading = tree.as_ref().map(promql::read).unwrap_or_default();
        self.checked(profile, profiles, &reading, &condition)?;
        let buckets = reading.buckets(profiles).unwrap_or_default().to_vec();
        let marked = self.annotations(&mut scope, expression, &around.labels)?;
        if let Some(tree) = &tree {
            self.linted(tree, profile, around, &condition, &marked);
        }
        if expression.expr.contains("<{ by }>") || reading.absent {
            scope.keep_own_labels();
        }
        let (series, blind, tree) = (reading.series.clone(), reading.absence, tree.map(Arc::new));
        let made = Made { profile, expr, tree, series, blind, params, marked: &marked };
        let alert = self.assemble(&scope, items, &condition, made)?;
        Some(Draft { alert, scope, condition, unit, marked, reading, buckets })
    }

    fn parsed(&mut self, profile: &str, expr: &str) -> Option<Expr> {
        promql::parse(expr)
            .map_err(|message| {
                let message = format!("{} for {profile} is not PromQL: {message}: {expr}", self.alert.name);
                self.complain::<()>(None, NOT_PROMQL, message)
            })
            .ok()
    }

    fn params(&mut self, scope: &Scope<'m>, condition: &Condition, unit: Unit) -> Option<Map> {
        let mut params = Map::new();
        if let Some(threshold) = condition.threshold {
            let mut facts = number::project(unit, threshold);
            facts.insert(Key::Str("text"), condition.text.clone().into());
            facts.insert(Key::Str("source"), source(condition.key.as_deref()));
            params.insert(Key::Str("threshold"), Value::from(facts));
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
            facts.insert(Key::Str("text"), text.into());
            facts.insert(Key::Str("source"), source(key));
            params.insert(Key::from(name.clone()), Value::from(facts));
        }
        Some(params)
    }

    fn checked(
        &mut self,
        profile: &str,
        profiles: &Profiles<'m>,
        reading: &promql::Reading,
        condition: &Condition,
    ) -> Option<()> {
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
            let message = format!(
                "{} can never fire above {}: the largest bucket of {profile} is {largest}s",
                self.alert.name, condition.text
            );
            let help = format!(
                "take a limit below {largest}s, or measure with larger buckets and say so in the metric profile"
            );
            let diagnostic = Diagnostic::error(UNREACHABLE, message).help(help);
            self.faults.push(Fault { key: condition.key.clone(), diagnostic });
            return None;
        }
        Some(())
    }

    pub(super) fn tried<T>(&mut self, result: Result<T, String>) -> Option<T> {
        result.map_err(|message| self.complain::<T>(None, TEMPLATE, format!("{}: {message}", self.alert.folder))).ok()
    }

    pub(super) fn complain<T>(&mut self, key: Option<String>, code: &'static str, message: String) -> Option<T> {
        let diagnostic = Diagnostic::error(code, message);
        if !self.faults.iter().any(|fault| fault.diagnostic == diagnostic) {
            self.faults.push(Fault { key, diagnostic });
        }
        None
    }
}

fn source(key: Option<&str>) -> Value {
    key.map_or_else(|| "default".into(), Into::into)
}
