//! Which paths may be ours at all, and which of them clash.
//!
//! In: paths of artifacts. Out: why one is refused. Knows no disk.

use std::collections::BTreeMap;

/// Folders that are never written through an artifact.
const FORBIDDEN: [&str; 2] = [".git", ".opsgen"];

/// Why this path can't be written; nothing when it can.
pub fn refusal(path: &str) -> Option<String> {
    let parts: Vec<&str> = path.split('/').collect();
    if path.is_empty() || path.starts_with('/') || path.ends_with('/') {
        return Some("isn't a path of a file below the root".into());
    }
    if parts.contains(&"..") {
        return Some("leaves the root".into());
    }
    if parts.iter().any(|part| part.is_empty() || *part == ".") {
        return Some("isn't in its plain form".into());
    }
    if path.contains(['\\', '\0', '\n', '\r']) {
        return Some("holds a character that no path may hold".into());
    }
    let forbidden = |part: &&str| is_alias(part);
    parts.iter().find(|part| forbidden(part)).map(|name| format!("lies in `{name}/`, which is never written"))
}

/// A name that some file system takes for a folder of git's or ours: case, ends and letters that nobody sees don't count.
fn is_alias(part: &str) -> bool {
    let unseen = |letter: char| matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    let plain: String = part.chars().filter(|letter| !unseen(*letter)).collect();
    let plain = plain.trim_end_matches(['.', ' ']).to_lowercase();
    FORBIDDEN.contains(&plain.as_str()) || plain == "git~1"
}

/// Paths that can't stand beside each other: the same but for case, or one a folder of the other.
pub fn clashes<'a>(paths: impl Iterator<Item = &'a str>) -> BTreeMap<String, String> {
    let mut folded: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for path in paths {
        folded.entry(path.to_lowercase()).or_default().push(path);
    }
    let mut found = BTreeMap::new();
    for (key, group) in &folded {
        for (at, path) in group.iter().enumerate() {
            if let Some(other) = group.get(usize::from(at == 0)).filter(|_| group.len() > 1) {
                found.insert((*path).to_owned(), same_place(path, other));
            }
            if let Some(parent) = parents(key).find_map(|parent| folded.get(parent)) {
                found.insert((*path).to_owned(), format!("lies below `{}`, which is a file too", parent[0]));
            }
        }
    }
    found
}

fn same_place(path: &str, other: &str) -> String {
    if path == other {
        "is produced twice".into()
    } else {
        format!("differs only in case from `{other}`, which is produced too")
    }
}

/// Every folder above a path, nearest first.
pub fn parents(path: &str) -> impl Iterator<Item = &str> {
    path.rmatch_indices('/').map(|(at, _)| &path[..at])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_paths_below_the_root() {
        assert_eq!(refusal("ops/bin/deploy"), None);
        assert_eq!(refusal(".github/workflows/ci.yml"), None);
        for path in ["", "/etc/passwd", "../x", "a/../../x", "a//b", "./a", "a/", ".git/hooks/x", "a/.GIT/x", "a\\b"] {
            assert!(refusal(path).is_some(), "{path}");
        }
        for path in [".opsgen/spec.yaml", ".git./x", "git~1/hooks/x", ".g\u{200b}it/x", ".OPSGEN/x"] {
            assert!(refusal(path).is_some(), "{path}");
        }
    }

    #[test]
    fn paths_that_cannot_stand_together() {
        let found = clashes(["README.md", "readme.md", "a", "a/b", "c", "twice", "twice"].into_iter());
        assert_eq!(found.keys().collect::<Vec<_>>(), ["README.md", "a/b", "readme.md", "twice"]);
        assert!(found["README.md"].contains("readme.md"));
        assert!(found["twice"].contains("twice"));
    }
}
