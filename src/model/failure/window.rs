//! A rule as failures look at it: how far back it looks, and whether it misses what is gone.
//!
//! In: rules. Out: the same with what their expressions say. Refuses nothing: what doesn't parse was refused before.

use std::convert::Infallible;
use std::ops::Deref;

use promql_parser::parser::Expr;
use promql_parser::util::{ExprVisitor, walk_expr};

use crate::model::alert::{Alert, promql};

pub struct Rule<'a> {
    alert: &'a Alert,
    /// The longest range of any series in it, in seconds.
    pub longest: f64,
    /// It fires when its series are gone.
    pub absence: bool,
    pub quantile: Option<f64>,
}

impl Deref for Rule<'_> {
    type Target = Alert;

    fn deref(&self) -> &Alert {
        self.alert
    }
}

impl<'a> Rule<'a> {
    pub fn of(alert: &'a Alert) -> Self {
        let Some(tree) = alert.tree.as_deref() else {
            return Self { alert, longest: 0.0, absence: false, quantile: None };
        };
        let reading = promql::read(tree);
        Self { alert, longest: longest(tree), absence: reading.absence, quantile: reading.quantile }
    }
}

fn longest(tree: &Expr) -> f64 {
    let mut visitor = Visitor(0.0);
    let Ok(_) = walk_expr(&mut visitor, tree);
    visitor.0
}

struct Visitor(f64);

impl ExprVisitor for Visitor {
    type Error = Infallible;

    fn pre_visit(&mut self, expr: &Expr) -> Result<bool, Infallible> {
        let range = match expr {
            Expr::MatrixSelector(matrix) => matrix.range,
            Expr::Subquery(subquery) => subquery.range,
            _ => return Ok(true),
        };
        self.0 = self.0.max(range.as_secs_f64());
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_range_counts() {
        let seconds = |expr: &str| promql::parse(expr).map(|tree| longest(&tree));
        assert_eq!(seconds("rate(a[5m]) > 1 and increase(b[1h]) > 0"), Ok(3600.0));
        assert_eq!(seconds("up == 0"), Ok(0.0));
    }
}
