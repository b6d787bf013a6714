//! When each store is backed up, verified and drilled, how long that takes, and when its newest backup is too old.
//!
//! In: the answered backups and the stores of one environment. Out: backups with schedules.
//! A schedule that is left out follows from the RPO: half of what a run leaves of it, so that one failed run breaks no promise.

use super::fact::{Map, Value, at, facts, list, name, named, none, text, texts, with, yes};
use super::{platform, schedule};
use crate::spec::Size;

/// The metric that a successful run sets; the age of its value is the age of the data.
const SUCCESS_METRIC: &str = "backup_last_success_timestamp_seconds";
/// The method that keeps every change: the write-ahead log.
const LOG: &str = "wal";
const HOUR: u64 = 3600;
const DAY: u64 = 24 * HOUR;
/// Days that a drill may be late before somebody is told.
const GRACE: u64 = 4;
/// Bytes a second that a dump is loaded at, its indexes built anew, until a drill has measured it.
const LOADED: u64 = 10_000_000;

/// `project` keeps two projects with stores of the same name from starting in the same minute; `makers` are the tools that have a folder.
pub fn resolve(project: &str, answered: &[Value], datastores: &[Value], makers: &[Value]) -> Vec<Value> {
    let stores = answered.iter().filter_map(|backup| named(datastores, name(backup)).map(|store| (backup, store)));
    stores.map(|(backup, store)| facts(project, backup, store, makers)).collect()
}

fn facts(project: &str, backup: &Value, store: &Value, makers: &[Value]) -> Value {
    let own = name(backup);
    let seed = |of: &str| format!("{project}/{of}/{own}");
    let recurrence =
        text(backup, "schedule").map_or_else(|| derived(text(backup, "rpo"), text(backup, "takes")), str::to_owned);
    let method = texts(backup, "method");
    let clock = method.iter().any(|method| !matches!(*method, "versioning" | "replication"));
    let cron = if clock { schedule::cron(&recurrence, &seed("backup")) } else { None };
    let every = interval(&recurrence);
    let tools = fitting(makers, &method, store);
    let tool = text(backup, "tool").or(made_by(&method, store));
    with(
        backup,
        facts!({
            "store": own,
            "engine": at(store, "engine"),
            "datastore": store,
            "schedule": facts!({
                "text": recurrence, "calendar": cron.as_deref().and_then(schedule::calendar), "cron": cron,
                "every": every.map(hours), "timezone": "UTC",
            }),
            "verify": recurring(backup, "verify", &seed("verify")),
            "drill": recurring(backup, "drill", &seed("drill")),
            "restore": restore(text(backup, "drill.took"), &method, store),
            "stale_after": stale_after(text(backup, "rpo"), every),
            "metric_name": SUCCESS_METRIC,
            "scripted": scripted(&method, store),
            "tool": tool,
            "archiver": archiver(&tools, tool, store),
            "closed": closed(store),
            "tools": tools,
            "encryption": encryption(&texts(backup, "encrypt_for")),
            "image": image(store),
        }),
    )
}

/// How long a restore takes: as a drill measured it, else by the size of a store that is dumped.
fn restore(measured: Option<&str>, method: &[&str], store: &Value) -> Value {
    let size =
        text(store, "size.storage").filter(|_| method.contains(&"dump")).and_then(|size| size.parse::<Size>().ok());
    let minutes = |size: Size| format!("{}m", (size.bytes() / LOADED).div_ceil(60));
    let takes = measured.map(str::to_owned).or_else(|| size.map(minutes));
    facts!({ "takes": takes, "measured": measured.is_some() })
}

/// Whether ops/backup holds scripts for it: one of its methods is what they do, and who runs the store lets them.
fn scripted(method: &[&str], store: &Value) -> bool {
    let known = text(store, "engine_facts.backup.method").is_some_and(|known| method.contains(&known));
    let provider = text(store, "provider").unwrap_or_default();
    known && image(store).is_some() && !texts(store, "engine_facts.backup.refused_by").contains(&provider)
}

/// What makes it when nothing is said.
fn made_by<'a>(method: &[&str], store: &'a Value) -> Option<&'a str> {
    text(store, "engine_facts.backup.tool").filter(|_| scripted(method, store))
}

