//! Whatever value the spec accepts comes out of every dialect as exactly that value: rendered through a template, read back by
//! a parser of the syntax, and put through the host's own interpolation.

mod host;
mod read;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use opsgen::format::Dialect;
use opsgen::template::{Facts, Templates};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;

/// What people and attackers put into specs.
const HOSTILE: &[&str] = &[
    "\"",
    "'",
    "`",
    "\\",
    "$(rm -rf /)",
    "`id`",
    "${HOME}",
    "$$",
    "$",
    "\n",
    "${{ secrets.X }}",
    "{{ $labels.job }}",
    "{{",
    "}}",
    "%",
    "%h",
    "[[x]]",
    "é",
    "漢字",
    "🚀",
    "\u{202e}",
    "*/",
    "-->",
    "<!--",
    "<b>",
    "&amp;",
    "&",
    ": ",
    " #",
    "#",
    "- ",
    "no",
    "on",
    "1.10",
    "0x1F",
    "12:30",
    "2026-01-01",
    "~",
    "null",
    "=",
    "|",
    ">",
    "!tag",
    "&a",
    "*a",
    "@",
    "[",
    "]",
    "{",
    "}",
    ",",
    "?",
    " ",
    "  ",
    "\t",
    "EOF",
    "```",
    "$(X)",
    "'''",
    "\"\"\"",
    "\\n",
    "\\",
    "a",
    "Z",
    "0",
    "_x_",
    "__init__",
    "1.",
    "](x)",
    "end",
    ";",
    "#quot;",
];

fn value() -> impl Strategy<Value = String> {
    let piece = prop_oneof![4 => prop::sample::select(HOSTILE).prop_map(str::to_owned), 1 => "[a-zA-Z0-9 .:/_-]{0,6}", 1 => "\\PC{0,3}"];
    prop::collection::vec(piece, 1..6).prop_map(|pieces| pieces.concat())
}

static TEMPLATES: LazyLock<Templates> = LazyLock::new(|| {
    let variables = BTreeSet::from(["v".to_owned()]);
    Templates::new(BTreeMap::new(), Facts::default(), variables)
});

fn render(templates: &Templates, dialect: Dialect, template: &str, value: &str) -> Result<String, String> {
    let mut context = tera::Context::new();
    context.insert("v", value);
    templates.inline(dialect, "test", template, &context).map_err(|fault| fault.message)
}

/// Renders each template and reads the value back; a refusal is only right where `may_refuse` says so.
fn comes_back(
    dialect: Dialect,
    templates: &[&str],
    value: &str,
    read: fn(&str) -> Option<String>,
    may_refuse: fn(&str) -> bool,
) {
    // the readers take `KEY: v` for the key, so this one value can't be told apart
    if value == "v" {
        return;
    }
    for template in templates {
        match render(&TEMPLATES, dialect, template, value) {
            Ok(text) => {
                let back = read(&text);
                assert_eq!(back.as_deref(), Some(value), "{} wrote\n{text}", dialect.name());
            }
            Err(why) => assert!(may_refuse(value), "{}: {value:?} was refused: {why}", dialect.name()),
        }
    }
}

fn never(_: &str) -> bool {
    false
}

fn has_break(value: &str) -> bool {
    value.contains('\n')
}

