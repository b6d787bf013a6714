//! The recording rules of one objective, and how its numbers are read.
//!
//! In: rendered expressions of what is counted, windows, the budget. Out: two groups of rules: the short windows at the usual
//! interval, the long ones, which are means of the 5 minute rates and so exactly weighted, every five minutes. Where nothing is
//! recorded, the same numbers counted from the events. No ratio is taken while nothing happens, so there is never a 0/0. Refuses nothing.

use serde::Serialize;

use super::exact::Exact;

/// Windows that are counted from the events themselves.
pub const SHORT: [&str; 5] = ["5m", "30m", "1h", "2h", "6h"];
/// Windows that are means of the first, beside the period.
pub const LONG: [&str; 2] = ["1d", "3d"];

#[derive(Clone, Debug, Serialize)]
pub struct Group {
    pub name: String,
    /// None is the evaluation interval of the whole.
    pub interval: Option<&'static str>,
    pub rules: Vec<Rule>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rule {
    pub record: String,
    pub expr: String,
}

/// Events a second of one window.
pub struct Counted {
    pub window: &'static str,
    pub total: String,
    pub errors: String,
}

pub fn total(window: &str) -> String {
    format!("service_slo:sli_total:rate{window}")
}

pub fn errors(window: &str) -> String {
    format!("service_slo:sli_errors:rate{window}")
}

pub fn ratio(window: &str) -> String {
    format!("service_slo:sli_error_ratio:rate{window}")
}

/// Where alerts and panels find the numbers of an objective.
pub enum Numbers<'c> {
    /// In what the rules record; the matchers find it.
    Recorded(String),
    /// Nowhere: where the rules run nothing is recorded, so each window is counted anew.
    Counted(&'c [Counted]),
}

impl Numbers<'_> {
    /// The share of bad events in a window, as PromQL.
    pub fn share(&self, window: &str) -> String {
        match self {
            Self::Recorded(select) => format!("{}{{{select}}}", ratio(window)),
            Self::Counted(counted) => of(counted, window, |it| {
                format!("(\n  {}\n)\n/\n({} > 0)", events(&it.errors).replace('\n', "\n  "), events(&it.total))
            }),
        }
    }

    /// How many bad events a window had, as PromQL.
    pub fn bad(&self, window: &str, seconds: u64) -> String {
        match self {
            Self::Recorded(select) => format!("{}{{{select}}} * {seconds}", errors(window)),
            Self::Counted(counted) => of(counted, window, |it| events(&it.errors)),
        }
    }
}

fn of(counted: &[Counted], window: &str, told: impl Fn(&Counted) -> String) -> String {
    counted.iter().find(|it| it.window == window).map_or_else(String::new, told)
}

/// Events instead of events a second: dashboards stretch what rates look back, and a window of an objective means what it says.
fn events(expr: &str) -> String {
    let mut parts = expr.split("rate(");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |made, part| {
        let longer = made.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
        made + if longer { "rate(" } else { "increase(" } + part
    })
}

pub const REMAINING: &str = "service_slo:error_budget_remaining:ratio";
pub const OBJECTIVE: &str = "service_slo:objective:ratio";

/// What was bad: counted itself, and nothing yet is nothing bad; or what is left of the total without the good.
pub fn bad(total: &str, bad: Option<&str>, good: Option<&str>) -> String {
    match (bad, good) {
        (Some(bad), _) => format!("{bad}\nor\n0 * {total}"),
        (None, Some(good)) => format!("clamp_min(\n  {total}\n  -\n  {},\n  0\n)", good.replace('\n', "\n  ")),
        (None, None) => format!("0 * {total}"),
    }
}

/// `select` finds the series of this objective among the recorded ones.
pub fn groups(name: &str, select: &str, counted: Vec<Counted>, period: &str, share: Exact) -> Vec<Group> {
    let mut fast = Vec::new();
    for it in counted {
        fast.push(Rule { record: total(it.window), expr: it.total });
        fast.push(Rule { record: errors(it.window), expr: it.errors });
        fast.push(divided(it.window, select));
    }
    let mut slow = vec![Rule { record: OBJECTIVE.into(), expr: format!("vector({share})") }];
    let mut windows = LONG.to_vec();
    if !windows.contains(&period) && !SHORT.contains(&period) {
        windows.push(period);
    }
    for window in windows {
        for series in [total, errors] {
            let expr = format!("avg_over_time({}{{{select}}}[{window}])", series(SHORT[0]));
            slow.push(Rule { record: series(window), expr });
        }
        slow.push(divided(window, select));
    }
    let spent = format!("{}{{{select}}}", ratio(period));
    slow.push(Rule { record: REMAINING.into(), expr: format!("1 - {spent} / {}", share.rest()) });
    vec![
        Group { name: name.to_owned(), interval: None, rules: fast },
        Group { name: format!("{name}-long"), interval: Some("5m"), rules: slow },
    ]
}

fn divided(window: &str, select: &str) -> Rule {
    let expr = format!("{}{{{select}}}\n/\n({}{{{select}}} > 0)", errors(window), total(window));
    Rule { record: ratio(window), expr }
}