/// The tools that copy such a store by one of these methods, each with every key that some tool has.
fn fitting(makers: &[Value], method: &[&str], store: &Value) -> Vec<Value> {
    let fits = |maker: &&Value| {
        let makes = texts(maker, "makes").iter().any(|made| method.contains(made));
        makes && texts(maker, "engines").contains(&text(store, "engine").unwrap_or_default())
    };
    makers.iter().filter(fits).map(|maker| platform::resolve(maker, makers.iter())).collect()
}

/// The tool that archives the store's log, on its server; null where whoever runs that lets none.
fn archiver(tools: &[Value], tool: Option<&str>, store: &Value) -> Value {
    let chosen = tools.iter().find(|maker| text(maker, "id") == tool && texts(maker, "makes").contains(&LOG));
    chosen.filter(|_| !closed(store)).cloned().unwrap_or_else(none)
}

/// Whether whoever runs the store lets nothing of ours run on its server.
fn closed(store: &Value) -> bool {
    let provider = text(store, "provider");
    let mut ways = list(store, "engine_facts.recover").iter();
    provider.is_some() && ways.any(|way| text(way, "provider") == provider && yes(way, "closed"))
}

/// The image that holds the client of the store's version.
fn image(store: &Value) -> Option<String> {
    let pattern = text(store, "engine_facts.backup.image")?;
    let version = text(store, "version");
    (version.is_some() || !pattern.contains("{version}"))
        .then(|| pattern.replace("{version}", version.unwrap_or_default()))
}

/// `verify` and `drill` with the minute that they start, and the age at which the last one is overdue.
fn recurring(backup: &Value, key: &str, seed: &str) -> Value {
    let answered = at(backup, key);
    let Some(every) = text(answered, "every") else { return none() };
    let late = interval(every).map(|seconds| format!("{}d", seconds / DAY + GRACE));
    let cron = schedule::cron(every, seed);
    let calendar = cron.as_deref().and_then(schedule::calendar);
    with(answered, facts!({ "cron": cron, "calendar": calendar, "stale_after": late }))
}

/// With what a backup is encrypted: by the kind of its keys, which can't be mixed.
fn encryption(keys: &[&str]) -> &'static str {
    let openpgp = keys.iter().filter(|key| key.len() == 40).count();
    match openpgp {
        _ if keys.is_empty() => "none",
        0 => "age",
        some if some == keys.len() => "gpg",
        _ => "mixed",
    }
}

/// Half of what a run leaves of the RPO, in parts that divide a day or an hour.
fn derived(rpo: Option<&str>, takes: Option<&str>) -> String {
    let promised = rpo.and_then(seconds).unwrap_or(24 * HOUR);
    let half = promised.saturating_sub(takes.and_then(seconds).unwrap_or(0)) / 2;
    if let Some(hours) = [12, 8, 6, 4, 3, 2].into_iter().find(|hours| hours * HOUR <= half) {
        return format!("every {hours}h");
    }
    match [30, 20, 15, 10].into_iter().find(|minutes| minutes * 60 <= half) {
        _ if half >= HOUR => "hourly".to_owned(),
        Some(minutes) => format!("every {minutes}m"),
        None => "every 5m".to_owned(),
    }
}

/// Seconds between two runs; `None` when it isn't by the clock.
fn interval(recurrence: &str) -> Option<u64> {
    match recurrence {
        "hourly" => Some(HOUR),
        "daily" => Some(24 * HOUR),
        "weekly" => Some(7 * 24 * HOUR),
        "monthly" => Some(31 * DAY),
        "quarterly" => Some(92 * DAY),
        "yearly" => Some(366 * DAY),
        _ => recurrence.strip_prefix("every ").and_then(seconds),
    }
}

/// The RPO where the schedule can keep it, otherwise the interval and two hours for the run itself.
fn stale_after(rpo: Option<&str>, every: Option<u64>) -> Option<String> {
    let promised = rpo.and_then(seconds);
    match (promised, every) {
        (Some(promised), Some(every)) if promised < every => Some(hours(every + 2 * HOUR)),
        (Some(_), _) => rpo.map(str::to_owned),
        (None, every) => every.map(|every| hours(every + 2 * HOUR)),
    }
}

