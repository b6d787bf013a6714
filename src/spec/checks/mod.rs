//! What decoding can't see: names that refer to nothing, answers that are missing, values that are secrets.
//!
//! In: decoded answers and their tree. Out: faults.

mod answers;
mod names;
mod people;
mod promises;
mod required;
mod secrets;
mod versions;

use super::Answers;
use super::decode::Context;
use super::identity;
use super::scalar::Text;
use super::suggest::{either, nearest};
use super::tree::Node;
use crate::diagnostic::{Diagnostic, Span};

pub use required::{REQUIRED, Requirement, Scope};
pub use secrets::mask;

/// Every check, over one file.
pub fn check(answers: &Answers, tree: &Node, cx: &mut Context) {
    versions::check(answers, tree, cx);
    names::check(answers, tree, cx);
    people::check(answers, cx);
    promises::check(answers, cx);
    answers::check(answers, tree, cx);
    identity::check(tree).into_iter().for_each(|fault| cx.tell(fault));
}

/// Names that something may refer to.
struct Known<'a> {
    code: &'static str,
    /// "team".
    what: &'static str,
    /// Where they are declared.
    section: &'static str,
    names: Vec<&'a str>,
}

impl Known<'_> {
    /// Tell when `name` is none of them.
    fn expect(&self, name: &Text, cx: &mut Context) {
        self.expect_at(name, name.span.clone(), cx);
    }

    fn expect_at(&self, name: &str, span: Option<Span>, cx: &mut Context) {
        if name.is_empty() || span.is_none() || self.names.contains(&name) {
            return;
        }
        let fault = Diagnostic::error(self.code, format!("there is no {} `{name}`", self.what)).maybe_at(span);
        let fault = match nearest(name, self.names.iter().copied()) {
            Some(near) => fault.label(format!("did you mean `{near}`?")).help(format!("write `{near}`")),
            None if self.names.is_empty() => fault.help(format!("declare it under `{}`", self.section)),
            None => {
                let known = either(self.names.iter().copied());
                fault.help(format!("write {known}, or declare `{name}` under `{}`", self.section))
            }
        };
        cx.tell(fault);
    }
}
