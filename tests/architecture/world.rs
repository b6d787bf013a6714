//! The file system, the environment, processes and clocks: only where the table puts them.

use super::File;

/// Modules that may look outside.
const EDGE: [&str; 4] = ["workspace", "verify", "cli", "main"];

const MODULES: [&str; 3] = ["fs", "env", "process"];

const CLOCKS: [&str; 5] = ["SystemTime", "Zoned::now", "Instant::now", "Timestamp::now", "Local::now"];

/// One line for each look outside.
pub fn check(file: &File) -> Vec<String> {
    if EDGE.contains(&file.module.as_str()) {
        return Vec::new();
    }
    let code: String = file.code.text.split_whitespace().collect::<Vec<_>>().join(" ");
    let clocks = CLOCKS.iter().filter(|clock| code.contains(*clock)).map(|clock| (*clock).to_owned());
    let modules = MODULES.iter().filter(|module| names_std(&code, module)).map(|module| format!("std::{module}"));
    clocks.chain(modules).map(|what| format!("{}: `{}` may not use {what}", file.path, file.module)).collect()
}

/// `std::fs`, or `fs` in a list after `std::{`.
fn names_std(code: &str, module: &str) -> bool {
    let word =
        |text: &str| text.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect::<String>();
    let direct = code.match_indices("std::").any(|(at, found)| word(&code[at + found.len()..]) == module);
    let listed = code.match_indices("std::{").any(|(at, found)| {
        let group = code[at + found.len()..].split(';').next().unwrap_or_default();
        group.split([',', '{', '}']).any(|part| word(part.trim()) == module)
    });
    direct || listed
}

/// One line for each map without an order.
pub fn unordered(file: &File) -> Vec<String> {
    let found = ["HashMap", "HashSet"].into_iter().filter(|name| file.code.text.contains(name));
    found.map(|name| format!("{}: {name} has no order: take BTreeMap or IndexMap", file.path)).collect()
}
