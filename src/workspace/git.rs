//! Tells git about files written with conflict marks, so that `git status`, `git mergetool` and editors know them.
//!
//! In: the folder, a plan that was carried out. Out: words for the user. Nothing here fails a run: without git or without a
//! repository the marks in the files are all there is.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::plan::{Action, Content, Disk, Entry, Plan, Recorded};

/// Puts what was last generated, yours and the new one of each marked file into the index.
pub fn mark(top: &Path, plan: &Plan) -> Vec<String> {
    let marked: Vec<&Entry> = plan.entries.iter().filter(|entry| entry.action == Action::Marked).collect();
    if marked.is_empty() {
        return Vec::new();
    }
    match record(top, &marked) {
        Ok(()) => {
            vec!["git knows the conflicts: settle them with `git mergetool` or by hand, then `git add`".to_owned()]
        }
        Err(why) => vec![format!("git doesn't know of the conflicts ({why}); they stand in the files between marks")],
    }
}

/// Files that git still takes for unmerged, though what stood between marks was taken back.
pub fn unmerged(top: &Path, paths: &[&str]) -> Vec<String> {
    let words = [&["ls-files", "--unmerged", "-z", "--"], paths].concat();
    let listed = git(top, &words, &[]).unwrap_or_default();
    let mut found: Vec<&str> = listed.split('\0').filter_map(|line| Some(line.split_once('\t')?.1)).collect();
    found.dedup();
    match found.as_slice() {
        [] => Vec::new(),
        found => vec![format!("git still takes {} for unmerged: `git add` what is right", found.join(", "))],
    }
}

fn record(top: &Path, marked: &[&Entry]) -> Result<(), String> {
    let prefix = git(top, &["rev-parse", "--show-prefix"], &[])?;
    let mut lines: Vec<u8> = Vec::new();
    for entry in marked {
        let path = format!("{}{}", prefix.trim_end_matches('\n'), entry.target);
        let mut stages = String::new();
        let mut nothing = String::new();
        for (stage, content) in sides(entry) {
            let blob = git(top, &["hash-object", "-w", "--stdin", "--path", &path], &content.bytes)?;
            let (blob, mode) = (blob.trim(), if content.executable { "100755" } else { "100644" });
            nothing = "0".repeat(blob.len());
            stages.push_str(&format!("{mode} {blob} {stage}\t{path}\0"));
        }
        lines.extend(format!("0 {nothing}\t{path}\0{stages}").into_bytes());
    }
    git(top, &["update-index", "-z", "--index-info"], &lines).map(drop)
}

/// By git's number of the stage.
fn sides(entry: &Entry) -> impl Iterator<Item = (u8, &Content)> {
    let base = match &entry.recorded {
        Some(Recorded::Base(base)) => Some(&base.content),
        _ => None,
    };
    let ours = match &entry.disk {
        Disk::File(content) => Some(content),
        _ => None,
    };
    [(1, base), (2, ours), (3, entry.new.as_ref())].into_iter().filter_map(|(stage, side)| Some((stage, side?)))
}

fn git(top: &Path, words: &[&str], input: &[u8]) -> Result<String, String> {
    let mut command = Command::new("git");
    command.arg("-C").arg(top).args(words).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| format!("can't run git: {}", super::plain(&error)))?;
    let fed = child.stdin.take().map(|mut pipe| pipe.write_all(input));
    let output = child.wait_with_output().map_err(|error| super::plain(&error))?;
    if output.status.success() && !matches!(fed, Some(Err(_))) {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(said.lines().next().unwrap_or("it failed").trim_start_matches("fatal: ").to_owned())
}
