//! One indicator about one item: its objectives, counted in the profile that is in force.
//!
//! In: a scope with the item bound. Out: objectives. Refuses: undefined names in templates, shares of all or nothing, bounds
//! that the histogram lacks.

use super::super::alert::number::parse;
use super::super::alert::target::Item;
use super::super::alert::words::{Scope, Words};
use super::super::alert::{Fault, condition, profile, promql};
use super::super::fact::{Value, at, name as called, yes};
use super::bound::{self, Bound};
use super::exact::Exact;
use super::{NO_BUDGET, OUTSIDE, Sample, Slo, burn, record, traffic};
use crate::catalog::alert::{Alerts, Indicator, Objective, Sli, Unit};
use crate::diagnostic::Diagnostic;

/// A template of an indicator that can't be rendered, or doesn't make PromQL.
const TEMPLATE: &str = "OPS342";

pub struct Maker<'m, 'f> {
    pub model: &'m Value,
    pub environment: &'m Value,
    pub catalog: &'m Alerts,
    pub words: &'f Words,
    pub id: &'m str,
    pub sli: &'m Sli,
    pub faults: &'f mut Vec<Fault>,
}

impl<'m> Maker<'m, '_> {
    pub fn all(&mut self, mut scope: Scope<'m>, items: &[Item<'m>]) -> Vec<Slo> {
        let wanted = self.words.when(self.sli.when.as_deref(), &scope);
        if self.tried(wanted) != Some(true) {
            return Vec::new();
        }
        let Some((profile, indicator, profiles)) = self.counted(&scope) else { return Vec::new() };
        let selected = profile::select(self.words, &mut scope, items, profile, &profiles);
        if self.tried(selected).is_none() {
            return Vec::new();
        }
        let objectives = &self.sli.objectives;
        let found = objectives
            .iter()
            .filter_map(|(name, objective)| self.objective(name, objective, &scope, items, (profile, indicator)));
        found.collect()
    }

    /// The first profile in force that can count it.
    fn counted(&mut self, scope: &Scope<'m>) -> Option<(&'m str, &'m Indicator, profile::Profiles<'m>)> {
        let profiles = profile::in_force(self.model, self.catalog, self.words, scope);
        let profiles = self.tried(profiles)?;
        let mut found = None;
        for (name, indicator) in &self.sli.profiles {
            let holds = self.words.when(indicator.when.as_deref(), scope);
            if profiles.iter().any(|(known, _)| *known == name) && self.tried(holds)? {
                found = Some((name.as_str(), indicator));
                break;
            }
        }
        found.map(|(name, indicator)| (name, indicator, profiles))
    }

    fn objective(
        &mut self,
        name: &str,
        objective: &Objective,
        scope: &Scope<'m>,
        items: &[Item<'m>],
        (profile, indicator): (&str, &Indicator),
    ) -> Option<Slo> {
        let mut scope = scope.clone();
        let (share, key) = self.share(objective, &scope)?;
        let within = self.within(objective, indicator, &scope)?;
        if let Some(within) = &within {
            scope.set("within", &within.text.clone().into());
            scope.set("bound", &within.le.clone().into());
            scope.set_code("le", &within.matcher());
        }
        let (period, period_key) = (self.answer(&scope, "window")?, self.key(&scope, "window")?);
        let share = self.budgeted(share, &key)?;
        let promise = burn::Promise { share, period: &period, key: &key, period_key: &period_key };
        let target = items.last().map(|(_, item)| called(item).to_owned()).unwrap_or_default();
        let service = format!("{}/{target}", called(self.model));
        let recorded = recorded(self.model);
        let counted = self.windows(indicator, &scope, recorded)?;
        let select = format!("service=\"{service}\",slo=\"{name}\",environment=\"{}\"", called(self.environment));
        let numbers =
            if recorded { record::Numbers::Recorded(select.clone()) } else { record::Numbers::Counted(&counted) };
        let severity = |wanted: &str| condition::known(&scope, wanted);
        let (rows, dropped) = burn::rows(&self.catalog.burns, &promise, &numbers, severity);
        let exhausted = vec![burn::exhausted(&promise, severity)];
        let load = self.sli.load.as_deref().and_then(|path| condition::text_of(scope.get(path)));
        let per_second = load.as_deref().and_then(|load| parse(Unit::Rate, load));
        let traffic = load.zip(per_second).map(|(load, rate)| traffic::of(&load, rate, &rows));
        let series = promql::read(&promql::parse(&counted.first()?.errors).ok()?).series;
        let hour = numbers.share("1h");
        let group = format!("{}-{}-slo-{target}-{name}", called(self.model), called(self.environment));
        let groups = if recorded { record::groups(&group, &select, counted, &period, share) } else { Vec::new() };
        let samples = self.samples(indicator, &scope)?;
        let good = self.words.text(&self.sli.good, &scope);
        let good = self.tried(good)?;
        Some(Slo {
            name: name.to_owned(),
            environment: called(self.environment).to_owned(),
            target,
            service,
            objective: share.as_percent(),
            share: Value::from(share.to_f64()),
            budget: share.rest().as_percent(),
            allowed: Value::from(share.rest().to_f64()),
            good,
            events: self.sli.events.clone(),
            profile: profile.to_owned(),
            key,
            within,
            period_ratio: record::ratio(&period),
            period_total: record::total(&period),
            recorded,
            hour,
            exhausted,
            rows,
            dropped,
            traffic,
            groups,
            samples,
            series,
            period,
            period_key,
        })
    }

    /// The text that the spec gives under the promise.
    fn answer(&self, scope: &Scope<'m>, key: &str) -> Option<String> {
        condition::text_of(scope.get(&format!("{}.{key}", self.sli.promise)))
    }

    fn key(&mut self, scope: &Scope<'m>, key: &str) -> Option<String> {
        let place = self.words.text(&self.sli.spec, scope);
        Some(format!("{}.{key}", self.tried(place)?))
    }

    /// The promised share and the spec key that promises; nothing when nothing is promised.
    fn share(&mut self, objective: &Objective, scope: &Scope<'m>) -> Option<(String, String)> {
        if let Some(within) = &objective.within {
            self.answer(scope, within)?;
        }
        let said = objective.share.as_ref().and_then(|key| self.answer(scope, key));
        let share = said.or_else(|| objective.of.clone())?;
        let key = objective.within.as_ref().or(objective.share.as_ref())?;
        Some((share, self.key(scope, key)?))
    }

    fn budgeted(&mut self, text: String, key: &str) -> Option<Exact> {
        let share = Exact::percent(&text)?;
        if share > Exact::whole(0) && share < Exact::whole(1) {
            return Some(share);
        }
        let message = format!("an objective of {text} leaves no error budget that could burn");
        let help = "promise what you can miss now and then, for example 99.9%: a failed deployment or a broken cable is part of every year";
        self.fault(key, Diagnostic::error(NO_BUDGET, message).help(help))
    }

    /// Nothing when there is no bound, and none when it is refused.
    #[allow(clippy::option_option)]
    fn within(&mut self, objective: &Objective, indicator: &Indicator, scope: &Scope<'m>) -> Option<Option<Bound>> {
        let Some(key) = &objective.within else { return Some(None) };
        let promised = self.answer(scope, key)?;
        let seconds = parse(Unit::Duration, &promised)?;
        let histogram = indicator.histogram.as_deref().unwrap_or_default();
        if indicator.chosen {
            return Some(Some(bound::chosen(&promised, seconds)));
        }
        let metric = self.catalog.profiles.values().find_map(|profile| profile.metric(histogram));
        match bound::of(&promised, seconds, metric.map_or(&[], |metric| metric.buckets.as_slice())) {
            Ok(bound) => Some(Some(bound)),
            Err(ends) => {
                let message =
                    format!("whether something took {promised} can't be counted: `{histogram}` tells {ends} apart");
                let help = format!(
                    "promise a time from {ends}, or measure with other bounds and say so in the metric profile"
                );
                let key = self.key(scope, key)?;
                self.fault(&key, Diagnostic::error(OUTSIDE, message).help(help))
            }
        }
    }

    /// The windows that are counted from the events: where nothing is recorded, also those of days.
    fn windows(&mut self, indicator: &Indicator, scope: &Scope<'m>, recorded: bool) -> Option<Vec<record::Counted>> {
        let mut counted = Vec::new();
        let more = if recorded { &[][..] } else { &record::LONG };
        for window in record::SHORT.into_iter().chain(more.iter().copied()) {
            let mut scope = scope.clone();
            scope.set("window", &window.into());
            let total = self.expression(&indicator.total, &scope)?;
            let bad = self.optional(indicator.bad.as_ref(), &scope)?;
            let good = self.optional(indicator.good.as_ref(), &scope)?;
            let errors = record::bad(&total, bad.as_deref(), good.as_deref());
            counted.push(record::Counted { window, total, errors });
        }
        Some(counted)
    }

    #[allow(clippy::option_option)]
    fn optional(&mut self, template: Option<&String>, scope: &Scope<'m>) -> Option<Option<String>> {
        match template {
            Some(template) => self.expression(template, scope).map(Some),
            None => Some(None),
        }
    }

    fn expression(&mut self, template: &str, scope: &Scope<'m>) -> Option<String> {
        let expr = self.words.promql(template, scope);
        let expr = self.tried(expr)?;
        let tree = promql::parse(&expr).map_err(|message| format!("{message}: {expr}"));
        self.tried(tree)?;
        Some(expr)
    }

    fn samples(&mut self, indicator: &Indicator, scope: &Scope<'m>) -> Option<Vec<Sample>> {
        let mut samples = Vec::new();
        for (series, counts) in &indicator.samples {
            let series = self.words.promql(series, scope);
            samples.push(Sample { series: self.tried(series)?, counts: counts.name() });
        }
        Some(samples)
    }

    fn tried<T>(&mut self, result: Result<T, String>) -> Option<T> {
        let place = self.id;
        result
            .map_err(|message| self.fault::<T>("", Diagnostic::error(TEMPLATE, format!("slos/{place}: {message}"))))
            .ok()
    }

    fn fault<T>(&mut self, key: &str, diagnostic: Diagnostic) -> Option<T> {
        if !self.faults.iter().any(|fault| fault.diagnostic == diagnostic) {
            self.faults.push(Fault { key: Some(key.to_owned()).filter(|key| !key.is_empty()), diagnostic });
        }
        None
    }
}

/// Whether a recorded series has a store where the rules run; a place that isn't named is a Prometheus of the reader's own.
fn recorded(model: &Value) -> bool {
    at(model, "rules.id").is_none() || yes(model, "rules.records")
}
