//! PromQL, alone and in rule files.
//!
//! In: an expression, or a rule file. Out: nothing, or the fault. Refuses: what the query engine would.

use serde_json::Value;

use super::Fault;

pub fn expression(text: &str) -> Result<(), String> {
    promql_parser::parser::parse(text).map(drop)
}

/// Every `expr` of a rule file; unit test files have none and pass.
pub fn rules(text: &str) -> Result<(), Fault> {
    let documents: Vec<Value> = serde_saphyr::from_multiple(text).unwrap_or_default();
    let groups = documents.iter().filter_map(|document| document.get("groups")?.as_array()).flatten();
    let rules = groups.filter_map(|group| group.get("rules")?.as_array()).flatten();
    for rule in rules {
        let Some(text_of_rule) = rule.get("expr").and_then(Value::as_str) else { continue };
        expression(text_of_rule)
            .map_err(|message| Fault::new(line_of(text, text_of_rule), format!("{message}: {text_of_rule}")))?;
    }
    Ok(())
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
