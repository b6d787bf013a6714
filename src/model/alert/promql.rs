//! Checks an expression against what its metric profiles can give.
//!
//! In: rendered PromQL and the profiles in force. Out: the series it reads and the histogram bounds it is compared with.
//! Refuses: a fault of syntax, an unknown metric, a threshold that the largest bucket can never exceed.

use std::convert::Infallible;

use promql_parser::label::MatchOp;
use promql_parser::parser::{Expr, VectorSelector};
use promql_parser::util::{ExprVisitor, walk_expr};

use crate::catalog::alert::Profile;

/// What an expression reads.
#[derive(Debug, Default)]
pub struct Reading {
    pub series: Vec<String>,
    /// `absent()` or a zero in place of nothing: fires when there are no series at all.
    pub absence: bool,
    /// `absent()`: the result has the labels of the matchers.
    pub absent: bool,
    /// The quantile, when there is a `histogram_quantile`.
    pub quantile: Option<f64>,
}

pub fn read(expr: &str) -> Result<Reading, String> {
    let tree = promql_parser::parser::parse(expr)?;
    let mut visitor = Visitor(Reading::default());
    match walk_expr(&mut visitor, &tree) {
        Ok(_) => Ok(visitor.0),
    }
}

/// The label values that matchers fix.
pub fn equalities(matchers: &str) -> Vec<(String, String)> {
    let Ok(Expr::VectorSelector(selector)) = promql_parser::parser::parse(&format!("x{{{matchers}}}")) else {
        return Vec::new();
    };
    let equal = selector.matchers.matchers.iter().filter(|matcher| matches!(matcher.op, MatchOp::Equal));
    equal.map(|matcher| (matcher.name.clone(), matcher.value.clone())).collect()
}

struct Visitor(Reading);

impl ExprVisitor for Visitor {
    type Error = Infallible;

    fn pre_visit(&mut self, expr: &Expr) -> Result<bool, Infallible> {
        match expr {
            Expr::VectorSelector(selector) => self.series(selector),
            Expr::MatrixSelector(matrix) => self.series(&matrix.vs),
            Expr::Call(call) => {
                self.0.absent |= call.func.name.starts_with("absent");
                self.0.absence |= matches!(call.func.name, "absent" | "absent_over_time" | "vector");
                if call.func.name == "histogram_quantile"
                    && let Some(Expr::NumberLiteral(number)) = call.args.args.first().map(AsRef::as_ref)
                {
                    self.0.quantile = Some(number.val);
                }
            }
            _ => {}
        }
        Ok(true)
    }
}

impl Visitor {
    fn series(&mut self, selector: &VectorSelector) {
        if let Some(name) = &selector.name
            && !self.0.series.contains(name)
        {
            self.0.series.push(name.clone());
        }
    }
}

impl Reading {
    /// The first series that no profile knows.
    pub fn unknown(&self, profiles: &[(&String, &Profile)]) -> Option<&str> {
        let known = |name: &&String| profiles.iter().any(|(_, profile)| profile.metric(name).is_some());
        self.series.iter().find(|name| !known(name)).map(String::as_str)
    }

    /// Upper bounds of the buckets that the quantile is taken from.
    pub fn buckets<'p>(&self, profiles: &[(&String, &'p Profile)]) -> Option<&'p [f64]> {
        self.quantile?;
        let series = self.series.iter().find(|name| name.ends_with("_bucket"))?;
        profiles.iter().find_map(|(_, profile)| profile.metric(series)).map(|metric| metric.buckets.as_slice())
    }
}
