//! Functions fit the kind of the metric: a counter is only ever read as growth, a gauge never.
//!
//! In: an expression. Out: findings. Refuses nothing.

use promql_parser::parser::{BinaryExpr, Expr};

use super::{Finding, Given, WRONG_FUNCTION};
use crate::catalog::alert::MetricKind;

/// What makes growth of a counter.
const GROWTH: [&str; 3] = ["rate", "increase", "irate"];
/// What reads a gauge as a line.
const SLOPE: [&str; 6] = ["delta", "idelta", "deriv", "predict_linear", "holt_winters", "double_exponential_smoothing"];
/// What asks only whether, how often or when there was a value.
const PRESENCE: [&str; 9] = [
    "changes",
    "resets",
    "absent",
    "absent_over_time",
    "present_over_time",
    "count_over_time",
    "timestamp",
    "count",
    "group",
];

pub fn check(tree: &Expr, given: &Given<'_, '_>, findings: &mut Vec<Finding>) {
    walk(tree, None, given, findings);
}

/// `around` is the innermost function or aggregation that decides what a value means.
fn walk(expr: &Expr, around: Option<&str>, given: &Given<'_, '_>, findings: &mut Vec<Finding>) {
    match expr {
        Expr::VectorSelector(selector) => findings.extend(series(selector.name.as_deref(), around, given)),
        Expr::MatrixSelector(matrix) => findings.extend(series(matrix.vs.name.as_deref(), around, given)),
        Expr::Call(call) => {
            let own = meaning(call.func.name).or(around);
            call.args.args.iter().for_each(|arg| walk(arg, own, given, findings));
        }
        Expr::Aggregate(aggregate) => {
            walk(&aggregate.expr, meaning(&aggregate.op.to_string()).or(around), given, findings);
        }
        Expr::Binary(binary) => sides(binary, around, given, findings),
        Expr::Paren(paren) => walk(&paren.expr, around, given, findings),
        Expr::Unary(unary) => walk(&unary.expr, around, given, findings),
        Expr::Subquery(subquery) => walk(&subquery.expr, around, given, findings),
        _ => {}
    }
}

fn sides(binary: &BinaryExpr, around: Option<&str>, given: &Given<'_, '_>, findings: &mut Vec<Finding>) {
    // A counter less itself some time ago is growth; what `unless` takes away is only asked to be there.
    let (left, right) = match binary.op.to_string().as_str() {
        "-" if same(&binary.lhs, &binary.rhs) => (Some("changes"), Some("changes")),
        "unless" => (around, Some("count")),
        _ => (around, around),
    };
    walk(&binary.lhs, left, given, findings);
    walk(&binary.rhs, right, given, findings);
}

fn same(left: &Expr, right: &Expr) -> bool {
    let name = |expr: &Expr| match expr {
        Expr::VectorSelector(selector) => selector.name.clone(),
        _ => None,
    };
    name(left).is_some() && name(left) == name(right)
}

/// The one of our names, when the function decides what a value means.
fn meaning(function: &str) -> Option<&'static str> {
    GROWTH.iter().chain(&SLOPE).chain(&PRESENCE).copied().find(|name| *name == function)
}

fn series(name: Option<&str>, around: Option<&str>, given: &Given<'_, '_>) -> Option<Finding> {
    let name = name?;
    let counts = given.metric(name)?.kind != MetricKind::Gauge;
    let message = match around {
        Some(function) if GROWTH.contains(&function) && !counts => {
            return Some(Finding::new(
                WRONG_FUNCTION,
                format!("takes {function}() of `{name}`, a gauge, whose every fall would count as a restart"),
                "compare the gauge itself, or take delta() or deriv() of it",
            ));
        }
        Some(function) if SLOPE.contains(&function) && counts => {
            format!("takes {function}() of `{name}`, a counter, which falls to 0 at a restart")
        }
        None if counts => {
            format!("reads `{name}`, a counter, as it stands: it only says how long ago the process began")
        }
        _ => return None,
    };
    Some(Finding::new(WRONG_FUNCTION, message, "take rate() or increase() of it"))
}
