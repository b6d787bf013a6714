//! What each failure does: which series change, which alerts fire and when, and the scenario that proves it.
//!
//! In: the model with its alerts, the failures of the catalogue. Out: one failure a target of the live environment.
//! Refuses: templates with undefined names, series and alerts that no spec could have, behaviours that aren't any.

mod effect;
mod expected;
mod normal;
mod scenario;
mod shape;
mod window;

use serde::Serialize;

use super::alert::around::{Around, Arounds};
use super::alert::target::{self, Item};
use super::alert::words::{Scope, Words};
use super::alert::{Alert, Fault};
use super::fact::{self, Value, at, list, name, named, none, text};
use crate::catalog::alert::{self as catalog, Alerts, OneOrMany, Shown};
use crate::diagnostic::Diagnostic;
use std::rc::Rc;

pub use expected::Expected;
pub use normal::Series;
use scenario::Given;
pub use scenario::{Scenario, written};
pub use shape::Shape;
use window::Rule;

/// A failure of the catalogue that can't be told for this spec.
pub const BROKEN: &str = "OPS363";

/// A failure of one thing.
#[derive(Clone, Debug, Serialize)]
pub struct Failure {
    /// The folder: `database-down`.
    pub name: String,
    pub environment: String,
    /// The items it is about: `db`, `api`.
    pub target: String,
    pub title: String,
    pub breaks: String,
    pub by_itself: String,
    pub first: String,
    /// Who notices where no alert does; null is what asks from outside.
    pub unseen: Option<String>,
    /// What links call its heading.
    pub anchor: String,
    /// The row of the recovery plan; null when none is written.
    pub promise: Value,
    /// What is left of the promise when the first alert has been answered; null when nothing is.
    pub left: Option<String>,
    /// Whether nothing is left.
    pub late: bool,
    /// The first one first.
    pub alerts: Vec<Expected>,
    /// Names of alerts that the spec's limits decide on.
    pub may: Vec<String>,
    /// Whether an alert of this spec sees it.
    pub seen: bool,
    /// Whether its scenario takes hours.
    pub slow: bool,
    /// Null where none does.
    pub scenario: Option<Scenario>,
}

/// The failures of the live environment.
pub fn resolve(model: &Value, catalog: &Alerts, alerts: &[Alert]) -> (Vec<Failure>, Vec<Fault>) {
    let environment = at(model, "live");
    if environment.is_none() || alerts.is_empty() {
        return (Vec::new(), Vec::new());
    }
    let rules: Vec<Rule<'_>> =
        alerts.iter().filter(|alert| alert.environment == name(environment)).map(Rule::of).collect();
    let mut maker = Maker::new(model, environment, catalog);
    let normal = normal::all(&mut maker);
    let mut found = Vec::new();
    for failure in &catalog.failures {
        let made = maker.failures(failure, &normal, &rules);
        found.extend(maker.tried(&failure.folder, made).unwrap_or_default());
    }
    (found, maker.faults)
}

/// What an environment's metrics are like when all is well.
pub fn normal(model: &Value, environment: &Value, catalog: &Alerts) -> (Vec<Series>, Vec<Fault>) {
    let mut maker = Maker::new(model, environment, catalog);
    let series = normal::all(&mut maker);
    (series, maker.faults)
}

/// Seconds between the answer to the first alert and the promise; none where nothing is promised, or it comes back by itself.
fn left(promise: &Value, alerts: &[Expected]) -> Option<u64> {
    if list(promise, "by").iter().any(|by| text(by, "text") == Some("automatic")) {
        return None; // it waits for nobody
    }
    let within = fact::seconds(text(promise, "within")?)?;
    let first = alerts.iter().find(|row| row.page).or(alerts.first())?;
    let answer = first.respond.as_deref().and_then(fact::seconds).unwrap_or(0);
    Some(within.saturating_sub(first.latest + answer))
}

/// A scope and the items that it was made for.
struct Scoped<'m> {
    scope: Scope<'m>,
    items: Vec<Item<'m>>,
}

struct Maker<'m> {
    model: &'m Value,
    environment: &'m Value,
    catalog: &'m Alerts,
    words: &'static Words,
    start: Scope<'m>,
    arounds: Arounds<'m>,
    faults: Vec<Fault>,
}

