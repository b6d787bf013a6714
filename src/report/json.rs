//! A plan for programs. The shape is versioned: keys are added, never renamed.

use serde_json::{Value, json};

use super::conflict::{Clash, clashes};
use super::kept::kept;
use super::reason;
use crate::plan::{Action, Cause, Change, Entry, Hunk, Plan, diff, mode_name};
use crate::risk;

/// The plan with its counts, its risks and the hunks of every file.
pub fn json(plan: &Plan) -> Value {
    let silent = [Action::Same, Action::Refresh, Action::Forget, Action::Adopt];
    let shown = plan.entries.iter().filter(|entry| !silent.contains(&entry.action));
    let files: Vec<Value> = shown.map(|entry| file(plan, entry)).collect();
    json!({
        "version": 1,
        "empty": plan.is_empty(),
        "blocked": plan.stops().next().is_some(),
        "partial": plan.partial,
        "summary": counts(plan),
        "risks": risk::assess(plan),
        "names": plan.identities,
        "files": files,
    })
}

fn counts(plan: &Plan) -> Value {
    let mut found = serde_json::Map::new();
    for entry in &plan.entries {
        let count = found.entry(name(entry.action)).or_insert(json!(0));
        *count = json!(count.as_u64().unwrap_or(0) + 1);
    }
    Value::Object(found)
}

/// The action as programs know it.
pub fn name(action: Action) -> String {
    json!(action).as_str().unwrap_or_default().to_owned()
}

fn file(plan: &Plan, entry: &Entry) -> Value {
    let (old, new) = entry.sides();
    let change = diff(old, new);
    let (added, removed) = change.counts();
    let told = |(at, one)| hunk(one, reason::causes(plan, entry, at));
    let hunks = match &change {
        Change::Binary => Value::Null,
        Change::Text(hunks) => hunks.iter().enumerate().map(told).collect(),
    };
    let content = entry.result.as_ref().or(entry.new.as_ref());
    json!({
        "path": entry.target,
        "action": entry.action,
        "mode": mode_name(entry.mode),
        "from": entry.origin,
        "moved_from": entry.from,
        "executable": content.map(|content| content.executable),
        "note": entry.note,
        "live": entry.live,
        "added": added,
        "removed": removed,
        "kept": kept(entry).map(|kept| json!({ "lines": kept.lines, "removed": kept.removed })),
        "conflicts": clashes(entry).iter().map(clash).collect::<Vec<_>>(),
        "hunks": hunks,
    })
}

fn clash(clash: &Clash<'_>) -> Value {
    let conflict = clash.conflict;
    json!({
        "line": clash.line,
        "yours": conflict.ours,
        "last_generated": conflict.base,
        "new": conflict.theirs,
    })
}

fn hunk(hunk: &Hunk, causes: &[Cause]) -> Value {
    let lines: Vec<Value> = hunk
        .lines
        .iter()
        .map(|line| {
            json!({
                "sign": line.sign.to_string(),
                "text": line.text(),
                "marked": line.parts.iter().filter(|(mark, _)| *mark).map(|(_, part)| part).collect::<Vec<_>>(),
            })
        })
        .collect();
    json!({ "old": hunk.old, "new": hunk.new, "causes": causes, "lines": lines })
}
