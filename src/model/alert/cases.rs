//! Unit tests of a rule, made from the same parameters as the rule.
//!
//! In: all drafts of one alert in one environment. Out: promtool cases with exact labels and annotations.
//! Refuses: templates with undefined names.

use super::super::fact::{self, Key, Value};
use indexmap::IndexMap;
use serde::Serialize;

use super::number::{number, project, shown};
use super::probe::{Probe, same_target};
use super::rule::{Draft, TEMPLATE};
use super::times::{SLOWLY, Times, seconds};
use super::wording::unmark;
use super::words::{Scope, Words};
use super::{Alert, Fault};
use crate::catalog::alert::{self as catalog, Case, Samples};
use crate::diagnostic::Diagnostic;

/// One promtool case.
#[derive(Clone, Debug, Serialize)]
pub struct Test {
    pub name: String,
    pub interval: String,
    pub series: Vec<Series>,
    pub eval_time: String,
    /// Just before the wait is over: nothing fires yet.
    pub early: Option<String>,
    pub slow: bool,
    pub expected: Vec<Expected>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Series {
    pub series: String,
    pub values: String,
}

/// An alert that fires, as Alertmanager would get it.
#[derive(Clone, Debug, Serialize)]
pub struct Expected {
    pub labels: IndexMap<String, String>,
    pub annotations: IndexMap<String, String>,
}

/// The tests of each draft, in the order of the drafts.
pub fn of(drafts: &[Draft<'_>], alert: &catalog::Alert, words: &Words, faults: &mut Vec<Fault>) -> Vec<Vec<Test>> {
    let mut all = Vec::new();
    for (at, draft) in drafts.iter().enumerate() {
        let first = drafts.iter().position(|other| same_target(other, draft)) == Some(at);
        let mut tests = Vec::new();
        for case in alert.tests.iter().filter(|case| meant(case, draft)) {
            if !first && !case.fires && !probes(case) {
                continue;
            }
            match (Maker { drafts, draft, case, alert, words }).test() {
                Ok(test) => tests.push(test),
                Err(message) => {
                    let message = format!("{}/tests.yaml, {}: {message}", alert.folder, case.case);
                    faults.push(Fault { key: None, diagnostic: Diagnostic::error(TEMPLATE, message) });
                }
            }
        }
        all.push(tests);
    }
    all
}

fn meant(case: &Case, draft: &Draft<'_>) -> bool {
    case.profile.as_deref().is_none_or(|profile| profile == draft.alert.profile)
}

/// Whether the case follows the threshold.
fn probes(case: &Case) -> bool {
    let listed = case.samples.iter().flat_map(|samples| samples.values.values());
    case.series.iter().flat_map(|(series, values)| [series, values]).chain(listed).any(|it| it.contains("threshold"))
}

struct Maker<'a, 'm> {
    drafts: &'a [Draft<'m>],
    draft: &'a Draft<'m>,
    case: &'a Case,
    alert: &'a catalog::Alert,
    words: &'a Words,
}

impl Maker<'_, '_> {
    fn test(&self) -> Result<Test, String> {
        let probe = Probe::of(self.draft, self.drafts, self.case.fires);
        let firing = self.firing(&probe);
        let interval = seconds(&self.case.interval).unwrap_or(60.0);
        let evaluation = if interval > 60.0 { SLOWLY } else { 60.0 };
        let times = Times::of(self.case, self.draft.reading.window(), interval);
        let (firing, wait) = waited(firing, self.draft, &times, evaluation);
        let total = times.ready + wait + evaluation;
        let steps = number((total / interval).ceil() + 5.0);
        let mut scope = self.scope(self.draft, &steps);
        let minutes = (total / 60.0).ceil();
        scope.set("now", &number(minutes * 60.0));
        let mut series = self.series(self.case, &scope)?;
        self.calm_others(&steps, &mut series)?;
        let value = self.value(&scope, &probe)?;
        let expected = firing.iter().map(|draft| self.expected(draft, &scope, value)).collect::<Result<_, _>>()?;
        let Alert { name, target, severity, .. } = &self.draft.alert;
        let subject = if target.is_empty() { name.clone() } else { format!("{name} of {target}") };
        let verdict = if self.case.fires { "fires" } else { "is silent" };
        Ok(Test {
            name: format!("{subject} ({severity}) {verdict}: {}", self.words.text(&self.case.case, &scope)?),
            interval: self.case.interval.clone(),
            series,
            eval_time: format!("{}m", number(minutes)),
            early: self.early(&firing, &times),
            slow: interval > 60.0,
            expected,
        })
    }

    /// The last evaluation at which whatever fires is still waiting.
    fn early(&self, firing: &[&Draft<'_>], times: &Times) -> Option<String> {
        let waits = firing.iter().map(|draft| seconds(draft.alert.wait.as_deref()?));
        let least = waits.reduce(|a, b| Some(a?.min(b?)))??;
        let at = times.onset + least - 60.0;
        (self.case.fires && at >= 0.0).then(|| format!("{}m", number((at / 60.0).floor())))
    }

    /// The drafts of this target that fire at the value of the case.
    fn firing(&self, probe: &Probe) -> Vec<&Draft<'_>> {
        let siblings = self.drafts.iter().filter(|draft| same_target(draft, self.draft));
        match probe.value.filter(|_| probes(self.case)) {
            Some(value) => siblings.filter(|draft| exceeds(value, draft)).collect(),
            None if self.case.fires => siblings.collect(),
            None => Vec::new(),
        }
    }

