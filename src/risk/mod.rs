//! What a plan endangers: the lines that a reviewer must not miss.
//!
//! In: a plan. Out: risks, the gravest first. Names no platform and no file: what happens to a file decides, and the area of
//! the blueprint that made it.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::plan::{Action, Disk, Entry, Fate, Identity, Plan, text};

/// How much attention a change needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Weight {
    /// Something that runs stops being kept by opsgen, or goes away.
    High,
    /// Worth a look.
    Medium,
}

/// One thing that a plan endangers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Risk {
    pub weight: Weight,
    /// The file, or the name that is gone.
    pub path: String,
    pub what: String,
    /// Lower is graver.
    #[serde(skip)]
    order: Order,
}

/// What is graver comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Order {
    /// It goes on working, and nobody keeps it right.
    Live,
    /// It runs or holds data, and nothing knows of it any more.
    Identity,
    /// It is called, and isn't there.
    Script,
    /// It protects, and doesn't any more.
    Guard,
    Released,
    Renamed,
    Other,
}

/// Areas of blueprints whose files protect something, and what is lost with one.
const GUARDS: [(&str, &str); 2] = [
    ("backup", "is deleted: it made backups, restored them or checked them"),
    ("observability", "is deleted: what it watched is watched no longer"),
];

/// Most alerts named in one line.
const NAMED: usize = 3;

/// Everything that a plan endangers.
pub fn assess(plan: &Plan) -> Vec<Risk> {
    let names = plan.identities.iter().map(of_name);
    let mut found: Vec<Risk> = names.chain(plan.entries.iter().filter_map(of_file)).collect();
    found.sort_by(|one, other| (one.weight, one.order, &one.path).cmp(&(other.weight, other.order, &other.path)));
    found
}

fn of_name(identity: &Identity) -> Risk {
    let stays = identity.stays.iter().map(|stays| format!("; {stays}")).collect::<String>();
    let (weight, order, what) = match identity.fate {
        Fate::Removed => {
            (Weight::High, Order::Identity, "is gone from the spec, and opsgen deletes files only".to_owned())
        }
        Fate::Unsaid => {
            (Weight::High, Order::Identity, "is gone or has another name, and nobody said which".to_owned())
        }
        Fate::Renamed => {
            let to = identity.to.as_deref().unwrap_or_default();
            (Weight::Medium, Order::Renamed, format!("is called {to} now, and nothing outside moves by itself"))
        }
    };
    Risk { weight, path: format!("{} {}", identity.kind, identity.from), what: what + &stays, order }
}

fn of_file(entry: &Entry) -> Option<Risk> {
    let (weight, order, what) = match entry.action {
        Action::Release => released(entry),
        Action::Delete => deleted(entry),
        Action::Update | Action::Merge | Action::Marked if !silenced(entry).is_empty() => {
            (Weight::High, Order::Guard, format!("no longer alerts: {}", told(&silenced(entry))))
        }
        Action::Update | Action::Merge if gains_bit(entry) => {
            (Weight::Medium, Order::Other, "becomes executable".to_owned())
        }
        _ => return None,
    };
    Some(Risk { weight, path: entry.target.clone(), what, order })
}

fn released(entry: &Entry) -> (Weight, Order, String) {
    match &entry.live {
        Some(live) => (Weight::High, Order::Live, format!("stays on disk as you edited it, and still {live}")),
        None => {
            let what = "stays on disk as you edited it, and opsgen no longer keeps it right";
            (Weight::High, Order::Released, what.to_owned())
        }
    }
}

fn deleted(entry: &Entry) -> (Weight, Order, String) {
    let area = entry.origin.blueprint.split('/').next().unwrap_or_default();
    let guard = GUARDS.iter().find(|(name, _)| *name == area);
    match (guard, is_script(entry)) {
        (Some((_, what)), _) => (Weight::High, Order::Guard, (*what).to_owned()),
        (None, true) => (Weight::High, Order::Script, "a script is deleted: whatever calls it will fail".to_owned()),
        (None, false) => (Weight::Medium, Order::Other, "is deleted".to_owned()),
    }
}

fn is_script(entry: &Entry) -> bool {
    matches!(&entry.disk, Disk::File(content) if content.executable)
}

fn gains_bit(entry: &Entry) -> bool {
    entry.new.as_ref().is_some_and(|content| content.executable) && !is_script(entry)
}

/// Alerting rules that were there and aren't any more.
fn silenced(entry: &Entry) -> Vec<String> {
    let (old, new) = entry.sides();
    rules(old).difference(&rules(new)).cloned().collect()
}

/// The names of the alerting rules in a file of them.
fn rules(bytes: &[u8]) -> BTreeSet<String> {
    let text = text::lf(bytes).unwrap_or_default();
    let named = text.lines().filter_map(|line| line.trim_start().strip_prefix("- alert: "));
    named.map(|name| name.trim().to_owned()).collect()
}

fn told(names: &[String]) -> String {
    let more = if names.len() > NAMED { format!(" and {} more", names.len() - NAMED) } else { String::new() };
    format!("{}{more}", names.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests;
