//! One header or key that stands in both versions: its comments, its form and its value are merged apart.
//!
//! In: the unit in base (if it was there), ours and theirs. Out: text or a conflict.

use super::super::{Conflict, Favour, Merged, text};
use super::layout::Unit;

/// Merges a unit that ours and theirs hold.
pub fn both(base: Option<&Unit<'_>>, ours: &Unit<'_>, theirs: &Unit<'_>) -> Merged {
    let mut merged = lead(base, ours, theirs);
    merged.pieces_of(body(base, ours, theirs));
    merged
}

/// Comments above: blank lines are the user's.
fn lead(base: Option<&Unit<'_>>, ours: &Unit<'_>, theirs: &Unit<'_>) -> Merged {
    let base = base.map_or("", |base| base.lead);
    comments(base, ours.lead, theirs.lead)
}

/// Three versions of comments.
pub fn comments(base: &str, ours: &str, theirs: &str) -> Merged {
    let [before, mine, new] = [base, ours, theirs].map(super::layout::comments);
    if new == before || new == mine {
        Merged::clean(ours)
    } else if mine == before {
        Merged::clean(theirs)
    } else {
        text::merge(base, ours, theirs)
    }
}

fn body(base: Option<&Unit<'_>>, ours: &Unit<'_>, theirs: &Unit<'_>) -> Merged {
    let before = base.map_or("", |base| base.body);
    if theirs.body == before || theirs.body == ours.body {
        return Merged::clean(ours.body);
    }
    if ours.body == before {
        return Merged::clean(theirs.body);
    }
    if let Some(line) = pieced(base, ours, theirs) {
        return Merged::clean(&line);
    }
    let woven = text::merge(before, ours.body, theirs.body);
    if woven.is_clean() && is_one(&woven.text(Favour::Mine)) {
        return woven;
    }
    let mut merged = Merged::default();
    merged.conflict(Conflict { base: before.into(), ours: ours.body.into(), theirs: theirs.body.into() });
    merged
}

/// Whether the text holds TOML of its own.
fn is_one(body: &str) -> bool {
    body.parse::<toml_edit::DocumentMut>().is_ok()
}

/// The key as the user wrote it, with the value and the comment behind it each from the side that changed it.
fn pieced(base: Option<&Unit<'_>>, ours: &Unit<'_>, theirs: &Unit<'_>) -> Option<String> {
    let (key, mine, after) = parts(ours)?;
    let (_, new, new_after) = parts(theirs)?;
    let (old, old_after) = base.and_then(parts).map_or(("", ""), |(_, old, after)| (old, after));
    let before = base.map(|base| base.means.as_str());
    let value = match () {
        () if ours.means == theirs.means || before == Some(&theirs.means) => mine,
        () if before == Some(&ours.means) && (mine == old || !mine.contains('\n')) => new,
        () => return None,
    };
    let [was, is, becomes] = [old_after, after, new_after].map(str::trim);
    let behind = match () {
        () if becomes == was || becomes == is => after,
        () if is == was => new_after,
        () => return None,
    };
    Some(format!("{key}{value}{behind}"))
}

/// What stands before the value, the value, and what stands behind it.
fn parts<'a>(unit: &Unit<'a>) -> Option<(&'a str, &'a str, &'a str)> {
    let value = unit.value.clone()?;
    Some((&unit.body[..value.start], &unit.body[value.clone()], &unit.body[value.end..]))
}
