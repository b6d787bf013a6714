//! What a plan endangers: the lines that a reviewer must not miss.
//!
//! In: a plan. Out: risks, the gravest first. Names no platform and no file; only what happens to files decides.

use serde::Serialize;

use crate::plan::{Action, Disk, Entry, Plan};

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
    pub path: String,
    pub what: &'static str,
}

/// Everything that a plan endangers.
pub fn assess(plan: &Plan) -> Vec<Risk> {
    let mut found: Vec<Risk> = plan.entries.iter().filter_map(of).collect();
    found.sort_by(|one, other| (one.weight, &one.path).cmp(&(other.weight, &other.path)));
    found
}

fn of(entry: &Entry) -> Option<Risk> {
    let runs = matches!(&entry.disk, Disk::File(content) if content.executable);
    let (weight, what) = match entry.action {
        Action::Release => (Weight::High, "stays on disk as you edited it, and opsgen no longer keeps it right"),
        Action::Delete if runs => (Weight::High, "a script is deleted: whatever calls it will fail"),
        Action::Delete => (Weight::Medium, "is deleted"),
        Action::Update if gains_bit(entry) => (Weight::Medium, "becomes executable"),
        _ => return None,
    };
    Some(Risk { weight, path: entry.target.clone(), what })
}

fn gains_bit(entry: &Entry) -> bool {
    let before = matches!(&entry.disk, Disk::File(content) if content.executable);
    entry.new.as_ref().is_some_and(|content| content.executable) && !before
}
