//! What a failure changes, with this spec's names.
//!
//! In: effects of a failure and the items it is about. Out: selectors with what their series do instead, and the alerts to expect.
//! Refuses: undefined names, selectors that are none, behaviours that aren't any.

use std::collections::BTreeMap;

use promql_parser::parser::{Expr, VectorSelector};

use super::normal::Series;
use super::shape::Shape;
use super::{Maker, Scoped};
use crate::catalog::alert::{Effect, Expectation, FailureDefinition};
use crate::model::alert::profile;
use crate::model::fact::name;

/// One effect on the items of its scope.
pub struct Changed {
    pub series: Vec<(VectorSelector, Shape)>,
    /// Alert → when, in this scope.
    pub alerts: Vec<(String, Told)>,
    /// The name that the scope gives an item → the item's own.
    pub items: BTreeMap<String, String>,
}

/// An expectation with its times.
#[derive(Clone, Debug)]
pub struct Told {
    pub seen: Option<String>,
    pub clears: Option<String>,
    pub share: Option<String>,
    pub may: bool,
}

impl<'m> Maker<'m> {
    pub(super) fn effects(
        &mut self,
        definition: &FailureDefinition,
        around: &Scoped<'m>,
    ) -> Result<Vec<Changed>, String> {
        let mut found = Vec::new();
        for effect in &definition.effects {
            for own in self.expand(effect.for_each.as_ref(), &around.scope, &around.items)? {
                if self.words.when(effect.when.as_deref(), &own.scope)? {
                    found.push(self.changed(effect, &own, around.items.len())?);
                }
            }
        }
        Ok(found)
    }

    fn changed(&mut self, effect: &Effect, own: &Scoped<'m>, outer: usize) -> Result<Changed, String> {
        let around = self.around(&own.scope, &own.items)?;
        // The innermost items choose how series are found.
        let inner = if own.items.len() > outer { &own.items[outer..] } else { &own.items[..] };
        let mut series = Vec::new();
        for (profile, rows) in &effect.series {
            if profile != "any" && !around.profiles.iter().any(|(known, _)| *known == profile) {
                continue;
            }
            let mut scope = own.scope.clone();
            profile::select(self.words, &mut scope, inner, profile, &around.profiles)?;
            for (selector, shown) in rows {
                let selector = self.words.promql(selector, &scope)?;
                series.push((parsed(&selector)?, Shape::parse(&self.shown(shown, &scope)?)?));
            }
        }
        let mut alerts = Vec::new();
        for (alert, expectation) in &effect.alerts {
            if self.words.when(expectation.when.as_deref(), &own.scope)? {
                alerts.push((alert.clone(), self.told(expectation, own)?));
            }
        }
        let items = own.items.iter().map(|(kind, item)| (kind.clone(), name(item).to_owned())).collect();
        Ok(Changed { series, alerts, items })
    }

    fn told(&self, expectation: &Expectation, own: &Scoped<'m>) -> Result<Told, String> {
        let say = |text: &Option<String>| text.as_ref().map(|text| self.words.text(text, &own.scope)).transpose();
        Ok(Told {
            seen: say(&expectation.seen)?,
            clears: say(&expectation.clears)?,
            share: say(&expectation.share)?,
            may: expectation.may,
        })
    }
}

fn parsed(selector: &str) -> Result<VectorSelector, String> {
    match promql_parser::parser::parse(selector)? {
        Expr::VectorSelector(selector) => Ok(selector),
        _ => Err(format!("`{selector}` selects no series")),
    }
}

/// What a series does while the failure lasts; none when it goes on as before.
pub fn during(series: &Series, effects: &[Changed]) -> Option<Shape> {
    let mut changes = effects.iter().flat_map(|effect| &effect.series);
    let shape = changes.rfind(|(selector, _)| selects(selector, series)).map(|(_, shape)| *shape)?;
    Some(match (shape, series.shape) {
        (Shape::Times(factor), Shape::Rate(rate)) => Shape::Rate(rate * factor),
        (Shape::Times(factor), Shape::Events(rate, size)) => Shape::Events(rate * factor, size),
        (Shape::Times(factor), Shape::Level(level)) => Shape::Level(level * factor),
        // events stay as they are, only more or fewer; or only larger
        (Shape::Rate(rate), Shape::Events(_, size)) => Shape::Events(rate, size),
        (Shape::Size(size), Shape::Events(rate, _)) => Shape::Events(rate, size),
        (shape, _) => shape,
    })
}

fn selects(selector: &VectorSelector, series: &Series) -> bool {
    let named = selector.name.as_ref().is_none_or(|name| *name == series.metric);
    named
        && selector.matchers.matchers.iter().all(|matcher| {
            let value =
                if matcher.name == "__name__" { Some(&series.metric) } else { series.labels.get(&matcher.name) };
            matcher.is_match(value.map_or("", String::as_str))
        })
}