    fn scope<'d>(&self, draft: &Draft<'d>, steps: &Value) -> Scope<'d> {
        let mut scope = draft.scope.clone();
        scope.set("steps", steps);
        if let Some(threshold) = draft.condition.threshold {
            let mut facts = project(draft.unit, threshold);
            facts.insert(Key::Str("text"), draft.condition.text.clone().into());
            let (fires, holds) = (Probe::of(draft, self.drafts, true), Probe::of(draft, self.drafts, false));
            let (above, below) = if draft.condition.above { (&fires, &holds) } else { (&holds, &fires) };
            for (name, probe) in [("fires", &fires), ("holds", &holds), ("above", above), ("below", below)] {
                facts.insert(Key::Str(name), Value::from(probe.facts(draft.unit)));
            }
            scope.set("threshold", &Value::from(facts));
        }
        scope
    }

    fn series(&self, case: &Case, scope: &Scope<'_>) -> Result<Vec<Series>, String> {
        let render = |(series, values): (&String, &String)| {
            Ok(Series { series: self.words.promql(series, scope)?, values: self.words.text(values, scope)? })
        };
        let mut series: Vec<Series> = case.series.iter().map(render).collect::<Result<_, String>>()?;
        if let Some(samples) = &case.samples {
            series.extend(self.listed(samples, scope)?);
        }
        Ok(series)
    }

    /// The series that the model lists, with the values of what each counts.
    fn listed(&self, samples: &Samples, scope: &Scope<'_>) -> Result<Vec<Series>, String> {
        let rows = scope.get(&samples.of).as_array().unwrap_or_default();
        let known = |row: &&Value| samples.values.contains_key(fact::text(row, "counts").unwrap_or_default());
        let render = |row: &Value| {
            let values = &samples.values[fact::text(row, "counts").unwrap_or_default()];
            let series = fact::text(row, "series").unwrap_or_default().to_owned();
            Ok(Series { series, values: self.words.text(values, scope)? })
        };
        rows.iter().filter(known).map(render).collect()
    }

    /// An alert on absence fires for every target without series: give the other targets theirs.
    fn calm_others(&self, steps: &Value, series: &mut Vec<Series>) -> Result<(), String> {
        if !self.draft.reading.absence {
            return Ok(());
        }
        for other in self.drafts.iter().filter(|other| other.reading.absence && !same_target(other, self.draft)) {
            let Some(case) = self.alert.tests.iter().find(|case| !case.fires && meant(case, other)) else { continue };
            for line in self.series(case, &self.scope(other, steps))? {
                if !series.iter().any(|have| have.series == line.series) {
                    series.push(line);
                }
            }
        }
        Ok(())
    }

    fn value(&self, scope: &Scope<'_>, probe: &Probe) -> Result<f64, String> {
        match &self.case.value {
            Some(template) => {
                let text = self.words.text(template, scope)?;
                text.parse().map_err(|_| format!("the value `{text}` is not a number"))
            }
            None => Ok(probe.value.unwrap_or(1.0)),
        }
    }

    fn expected(&self, draft: &Draft<'_>, scope: &Scope<'_>, value: f64) -> Result<Expected, String> {
        let mut labels = draft.alert.labels.clone();
        let mut own = IndexMap::new();
        own.extend(scope.own_labels().iter().cloned());
        for (name, template) in &self.case.labels {
            own.insert(name.clone(), self.words.text(template, scope)?);
        }
        for (name, text) in &own {
            labels.entry(name.clone()).or_insert_with(|| text.clone());
        }
        let shows = self.alert.definition.shows;
        let fill = |name: &str| match name {
            "$value" => shown(shows, value),
            label => own.get(label).cloned().unwrap_or_default(),
        };
        let mut annotations = draft.alert.annotations.clone();
        for (name, text) in draft.marked.iter().filter(|(name, _)| *name != "legend") {
            annotations.insert(name.clone(), unmark(text, fill));
        }
        Ok(Expected { labels, annotations })
    }
}

/// Who fires once `draft` has waited, and how long to wait for that. Where it can't be told whether another one of them
/// fires by then, all of them are waited for.
fn waited<'d, 'm>(
    firing: Vec<&'d Draft<'m>>,
    draft: &'d Draft<'m>,
    times: &Times,
    evaluation: f64,
) -> (Vec<&'d Draft<'m>>, f64) {
    let wait = |draft: &Draft<'_>| draft.alert.wait.as_deref().and_then(seconds).unwrap_or(0.0);
    let (own, at) = (wait(draft), times.ready + wait(draft) + evaluation);
    if firing.iter().all(|other| wait(other) <= own || times.onset + wait(other) > at) {
        return (firing.into_iter().filter(|other| wait(other) <= own).collect(), own);
    }
    let longest = firing.iter().map(|other| wait(other)).fold(own, f64::max);
    (firing, longest)
}

fn exceeds(value: f64, draft: &Draft<'_>) -> bool {
    draft
        .condition
        .threshold
        .is_none_or(|threshold| if draft.condition.above { value > threshold } else { value < threshold })
}
