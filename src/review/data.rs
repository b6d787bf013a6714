//! Where copies lie, who can read them, who can make them.

use super::Finding;
use crate::diagnostic::codes;
use crate::model::fact::{Value, list, name, text, texts, yes};

pub fn check(facts: &Value) -> Vec<Finding> {
    let backups = list(facts, "backups").iter();
    let each = backups.flat_map(|backup| [readable(backup), shut_out(backup), on_its_disk(backup)]);
    let beside = list(facts, "backups").iter().filter_map(|backup| beside_the_data(facts, backup));
    each.flatten().chain(beside).chain(anonymous(facts)).collect()
}

/// A tool that must run on the server, and a provider that lets nothing run there.
fn shut_out(backup: &Value) -> Option<Finding> {
    let tool = text(backup, "tool").filter(|_| texts(backup, "method").contains(&"wal"))?;
    let (store, provider) = (name(backup), text(backup, "datastore.provider")?);
    let message = format!("{tool} can't archive the log of `{store}`: {provider} lets nothing run on its servers");
    let help = format!(
        "leave `tool` out: {provider} archives the log itself, and docs/disaster-recovery.md says how to go back to a moment"
    );
    yes(backup, "closed").then(|| Finding::new(codes::SHUT_OUT, format!("backups.{store}.tool"), message, help))
}

/// Whoever can delete the data can delete its copy.
fn beside_the_data(facts: &Value, backup: &Value) -> Option<Finding> {
    let to = text(backup, "to.url")?;
    let bucket = to.split_once("://")?.1.split('/').next()?;
    let owner = list(facts, "datastores").iter().find(|store| text(store, "size.bucket") == Some(bucket))?;
    let store = name(backup);
    let message = format!("backups of `{store}` lie in the bucket of `{}`, which the services write", name(owner));
    let help = "use a bucket of another account, whose credentials the services don't have";
    Some(Finding::new(codes::BESIDE_THE_DATA, format!("backups.{store}.to"), message, help))
}

/// A dump leaves the database readable for whoever finds it; a broker's definitions hold its users and the hashes of their passwords.
fn readable(backup: &Value) -> Option<Finding> {
    let method = ["dump", "definitions"].into_iter().find(|method| texts(backup, "method").contains(method))?;
    let open = texts(backup, "encrypt_for").is_empty();
    let store = name(backup);
    let what = if method == "dump" { "dumps" } else { method };
    let message = format!("{what} of `{store}` are stored unencrypted");
    let help = "name public keys under `encrypt_for`, and keep their private halves elsewhere";
    open.then(|| Finding::new(codes::BACKUP_READABLE, format!("backups.{store}.encrypt_for"), message, help))
}

/// What takes the machine takes the copy.
fn on_its_disk(backup: &Value) -> Option<Finding> {
    let store = name(backup);
    let message = format!("backups of `{store}` stay on a disk: what happens to the machine happens to them");
    let help = "copy them to another account or another place, and name that under `to`";
    let beside = text(backup, "to.scheme") == Some("file");
    beside.then(|| Finding::new(codes::BESIDE_THE_DATA, format!("backups.{store}.to"), message, help))
}

fn anonymous(facts: &Value) -> Option<Finding> {
    let wanted = list(facts, "environments").iter().find(|it| text(it, "data") == Some("anonymized"))?;
    let scripted =
        list(facts, "backups").iter().any(|backup| yes(backup, "scripted") && text(backup, "anonymize").is_some());
    let message = format!("`{}` holds anonymised data, and nothing makes it anonymous", name(wanted));
    let help = "name the script under `backups.STORE.anonymize`";
    (!scripted)
        .then(|| Finding::new(codes::NOT_ANONYMIZED, format!("environments.{}.data", name(wanted)), message, help))
}
