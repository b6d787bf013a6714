//! Design rules over the model: what is allowed and still unwise, or can't be honoured here.
//!
//! In: the model, today's date, and a way to find a key's place in the spec. Out: findings, each with a code.
//! A waiver that hasn't ended silences its code. Refuses nothing: findings are warnings.

mod capacity;
mod data;
mod dates;
mod platform;
mod recovery;
mod release;
mod slo;

use jiff::civil::Date;

use crate::diagnostic::{Diagnostic, Span};
use crate::model::Model;
use crate::model::fact::{Value, at, list, name, text};

/// Finds where a key of the spec stands.
pub type Locate<'a> = &'a dyn Fn(&str) -> Option<Span>;

/// A rule's finding, before its place is known.
pub(crate) struct Finding {
    code: &'static str,
    /// Key of the spec, as in `services.api.scaling`.
    key: String,
    /// Environment whose overlay may hold the key.
    environment: Option<String>,
    message: String,
    help: String,
}

impl Finding {
    fn new(code: &'static str, key: impl Into<String>, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { code, key: key.into(), environment: None, message: message.into(), help: help.into() }
    }

    fn of(mut self, environment: &Value) -> Self {
        self.environment = Some(name(environment).to_owned());
        self
    }

    /// The place in the environment's overlay, else in the base, else of what surrounds it.
    fn place(&self, locate: Locate<'_>) -> Option<Span> {
        let overlay =
            self.environment.iter().find_map(|environment| locate(&format!("environments.{environment}.{}", self.key)));
        let mut key = self.key.as_str();
        let mut place = overlay.or_else(|| locate(key));
        while let (None, Some((outer, _))) = (&place, key.rsplit_once('.')) {
            key = outer;
            place = locate(key);
        }
        place
    }
}

/// Every finding that no waiver silences.
pub fn review(model: &Model, today: Date, locate: Locate<'_>) -> Vec<Diagnostic> {
    let facts = model.facts();
    let rules = [capacity::check, data::check, recovery::check, platform::check, release::check, slo::check];
    let mut found: Vec<Finding> = rules.iter().flat_map(|rule| rule(facts)).collect();
    found.extend(dates::check(facts, today));
    let mut told: Vec<Diagnostic> = Vec::new();
    for finding in found.iter().filter(|finding| !waived(facts, finding, today)) {
        let place = finding.place(locate);
        let same =
            |other: &Diagnostic| other.code == finding.code && other.span == place && other.message == finding.message;
        if !told.iter().any(same) {
            let fault = Diagnostic::warning(finding.code, finding.message.as_str()).maybe_at(place);
            told.push(fault.help(finding.help.as_str()));
        }
    }
    told.sort_by_key(|fault| fault.span.as_ref().map_or(0, |span| span.range.start));
    told
}

/// The last day on which a review would find the same as today; none when that never ends.
pub fn until(model: &Model, today: Date) -> Option<Date> {
    let rows = |path: &str, key: &str| {
        let dates = model.list(path).iter().filter_map(|row| text(row, key)?.parse::<Date>().ok());
        dates.filter(|date| *date >= today).min()
    };
    let ends = [rows("configuration.flags", "remove_by"), rows("waivers", "until")];
    ends.into_iter().flatten().min()
}

fn waived(facts: &Value, finding: &Finding, today: Date) -> bool {
    silenced(facts, finding.code, &finding.key, today)
}

/// Whether a waiver that hasn't ended silences a code at a key.
pub fn silenced(facts: &Value, code: &str, key: &str, today: Date) -> bool {
    list(facts, "waivers").iter().any(|waiver| {
        let ends = text(waiver, "until").and_then(|until| until.parse::<Date>().ok());
        let here = text(waiver, "at").is_none_or(|at| key.starts_with(at));
        text(waiver, "code") == Some(code) && here && ends.is_some_and(|ends| ends >= today)
    })
}

/// Services of every deployed environment.
fn services(facts: &Value) -> impl Iterator<Item = (&Value, &Value)> {
    list(facts, "deployed").iter().flat_map(|it| list(it, "services").iter().map(move |service| (it, service)))
}

/// Length in seconds of a duration or retention; none when unanswered or for ever.
fn seconds(value: &Value, path: &str) -> Option<u64> {
    crate::model::fact::seconds(at(value, path).as_str()?)
}
