//! What only alerts must have: a comparison, a least number of events behind a share, a wait that means something.
//!
//! In: the expression of an alert and how long it waits. Out: findings. Refuses nothing.

use promql_parser::parser::Expr;

use super::{Finding, NO_COMPARISON, SHORT_WAIT, UNGUARDED};

/// Rules are evaluated at least this often where they run.
const EVALUATION: f64 = 30.0;

/// How an alert holds on.
#[derive(Clone, Copy, Default)]
pub struct Patience {
    /// Seconds of `for`.
    pub wait: Option<f64>,
    /// It goes on firing after the cause is gone.
    pub lingers: bool,
    /// It never stops.
    pub always: bool,
    /// Why a share needs no least number of events.
    pub flows: bool,
}

pub fn alert(tree: &Expr, patience: Patience) -> Vec<Finding> {
    let mut findings = Vec::new();
    if !compares(tree) {
        findings.push(Finding::new(
            NO_COMPARISON,
            "compares nothing, so it would fire whenever there is a value",
            "compare with a limit (`> 0`), or ask for what is missing with absent()",
        ));
    }
    if !patience.flows && share(tree) && !guarded(tree) {
        findings.push(Finding::new(
            UNGUARDED,
            "compares a share of events without asking how many there are: one failure at night would be 100%",
            "add `and on (…) increase(…) >= …`, or say why events never stop in `flows:`",
        ));
    }
    findings.extend(waiting(patience));
    findings
}

fn waiting(patience: Patience) -> Option<Finding> {
    let least = 2.0 * EVALUATION;
    let message = match patience.wait {
        Some(wait) if wait > 0.0 => {
            (wait < least).then(|| format!("waits {wait}s, less than two evaluations, so one bad scrape fires it"))?
        }
        _ if patience.lingers || patience.always => return None,
        _ => "neither waits nor lingers, so one bad scrape fires it and the next one ends it".to_owned(),
    };
    Some(Finding::new(
        SHORT_WAIT,
        message,
        "wait at least 1m (`… for 1m`); a signal that is brief by nature sets `keep_firing_for`",
    ))
}

fn compares(expr: &Expr) -> bool {
    match expr {
        Expr::Paren(paren) => compares(&paren.expr),
        Expr::Call(call) => matches!(call.func.name, "absent" | "absent_over_time"),
        Expr::Binary(binary) => match binary.op.to_string().as_str() {
            "or" => compares(&binary.lhs) && compares(&binary.rhs),
            "and" => compares(&binary.lhs) || compares(&binary.rhs),
            "unless" => true,
            _ => {
                binary.op.is_comparison_operator()
                    && !binary.modifier.as_ref().is_some_and(|modifier| modifier.return_bool)
            }
        },
        _ => false,
    }
}

/// Whether events are divided by events, or a quantile is taken of them.
fn share(expr: &Expr) -> bool {
    match expr {
        Expr::Binary(binary) if binary.op.to_string() == "/" => {
            (events(&binary.lhs) && events(&binary.rhs)) || share(&binary.lhs) || share(&binary.rhs)
        }
        Expr::Call(call) if call.func.name == "histogram_quantile" => call.args.args.iter().any(|arg| events(arg)),
        _ => inside(expr).into_iter().any(share),
    }
}

fn events(expr: &Expr) -> bool {
    match expr {
        Expr::Call(call) if matches!(call.func.name, "rate" | "increase" | "irate") => true,
        _ => inside(expr).into_iter().any(events),
    }
}

/// Whether what is compared stands under `and` with a least number.
fn guarded(expr: &Expr) -> bool {
    match expr {
        Expr::Paren(paren) => guarded(&paren.expr),
        Expr::Binary(binary) => match binary.op.to_string().as_str() {
            "and" => {
                [&binary.lhs, &binary.rhs].into_iter().any(|side| least(side))
                    || guarded(&binary.lhs)
                    || guarded(&binary.rhs)
            }
            "or" => [&binary.lhs, &binary.rhs].into_iter().all(|side| !share(side) || guarded(side)),
            _ => false,
        },
        _ => false,
    }
}

/// `… >= 50` of something that isn't a share.
fn least(expr: &Expr) -> bool {
    match expr {
        Expr::Paren(paren) => least(&paren.expr),
        Expr::Binary(binary) if matches!(binary.op.to_string().as_str(), ">" | ">=") => {
            !share(&binary.lhs) && !share(&binary.rhs)
        }
        Expr::Binary(binary) if binary.op.to_string() == "and" => least(&binary.lhs) || least(&binary.rhs),
        _ => false,
    }
}

fn inside(expr: &Expr) -> Vec<&Expr> {
    match expr {
        Expr::Paren(paren) => vec![&paren.expr],
        Expr::Unary(unary) => vec![&unary.expr],
        Expr::Subquery(subquery) => vec![&subquery.expr],
        Expr::Aggregate(aggregate) => vec![&aggregate.expr],
        Expr::Binary(binary) => vec![&binary.lhs, &binary.rhs],
        Expr::Call(call) => call.args.args.iter().map(AsRef::as_ref).collect(),
        _ => Vec::new(),
    }
}
