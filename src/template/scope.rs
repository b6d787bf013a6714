//! Checks that every name a template reads exists, before it is rendered.
//!
//! In: templates and the shapes of the variables they see. Out: one diagnostic an unknown name.
//! Refuses: misspelt fields and variables, also in branches that are not taken.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::expression::{self, Path, Step, Token};
use super::shape::{Shape, nearest};
use super::source::{Kind, split};
use crate::diagnostic::{Diagnostic, Source, Span};

pub const UNDEFINED: &str = "OPS304";

/// Variables and their shapes.
pub type Scope = BTreeMap<String, Shape>;

/// Checks one template; gives what it refers to with the scope at that place.
pub fn check(source: &Arc<Source>, scope: &Scope, faults: &mut Vec<Diagnostic>) -> Vec<(String, Scope)> {
    let mut frames = vec![scope.clone()];
    let mut references = Vec::new();
    for piece in split(&source.text).unwrap_or_default() {
        let (inner, offset) = piece.inner_if_tag(&source.text);
        match piece.kind {
            Kind::Value => {
                let scope = frames.last().cloned().unwrap_or_default();
                names(source, inner, offset, &scope, faults);
                references.extend(referred(inner).into_iter().map(|name| (name, scope.clone())));
            }
            Kind::Statement => statement(source, inner, offset, &mut frames, faults, &mut references),
            Kind::Text | Kind::Comment => {}
        }
    }
    references
}

/// Checks an expression that stands in a manifest.
pub fn expression(source: &Arc<Source>, text: &str, scope: &Scope, faults: &mut Vec<Diagnostic>) -> Shape {
    let offset = source.text.find(text).unwrap_or(0);
    names(source, text, offset, scope, faults);
    shape(text, scope)
}

fn statement(
    source: &Arc<Source>,
    inner: &str,
    offset: usize,
    frames: &mut Vec<Scope>,
    faults: &mut Vec<Diagnostic>,
    references: &mut Vec<(String, Scope)>,
) {
    let trimmed = inner.trim_start();
    let (word, rest) = trimmed.split_at(trimmed.find(|c: char| c.is_whitespace()).unwrap_or(trimmed.len()));
    let start = offset + inner.len() - rest.len();
    let mut scope = frames.last().cloned().unwrap_or_default();
    match word {
        "for" => {
            let (variables, list) = rest.split_once(" in ").unwrap_or((rest, ""));
            names(source, list, start + rest.len() - list.len(), &scope, faults);
            let item = shape(list, &scope).item();
            let several = variables.contains(',');
            for variable in variables.split(',') {
                scope.insert(variable.trim().to_owned(), if several { Shape::Any } else { item.clone() });
            }
            scope.insert("loop".into(), Shape::Any);
            frames.push(scope);
        }
        "endfor" => drop(frames.pop()),
        "set" | "set_global" => {
            let (variable, value) = rest.split_once('=').unwrap_or((rest, ""));
            names(source, value, start + rest.len() - value.len(), &scope, faults);
            references.extend(referred(value).into_iter().map(|name| (name, scope.clone())));
            let known = if value.is_empty() { Shape::Any } else { shape(value, &scope) };
            let variable = variable.split('|').next().unwrap_or(variable).trim().to_owned();
            for frame in frames.iter_mut() {
                let before = frame.remove(&variable).unwrap_or(Shape::Any);
                frame.insert(variable.clone(), before.union(known.clone()));
            }
        }
        "if" | "elif" => names(source, rest, start, &scope, faults),
        "include" => references.extend(referred(inner).into_iter().map(|name| (name, scope.clone()))),
        _ => {}
    }
}

/// The files and slots that an expression refers to: texts behind `include`, `fragment(` and `slot(`.
fn referred(source: &str) -> Vec<String> {
    let tokens = expression::tokens(source);
    let mut found = Vec::new();
    for window in tokens.windows(2) {
        if let [(Token::Name("include"), _), (Token::Text(name), _)] = window {
            found.push((*name).to_owned());
        }
    }
    for window in tokens.windows(3) {
        if let [(Token::Name(call @ ("fragment" | "slot")), _), (Token::Sign('('), _), (Token::Text(name), _)] = window
        {
            found.push(if *call == "slot" { format!("slot:{name}") } else { (*name).to_owned() });
        }
    }
    found
}

/// Reports every path of the expression that leads nowhere.
fn names(source: &Arc<Source>, text: &str, offset: usize, scope: &Scope, faults: &mut Vec<Diagnostic>) {
    let bound = bound(text);
    for path in expression::paths(text) {
        if bound.contains(path.root.as_str()) || path.root == "__tera_context" {
            continue;
        }
        if let Err((wrong, at, known)) = walk(&path, scope) {
            let range = offset + at..offset + at + wrong.len();
            let name = written(&path, at, &wrong);
            let fault = Diagnostic::error(UNDEFINED, format!("nothing is named `{name}`"))
                .at(Span { source: source.clone(), range });
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            faults.push(match nearest(&wrong, &known) {
                Some(near) => fault.help(format!("did you mean `{near}`?")),
                None if known.is_empty() => fault.label("what stands before it has no fields"),
                None => fault.help(format!("there is {}", known.join(", "))),
            });
        }
    }
}

