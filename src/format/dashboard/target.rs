//! Rules about the queries of a panel.
//!
//! In: a panel that has some. Out: breaches. Refuses nothing.

use std::time::Duration;

use promql_parser::label::MatchOp;
use promql_parser::parser::{Expr, VectorSelector, parse};
use serde_json::Value;

use super::{Breach, filled, items, text};

/// What `$__rate_interval` is read as, so that it can be told from any other span.
pub const INTERVAL: &str = "77777s";
const SPAN: Duration = Duration::from_secs(77_777);

/// What may look at a raw counter: everything else sees its resets as falls.
const WHOLE: [&str; 8] =
    ["rate", "irate", "increase", "changes", "resets", "absent", "absent_over_time", "present_over_time"];

pub fn breaches(panel: &Value) -> Vec<Breach> {
    let title = text(panel, "title");
    items(panel, "targets").iter().flat_map(|target| one(title, target)).collect()
}

fn one(title: &str, target: &Value) -> Vec<Breach> {
    let expr = text(target, "expr");
    if text(&target["datasource"], "type") == "loki" {
        return logs(title, expr).into_iter().collect();
    }
    let tree = match parse(&filled(expr)) {
        Ok(tree) => tree,
        Err(message) => return vec![Breach::new("target-promql-rule", title, format!("`{expr}`: {message}"))],
    };
    let mut found = Vec::new();
    walk(&tree, "", &mut |selector, function, range| {
        let name = selector.name.as_deref().unwrap_or_default();
        let mut tell = |rule, message: String| {
            if !found.iter().any(|known: &Breach| known.rule == rule && known.message == message) {
                found.push(Breach::new(rule, title, message));
            }
        };
        if matches!(function, "rate" | "irate") && range != Some(SPAN) {
            tell("target-rate-interval-rule", format!("the rate of `{name}` doesn't look back by $__rate_interval"));
        }
        // Like the linter, only without matchers: a gauge may be called so too, and the metric profiles know which is which.
        if name.ends_with("_total") && selector.matchers.matchers.is_empty() && !WHOLE.contains(&function) {
            tell("target-counter-agg-rule", format!("`{name}` is a counter and stands bare"));
        }
        for (rule, label) in [("target-job-rule", "job"), ("target-instance-rule", "instance")] {
            if !filtered(selector, label) {
                tell(rule, format!("`{name}` isn't filtered by {label}=~\"${label}\""));
            }
        }
    });
    found
}

fn filtered(selector: &VectorSelector, label: &str) -> bool {
    let variable = format!("${label}");
    let own = |it: &&promql_parser::label::Matcher| it.name == label && matches!(it.op, MatchOp::Re(_));
    selector.matchers.matchers.iter().filter(own).any(|matcher| matcher.value == variable)
}

/// LogQL as far as we read it: a stream selector, and spans that Grafana chooses.
fn logs(title: &str, expr: &str) -> Option<Breach> {
    let balanced = expr.contains('{') && expr.matches('{').count() == expr.matches('}').count();
    if !balanced {
        return Some(Breach::new("target-logql-rule", title, format!("`{expr}` selects no streams")));
    }
    let spans = expr.split('[').skip(1).filter_map(|rest| rest.split(']').next());
    let fixed = spans.into_iter().find(|span| *span != "$__auto")?;
    Some(Breach::new("target-logql-auto-rule", title, format!("looks back by [{fixed}], not by [$__auto]")))
}

/// Every selector with the function right around it and its span.
fn walk(expr: &Expr, function: &str, visit: &mut impl FnMut(&VectorSelector, &str, Option<Duration>)) {
    match expr {
        Expr::VectorSelector(selector) => visit(selector, function, None),
        Expr::MatrixSelector(matrix) => visit(&matrix.vs, function, Some(matrix.range)),
        Expr::Call(call) => call.args.args.iter().for_each(|arg| walk(arg, call.func.name, visit)),
        Expr::Aggregate(aggregate) => {
            walk(&aggregate.expr, "", visit);
            aggregate.param.iter().for_each(|param| walk(param, "", visit));
        }
        Expr::Binary(binary) => {
            walk(&binary.lhs, "", visit);
            walk(&binary.rhs, "", visit);
        }
        Expr::Unary(unary) => walk(&unary.expr, "", visit),
        Expr::Paren(paren) => walk(&paren.expr, function, visit),
        // A span over an expression is no span of the series in it.
        Expr::Subquery(query) => walk(&query.expr, "", visit),
        Expr::NumberLiteral(_) | Expr::StringLiteral(_) | Expr::Extension(_) => {}
    }
}
