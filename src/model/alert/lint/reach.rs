//! No expression looks back further than the store keeps.
//!
//! In: an expression and the time that the store keeps. Out: a finding. Refuses nothing.

use std::time::Duration;

use promql_parser::parser::{Expr, Offset, VectorSelector};

use super::super::super::fact::{Value, at, seconds, text};
use super::{BEYOND_STORE, Finding, Given};

/// How long metrics are kept, and which answer says so.
#[derive(Clone, Debug)]
pub struct Keep {
    pub seconds: u64,
    pub text: String,
    pub key: &'static str,
}

impl Keep {
    /// The spec's answer, or what the platform's own store keeps.
    pub fn of(model: &Value, environment: &Value) -> Option<Self> {
        let metrics = at(environment, "observability.metrics");
        let (text, key) = match text(metrics, "keep") {
            Some(keep) => (keep, "observability.metrics.keep"),
            None if owns(model, text(metrics, "store")) => {
                (text(model, "platform.store.retention")?, "observability.metrics")
            }
            None => return None,
        };
        Some(Self { seconds: seconds(text)?, text: text.to_owned(), key })
    }
}

/// Whether numbers are kept by the platform that everything runs on.
fn owns(model: &Value, store: Option<&str>) -> bool {
    store.is_none_or(|store| text(model, "platform.id") == Some(store))
}

pub fn check(tree: &Expr, given: &Given<'_, '_>, findings: &mut Vec<Finding>) {
    let Some(keep) = given.keep else { return };
    let back = back(tree).as_secs();
    if back > keep.seconds {
        findings.push(Finding::new(
            BEYOND_STORE,
            format!("looks back {}, and metrics are kept for {}", days(back), keep.text),
            "keep metrics longer (`observability.metrics.keep`, in a store of your own), or take a shorter window",
        ));
    }
}

fn days(seconds: u64) -> String {
    if seconds.is_multiple_of(86_400) {
        format!("{}d", seconds / 86_400)
    } else {
        format!("{}h", seconds.div_ceil(3600))
    }
}

fn back(expr: &Expr) -> Duration {
    match expr {
        Expr::VectorSelector(selector) => behind(selector),
        Expr::MatrixSelector(matrix) => behind(&matrix.vs) + matrix.range,
        Expr::Subquery(subquery) => back(&subquery.expr) + subquery.range + offset(subquery.offset.as_ref()),
        Expr::Call(call) => call.args.args.iter().map(|arg| back(arg)).max().unwrap_or_default(),
        Expr::Aggregate(aggregate) => back(&aggregate.expr),
        Expr::Binary(binary) => back(&binary.lhs).max(back(&binary.rhs)),
        Expr::Paren(paren) => back(&paren.expr),
        Expr::Unary(unary) => back(&unary.expr),
        _ => Duration::ZERO,
    }
}

fn behind(selector: &VectorSelector) -> Duration {
    offset(selector.offset.as_ref())
}

fn offset(offset: Option<&Offset>) -> Duration {
    match offset {
        Some(Offset::Pos(duration)) => *duration,
        _ => Duration::ZERO,
    }
}
