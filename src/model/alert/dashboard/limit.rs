//! What alerts draw: the lines of what they compare, their limits as steps, what they say of themselves.
//!
//! In: rules. Out: panels' lines, steps, links and sentences. Refuses nothing.

use indexmap::IndexMap;

use super::super::super::fact::none;
use super::super::promql::Line;
use super::super::words::Scope;
use super::super::{Alert, number};
use super::{Link, Step};
use crate::catalog::alert::{Panel, Unit};

/// Rules about one target that look at the same thing.
#[derive(Clone)]
pub struct Drawn<'a> {
    pub rules: Vec<&'a Alert>,
    pub targets: Vec<Target<'a>>,
}

/// What is drawn of one target.
#[derive(Clone)]
pub struct Target<'a> {
    pub name: &'a str,
    pub alert: &'a str,
    pub legend: &'a str,
    pub lines: Vec<&'a Line>,
}

/// As few panels as show every rule: one expression is one panel, one alert about many targets too, if its limits are the same.
pub fn grouped<'a>(rules: impl Iterator<Item = &'a Alert>) -> Vec<Drawn<'a>> {
    let mut alerts: IndexMap<(&str, &str), Vec<&Alert>> = IndexMap::new();
    for rule in rules {
        alerts.entry((&rule.name, &rule.target)).or_default().push(rule);
    }
    let mut seen: IndexMap<(&str, String), Drawn<'a>> = IndexMap::new();
    for ((_, name), rules) in alerts {
        let lines = compared(&rules);
        let key = lines.iter().map(|line| line.expr.as_str()).collect::<Vec<_>>().join("\n");
        let target = Target { name, alert: &rules[0].name, legend: &rules[0].legend, lines };
        let drawn = seen.entry((name, key)).or_insert_with(|| Drawn { rules: Vec::new(), targets: vec![target] });
        drawn.rules.extend(rules);
    }
    let mut panels: IndexMap<(Vec<&str>, String), Drawn<'a>> = IndexMap::new();
    for drawn in seen.into_values() {
        let key = (drawn.names(), format!("{:?}", limits(&drawn.rules)));
        let panel = panels.entry(key).or_insert_with(|| Drawn { rules: Vec::new(), targets: Vec::new() });
        panel.rules.extend(drawn.rules);
        panel.targets.extend(drawn.targets);
    }
    panels.into_values().collect()
}

fn compared<'a>(rules: &[&'a Alert]) -> Vec<&'a Line> {
    let mut found: Vec<&Line> = Vec::new();
    for line in rules.iter().flat_map(|rule| &*rule.lines) {
        if !found.iter().any(|known| known.expr == line.expr) {
            found.push(line);
        }
    }
    found
}

impl<'a> Drawn<'a> {
    pub fn names(&self) -> Vec<&'a str> {
        names(&self.rules)
    }

    /// `CpuHigh (api, worker)`
    pub fn title(&self) -> String {
        let targets: Vec<_> = self.targets.iter().map(|it| it.name).filter(|name| !name.is_empty()).collect();
        let names = self.names().join(", ");
        if targets.is_empty() { names } else { format!("{names} ({})", targets.join(", ")) }
    }

    pub fn summary(&self) -> String {
        let mut all: Vec<&str> = self.rules.iter().map(|rule| rule.summary.as_str()).collect();
        all.dedup();
        all.join("; ")
    }
}

fn names<'a>(rules: &[&'a Alert]) -> Vec<&'a str> {
    let mut names: Vec<&str> = Vec::new();
    for rule in rules {
        if !names.contains(&rule.name.as_str()) {
            names.push(&rule.name);
        }
    }
    names
}

/// Each limit once, with its severity.
fn limits(rules: &[&Alert]) -> (Vec<(f64, String)>, bool) {
    let mut above = true;
    let mut found: Vec<(f64, String)> = Vec::new();
    for rule in rules {
        let Some((line, limit)) = rule.lines.iter().find_map(|line| Some((line, line.limit?))) else { continue };
        above = line.above;
        if !found.contains(&(limit, rule.severity.clone())) {
            found.push((limit, rule.severity.clone()));
        }
    }
    (found, above)
}

/// The limits of rules, from low to high.
pub fn of(rules: &[&Alert], scale: f64) -> Vec<Step> {
    let (mut limits, above) = limits(rules);
    limits.iter_mut().for_each(|(limit, _)| *limit *= scale);
    steps(limits, above)
}

/// Limits of an alert that fires above them begin there; those of one that fires below end there.
pub fn steps(mut limits: Vec<(f64, String)>, above: bool) -> Vec<Step> {
    limits.sort_by(|a, b| a.0.total_cmp(&b.0));
    // Two severities at one number: the worse one shows.
    let rank = |severity: &str| ["low", "medium", "high", "critical"].iter().position(|name| *name == severity);
    limits.dedup_by(|b, a| {
        let same = a.0.total_cmp(&b.0).is_eq();
        if same && rank(&b.1) > rank(&a.1) {
            a.1 = std::mem::take(&mut b.1);
        }
        same
    });
    let well = Step { number: none(), severity: None };
    let numbers = limits.iter().map(|(limit, _)| number::number(*limit));
    let severities = limits.iter().map(|(_, severity)| Some(severity.clone()));
    let step = |(number, severity)| Step { number, severity };
    if above {
        return std::iter::once(well).chain(numbers.zip(severities).map(step)).collect();
    }
    std::iter::once(none()).chain(numbers).zip(severities.chain([None])).map(step).collect()
}

/// The line of what the spec promises.
pub fn promised(panel: &Panel, scope: &Scope<'_>) -> Vec<Step> {
    let limits = |path: &Option<String>| -> Vec<(f64, String)> {
        let text = path.as_deref().map(|path| scope.get(path).as_str().unwrap_or_default());
        let found =
            text.and_then(|text| [Unit::Ratio, Unit::Duration].into_iter().find_map(|unit| number::parse(unit, text)));
        found.map(|limit| (limit, "high".to_owned())).into_iter().collect()
    };
    let least = limits(&panel.at_least);
    if least.is_empty() { steps(limits(&panel.at_most), true) } else { steps(least, false) }
}

/// `HttpErrorRateHigh: high above 5% for 5m, medium above 1% for 5m.`
pub fn sentence(rules: &[&Alert]) -> String {
    let said = names(rules).into_iter().map(|name| {
        let mut said: Vec<String> = Vec::new();
        for rule in rules.iter().filter(|rule| rule.name == name) {
            let limit = rule
                .threshold
                .as_ref()
                .filter(|limit| !limit.text.is_empty())
                .map(|limit| format!(" {} {}", if limit.above { "above" } else { "below" }, limit.text));
            let wait = rule.wait.as_ref().map(|wait| format!(" for {wait}"));
            let one = [Some(rule.severity.clone()), limit, wait].into_iter().flatten().collect::<String>();
            if !said.contains(&one) {
                said.push(one);
            }
        }
        format!("{name}: {}.", said.join(", "))
    });
    said.collect::<Vec<_>>().join(" ")
}

/// One link a runbook.
pub fn links(rules: &[&Alert]) -> Vec<Link> {
    let mut links: Vec<Link> = Vec::new();
    for rule in rules {
        if !links.iter().any(|link| link.alert == rule.name) {
            links.push(Link { alert: rule.name.clone(), url: rule.runbook_url.clone() });
        }
    }
    links
}