impl<'m> Maker<'m> {
    fn new(model: &'m Value, environment: &'m Value, catalog: &'m Alerts) -> Self {
        let mut start = Scope::new();
        start.bind("m", model);
        start.bind("environment", environment);
        let (words, arounds) = (Words::shared(), Arounds::default());
        Self { model, environment, catalog, words, start, arounds, faults: Vec::new() }
    }

    fn failures(
        &mut self,
        failure: &catalog::Failure,
        normal: &[Series],
        rules: &[Rule<'_>],
    ) -> Result<Vec<Failure>, String> {
        let mut found = Vec::new();
        for around in self.expand(failure.definition.for_each.as_ref(), &self.start.clone(), &[])? {
            if self.words.when(failure.definition.when.as_deref(), &around.scope)? {
                found.push(self.failure(failure, &around, normal, rules)?);
            }
        }
        Ok(found)
    }

    fn failure(
        &mut self,
        failure: &catalog::Failure,
        around: &Scoped<'m>,
        normal: &[Series],
        rules: &[Rule<'_>],
    ) -> Result<Failure, String> {
        let definition = &failure.definition;
        let effects = self.effects(definition, around)?;
        let seconds = |text: &str| fact::seconds(text).ok_or_else(|| format!("`{text}` is no duration"));
        let (step, lasts) = (seconds(&definition.step)?, seconds(&definition.lasts)?);
        let (expected, may) = expected::all(&effects, rules, step, lasts)?;
        let say = |text: &str| self.words.text(text, &around.scope).map(|text| text.trim().to_owned());
        let title = say(&definition.title)?;
        let given = Given { definition, effects: &effects, expected: &expected, may: &may, normal, rules };
        let scenario = if given.expected.is_empty() { None } else { scenario::of(&given)? };
        let rows = list(self.model, "recovery.rows");
        let promise = definition.promise.as_deref().and_then(|wanted| named(rows, wanted)).cloned();
        let target = around.items.iter().map(|(_, item)| name(item)).collect::<Vec<_>>().join("/");
        let promise = promise.unwrap_or_else(none);
        let left = left(&promise, &expected);
        Ok(Failure {
            anchor: anchor(&title),
            left: left.filter(|left| *left > 0).map(expected::spoken),
            late: left == Some(0),
            name: failure.name.clone(),
            environment: name(self.environment).to_owned(),
            target,
            breaks: say(&definition.breaks)?,
            by_itself: say(&definition.by_itself)?,
            first: say(&definition.first)?,
            unseen: definition.unseen.as_deref().map(say).transpose()?,
            promise,
            alerts: expected,
            may,
            title,
            seen: scenario.is_some(),
            slow: scenario.as_ref().is_some_and(|scenario| scenario.slow),
            scenario,
        })
    }

    /// The scopes of a `for_each` in a scope, with the commands of the platform.
    fn expand(
        &mut self,
        for_each: Option<&OneOrMany>,
        start: &Scope<'m>,
        outer: &[Item<'m>],
    ) -> Result<Vec<Scoped<'m>>, String> {
        let mut found = Vec::new();
        for (mut scope, own) in target::expand(for_each, start)? {
            let items = [outer, &own].concat();
            scope.set_commands(self.around(&scope, &items)?.commands.clone());
            found.push(Scoped { scope, items });
        }
        Ok(found)
    }

    fn around(&mut self, scope: &Scope<'m>, items: &[Item<'m>]) -> Result<Rc<Around<'m>>, String> {
        self.arounds.of(self.model, self.catalog, self.words, scope, items)
    }

    fn shown(&self, shown: &Shown, scope: &Scope<'_>) -> Result<String, String> {
        match shown {
            Shown::Number(number) => Ok(number.to_string()),
            Shown::Words(words) => self.words.text(words, scope),
        }
    }

    fn tried<T>(&mut self, place: &str, result: Result<T, String>) -> Option<T> {
        let complain = |message: String| {
            let diagnostic = Diagnostic::error(BROKEN, format!("{place}: {message}"));
            self.faults.push(Fault { key: None, diagnostic });
        };
        result.map_err(complain).ok()
    }
}

/// As pages that show Markdown name a heading: letters and digits as they are, dashes for blanks, nothing else.
fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
    kept.collect::<String>().replace(' ', "-").to_lowercase()
}
