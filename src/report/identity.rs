//! Names that exist outside the tree and changed: what stays there, and what a person does about it.

use crate::plan::{Fate, Identity, Plan};

/// Every name with its steps, as text; empty when none changed.
pub fn names(plan: &Plan) -> String {
    plan.identities.iter().map(|identity| format!("\n{}", told(identity))).collect()
}

/// The same as Markdown.
pub fn markdown(plan: &Plan) -> Vec<String> {
    let one = |identity: &Identity| {
        let stays: String = identity.stays.iter().map(|stays| format!("- {stays}\n")).collect();
        let steps = identity.steps.iter().enumerate().map(|(at, step)| {
            let run = step.run.as_ref().map(|run| format!("\n   ```sh\n{}\n   ```\n", indented(run, "   ")));
            format!("{}. {}\n{}", at + 1, step.say, run.unwrap_or_default())
        });
        format!("**{}**\n\n{stays}\n{}\n", heading(identity), steps.collect::<String>())
    };
    plan.identities.iter().map(one).collect()
}

fn told(identity: &Identity) -> String {
    let mut out = format!("{}\n", heading(identity));
    for stays in &identity.stays {
        out.push_str(&format!("  stays: {stays}\n"));
    }
    for (at, step) in identity.steps.iter().enumerate() {
        out.push_str(&format!("  {}. {}\n", at + 1, step.say));
        if let Some(run) = &step.run {
            out.push_str(&format!("{}\n", indented(run, "       ")));
        }
    }
    out
}

fn heading(identity: &Identity) -> String {
    let Identity { kind, from, to, .. } = identity;
    match (identity.fate, to) {
        (Fate::Renamed, Some(to)) => format!("{kind} {from} → {to}: opsgen moves its files; the rest is for you"),
        (Fate::Unsaid, _) => format!("{kind} {from}: is it gone, or does it have another name?"),
        _ => format!("{kind} {from} is gone: opsgen deletes its files; the rest is for you"),
    }
}

fn indented(text: &str, indent: &str) -> String {
    text.lines().map(|line| format!("{indent}{line}")).collect::<Vec<_>>().join("\n")
}
