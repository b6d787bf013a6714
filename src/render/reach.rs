//! Checks that what runbooks name is there: scripts, files, environments, apps and namespaces, other pages, dashboards.
//!
//! In: the model and all artifacts. Out: a fault for each name that nothing has. Refuses nothing else.

use std::collections::BTreeSet;

use tera::Value;

use crate::artifact::Artifact;
use crate::diagnostic::Diagnostic;

/// A page names, or is named by, what isn't there.
pub const NOT_THERE: &str = "OPS362";

struct Known<'a> {
    paths: BTreeSet<&'a str>,
    /// The first folder of every path.
    tops: BTreeSet<&'a str>,
    scripts: BTreeSet<&'a str>,
    environments: Vec<String>,
    /// Flag of a command → what may stand after it.
    names: Vec<(String, Vec<String>)>,
}

pub fn check(model: &Value, artifacts: &[Artifact]) -> Vec<Diagnostic> {
    let pages = list(model, "runbooks");
    let known = Known::of(model, artifacts);
    let page = |page: &Value| text(page, "path");
    if !pages.iter().filter_map(page).any(|path| known.paths.contains(path.as_str())) {
        return Vec::new(); // this spec wants no runbooks
    }
    let mut faults: Vec<String> = Vec::new();
    for alert in list(model, "alerts") {
        let path = text(&alert, "runbook").unwrap_or_default();
        if !known.paths.contains(path.as_str()) {
            faults.push(format!(
                "the rule {} sends its reader to {path}, which is not written",
                text(&alert, "name").unwrap_or_default()
            ));
        }
    }
    for path in pages.iter().filter_map(page) {
        let Some(artifact) = artifacts.iter().find(|artifact| artifact.path == path) else { continue };
        let content = String::from_utf8_lossy(&artifact.bytes);
        faults.extend(known.faults(&path, &content));
    }
    let help = "name what the spec has: `runbook.commands`, `runbook.service`, `runbook.store`, `m.paths`";
    faults.sort();
    faults.dedup();
    faults.into_iter().map(|message| Diagnostic::error(NOT_THERE, message).help(help)).collect()
}

/// What stands at a place below an environment, where `*` is each of a list; of several words the last one is the name.
fn named(below: &Value, place: &str) -> Vec<String> {
    match place.split_once(".*.") {
        Some((outer, inner)) => list(below, outer).iter().flat_map(|one| named(one, inner)).collect(),
        None => text(below, place).iter().filter_map(|words| Some(words.rsplit(' ').next()?.to_owned())).collect(),
    }
}

impl<'a> Known<'a> {
    fn of(model: &Value, artifacts: &'a [Artifact]) -> Self {
        let paths: BTreeSet<&str> = artifacts.iter().map(|artifact| artifact.path.as_str()).collect();
        let deployed = list(model, "deployed");
        let flags = model.get_from_path("platform.names").and_then(|names| names.as_map().cloned()).unwrap_or_default();
        let names = flags.iter().map(|(flag, places)| {
            let places: Vec<String> =
                places.as_array().unwrap_or_default().iter().filter_map(|it| Some(it.as_str()?.to_owned())).collect();
            let values = deployed.iter().flat_map(|one| places.iter().flat_map(|place| named(one, place)));
            (flag.as_str().unwrap_or_default().to_owned(), values.collect())
        });
        Self {
            tops: paths.iter().filter_map(|path| Some(path.split_once('/')?.0)).collect(),
            scripts: artifacts
                .iter()
                .filter(|artifact| artifact.executable)
                .map(|artifact| artifact.path.as_str())
                .collect(),
            environments: deployed.iter().filter_map(|one| text(one, "name")).collect(),
            names: names.collect(),
            paths,
        }
    }

    fn faults(&self, page: &str, content: &str) -> Vec<String> {
        let mut found = Vec::new();
        let (mut fence, mut shell) = (false, false);
        for (at, line) in content.lines().enumerate() {
            let place = format!("{page}:{}", at + 1);
            if let Some(language) = line.trim_start().strip_prefix("```") {
                fence = !fence;
                shell = fence && language == "sh";
            } else if shell {
                found.extend(self.command(line).into_iter().map(|fault| format!("{place}: {fault}")));
            } else if !fence {
                found.extend(self.prose(page, line).into_iter().map(|fault| format!("{place}: {fault}")));
            }
        }
        found
    }

    /// Scripts with their environment, files, and the names after the platform's flags.
    fn command(&self, line: &str) -> Vec<String> {
        let words: Vec<&str> = line.split_whitespace().map(|word| word.trim_matches(['"', '\'', ')', ';'])).collect();
        let mut found: Vec<String> = words.iter().filter_map(|word| self.missing(word)).collect();
        for pair in words.windows(2) {
            let (word, next) = (pair[0], pair[1]);
            let word = word.trim_start_matches("\"$(");
            if self.scripts.contains(word) && !self.environments.iter().any(|name| name == next) {
                found.push(format!("`{word} {next}`: no environment is named {next}"));
            }
            let Some((flag, values)) = self.names.iter().find(|(flag, _)| flag == word) else { continue };
            let own = |value: &String| {
                next == value || next.strip_prefix(value.as_str()).is_some_and(|rest| rest.starts_with('-'))
            };
            // What the reader fills in stands in capitals.
            let open = next.contains('$') || !next.is_empty() && next.chars().all(|letter| letter.is_ascii_uppercase());
            if !open && !values.iter().any(own) {
                found.push(format!("`{flag} {next}`: the spec has no {next}"));
            }
        }
        found
    }

    fn prose(&self, page: &str, line: &str) -> Vec<String> {
        let spans = line.split('`').skip(1).step_by(2);
        let mut found: Vec<String> =
            spans.filter(|span| !span.contains(' ')).filter_map(|span| self.missing(span)).collect();
        for link in line.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let target = link.split('#').next().unwrap_or_default();
            if !target.is_empty() && !target.contains(':') && !self.paths.contains(resolve(page, target).as_str()) {
                found.push(format!("the link to {target} leads nowhere"));
            }
        }
        found
    }

    /// A path below one of our folders that no artifact has, nor stands below it.
    fn missing(&self, word: &str) -> Option<String> {
        let top = word.split_once('/')?.0;
        let within =
            |path: &&str| path.strip_prefix(word).is_some_and(|rest| rest.starts_with('/') || word.ends_with('/'));
        let named = !word.contains(['*', '$', '<', '{']) && self.tops.contains(top);
        (named && !self.paths.contains(word) && !self.paths.iter().any(within))
            .then(|| format!("nothing writes {word}"))
    }
}

/// `docs/runbooks/a.md` and `../b.md` make `docs/b.md`.
fn resolve(page: &str, target: &str) -> String {
    let mut parts: Vec<&str> = page.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            ".." => drop(parts.pop()),
            "." => {}
            part => parts.push(part),
        }
    }
    parts.join("/")
}

fn list(value: &Value, path: &str) -> Vec<Value> {
    value.get_from_path(path).and_then(|list| Some(list.as_array()?.to_vec())).unwrap_or_default()
}

fn text(value: &Value, path: &str) -> Option<String> {
    Some(value.get_from_path(path)?.as_str()?.to_owned())
}
