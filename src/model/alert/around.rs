//! What every alert about the same items shares: the metric profiles in force, their labels, the commands of the
//! platform, of the store's provider and of the place where the rules run.
//!
//! In: a scope with the items bound. Out: the same answer for the same items, made once. Refuses: undefined names.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::super::fact::{Value, at, list, table, text, yes};
use super::lint::Keep;
use super::profile::{self, Profiles};
use super::target::Item;
use super::wording::mark;
use super::words::{Scope, Words};
use crate::catalog::alert::Alerts;

pub struct Around<'m> {
    pub profiles: Profiles<'m>,
    /// How long metrics are kept.
    pub keep: Option<Keep>,
    /// Bounds that objectives ask the application's histograms for.
    pub asked: Vec<f64>,
    /// Every label of the profiles, as a mark.
    pub labels: Value,
    /// The commands of the platform, of the store's provider and of where the rules run; one that needs what the scope lacks is left out.
    pub commands: Value,
}

/// The answers of one environment, by the items of the model that they are about.
#[derive(Default)]
pub struct Arounds<'m>(BTreeMap<Vec<*const Value>, Rc<Around<'m>>>);

impl<'m> Arounds<'m> {
    pub fn of(
        &mut self,
        model: &Value,
        catalog: &'m Alerts,
        words: &Words,
        scope: &Scope<'m>,
        items: &[Item<'m>],
    ) -> Result<Rc<Around<'m>>, String> {
        let key: Vec<*const Value> = items.iter().map(|(_, item)| std::ptr::from_ref(*item)).collect();
        if let Some(known) = self.0.get(&key) {
            return Ok(known.clone());
        }
        let profiles = profile::in_force(model, catalog, words, scope)?;
        let names = profiles.iter().flat_map(|(_, profile)| profile.metrics.values().flat_map(|metric| &metric.labels));
        let labels = table(names.map(|name| (name.clone(), mark(name).into())));
        let commands = commands(model, catalog, words, scope);
        let keep = Keep::of(model, scope.get("environment"));
        let objectives = list(scope.get("environment"), "slos").iter();
        let asked =
            objectives.filter(|slo| yes(slo, "within.exact")).filter_map(|slo| at(slo, "within.seconds").as_f64());
        let made = Rc::new(Around { profiles, keep, asked: asked.collect(), labels, commands });
        self.0.insert(key, made.clone());
        Ok(made)
    }
}

fn commands(model: &Value, catalog: &Alerts, words: &Words, scope: &Scope<'_>) -> Value {
    let folder = |area: &str, key: &str| text(model, key).and_then(|id| catalog.commands.get(&format!("{area}/{id}")));
    let mut scope = scope.clone();
    // A backup is one of a store.
    let of = scope.get("backup.store").as_str();
    let backed_up = |store: &&Value| of.is_some() && text(store, "name") == of;
    if let Some(store) = list(scope.get("environment"), "datastores").iter().find(backed_up) {
        scope.bind("store", store);
    }
    let platform = folder("hosting", "platform.id").or_else(|| folder("hosting", "platform.same_as"));
    let provider = scope.get("store.provider").as_str().and_then(|id| catalog.commands.get(&format!("providers/{id}")));
    let commands: Vec<_> = platform.into_iter().chain(provider).chain(folder("rules", "rules.id")).flatten().collect();
    words.learn(commands.iter().map(|(_, template)| template.as_str()), []);
    let rendered = commands
        .into_iter()
        .filter_map(|(name, template)| Some((name, words.text(template, &scope).ok()?)))
        .filter(|(_, command)| !command.trim().is_empty())
        .map(|(name, command)| (name.clone(), command.trim().into()));
    table(rendered)
}
