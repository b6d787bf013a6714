//! What is wrong with a rule, told to whom it concerns.
//!
//! In: a rule that is nearly made. Out: faults at the spec key that caused them. Refuses: everything that `lint` finds.

use indexmap::IndexMap;
use promql_parser::parser::Expr;

use super::around::Around;
use super::condition::Condition;
use super::lint::{self, Finding, Given, Patience};
use super::number::parse;
use super::rule::Maker;
use super::wording::marks;
use crate::catalog::alert::Unit;
use crate::diagnostic::Diagnostic;
use crate::spec::suggest::either;

impl<'m> Maker<'m, '_> {
    pub(super) fn linted(
        &mut self,
        tree: &Expr,
        profile: &str,
        around: &Around<'m>,
        condition: &Condition,
        marked: &IndexMap<String, String>,
    ) {
        let given =
            Given { profiles: &around.profiles, chosen: profile, keep: around.keep.as_ref(), asked: &around.asked };
        let mut findings = lint::expression(tree, &given);
        findings.extend(lint::alert(tree, self.patience(condition)));
        findings.extend(lost(tree, &given, marked));
        for finding in findings {
            let key = match (finding.code, &around.keep) {
                (lint::BEYOND_STORE, Some(keep)) => Some(keep.key.to_owned()),
                (lint::SHORT_WAIT | lint::NO_BUCKET, _) => condition.key.clone(),
                _ => None,
            };
            self.find(key, finding);
        }
    }

    fn patience(&self, condition: &Condition) -> Patience {
        let definition = &self.alert.definition;
        let wait = condition.wait.as_deref().filter(|_| !definition.window);
        Patience {
            wait: wait.and_then(|wait| parse(Unit::Duration, wait)),
            lingers: definition.keep_firing_for.is_some(),
            always: definition.always,
            flows: definition.flows.is_some(),
        }
    }

    fn find(&mut self, key: Option<String>, finding: Finding) {
        let message = format!("{} {}", self.alert.name, finding.message);
        self.fault::<()>(key, Diagnostic::error(finding.code, message).help(finding.help));
    }
}

/// A label in a text that the expression doesn't have any more.
fn lost(tree: &Expr, given: &Given<'_, '_>, marked: &IndexMap<String, String>) -> Option<Finding> {
    let have = lint::labels(tree, given)?;
    let named = marked.values().flat_map(|text| marks(text));
    let name = named.into_iter().find(|name| *name != "$value" && !have.contains(name))?;
    let help =
        if have.is_empty() { "it has none".to_owned() } else { format!("it has {}", either(have.iter().copied())) };
    let message = format!("speaks of the label `{name}`, which its expression drops");
    Some(Finding { code: lint::LOST_LABEL, message, help: format!("aggregate by `{name}` too; {help}") })
}
