//! Which module a file reaches into, and whether the table allows it.

use std::collections::{BTreeMap, BTreeSet};

use super::File;

/// Module → modules it may import, from the table in the documentation of `lib.rs`.
pub fn table(lib: &str) -> BTreeMap<String, Vec<String>> {
    let rows = lib.lines().filter_map(|line| line.strip_prefix("//! | `"));
    rows.map(|row| {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let module = cells[0].trim_matches('`').to_owned();
        let allowed = cells[2].split(',').map(|name| name.trim().to_owned()).collect();
        (module, allowed)
    })
    .collect()
}

/// One line for each import that the table doesn't allow.
pub fn check(file: &File, table: &BTreeMap<String, Vec<String>>) -> Vec<String> {
    if matches!(file.module.as_str(), "lib" | "main") {
        return Vec::new();
    }
    let Some(allowed) = table.get(&file.module) else {
        return vec![format!("{}: `{}` isn't in the table of src/lib.rs", file.path, file.module)];
    };
    let may = |name: &str| allowed.iter().any(|one| one == name || one == "all") || name == file.module;
    reached(file)
        .into_iter()
        .filter(|name| table.contains_key(name) && !may(name))
        .map(|name| format!("{}: `{}` may not import `{name}`", file.path, file.module))
        .collect()
}

/// Top-level modules that the file names.
fn reached(file: &File) -> BTreeSet<String> {
    let code = flat(&file.code.text);
    let mut found = BTreeSet::new();
    for root in ["crate::", "opsgen::", "super::"] {
        for (at, _) in code.match_indices(root) {
            let inside = code[..at].chars().next_back().is_some_and(|last| last.is_alphanumeric() || last == '_');
            if inside || (root == "super::" && code[..at].ends_with("super::")) {
                continue;
            }
            let depth = if root == "super::" { file.place.len() } else { 1 };
            names(&code[at..], depth, &mut found);
        }
    }
    found
}

/// Collects the first names below the crate's root; `depth` steps of `super` lead there.
fn names(path: &str, depth: usize, found: &mut BTreeSet<String>) {
    let (mut rest, mut left) = (path, depth);
    while let Some(above) = ["super::", "crate::", "opsgen::"].iter().find_map(|root| rest.strip_prefix(root)) {
        rest = above;
        left = left.saturating_sub(1);
    }
    if let Some(group) = rest.strip_prefix('{') {
        for part in parts(group) {
            if left == 0 || part.starts_with("super::") {
                names(part, left, found);
            }
        }
    } else if left == 0 {
        found.insert(rest.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect());
    }
}

/// The parts of a `{a, b::{c, d}}` list, up to its closing brace.
fn parts(group: &str) -> Vec<&str> {
    let (mut depth, mut start, mut found) = (0, 0, Vec::new());
    for (at, letter) in group.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 0 => {
                found.push(&group[start..at]);
                return found;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                found.push(&group[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    found
}

/// Code without white space around `::`, `{` and `,`, so that a path reads in one piece.
fn flat(code: &str) -> String {
    let words: Vec<&str> = code.split_whitespace().collect();
    let mut out = String::new();
    for word in words {
        let glued = out.ends_with(['{', ',', ':']) || word.starts_with([':', ',', '}']);
        if !out.is_empty() && !glued {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}
