//! Runbooks: every page of both scenarios is whole, each fault of a page is seen, and what people write on one stays.

#![allow(clippy::unwrap_used)]

mod program;

use std::fs;
use std::path::PathBuf;

use opsgen::catalog::{Catalog, Layer, embedded};
use opsgen::diagnostic::{Diagnostic, Source};
use opsgen::{model, render, spec};
use program::Project;

const PAGE: &str = "docs/runbooks/http-error-rate-high.md";
const BODY: &str = "alerts/http/HttpErrorRateHigh/runbook.md.tera";
const FORM: &str = "observability/runbooks/page.md.tera";

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn scenario(name: &str) -> String {
    fs::read_to_string(root().join("snapshots").join(name).join("spec.yaml")).unwrap()
}

/// What is said about a spec when one blueprint file has other words in place of some.
fn said(name: &str, file: &str, words: &str, others: &str) -> Vec<Diagnostic> {
    let text = fs::read_to_string(root().join("blueprints").join(file)).unwrap();
    assert!(text.contains(words), "{file} no longer says {words:?}");
    let files = vec![(file.to_owned(), text.replacen(words, others, 1).into_bytes())];
    let catalog = Catalog::load(&[embedded(), Layer { name: "own".into(), files }]).unwrap();
    let (spec, _) = spec::parse(Source::new("spec.yaml", scenario(name)));
    let (model, _) = model::resolve(&spec, &catalog);
    render::render(&model, &catalog).err().unwrap_or_default()
}

#[test]
fn every_page_of_both_scenarios_is_whole() {
    for name in ["fly-web-api", "kubernetes-shop"] {
        assert_eq!(said(name, BODY, "Users see errors now", "Users see errors now").len(), 0, "{name}");
    }
}

#[test]
fn each_fault_of_a_page_is_seen() {
    let cases = [
        (
            BODY,
            "## Mitigation",
            "## Mending",
            "OPS301",
            "HttpErrorRateHigh/runbook.md.tera has no section `## Mitigation`",
        ),
        (FORM, "## Escalation", "## Elevation", "OPS360", "the part `Escalation` is missing"),
        (FORM, "<% include \"observability/runbooks/follow-up.md.tera\" %>", "", "OPS360", "`Follow-up` is empty"),
        (BODY, "Users see errors now", "TODO: who sees it", "OPS360", "`TODO` was never filled in"),
        (BODY, "too large a share", "more than 7%", "OPS361", "`What it means` says 7%"),
        (BODY, "Which route,", "See `ops/bin/fix-it`. Which route,", "OPS362", "nothing writes ops/bin/fix-it"),
        (BODY, "[ContainerRestartingOften](container-restarting-often.md)", "[x](../gone.md)", "OPS362", "../gone.md"),
        (
            "hosting/fly/commands.yaml",
            "rollback: \"ops/bin/rollback <{ environment.name }>\"",
            "rollback: ops/bin/rollback prod",
            "OPS362",
            "no environment is named prod",
        ),
        (
            "hosting/fly/commands.yaml",
            "logs: \"flyctl logs --app <{ environment.app }>\"",
            "logs: flyctl logs --app acme",
            "OPS362",
            "the spec has no acme",
        ),
        (
            "observability/runbooks/blueprint.yaml",
            "path: \"<{ runbook.path }>\"",
            "path: \"<{ runbook.path }>\"\n    when: runbook.alert != \"CpuHigh\"",
            "OPS362",
            "sends its reader to docs/runbooks/cpu-high.md, which is not written",
        ),
    ];
    for (file, words, others, code, phrase) in cases {
        let faults = said("fly-web-api", file, words, others);
        let told: Vec<String> = faults.iter().map(|fault| fault.render(false)).collect();
        assert!(
            told.iter().any(|text| text.contains(&format!("[{code}]")) && text.contains(phrase)),
            "{others:?} in {file} should be {code}, {phrase}:\n{}",
            told.join("\n")
        );
    }
}

/// Whoever reads a page at night has its commands and nothing else: one that names a variable which nobody sets doesn't run.
#[test]
fn no_command_takes_what_nobody_sets() {
    let set = ["", "USER", "GRAFANA_URL", "GRAFANA_TOKEN"]; // the latter as ops/bin/observe takes them
    for name in ["fly-web-api", "kubernetes-shop"] {
        for file in fs::read_dir(root().join("snapshots").join(name).join("out/docs/runbooks")).unwrap() {
            let path = file.unwrap().path();
            let mut shell = false;
            for line in fs::read_to_string(&path).unwrap().lines() {
                if let Some(language) = line.trim_start().strip_prefix("```") {
                    shell = language == "sh";
                }
                for (at, _) in line.match_indices('$').filter(|_| shell) {
                    let end = |c: char| !(c.is_ascii_uppercase() || c == '_');
                    let variable = line[at + 1..].split(end).next().unwrap();
                    assert!(set.contains(&variable), "{}: ${variable}\n{line}", path.display());
                }
            }
        }
    }
    for (path, text) in embedded().files.iter().filter(|(path, _)| path.ends_with("/runbook.md.tera")) {
        assert!(!String::from_utf8_lossy(text).contains("$<{"), "{path}");
    }
}

/// The page of one and the same alert has the numbers of its spec.
#[test]
fn notes_stay_when_the_limit_changes() {
    let project = Project::empty();
    let text = scenario("fly-web-api");
    fs::write(project.path("spec.yaml"), &text).unwrap();
    project.run(&["apply", "spec.yaml", "--root", ".", "--yes"]).code(0);
    let page = fs::read_to_string(project.path(PAGE)).unwrap();
    assert!(page.contains("- **high**: above 5%, for 5m"), "{page}");
    let end = "<!-- Yours up to here. -->";
    let noted = page.replace(end, &format!("The load balancer lies here.\n\n{end}\n\nAsk Ada about route 7."));
    fs::write(project.path(PAGE), noted).unwrap();
    let changed = text.replace("high: 5% for 5m }", "high: 6% for 10m }");
    assert_ne!(text, changed);
    fs::write(project.path("spec.yaml"), changed).unwrap();
    project.run(&["apply", "spec.yaml", "--root", ".", "--yes"]).code(0);
    let page = fs::read_to_string(project.path(PAGE)).unwrap();
    for kept in ["The load balancer lies here.", "Ask Ada about route 7.", "- **high**: above 6%, for 10m", end] {
        assert!(page.contains(kept), "{kept:?} is gone:\n{page}");
    }
    assert!(!page.contains("above 5%"), "{page}");
}
