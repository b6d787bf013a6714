//! PromQL, alone and in rule files.
//!
//! In: an expression, or a rule file. Out: nothing, or the fault. Refuses: what the query engine would.

use serde_json::Value;

use super::{Fault, events, structured};

pub fn expression(text: &str) -> Result<(), String> {
    promql_parser::parser::parse(text).map(drop)
}

/// YAML, and every `expr` of a rule file; unit test files have none and pass.
pub fn rules(text: &str) -> Result<(), Fault> {
    let mut found = Vec::new();
    let simple = events::well_formed(text, &mut |path, value| {
        if matches!(path, ["groups", "", "rules", "", "expr"]) {
            found.push(value.to_owned());
        }
    });
    if !simple {
        structured::yaml(text)?;
        found = documents(text);
    }
    for rule in &found {
        expression(rule).map_err(|message| Fault::new(line_of(text, rule), format!("{message}: {rule}")))?;
    }
    Ok(())
}

/// The expressions of YAML that isn't as simple as what we write.
fn documents(text: &str) -> Vec<String> {
    let documents: Vec<Value> = serde_saphyr::from_multiple(text).unwrap_or_default();
    let groups = documents.iter().filter_map(|document| document.get("groups")?.as_array()).flatten();
    let rules = groups.filter_map(|group| group.get("rules")?.as_array()).flatten();
    rules.filter_map(|rule| Some(rule.get("expr")?.as_str()?.to_owned())).collect()
}

/// The line on which an expression begins.
fn line_of(text: &str, expression: &str) -> usize {
    let first = expression.lines().next().unwrap_or_default().trim();
    let line = text.lines().position(|line| !first.is_empty() && line.contains(first));
    line.map_or(1, |at| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_expression_is_found_in_its_rule() {
        let text = "groups:\n  - name: a\n    rules:\n      - alert: A\n        expr: rate(x)\n";
        assert_eq!(rules(text).unwrap_err().line, 5);
        assert_eq!(
            rules("groups:\n  - name: a\n    rules:\n      - alert: A\n        expr: rate(x[5m]) > 0\n"),
            Ok(())
        );
    }
}
