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
    /// Seconds of the longest window that has to fill before the value is what the samples say.
    pub window: f64,
}

pub fn parse(expr: &str) -> Result<Expr, String> {
    promql_parser::parser::parse(expr)
}

pub fn read(tree: &Expr) -> Reading {
    let mut visitor = Visitor(Reading::default());
    match walk_expr(&mut visitor, tree) {
        Ok(_) => visitor.0,
    }
}

/// One line of a graph: what a rule compares, and with which number.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub expr: String,
    pub tree: Expr,
    pub limit: Option<f64>,
    /// Whether it is bad above the limit.
    pub above: bool,
}

/// What a rule looks at, without the comparison and without its guard.
pub fn lines(expr: &Expr) -> Vec<Line> {
    let whole = |expr: &Expr| Line { expr: expr.to_string(), tree: expr.clone(), limit: None, above: true };
    match expr {
        Expr::Paren(paren) => lines(&paren.expr),
        Expr::Binary(binary) => match binary.op.to_string().as_str() {
            "and" | "unless" => lines(&binary.lhs),
            "or" => [lines(&binary.lhs), lines(&binary.rhs)].concat(),
            op @ (">" | "<" | ">=" | "<=" | "==") => match &*binary.rhs {
                Expr::NumberLiteral(number) => {
                    // nothing against something is drawn as a line between them
                    let limit = if op == "==" || number.val == 0.0 { number.val + 0.5 } else { number.val };
                    vec![Line { limit: Some(limit), above: op.starts_with('>'), ..whole(bare(&binary.lhs)) }]
                }
                limit => vec![whole(bare(&binary.lhs)), whole(limit)],
            },
            _ => vec![whole(expr)],
        },
        Expr::Call(call) if call.func.name.starts_with("absent") => vec![Line { limit: Some(1.0), ..whole(expr) }],
        _ => vec![whole(expr)],
    }
}

fn bare(expr: &Expr) -> &Expr {
    match expr {
        Expr::Paren(paren) => bare(&paren.expr),
        _ => expr,
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

/// Functions that one sample in the window is enough for.
const EVER: [&str; 3] = ["last_over_time", "present_over_time", "absent_over_time"];

struct Visitor(Reading);

impl ExprVisitor for Visitor {
    type Error = Infallible;

    fn pre_visit(&mut self, expr: &Expr) -> Result<bool, Infallible> {
        match expr {
            Expr::VectorSelector(selector) => self.series(selector),
            Expr::MatrixSelector(matrix) => self.series(&matrix.vs),
            Expr::Call(call) => {
                if let (false, Some(Expr::MatrixSelector(matrix))) =
                    (EVER.contains(&call.func.name), call.args.args.first().map(AsRef::as_ref))
                {
                    self.0.window = self.0.window.max(matrix.range.as_secs_f64());
                }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_graph_shows_what_the_rule_compares() {
        let found = |expr: &str| -> Vec<(String, Option<f64>, bool)> {
            let lines = lines(&parse(expr).unwrap());
            lines.into_iter().map(|line| (line.expr, line.limit, line.above)).collect()
        };
        assert_eq!(
            found("(sum(rate(a[5m])) / sum(rate(b[5m]))) > 0.05 and sum(increase(b[5m])) >= 50"),
            [("sum(rate(a[5m])) / sum(rate(b[5m]))".into(), Some(0.05), true)]
        );
        assert_eq!(found("a > 0 or b > 0").len(), 2);
        assert_eq!(found("absent(a{job=\"x\"})")[0].1, Some(1.0));
    }
}
