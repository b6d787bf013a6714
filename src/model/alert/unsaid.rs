//! Alerts that fit the spec and that the place where rules run can't be asked: its language has no expression for them.
//!
//! In: a scope of an alert, when no profile of the language was chosen. Out: what stays unwatched, and one warning of it all.
//! Refuses nothing.

use std::collections::BTreeSet;

use super::super::fact::{Value, at, list, name, text};
use serde::Serialize;

use super::rule::Maker;
use super::target::Item;
use super::words::Scope;
use super::{Alert, Fault, profile};
use crate::diagnostic::Diagnostic;

/// The place where rules run knows fewer alerts than the catalogue.
pub const UNSAID: &str = "OPS168";

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unsaid {
    pub name: String,
    pub component: String,
    /// The items it would be about.
    pub target: String,
    pub measure: Option<String>,
}

impl<'m> Maker<'m, '_> {
    /// Remembers the alert, when it would be there in PromQL.
    pub(super) fn miss(&mut self, scope: &Scope<'m>, items: &[Item<'m>]) -> Option<()> {
        profile::language(self.model)?;
        let known = profile::speaking(None, self.model, self.catalog, self.words, scope);
        let known = self.tried(known)?;
        let chosen = profile::choose(None, &self.alert.definition.profiles, self.words, scope, &known);
        self.tried(chosen)??;
        let unsaid = Unsaid {
            name: self.alert.name.clone(),
            component: self.alert.component.clone(),
            target: items.iter().map(|(_, item)| name(item)).collect::<Vec<_>>().join("/"),
            measure: self.alert.definition.measure.clone(),
        };
        if !self.unsaid.contains(&unsaid) {
            self.unsaid.push(unsaid);
        }
        Some(())
    }
}

/// One warning of everything that stays unwatched, the promises that nobody counts among it.
pub fn fault(model: &Value, unsaid: &[Unsaid], alerts: &[Alert]) -> Option<Fault> {
    profile::language(model)?;
    let said: BTreeSet<&str> = alerts.iter().map(|alert| alert.name.as_str()).collect();
    let missed: BTreeSet<&str> = unsaid.iter().map(|it| it.name.as_str()).collect();
    let (partly, silent): (Vec<&str>, Vec<&str>) = missed.into_iter().partition(|name| said.contains(name));
    let services = list(model, "services").iter();
    let promised: Vec<&str> = services.filter(|service| !at(service, "slo").is_none()).map(name).collect();
    let lists = [("not at all", silent.clone()), ("not everywhere", partly), ("objectives", promised)];
    let told = lists.into_iter().filter(|(_, names)| !names.is_empty());
    let told: Vec<String> = told.map(|(how, names)| format!("{how}: {}", names.join(", "))).collect();
    if told.is_empty() {
        return None;
    }
    let place = text(model, "rules.name").unwrap_or_default();
    let message =
        format!("{place} watches {} of the {} alerts that fit this spec", said.len(), said.len() + silent.len());
    let help = "a Prometheus knows them all; a folder of your own teaches more: `--blueprints DIR`";
    let diagnostic = Diagnostic::warning(UNSAID, message).label("evaluates no PromQL");
    let diagnostic = diagnostic.help(format!("{}; {help}", told.join("; ")));
    Some(Fault { key: Some("observability.metrics.rules_run_in".into()), diagnostic })
}
