//! Which labels flow through an expression: those that meet in the middle must be the same, those that texts name must arrive.
//!
//! In: an expression. Out: the labels of its result, unknown where a metric is. Findings where two sides can't meet.

use promql_parser::label::MatchOp;
use promql_parser::parser::value::ValueType;
use promql_parser::parser::{AggregateExpr, BinaryExpr, Call, Expr, LabelModifier, VectorMatchCardinality};

use super::{Finding, Given, SIDES_DIFFER, label};
use crate::spec::suggest::either;

/// Sorted; none when nobody knows.
pub type Labels<'t> = Option<Vec<&'t str>>;

pub fn labels<'t>(expr: &'t Expr, given: &Given<'_, 't>, findings: &mut Vec<Finding>) -> Labels<'t> {
    match expr {
        Expr::VectorSelector(selector) => given.labels(selector.name.as_deref()?),
        Expr::MatrixSelector(matrix) => given.labels(matrix.vs.name.as_deref()?),
        Expr::Subquery(subquery) => labels(&subquery.expr, given, findings),
        Expr::Paren(paren) => labels(&paren.expr, given, findings),
        Expr::Unary(unary) => labels(&unary.expr, given, findings),
        Expr::Call(call) => called(call, given, findings),
        Expr::Aggregate(aggregate) => aggregated(aggregate, given, findings),
        Expr::Binary(binary) => joined(binary, given, findings),
        _ => Some(Vec::new()),
    }
}

fn called<'t>(call: &'t Call, given: &Given<'_, 't>, findings: &mut Vec<Finding>) -> Labels<'t> {
    let args = &call.args.args;
    let vectors = args.iter().filter(|arg| matches!(arg.value_type(), ValueType::Vector | ValueType::Matrix));
    let mut found: Vec<Labels<'t>> = vectors.map(|arg| labels(arg, given, findings)).collect();
    match call.func.name {
        "absent" | "absent_over_time" => args.first().map(|arg| fixed(arg)),
        "scalar" => Some(Vec::new()),
        "histogram_quantile" | "histogram_fraction" => Some(without(found.pop()??, &["le"])),
        "label_replace" | "label_join" => match (found.pop()??, args.get(1).map(AsRef::as_ref)) {
            (labels, Some(Expr::StringLiteral(name))) => Some(union(labels, &[&name.val])),
            _ => None,
        },
        _ => found.pop().unwrap_or(Some(Vec::new())),
    }
}

/// The labels that matchers fix: all that the absence of a series can say.
fn fixed(expr: &Expr) -> Vec<&str> {
    let selector = match expr {
        Expr::VectorSelector(selector) => selector,
        Expr::MatrixSelector(matrix) => &matrix.vs,
        Expr::Paren(paren) => return fixed(&paren.expr),
        _ => return Vec::new(),
    };
    let equal = selector.matchers.matchers.iter().filter(|matcher| matches!(matcher.op, MatchOp::Equal));
    union(equal.map(|matcher| matcher.name.as_str()).collect(), &[])
}

fn aggregated<'t>(aggregate: &'t AggregateExpr, given: &Given<'_, 't>, findings: &mut Vec<Finding>) -> Labels<'t> {
    let inner = labels(&aggregate.expr, given, findings);
    match (&aggregate.modifier, aggregate.op.to_string().as_str()) {
        (_, "topk" | "bottomk" | "limitk" | "limit_ratio") => inner,
        (_, "count_values") => None,
        (Some(LabelModifier::Include(by)), _) => {
            if let Some(have) = &inner {
                let missing = by.labels.iter().filter(|name| !have.contains(&name.as_str()));
                findings.extend(missing.map(|name| label::unknown(&series(&aggregate.expr), name, have)));
            }
            Some(union(by.labels.iter().map(String::as_str).collect(), &[]))
        }
        (Some(LabelModifier::Exclude(by)), _) => Some(without(inner?, &strs(&by.labels))),
        (None, _) => Some(Vec::new()),
    }
}

