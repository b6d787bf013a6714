//! Matchers ask for labels and buckets that the metric has.
//!
//! In: an expression. Out: findings. Refuses nothing.

use std::convert::Infallible;

use promql_parser::label::{MatchOp, Matcher};
use promql_parser::parser::{Expr, VectorSelector};
use promql_parser::util::{ExprVisitor, walk_expr};

use super::super::number::number;
use super::{Finding, Given, NO_BUCKET, UNKNOWN_LABEL};
use crate::spec::suggest::{either, nearest};

pub fn check(tree: &Expr, given: &Given<'_, '_>, findings: &mut Vec<Finding>) {
    let Ok(_) = walk_expr(&mut Visitor { given, findings }, tree);
}

struct Visitor<'v, 'g, 'm> {
    given: &'v Given<'g, 'm>,
    findings: &'v mut Vec<Finding>,
}

impl ExprVisitor for Visitor<'_, '_, '_> {
    type Error = Infallible;

    fn pre_visit(&mut self, expr: &Expr) -> Result<bool, Infallible> {
        match expr {
            Expr::VectorSelector(selector) => self.series(selector),
            Expr::MatrixSelector(matrix) => self.series(&matrix.vs),
            _ => {}
        }
        Ok(true)
    }
}

impl Visitor<'_, '_, '_> {
    fn series(&mut self, selector: &VectorSelector) {
        let Some(name) = selector.name.as_deref() else { return };
        let Some(labels) = self.given.labels(name) else { return };
        for matcher in &selector.matchers.matchers {
            if matcher.name == "le" && labels.contains(&"le") {
                self.bucket(name, matcher);
            } else if !labels.contains(&matcher.name.as_str()) {
                self.findings.push(unknown(name, &matcher.name, &labels));
            }
        }
    }

    fn bucket(&mut self, series: &str, matcher: &Matcher) {
        let buckets = self.given.metric(series).map_or(&[][..], |metric| &metric.buckets);
        let has = |bound: &f64| spellings(*bound).iter().any(|text| matched(matcher, text));
        if buckets.is_empty() || matched(matcher, "+Inf") || buckets.iter().chain(self.given.asked).any(has) {
            return;
        }
        let bounds: Vec<String> = buckets.iter().map(|bound| number(*bound).to_string()).collect();
        self.findings.push(Finding::new(
            NO_BUCKET,
            format!("counts `{series}` up to {}, which is none of its buckets", matcher.value),
            format!("take one of its bounds: {}", bounds.join(", ")),
        ));
    }
}

/// `1` is `1` in old and `1.0` in new Prometheus.
fn spellings(bound: f64) -> [String; 2] {
    let plain = number(bound).to_string();
    let dotted = if plain.contains('.') { plain.clone() } else { format!("{plain}.0") };
    [plain, dotted]
}

fn matched(matcher: &Matcher, value: &str) -> bool {
    match &matcher.op {
        MatchOp::Equal => matcher.value == value,
        MatchOp::NotEqual => matcher.value != value,
        MatchOp::Re(pattern) => pattern.is_match(value),
        MatchOp::NotRe(pattern) => !pattern.is_match(value),
    }
}

pub fn unknown(series: &str, label: &str, labels: &[&str]) -> Finding {
    let help = match nearest(label, labels.iter().copied()) {
        Some(near) => format!("`{near}` is meant?"),
        None => format!("it has {}", either(labels.iter().copied())),
    };
    Finding::new(UNKNOWN_LABEL, format!("asks `{series}` for the label `{label}`, which it doesn't have"), help)
}