const YAML: &[&str] = &[
    "v: <{ v }>\n",
    "v: \"<{ v }>\"\n",
    "v: <{ v }> # why\n",
    "a:\n  - v: <{ v }>\n    b: 1\n",
    "a: [{ v: <{ v }> }]\n",
    "<{ v }>: v\n",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn yaml(value in value()) {
        comes_back(Dialect::Yaml, YAML, &value, read::yaml, never);
    }

    #[test]
    fn workflow_expressions_come_out_as_text(value in value()) {
        comes_back(Dialect::GithubActions, YAML, &value, |text| host::expressions(&read::yaml(text)?), never);
    }

    #[test]
    fn dollars_are_doubled(value in value()) {
        comes_back(Dialect::Compose, YAML, &value, |text| host::dollars(&read::yaml(text)?), never);
        comes_back(Dialect::GitlabCi, YAML, &value, |text| host::dollars(&read::yaml(text)?), never);
    }

    #[test]
    fn kubernetes_expands_nothing(value in value()) {
        let arguments = &["value: <{ v }>\n", "args: [<{ v }>]\n", "args:\n  - <{ v }>\n", "args: <{ [v] | flow }>\n"];
        comes_back(Dialect::Kubernetes, arguments, &value, |text| host::dollar_parens(&read::yaml(text)?), never);
        comes_back(Dialect::Kubernetes, &["data: { v: <{ v }> }\n", "annotation: <{ v }>\n"], &value, read::yaml, never);
    }

    #[test]
    fn go_templates_come_out_as_text(value in value()) {
        comes_back(Dialect::Prometheus, YAML, &value, |text| host::go_template(&read::yaml(text)?), never);
        comes_back(Dialect::Alertmanager, YAML, &value, |text| host::go_template(&read::yaml(text)?), never);
        comes_back(Dialect::GoTemplate, &["<{ v }>"], &value, host::go_template, never);
    }

    #[test]
    fn json(value in value()) {
        comes_back(Dialect::Json, &["{\"v\": <{ v }>}", "{\"v\": \"<{ v }>\"}", "{<{ v }>: \"v\"}"], &value, read::json, never);
        comes_back(Dialect::Json, &["{\"v\": <{ v | flow }>}"], &value, read::json, never);
        comes_back(Dialect::Grafana, &["{\"v\": <{ v }>}"], &value, |text| host::variables(&read::json(text)?), |value| host::variables(value).is_none());
    }

    #[test]
    fn toml(value in value()) {
        comes_back(Dialect::Toml, &["v = <{ v }>\n", "v = \"<{ v }>\"\n", "a = { v = <{ v }> }\n", "<{ v }> = \"v\"\n", "[x.<{ v }>]\n"], &value, read::toml, never);
        comes_back(Dialect::Hcl, &["v = <{ v }>\n", "v = \"<{ v }>\"\n"], &value, read::hcl, never);
    }

    #[test]
    fn environment_files(value in value()) {
        comes_back(Dialect::Env, &["V=<{ v }>\n"], &value, read::env, never);
    }

    #[test]
    fn systemd_units(value in value()) {
        comes_back(Dialect::Systemd, &["Description=<{ v }>\n"], &value, |text| read::systemd(text, false), never);
        comes_back(Dialect::Systemd, &["ExecStart=<{ v }>\n"], &value, |text| read::systemd(text, true), never);
    }

    #[test]
    fn image_builds(value in value()) {
        comes_back(Dialect::Dockerfile, &["ENV V=<{ v }>\n", "LABEL v=\"<{ v }>\"\n"], &value, read::builder, has_break);
        comes_back(Dialect::Dockerfile, &["CMD <{ [v] | flow }>\n"], &value, |text| read::json(&text.replace("CMD", "{\"v\":").replace('\n', "}")), never);
    }

    #[test]
    fn markdown(value in value()) {
        comes_back(Dialect::Markdown, &["a <{ v }> z\n", "<{ v }>\n", "# <{ v }>\n", "- <{ v }>\n"], &value, read::markdown, never);
        comes_back(Dialect::Markdown, &["| a | b |\n|---|---|\n| <{ v }> | z |\n"], &value, read::markdown, never);
    }

    #[test]
    fn diagrams(value in value()) {
        comes_back(Dialect::Mermaid, &["<{ v }>"], &value, read::mermaid, never);
    }

    #[test]
    fn matchers_of_queries(value in value()) {
        comes_back(Dialect::Promql, &["up{v=<{ v | label }>}", "up{v=\"<{ v }>\"}"], &value, read::promql, never);
    }

    #[test]
    fn comments_stay_on_their_line(value in value()) {
            for dialect in [Dialect::Yaml, Dialect::Shell, Dialect::Toml, Dialect::Dockerfile, Dialect::Env, Dialect::Crontab] {
            let text = render(&TEMPLATES, dialect, "# for <{ v }>\n", &value).expect("a comment takes anything");
            prop_assert_eq!(text.lines().count(), 1);
        }
    }
}

/// A process is dear, so one script holds many values.
#[test]
fn shells_read_back_every_value() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut script = String::new();
    let mut expected = Vec::new();
    for _ in 0..400 {
        let value = value().new_tree(&mut runner).expect("a value").current();
        for template in ["p <{ v }>\n", "p \"<{ v }>\"\n", "p '<{ v }>'\n", "p a<{ v }>b\n", "p <{ [v] | argv }>\n"] {
            let line = render(&TEMPLATES, Dialect::Shell, template, &value).expect("a shell takes anything");
            script.push_str(&line);
            expected.push(if template.contains("a<{") { format!("a{value}b") } else { value.clone() });
        }
        match render(&TEMPLATES, Dialect::Crontab, "<{ v }>", &value) {
            Ok(word) => {
                let command = host::crontab(&word).expect("every % is escaped");
                script.push_str(&format!("p {command}\n"));
                expected.push(value);
            }
            Err(_) => assert!(has_break(&value)),
        }
    }
    assert_eq!(read::shell(&script), expected);
}
