//! Which metrics there are: the profiles in force, the expression they allow, how series are found.
//!
//! In: a scope. Out: profiles, an expression, `select` and `by` in the scope. Refuses: undefined names.

use super::super::fact::{Map, Value, text, texts};
use indexmap::IndexMap;

use super::condition::Condition;
use super::number::project;
use super::target::Item;
use super::times::seconds;
use super::words::{Scope, Words};
use crate::catalog::alert::{Alerts, Expression, Inside, Profile, Unit};

pub type Profiles<'m> = Vec<(&'m String, &'m Profile)>;

/// What rules are written in where they run; none for PromQL.
pub fn language(model: &Value) -> Option<&str> {
    text(model, "rules.language")
}

/// Profiles that the model lists, or whose own condition holds, of what rules are written in here.
pub fn in_force<'m>(
    model: &Value,
    catalog: &'m Alerts,
    words: &Words,
    scope: &Scope<'_>,
) -> Result<Profiles<'m>, String> {
    speaking(language(model), model, catalog, words, scope)
}

/// The same of one language; none for PromQL.
pub fn speaking<'m>(
    language: Option<&str>,
    model: &Value,
    catalog: &'m Alerts,
    words: &Words,
    scope: &Scope<'_>,
) -> Result<Profiles<'m>, String> {
    let listed = texts(model, "profiles");
    let mut found = Vec::new();
    for (name, profile) in &catalog.profiles {
        if profile.language.as_deref() != language {
            continue;
        }
        let holds = match &profile.when {
            Some(when) => words.when(Some(when), scope)?,
            None => listed.contains(&name.as_str()),
        };
        if holds {
            found.push((name, profile));
        }
    }
    Ok(found)
}

/// The first expression whose profile is in force; `any` always is, for it is PromQL, where rules are.
pub fn choose<'e>(
    language: Option<&str>,
    expressions: &'e IndexMap<String, Expression>,
    words: &Words,
    scope: &Scope<'_>,
    profiles: &Profiles<'_>,
) -> Result<Option<(&'e String, &'e Expression)>, String> {
    for (name, expression) in expressions {
        let known = name == "any" && language.is_none() || profiles.iter().any(|(profile, _)| *profile == name);
        if known && words.when(expression.when.as_deref(), scope)? {
            return Ok(Some((name, expression)));
        }
    }
    Ok(None)
}

/// How the series of the innermost item are found: the chosen profile says it, or else the platform's.
pub fn select(
    words: &Words,
    scope: &mut Scope<'_>,
    items: &[Item<'_>],
    chosen: &str,
    profiles: &Profiles<'_>,
) -> Result<(), String> {
    let ordered = profiles.iter().filter(|(name, _)| *name == chosen).chain(profiles.iter());
    let mut found =
        ordered.flat_map(|(_, profile)| items.iter().rev().filter_map(|(item, _)| profile.select.get(item)));
    if let Some(select) = found.next() {
        let series = words.promql(&select.series, scope)?;
        scope.set_code("select", &series);
        scope.set_code("by", &select.by);
        scope.remember(&series, &select.by);
    }
    Ok(())
}

fn named<'m>(profiles: &Profiles<'m>, chosen: &str) -> Option<&'m Profile> {
    profiles.iter().find(|(name, _)| *name == chosen).map(|(_, profile)| *profile)
}

/// What the expressions of the chosen profile are a part of.
pub fn inside(profiles: &Profiles<'_>, chosen: &str) -> Option<Inside> {
    named(profiles, chosen)?.inside
}

/// How long the rule waits, in the whole steps that the chosen profile knows: never shorter than asked, and at least one.
pub fn pending(profiles: &Profiles<'_>, chosen: &str, condition: &Condition) -> Map {
    let asked = condition.wait.as_deref().and_then(seconds).unwrap_or_default();
    let step = named(profiles, chosen).and_then(|profile| seconds(profile.step.as_deref()?));
    project(Unit::Duration, step.map_or(asked, |step| (asked / step).ceil().max(1.0) * step))
}