/// In whole hours, else in minutes.
fn hours(seconds: u64) -> String {
    if seconds.is_multiple_of(HOUR) { format!("{}h", seconds / HOUR) } else { format!("{}m", seconds / 60) }
}

/// Seconds of a canonical duration.
fn seconds(duration: &str) -> Option<u64> {
    let unit = duration.chars().next_back()?;
    let count: u64 = duration.strip_suffix(unit)?.parse().ok()?;
    let scale = match unit {
        's' => 1,
        'm' => 60,
        'h' => HOUR,
        'd' => 24 * HOUR,
        'w' => 7 * 24 * HOUR,
        _ => return None,
    };
    Some(count * scale)
}

/// Each store with its backup, which doesn't repeat the store.
pub fn attach(datastores: Vec<Value>, backups: &[Value]) -> Vec<Value> {
    let attached = datastores.into_iter().map(|store| {
        let Some(backup) = named(backups, name(&store)) else { return store };
        let others = backup.as_map().into_iter().flatten().filter(|(key, _)| key.as_str() != Some("datastore"));
        let backup = Value::from(others.map(|(key, value)| (key.clone(), value.clone())).collect::<Map>());
        with(&store, facts!({ "backup": backup }))
    });
    attached.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_left_out_schedule_runs_twice_within_the_rpo() {
        assert_eq!(derived(Some("25h"), Some("30m")), "every 12h");
        assert_eq!(derived(Some("24h"), Some("30m")), "every 8h");
        assert_eq!(derived(Some("3h"), Some("30m")), "hourly");
        assert_eq!(derived(Some("1h"), Some("10m")), "every 20m");
        assert_eq!(derived(Some("5m"), Some("30m")), "every 5m");
        assert_eq!(derived(None, None), "every 12h");
    }

    #[test]
    fn keys_of_one_kind_say_what_encrypts() {
        let (age, gpg) = (
            "age1qtku45243773t33xnyrz8zq3mar2vtw6az494nl3ll8dw0cfemksf5yqgv",
            "0123456789ABCDEF0123456789ABCDEF01234567",
        );
        assert_eq!(encryption(&[]), "none");
        assert_eq!(encryption(&[age, "ssh-ed25519 AAAAC3"]), "age");
        assert_eq!(encryption(&[gpg]), "gpg");
        assert_eq!(encryption(&[age, gpg]), "mixed");
    }

    #[test]
    fn a_log_is_archived_by_the_tool_that_can_where_it_may() {
        let makers = [
            facts!({ "id": "one", "makes": ["wal"], "engines": ["postgres"], "settings": "one.env" }),
            facts!({ "id": "other", "makes": ["files"], "engines": ["volume"] }),
        ];
        let own = facts!({ "engine": "postgres", "provider": "self" });
        let recover = [facts!({ "provider": "cloud", "closed": true })];
        let rented =
            facts!({ "engine": "postgres", "provider": "cloud", "engine_facts": facts!({ "recover": recover }) });
        let made = |tool, method: &[&str], store: &Value| {
            text(&archiver(&fitting(&makers, method, store), Some(tool), store), "id").map(str::to_owned)
        };
        assert_eq!(made("one", &["dump", "wal"], &own).as_deref(), Some("one"));
        assert_eq!(made("one", &["dump"], &own), None);
        assert_eq!(made("other", &["wal"], &own), None);
        assert_eq!(made("one", &["wal"], &rented), None);
    }

    #[test]
    fn a_restore_takes_what_was_measured_else_what_the_size_says() {
        let store = facts!({ "size": facts!({ "storage": "12GB" }) });
        let takes = |measured, method: &[&str]| restore(measured, method, &store);
        assert_eq!(text(&takes(None, &["dump"]), "takes"), Some("20m"));
        assert_eq!(text(&takes(Some("3h"), &["dump"]), "takes"), Some("3h"));
        assert_eq!(text(&takes(None, &["replication"]), "takes"), None);
    }

    #[test]
    fn data_is_stale_at_the_rpo_unless_the_schedule_cannot_keep_it() {
        assert_eq!(stale_after(Some("24h"), interval("every 12h")).as_deref(), Some("24h"));
        assert_eq!(stale_after(Some("15m"), interval("daily")).as_deref(), Some("26h"));
    }
}
