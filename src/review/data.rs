//! Backups against what they promise.

use super::{Finding, seconds};
use crate::diagnostic::codes;
use crate::model::fact::{Value, list, name, text, texts};

/// Methods that lose next to nothing between two runs.
const STREAMS: &[&str] = &["wal", "replication", "versioning"];

pub fn check(facts: &Value) -> Vec<Finding> {
    let backups = list(facts, "backups").iter();
    backups.flat_map(too_rare).chain(list(facts, "backups").iter().flat_map(readable)).chain(anonymous(facts)).collect()
}

fn too_rare(backup: &Value) -> Option<Finding> {
    let methods = texts(backup, "method");
    let (every, rpo) = (seconds(backup, "schedule.every")?, seconds(backup, "rpo")?);
    if methods.iter().any(|method| STREAMS.contains(method)) || every < rpo {
        return None;
    }
    let store = name(backup);
    let message = format!(
        "`{store}` may lose {}, and a backup starts only every {}",
        text(backup, "rpo").unwrap_or("?"),
        text(backup, "schedule.every").unwrap_or("?"),
    );
    let help =
        "a backup counts from when its last run began until the next one has ended: run it more often, or stream";
    Some(Finding::new(codes::RPO_BROKEN, format!("backups.{store}.schedule"), message, help))
}

/// A dump leaves the database readable for whoever finds it.
fn readable(backup: &Value) -> Option<Finding> {
    let open = texts(backup, "method").contains(&"dump") && texts(backup, "encrypt_for").is_empty();
    let store = name(backup);
    let message = format!("dumps of `{store}` are stored unencrypted");
    let help = "name public keys under `encrypt_for`, and keep their private halves elsewhere";
    open.then(|| Finding::new(codes::BACKUP_READABLE, format!("backups.{store}.encrypt_for"), message, help))
}

fn anonymous(facts: &Value) -> Option<Finding> {
    let wanted = list(facts, "environments").iter().find(|it| text(it, "data") == Some("anonymized"))?;
    let scripted = list(facts, "backups").iter().any(|backup| text(backup, "anonymize").is_some());
    let message = format!("`{}` holds anonymised data, and nothing makes it anonymous", name(wanted));
    let help = "name the script under `backups.STORE.anonymize`";
    (!scripted)
        .then(|| Finding::new(codes::NOT_ANONYMIZED, format!("environments.{}.data", name(wanted)), message, help))
}
