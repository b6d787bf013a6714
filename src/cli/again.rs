//! The commands that a person is told to run next: in the same place, with the same blueprints.

use super::options::Global;
use crate::report::quoted;

/// The command that writes the plan of this spec.
pub fn apply(spec: &str, global: &Global) -> String {
    let mut command = format!("opsgen apply {}", quoted(spec));
    let folders = global.root.iter().map(|root| ("--root", root));
    for (option, folder) in folders.chain(global.blueprints.iter().map(|folder| ("--blueprints", folder))) {
        command += &format!(" {option} {}", quoted(&folder.display().to_string()));
    }
    command
}

/// The command as it was given, with consent.
pub fn with_consent() -> String {
    let given = std::env::args().skip(1).map(|word| quoted(&word));
    ["opsgen".to_owned()].into_iter().chain(given).chain(["--yes".to_owned()]).collect::<Vec<_>>().join(" ")
}
