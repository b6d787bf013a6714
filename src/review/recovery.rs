//! What backups promise against what they can do: loss, time to restore, retention, drills, keys.

use super::{Finding, seconds};
use crate::diagnostic::codes;
use crate::model::fact::{Value, at, days, list, name, named, text, texts, yes};

/// Methods that lose next to nothing between two runs.
const STREAMS: &[&str] = &["wal", "replication", "versioning"];
const DAY: u64 = 24 * 3600;

pub fn check(facts: &Value) -> Vec<Finding> {
    let backups = list(facts, "backups").iter();
    let rules = [too_rare, too_slow, undrilled, one_key, snapshots_only];
    let each = |backup| rules.iter().filter_map(move |rule| rule(backup)).chain(forgotten(facts, backup));
    backups.flat_map(each).collect()
}

/// The newest usable backup began when the last run did that has ended.
fn too_rare(backup: &Value) -> Option<Finding> {
    let (every, rpo) = (seconds(backup, "schedule.every")?, seconds(backup, "rpo")?);
    let takes = seconds(backup, "takes").unwrap_or(0);
    if texts(backup, "method").iter().any(|method| STREAMS.contains(method)) || every < rpo && every + takes <= rpo {
        return None;
    }
    let store = name(backup);
    let lasts =
        if every < rpo { format!(" and takes {}", text(backup, "takes").unwrap_or("?")) } else { String::new() };
    let message = format!(
        "`{store}` may lose {}, and a backup starts only every {}{lasts}",
        text(backup, "rpo").unwrap_or("?"),
        text(backup, "schedule.every").unwrap_or("?"),
    );
    let help =
        "a backup counts from when its last run began until the next one has ended: run it more often, or stream";
    Some(Finding::new(codes::RPO_BROKEN, format!("backups.{store}.schedule"), message, help))
}

fn too_slow(backup: &Value) -> Option<Finding> {
    let (takes, rto) = (seconds(backup, "restore.takes")?, seconds(backup, "rto")?);
    let store = name(backup);
    let message = format!(
        "`{store}` must be back within {}, and restoring it takes {}",
        text(backup, "rto").unwrap_or("?"),
        length(backup),
    );
    let help = if yes(backup, "restore.measured") {
        "promise what the drill measured, or keep a way back that is faster: `wal`, `replication`"
    } else {
        "say under `drill.took` what a drill measured, promise more time, or keep a way back that is faster: `wal`, `replication`"
    };
    // By its size a dump only says something where it is the one way back.
    let counts = yes(backup, "restore.measured") || texts(backup, "method") == ["dump"];
    (takes > rto && counts).then(|| Finding::new(codes::RTO_BROKEN, format!("backups.{store}.rto"), message, help))
}

/// As measured, or about what the size says.
fn length(backup: &Value) -> String {
    let takes = text(backup, "restore.takes").unwrap_or("?");
    if yes(backup, "restore.measured") {
        takes.to_owned()
    } else {
        format!("about {takes} at its size of {}", text(backup, "datastore.size.storage").unwrap_or("?"))
    }
}

/// Damage that is found after the last copy from before it has gone can't be made good.
fn forgotten(facts: &Value, backup: &Value) -> Option<Finding> {
    let kept = ["hourly", "daily", "weekly", "monthly"].iter();
    let span = kept.filter_map(|key| days(text(backup, &format!("keep.{key}"))?)).max()?;
    let damage = named(list(facts, "recovery.rows"), "corruption")
        .and_then(|row| seconds(row, "detected_within"))
        .map(|it| it.div_ceil(DAY));
    let drill = text(backup, "drill.stale_after").and_then(days).filter(|_| yes(backup, "scripted"));
    let (found, how) = [(damage, "damage may go unnoticed for"), (drill, "a drill that shows they are no good may be")]
        .into_iter()
        .find_map(|(found, how)| Some((found.filter(|found| *found > span)?, how)))?;
    let store = name(backup);
    let away = if how.ends_with("be") { " away" } else { "" };
    let message = format!("copies of `{store}` are kept for {span} days, and {how} {found} days{away}");
    let help = "keep weekly or monthly copies for longer than that: they cost little";
    Some(Finding::new(codes::KEPT_TOO_SHORT, format!("backups.{store}.keep"), message, help))
}

fn undrilled(backup: &Value) -> Option<Finding> {
    let store = name(backup);
    let message = format!("nobody restores a backup of `{store}` before it is needed");
    let help = "write `drill: monthly`: it is restored into a scratch copy, compared and timed";
    let never = yes(backup, "scripted") && at(backup, "drill").is_none();
    never.then(|| Finding::new(codes::NO_DRILL, format!("backups.{store}"), message, help))
}

/// One key that the drill doesn't take from escrow is wherever the drill runs: beside the data.
fn one_key(backup: &Value) -> Option<Finding> {
    let alone = texts(backup, "encrypt_for").len() == 1 && text(backup, "drill.key") != Some("escrow");
    let store = name(backup);
    let message = format!("one key opens every backup of `{store}`, and it is only where the data is");
    let help = "add the public key of a pair whose private half lies elsewhere, and drill with that one: `drill: { key: escrow }`";
    alone.then(|| Finding::new(codes::ONE_KEY, format!("backups.{store}.encrypt_for"), message, help))
}

fn snapshots_only(backup: &Value) -> Option<Finding> {
    let methods = texts(backup, "method");
    let only = !methods.is_empty() && methods.iter().all(|method| *method == "platform-snapshot");
    let store = name(backup);
    let message = format!("`{store}` has only snapshots of its platform, and they go when the account goes");
    let help = "add a method whose copies lie elsewhere: `method: [dump, platform-snapshot]`";
    only.then(|| Finding::new(codes::SNAPSHOTS_ONLY, format!("backups.{store}.method"), message, help))
}
