//! A plan for programs. The shape is versioned: keys are added, never renamed.

use serde_json::{Value, json};

use crate::plan::{Action, Change, Entry, Plan, diff, mode_name};
use crate::risk;

/// The plan with its counts, its risks and the hunks of every file.
pub fn json(plan: &Plan) -> Value {
    let silent = [Action::Same, Action::Refresh, Action::Forget, Action::Adopt];
    let files: Vec<Value> = plan.entries.iter().filter(|entry| !silent.contains(&entry.action)).map(file).collect();
    json!({
        "version": 1,
        "empty": plan.is_empty(),
        "blocked": plan.stops().next().is_some(),
        "summary": counts(plan),
        "risks": risk::assess(plan),
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

fn name(action: Action) -> String {
    json!(action).as_str().unwrap_or_default().to_owned()
}

fn file(entry: &Entry) -> Value {
    let (old, new) = entry.sides();
    let change = diff(old, new);
    let (added, removed) = change.counts();
    let hunks = match &change {
        Change::Binary => Value::Null,
        Change::Text(hunks) => json!(hunks.iter().map(hunk).collect::<Vec<_>>()),
    };
    json!({
        "path": entry.target,
        "action": entry.action,
        "mode": mode_name(entry.mode),
        "from": entry.origin,
        "executable": entry.new.as_ref().map(|content| content.executable),
        "note": entry.note,
        "added": added,
        "removed": removed,
        "hunks": hunks,
    })
}

fn hunk(hunk: &crate::plan::Hunk) -> Value {
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
    json!({ "old": hunk.old, "new": hunk.new, "lines": lines })
}
