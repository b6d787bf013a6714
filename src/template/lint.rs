//! Habits of templates that render today and break with another value.
//!
//! In: a template. Out: warnings. Refuses nothing.

use std::sync::Arc;

use super::expression;
use super::source::{Kind, split};
use super::surround::places;
use crate::diagnostic::{Diagnostic, Source, Span};
use crate::format::{Dialect, Spot, Syntax};

pub const BLOCK: &str = "OPS310";
pub const INCLUDE: &str = "OPS311";
pub const RAW: &str = "OPS312";

/// Fields that the model only fills with names: letters, digits and hyphens.
const NAMES: &[&str] =
    &["name", "slug", "app", "id", "namespace", "job", "domain", "store", "url_variable", "metric_name", "timezone"];
/// Filters that leave nothing but letters, digits and one sign.
const SPELLINGS: &[&str] = &["slug", "kebab", "snake", "constant"];

/// Everything to warn of in one template, read as the dialect of its file name.
pub fn lint(path: &str, source: &Arc<Source>) -> Vec<Diagnostic> {
    let syntax = Dialect::of_file(path).syntax();
    let pieces = split(&source.text).unwrap_or_default();
    let places = places(&source.text, &pieces, syntax);
    let mut found = Vec::new();
    for (piece, place) in pieces.iter().zip(&places) {
        let (inner, offset) = piece.inner_if_tag(&source.text);
        let span = Span { source: source.clone(), range: piece.range.clone() };
        match piece.kind {
            Kind::Value
                if place.spot == Spot::Block && syntax == Syntax::Yaml && !is_call(inner) && !is_name(inner) =>
            {
                let message = "a value stands in a block that another language owns";
                let help = "move the block to a file of that language and place it with `fragment(\"…\")`";
                found.push(Diagnostic::warning(BLOCK, message).at(span).help(help));
            }
            Kind::Value if unsafe_raw(inner) => {
                let message = "`raw` on a value that isn't a name";
                found.push(
                    Diagnostic::warning(RAW, message)
                        .at(span)
                        .help("leave `raw` out; the engine escapes for the place"),
                );
            }
            Kind::Statement => found.extend(foreign(inner, offset, path, syntax, source)),
            _ => {}
        }
    }
    found
}

fn is_call(expression: &str) -> bool {
    ["pin(", "image(", "tool(", "slot(", "fragment("].iter().any(|call| expression.contains(call))
}

/// Whether the expression is one path that ends in a field of names, or a spelling of one.
fn is_name(expression: &str) -> bool {
    let paths = expression::paths(expression);
    paths.iter().all(|path| {
        let last = path.steps.iter().rev().find_map(|(step, _)| match step {
            expression::Step::Field(name) => Some(name.as_str()),
            expression::Step::Index => None,
        });
        let field = last.unwrap_or(&path.root);
        NAMES.contains(&field)
            || path.filters.iter().any(|filter| SPELLINGS.contains(&filter.as_str()) || filter == "seconds")
    })
}

fn unsafe_raw(expression: &str) -> bool {
    let raw = expression::paths(expression).iter().any(|path| path.filters.iter().any(|filter| filter == "raw"));
    raw && !is_name(expression)
}

/// An `include` of a file in another syntax.
fn foreign(inner: &str, offset: usize, path: &str, syntax: Syntax, source: &Arc<Source>) -> Option<Diagnostic> {
    let tokens = expression::tokens(inner);
    let [(expression::Token::Name("include"), _), (expression::Token::Text(name), at), ..] = tokens.as_slice() else {
        return None;
    };
    let other = Dialect::of_file(name).syntax();
    if other == syntax || other == Syntax::Text || syntax == Syntax::Text {
        return None;
    }
    let range = offset + at..offset + at + name.len() + 2;
    let message = format!("{path} includes a file of another language");
    let help = format!("place it as one value: `<{{ fragment({name:?}) }}>`");
    Some(Diagnostic::warning(INCLUDE, message).at(Span { source: source.clone(), range }).help(help))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(path: &str, text: &str) -> Vec<&'static str> {
        lint(path, &Source::new(path, text)).into_iter().map(|fault| fault.code).collect()
    }

    #[test]
    fn habits_are_found() {
        assert_eq!(codes("a/b/x.yaml.tera", "run: |\n  echo <{ m.summary }>\n"), [BLOCK]);
        assert_eq!(codes("a/b/x.yaml.tera", "run: |\n  deploy <{ environment.name }>\n"), Vec::<&str>::new());
        assert_eq!(codes("a/b/x.yaml.tera", "  <% include \"x.sh.tera\" %>\n"), [INCLUDE]);
        assert_eq!(codes("a/b/x.sh.tera", "echo <{ m.summary | raw }> <{ m.name | raw }>\n"), [RAW]);
    }
}
