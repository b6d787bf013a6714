//! A platform file that somebody made their own: comments, more keys, another order.

use super::program::Project;

const FILE: &str = "fly.production.toml";

/// The file with its tables in another order, comments at tables and values, and keys of its own.
fn by_hand(text: &str) -> String {
    let text = text.trim_end();
    let starts: Vec<usize> = text.match_indices("\n[").map(|(at, _)| at + 1).collect();
    let (root, rest) = text.split_at(starts[0]);
    let ends = starts.iter().skip(1).map(|at| at - starts[0]).chain([rest.len()]);
    let mut tables: Vec<&str> =
        starts.iter().map(|at| at - starts[0]).zip(ends).map(|(from, to)| &rest[from..to]).collect();
    // sub-tables stay behind their parents: only whole groups change places
    let group = |table: &str| table.trim_start_matches('[').split([']', '.']).next().unwrap_or_default().to_owned();
    tables.sort_by_key(|table| std::cmp::Reverse(group(table)));
    let mut out = format!("# ours, ask the platform team\n{root}swap_size_mb = 512 # for the image resizer\n\n");
    for table in tables {
        out.push_str(&format!("# kept by hand: {}\n{}\n\n", group(table), table.trim_end()));
    }
    out
}

#[test]
fn a_platform_file_made_by_hand_keeps_everything_through_a_change_of_its_tables() {
    let project = Project::applied("fly-web-api");
    let before = by_hand(&project.read(FILE));
    project.write(FILE, &before);
    project.run(&["check"]).code(0);
    project.edit("spec.yaml", "cpu: 1, memory: 1GiB", "cpu: 2, memory: 2GiB");
    project.edit("spec.yaml", "min: 2", "min: 3");
    project.run(&["apply", "--yes"]).code(0).shows(FILE);
    let after = project.read(FILE);
    let changed: Vec<(&str, &str)> = before.lines().zip(after.lines()).filter(|(old, new)| old != new).collect();
    assert_eq!(before.lines().count(), after.lines().count(), "{after}");
    assert!(!changed.is_empty() && changed.len() <= 6, "{changed:?}");
    for (old, new) in changed {
        let key = |line: &str| line.split('=').next().unwrap_or_default().trim().to_owned();
        assert_eq!(key(old), key(new));
        assert!(!old.starts_with('#'), "{old} became {new}");
    }
    project.run(&["check"]).code(0);
}