/// Every name that the statements of a template bind.
pub fn bound_names(source: &str) -> Vec<String> {
    let mut found = Vec::new();
    // A tag that only looks like one inside of another adds a name that nothing binds, which does no harm.
    for (at, _) in source.match_indices("<%") {
        let inner = source[at + 2..].trim_start_matches(['-', ' ']);
        if !inner.starts_with("for") && !inner.starts_with("set") {
            continue;
        }
        let tokens = expression::tokens(inner.split("%>").next().unwrap_or(inner));
        let named = tokens.iter().skip(1).map_while(|(token, _)| match token {
            Token::Name("in") => None,
            Token::Name(name) => Some(Some((*name).to_owned())),
            Token::Sign(',') => Some(None),
            _ => None,
        });
        if matches!(tokens.first(), Some((Token::Name("for" | "set" | "set_global"), _))) {
            found.extend(named.flatten());
        }
    }
    found
}

/// Variables that a comprehension binds inside the expression.
fn bound(text: &str) -> BTreeSet<&str> {
    let tokens = expression::tokens(text);
    let mut names = BTreeSet::new();
    let mut binding = false;
    for (token, _) in tokens {
        match token {
            Token::Name("for") => binding = true,
            Token::Name("in") => binding = false,
            Token::Name(name) if binding => drop(names.insert(name)),
            _ => {}
        }
    }
    if !names.is_empty() {
        names.insert("for");
    }
    names
}

type Wrong = (String, usize, Vec<String>);

fn walk(path: &Path, scope: &Scope) -> Result<Shape, Wrong> {
    let Some(mut shape) = scope.get(&path.root).cloned() else {
        if path.asks_defined {
            return Ok(Shape::Any);
        }
        return Err((path.root.clone(), path.offset, scope.keys().cloned().collect()));
    };
    for (step, at) in &path.steps {
        shape = match step {
            Step::Field(name) => shape
                .field(name)
                .map_err(|known| (name.clone(), *at, known.into_iter().map(str::to_owned).collect::<Vec<_>>()))?,
            Step::Index => shape.item(),
        };
    }
    Ok(shape)
}

/// The path up to the wrong part, as it is written.
fn written(path: &Path, at: usize, wrong: &str) -> String {
    let mut text = path.root.clone();
    for (step, _) in path.steps.iter().take_while(|(_, offset)| *offset < at) {
        match step {
            Step::Field(name) => text.extend([".", name]),
            Step::Index => text.push_str("[]"),
        }
    }
    if path.offset == at { wrong.to_owned() } else { format!("{text}.{wrong}") }
}

/// The shape of an expression, where it is a path with filters that keep shapes.
fn shape(text: &str, scope: &Scope) -> Shape {
    let trimmed = text.trim_start();
    let paths = expression::paths(trimmed);
    let [path, rest @ ..] = paths.as_slice() else { return Shape::Any };
    let plain = path.offset == 0 && (rest.is_empty() || !path.filters.is_empty());
    let operators = expression::tokens(trimmed)
        .iter()
        .any(|(token, _)| matches!(token, Token::Name("if" | "or" | "and" | "for" | "not")));
    if !plain || operators || trimmed.contains(" ~ ") || trimmed.contains("==") {
        return Shape::Any;
    }
    let start = walk(path, scope).unwrap_or(Shape::Any);
    path.filters.iter().fold(start, |shape, filter| match filter.as_str() {
        "with" | "without" | "sort" | "reverse" | "unique" => shape,
        "first" | "last" | "named" | "nth" => shape.item(),
        _ => Shape::Any,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(text: &str) -> Vec<String> {
        let m = serde_json::json!({ "services": [{ "name": "api", "port": 1 }], "owner": { "chat": null } });
        let scope = Scope::from([("m".to_owned(), Shape::of(&m))]);
        let mut faults = Vec::new();
        check(&Source::new("t", text), &scope, &mut faults);
        faults.into_iter().map(|fault| format!("{} {}", fault.message, fault.help.unwrap_or_default())).collect()
    }

    #[test]
    fn unknown_names_are_found_in_branches_that_are_not_taken() {
        let found = faults("<% if m.servics %><% endif %>");
        assert_eq!(found, ["nothing is named `m.servics` did you mean `services`?"]);
        assert_eq!(faults("<% for s in m.services | with(key=\"name\") %><{ s.prt }><% endfor %>").len(), 1);
        assert_eq!(faults("<{ s.port }>").len(), 1);
    }

    #[test]
    fn known_names_pass() {
        let text = "<% for s in m.services %><% set x = s.port %><{ x }><{ loop.index }><{ m.owner.chat.deep }><% endfor %>\
                    <% set y = m.services | first %><{ y.name }><% if z is defined %><% endif %>";
        assert_eq!(faults(text), Vec::<String>::new());
    }
}
