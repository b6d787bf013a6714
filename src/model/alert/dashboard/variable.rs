//! Grafana's variables in an expression: the environment, the filters of the dashboard, the interval of the picture.
//!
//! In: PromQL of one environment. Out: the same for any, with `$environment`, `$job`, `$instance`, `$__rate_interval`.
//! Refuses: a filter that is no regular expression. A `$` of the spec stays text: PromQL reads `\x24` as one, Grafana doesn't.

use std::time::Duration;

use promql_parser::label::Matcher;
use promql_parser::parser::token::T_EQL_REGEX;
use promql_parser::parser::{Expr, VectorSelector, parse};
use promql_parser::util::display_duration;

use super::super::profile::Profiles;
use super::super::promql;

/// Stands for the interval while the expression is a tree: no rule looks back just so far.
const INTERVAL: Duration = Duration::from_millis(7_777_777_777);
pub const RATE_INTERVAL: &str = "$__rate_interval";

/// What stands in a value while it is in the tree, and how it is written.
const DOLLAR: (char, &str) = ('\u{e010}', "\\x24");
const BRACKETS: (char, &str) = ('\u{e011}', "\\x5b\\x5b");
const ENVIRONMENT: (char, &str) = ('\u{e012}', "$environment");

/// A variable of the dashboards and the label that it filters.
#[derive(Clone, Debug)]
pub struct Filter {
    label: String,
    /// `label=~"$variable"`, made once: each one compiles a regular expression.
    matcher: Matcher,
}

impl Filter {
    pub fn new(name: &str, label: &str) -> Result<Self, String> {
        let matcher = Matcher::new_matcher(T_EQL_REGEX, label.to_owned(), format!("${name}"))?;
        Ok(Self { label: label.to_owned(), matcher })
    }
}

/// The tree of an expression that may already hold `$__rate_interval`.
pub fn read(expr: &str) -> Result<Expr, String> {
    parse(&expr.replace(RATE_INTERVAL, &display_duration(&INTERVAL)))
}

/// `profiles` say which labels a series has; an expression that asks whether series are absent is never filtered.
pub fn vary(tree: &Expr, environment: &str, filters: &[Filter], profiles: &Profiles<'_>) -> String {
    let mut tree = tree.clone();
    let absence = promql::read(&tree).absence;
    let filters = if absence { &[] } else { filters };
    each(&mut tree, &mut |selector| {
        for matcher in &mut selector.matchers.matchers {
            matcher.value = general(&matcher.value, environment);
        }
        let labels = selector.name.as_deref().and_then(|name| {
            profiles.iter().find_map(|(_, profile)| profile.metric(name)).map(|metric| metric.labels.as_slice())
        });
        for filter in filters.iter().filter(|filter| labels.is_some_and(|labels| labels.contains(&filter.label))) {
            selector.matchers.matchers.push(filter.matcher.clone());
        }
    });
    let written = tree.to_string().replace(&display_duration(&INTERVAL), RATE_INTERVAL);
    [DOLLAR, BRACKETS, ENVIRONMENT].iter().fold(written, |text, (mark, written)| text.replace(*mark, written))
}

/// Visits every selector; rates look back as far as the picture needs.
fn each(expr: &mut Expr, visit: &mut impl FnMut(&mut VectorSelector)) {
    match expr {
        Expr::VectorSelector(selector) => visit(selector),
        Expr::MatrixSelector(matrix) => visit(&mut matrix.vs),
        Expr::Aggregate(aggregate) => {
            each(&mut aggregate.expr, visit);
            aggregate.param.iter_mut().for_each(|param| each(param, visit));
        }
        Expr::Unary(unary) => each(&mut unary.expr, visit),
        Expr::Paren(paren) => each(&mut paren.expr, visit),
        Expr::Subquery(query) => each(&mut query.expr, visit),
        Expr::Binary(binary) => {
            each(&mut binary.lhs, visit);
            each(&mut binary.rhs, visit);
        }
        Expr::Call(call) => {
            let rate = matches!(call.func.name, "rate" | "irate");
            for arg in &mut call.args.args {
                if let Expr::MatrixSelector(matrix) = arg.as_mut()
                    && rate
                {
                    matrix.range = INTERVAL;
                }
                each(arg, visit);
            }
        }
        Expr::NumberLiteral(_) | Expr::StringLiteral(_) | Expr::Extension(_) => {}
    }
}

/// The value with the environment's name, where it stands as a word, as the variable.
fn general(value: &str, environment: &str) -> String {
    let value = value.replace('$', &DOLLAR.0.to_string()).replace("[[", &BRACKETS.0.to_string());
    if environment.is_empty() {
        return value;
    }
    let word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    let (mut made, mut rest) = (String::new(), value.as_str());
    while let Some(at) = rest.find(environment) {
        let (before, after) = (&rest[..at], &rest[at + environment.len()..]);
        made.push_str(before);
        if word(made.chars().last()) || word(after.chars().next()) {
            made.push_str(environment);
        } else {
            made.push(ENVIRONMENT.0);
        }
        rest = after;
    }
    made + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn varied(expr: &str) -> String {
        vary(&read(expr).unwrap(), "production", &[], &Vec::new())
    }

    #[test]
    fn the_environment_is_a_variable_where_its_name_is_a_word() {
        assert_eq!(varied("up{app=~\"shop-production(-.*)?\"}"), "up{app=~\"shop-$environment(-.*)?\"}");
        assert_eq!(varied("up{app=\"productions\"}"), "up{app=\"productions\"}");
    }

    #[test]
    fn rates_look_back_as_far_as_the_picture_needs_and_nothing_else_does() {
        assert_eq!(varied("rate(a[5m]) / increase(b[5m])"), "rate(a[$__rate_interval]) / increase(b[5m])");
        assert_eq!(varied("increase(b[$__rate_interval])"), "increase(b[$__rate_interval])");
    }

    #[test]
    fn what_the_spec_writes_is_no_variable() {
        assert_eq!(varied("up{app=\"a$job[[x]]\\\"\"}"), "up{app=\"a\\x24job\\x5b\\x5bx]]\\\"\"}");
    }
}
