//! Metrics that a team calls otherwise: `observability.metrics.names`, the profile's name → theirs.
//!
//! In: the model, PromQL or a series, the catalogue. Out: the same with their names. Refuses: a name that no profile has, a name
//! that Prometheus doesn't take, and one that something else has.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::super::fact::{Value, at};
use super::Fault;
use crate::catalog::alert::Alerts;
use crate::diagnostic::Diagnostic;
use crate::spec::suggest::nearest;

/// A metric can't be called so.
pub const RENAMED: &str = "OPS170";

/// What a histogram appends to its name.
const PARTS: [&str; 4] = ["", "_bucket", "_count", "_sum"];

/// Old and new names, in the order of the spec.
#[derive(Clone, Debug, Default)]
pub struct Names(Vec<(String, String)>);

impl Names {
    pub fn of(model: &Value) -> Self {
        let pairs = at(model, "observability.metrics.names").as_map();
        let pairs = pairs.into_iter().flatten().filter_map(|(old, new)| Some((old.as_str()?, new.as_str()?)));
        Self(pairs.map(|(old, new)| (old.to_owned(), new.to_owned())).collect())
    }

    fn renamed(&self, word: &str) -> Option<String> {
        self.0.iter().find_map(|(old, new)| {
            let part = word.strip_prefix(old.as_str()).filter(|part| PARTS.contains(part))?;
            Some(format!("{new}{part}"))
        })
    }

    /// PromQL with their names. Labels and what stands between quotes are left alone.
    pub fn apply(&self, expr: String) -> String {
        if self.0.is_empty() {
            return expr;
        }
        let (mut out, mut rest, mut braces) = (String::new(), expr.as_str(), 0_usize);
        while let Some(first) = rest.chars().next() {
            let end = token(rest, first);
            let word = &rest[..end];
            braces = if first == '{' { braces + 1 } else { braces.saturating_sub(usize::from(first == '}')) };
            let new = if braces == 0 { self.renamed(word) } else { None };
            out.push_str(new.as_deref().unwrap_or(word));
            rest = &rest[end..];
        }
        out
    }

    /// The catalogue whose profiles have their names.
    pub fn catalog<'c>(&self, catalog: &'c Alerts) -> Cow<'c, Alerts> {
        if self.0.is_empty() {
            return Cow::Borrowed(catalog);
        }
        let mut own = catalog.clone();
        for profile in own.profiles.values_mut() {
            let metrics = std::mem::take(&mut profile.metrics);
            let named = |name: String| self.0.iter().find(|(old, _)| *old == name).map_or(name, |(_, new)| new.clone());
            profile.metrics = metrics.into_iter().map(|(name, metric)| (named(name), metric)).collect();
        }
        Cow::Owned(own)
    }

    pub fn faults(&self, catalog: &Alerts) -> Vec<Fault> {
        let known: BTreeSet<&str> =
            catalog.profiles.values().flat_map(|profile| profile.metrics.keys().map(String::as_str)).collect();
        let wrong = |(at, (old, new)): (usize, &(String, String))| {
            let fault = |message: String, help: String| Fault {
                key: Some(format!("observability.metrics.names.{old}")),
                diagnostic: Diagnostic::error(RENAMED, message).help(help),
            };
            if !known.contains(old.as_str()) {
                let help = nearest(old, known.iter().copied()).map_or_else(
                    || "the names stand in the metric profiles: `opsgen blueprint list`".to_owned(),
                    |near| format!("`{near}` is meant?"),
                );
                return Some(fault(
                    format!("no metric profile has a metric `{old}`, so it can't be called otherwise"),
                    help,
                ));
            }
            if !metric(new) {
                let help = "letters, digits, `_` and `:` make a name".to_owned();
                return Some(fault(format!("`{new}` is no name of a metric"), help));
            }
            let taken = known.contains(new.as_str()) || self.0[..at].iter().any(|(_, earlier)| earlier == new);
            taken.then(|| fault(format!("`{new}` is the name of another metric"), "give each its own".to_owned()))
        };
        self.0.iter().enumerate().filter_map(wrong).collect()
    }
}

/// Where the token at the start of `rest` ends: a string, a word, a number, or one character.
fn token(rest: &str, first: char) -> usize {
    let while_in = |of: fn(char) -> bool| rest.find(|c| !of(c)).unwrap_or(rest.len());
    match first {
        '"' | '\'' => quoted(rest, first),
        c if c.is_ascii_digit() => while_in(|c| c.is_ascii_alphanumeric() || c == '.'),
        c if c.is_ascii_alphabetic() || matches!(c, '_' | ':') => while_in(word),
        _ => first.len_utf8(),
    }
}

fn quoted(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == quote => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

fn word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | ':')
}

fn metric(name: &str) -> bool {
    name.starts_with(|c: char| !c.is_ascii_digit()) && name.chars().all(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metrics_are_renamed_and_nothing_else() {
        let names = Names(vec![("up".into(), "alive".into()), ("latency".into(), "web_latency".into())]);
        for (before, after) in [
            ("sum(up{job=\"up\"}) < 1", "sum(alive{job=\"up\"}) < 1"),
            ("up_since + upper", "up_since + upper"),
            ("rate(latency_bucket{up=\"x\"}[5m])", "rate(web_latency_bucket{up=\"x\"}[5m])"),
            ("x{a=\"\\\"} up\"} > up", "x{a=\"\\\"} up\"} > alive"),
            ("latency_buckets", "latency_buckets"),
        ] {
            assert_eq!(names.apply(before.to_owned()), after);
        }
    }
}