fn joined<'t>(binary: &'t BinaryExpr, given: &Given<'_, 't>, findings: &mut Vec<Finding>) -> Labels<'t> {
    let (left, right) = (labels(&binary.lhs, given, findings), labels(&binary.rhs, given, findings));
    match (vector(&binary.lhs), vector(&binary.rhs)) {
        (true, false) => return left,
        (false, true) => return right,
        (false, false) => return Some(Vec::new()),
        (true, true) => {}
    }
    let (left, right) = (left?, right?);
    let modifier = binary.modifier.as_ref();
    let matching = modifier.and_then(|modifier| modifier.matching.as_ref());
    let op = binary.op.to_string();
    if op != "or" {
        findings.extend(meeting(&op, matching, &left, &right));
    }
    let kept = match modifier.map(|modifier| &modifier.card) {
        Some(VectorMatchCardinality::ManyToOne(more)) => return Some(union(left, &strs(&more.labels))),
        Some(VectorMatchCardinality::OneToMany(more)) => return Some(union(right, &strs(&more.labels))),
        _ => left,
    };
    Some(match (op.as_str(), matching) {
        ("and" | "unless", _) => kept,
        ("or", _) => kept.into_iter().filter(|name| right.contains(name)).collect(),
        (_, Some(LabelModifier::Include(on))) => union(on.labels.iter().map(String::as_str).collect(), &[]),
        (_, Some(LabelModifier::Exclude(names))) => without(kept, &strs(&names.labels)),
        (_, None) => kept,
    })
}

/// Why the two sides of an operator find no partner.
fn meeting(op: &str, matching: Option<&LabelModifier>, left: &[&str], right: &[&str]) -> Option<Finding> {
    match matching {
        Some(LabelModifier::Include(on)) => {
            let lacks = |name: &&String| !left.contains(&name.as_str()) || !right.contains(&name.as_str());
            let name = on.labels.iter().find(lacks)?;
            let message = format!("joins the sides of `{op}` by `{name}`, which they don't both have");
            Some(Finding::new(SIDES_DIFFER, message, "aggregate both sides by the labels of `on ()`"))
        }
        Some(LabelModifier::Exclude(names)) => {
            let ignored = strs(&names.labels);
            differ(op, &without(left.to_vec(), &ignored), &without(right.to_vec(), &ignored))
        }
        None => differ(op, left, right),
    }
}

fn differ(op: &str, left: &[&str], right: &[&str]) -> Option<Finding> {
    let say = |labels: &[&str]| {
        if labels.is_empty() { "none".to_owned() } else { either(labels.iter().copied()).replace(" or ", " and ") }
    };
    (left != right).then(|| {
        let message = format!("has different labels on the sides of `{op}`: {} against {}", say(left), say(right));
        Finding::new(
            SIDES_DIFFER,
            message,
            "aggregate both sides by the same labels, or say which join them with `on ()`",
        )
    })
}

/// The first series inside, for people.
fn series(expr: &Expr) -> String {
    match expr {
        Expr::VectorSelector(selector) => selector.name.clone().unwrap_or_default(),
        Expr::MatrixSelector(matrix) => matrix.vs.name.clone().unwrap_or_default(),
        Expr::Call(call) => {
            call.args.args.iter().map(|arg| series(arg)).find(|name| !name.is_empty()).unwrap_or_default()
        }
        Expr::Aggregate(aggregate) => series(&aggregate.expr),
        Expr::Binary(binary) => series(&binary.lhs),
        Expr::Paren(paren) => series(&paren.expr),
        Expr::Unary(unary) => series(&unary.expr),
        Expr::Subquery(subquery) => series(&subquery.expr),
        _ => String::new(),
    }
}

fn vector(expr: &Expr) -> bool {
    expr.value_type() == ValueType::Vector
}

fn strs(labels: &[String]) -> Vec<&str> {
    labels.iter().map(String::as_str).collect()
}

fn union<'t>(mut labels: Vec<&'t str>, more: &[&'t str]) -> Vec<&'t str> {
    labels.extend(more);
    labels.sort_unstable();
    labels.dedup();
    labels
}

fn without<'t>(mut labels: Vec<&'t str>, less: &[&str]) -> Vec<&'t str> {
    labels.retain(|name| !less.contains(name));
    labels
}
