//! Path patterns of `outputs:` — `*` within a folder, `**` across folders, `?` one character.
//!
//! A pattern matches the whole path. Nothing else is special.

/// Does the pattern match the whole path?
pub fn matches(pattern: &str, path: &str) -> bool {
    let pattern: Vec<&str> = pattern.split('/').collect();
    let path: Vec<&str> = path.split('/').collect();
    folders(&pattern, &path)
}

/// Is one of the paths what a person means: by pattern, or by a folder above it?
pub fn names<'a>(wanted: &str, mut paths: impl Iterator<Item = &'a str>) -> bool {
    let wanted = wanted.strip_prefix("./").unwrap_or(wanted);
    let folder = wanted.trim_end_matches('/');
    paths.any(|path| matches(wanted, path) || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/')))
}

fn folders(pattern: &[&str], path: &[&str]) -> bool {
    match (pattern.split_first(), path.split_first()) {
        (None, None) => true,
        (Some((&"**", [])), _) => !path.is_empty(),
        (Some((&"**", rest)), _) => (0..=path.len()).any(|skipped| folders(rest, &path[skipped..])),
        (Some((first, rest)), Some((name, below))) => {
            name_matches(first.as_bytes(), name.as_bytes()) && folders(rest, below)
        }
        _ => false,
    }
}

/// Greedy with one point to come back to, so that no pattern takes exponential time.
fn name_matches(pattern: &[u8], name: &[u8]) -> bool {
    let (mut p, mut n, mut retry) = (0, 0, None);
    while n < name.len() {
        match pattern.get(p) {
            Some(b'*') => {
                retry = Some((p + 1, n));
                p += 1;
            }
            Some(byte) if *byte == b'?' || *byte == name[n] => {
                p += 1;
                n += 1;
            }
            _ => {
                let Some((after, taken)) = retry else { return false };
                retry = Some((after, taken + 1));
                p = after;
                n = taken + 1;
            }
        }
    }
    pattern[p..].iter().all(|byte| *byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn patterns() {
        for (pattern, path) in [
            ("docs/runbooks/**", "docs/runbooks/a/b.md"),
            ("**", "a"),
            ("**/*.md", "a.md"),
            ("**/*.md", "a/b/c.md"),
            ("fly.*.toml", "fly.production.toml"),
            ("a?c", "abc"),
            ("*a*b*", "xxaxxbxx"),
        ] {
            assert!(matches(pattern, path), "{pattern} {path}");
        }
        for (pattern, path) in [
            ("docs/runbooks/**", "docs/runbooks"),
            ("docs/*", "docs/a/b.md"),
            ("*.md", "a/b.md"),
            ("a", "ab"),
            ("*a*b", "xaxbx"),
        ] {
            assert!(!matches(pattern, path), "{pattern} {path}");
        }
    }
}
