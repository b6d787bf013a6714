//! The README shows what happens: its commands run, and say what it says they say.

mod program;

use std::fs;
use std::path::Path;

use program::{Project, Said, scenario};

/// A fenced block: its language and its lines.
struct Block {
    language: String,
    lines: Vec<String>,
}

fn readme() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap()
}

fn blocks() -> Vec<Block> {
    let mut found = Vec::new();
    let text = readme();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(language) = line.strip_prefix("```") {
            let body = lines.by_ref().take_while(|line| *line != "```").map(str::to_owned).collect();
            found.push(Block { language: language.to_owned(), lines: body });
        }
    }
    found
}

fn of(language: &str) -> Vec<Block> {
    blocks().into_iter().filter(|block| block.language == language).collect()
}

/// Every shown line is said, in this order; `…` stands for lines that are left out.
#[track_caller]
fn says(ended: &Said, shown: &[String]) {
    let said = format!("{}\n{}", ended.out, ended.talk);
    let mut said = said.lines().map(str::trim_end);
    for line in shown.iter().filter(|line| *line != "…") {
        assert!(said.any(|one| one == line.trim_end()), "not said, or not here: {line}");
    }
}

/// The words of a command line of this README: it quotes nothing.
fn words(command: &str) -> Vec<&str> {
    command.split_whitespace().collect()
}

/// The example project, applied, and then edited the way that the text before the command says.
fn edited(command: &str) -> Project {
    let project = Project::applied("fly-web-api");
    match command {
        "lint" => project.edit("spec.yaml", "requires: [db]", "requires: [dbs]"),
        "diff" => project.edit("spec.yaml", "max: 5, when", "max: 6, when"),
        other => panic!("the README shows `opsgen {other}`, and this test doesn't know what comes before it"),
    }
    project
}

#[test]
fn what_it_looks_like() {
    let shown = of("console");
    assert!(shown.len() >= 2, "the README shows runs");
    for block in shown {
        let Some(command) = block.lines[0].strip_prefix("$ opsgen ") else {
            // A piece of output by itself: the example says it as it stands.
            says(&Project::of("fly-web-api").run(&["lint", "spec.yaml"]), &block.lines);
            continue;
        };
        let words = words(command);
        says(&edited(words[0]).run(&words), &block.lines[1..]);
    }
}

#[test]
fn the_two_commands() {
    let block = of("sh").into_iter().next().expect("the README says how to run and test");
    let [run, test] = block.lines.as_slice() else { panic!("two commands, not {:?}", block.lines) };
    let (_, opsgen) = run.split_once("cargo run --release -- ").expect("the first runs the program");
    let project = Project::empty();
    let spec = scenario("fly-web-api").join("spec.yaml");
    let opsgen = opsgen
        .replace("snapshots/fly-web-api/spec.yaml", spec.to_str().unwrap())
        .replace("/tmp/acme", project.root().to_str().unwrap());
    project.run(&words(&opsgen)).code(0);
    assert!(project.path("docs/bootstrap.md").is_file() && project.path("docs/production-readiness.md").is_file());
    project.run(&words(&opsgen)).code(0).says("nothing to do");

    let target = test.strip_prefix("make ").expect("the second is a target");
    let makefile = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Makefile")).unwrap();
    assert!(makefile.lines().any(|line| line.starts_with(&format!("{target}:"))), "no target {target}");
}

#[test]
fn every_command_of_the_table() {
    let text = readme();
    let named = text.lines().filter_map(|line| line.strip_prefix("| `opsgen ")).filter_map(|row| row.split('`').next());
    let project = Project::empty();
    let mut count = 0;
    for words in named {
        let command: Vec<&str> =
            words.split_whitespace().filter(|word| word.chars().all(|letter| letter.is_ascii_lowercase())).collect();
        project.run(&[command.as_slice(), &["--help"]].concat()).code(0);
        count += 1;
    }
    assert!(count >= 7, "{count} commands in the table");
}

#[test]
fn a_blueprint_of_two_files() {
    let project = Project::applied("fly-web-api");
    let manifest = of("yaml").into_iter().find(|block| block.lines[0].starts_with("# mine/")).unwrap();
    let template = of("text").pop().unwrap();
    project.write(manifest.lines[0].trim_start_matches("# "), manifest.lines.join("\n") + "\n");
    project.write("mine/docs/contacts/contacts.md.tera", template.lines.join("\n") + "\n");
    let ended = project.run(&["diff", "spec.yaml", "--blueprints", "mine"]);
    ended.code(0);
    let files: Vec<&str> = ended.out.lines().filter(|line| line.starts_with("diff --git")).collect();
    assert_eq!(files, ["diff --git a/docs/contacts.md b/docs/contacts.md"]);
}
