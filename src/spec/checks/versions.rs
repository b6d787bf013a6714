//! Which format, which program, which base; and what a waiver must say.

use crate::diagnostic::{Diagnostic, codes};
use crate::spec::Answers;
use crate::spec::decode::Context;
use crate::spec::map::{Label, NameKind};
use crate::spec::tree::Node;

const FORMAT: u32 = 1;
const PROGRAM: &str = env!("CARGO_PKG_VERSION");

pub fn check(answers: &Answers, tree: &Node, cx: &mut Context) {
    let place = |path: &str| tree.find(path).and_then(Node::place);
    if answers.version != FORMAT {
        let message =
            format!("this program reads version {FORMAT} of the format, and the file says {}", answers.version);
        cx.tell(
            Diagnostic::error(codes::FORMAT_VERSION, message)
                .maybe_at(place("version"))
                .help(format!("write `version: {FORMAT}`")),
        );
    }
    if let Some(wanted) = answers.opsgen.as_ref().filter(|wanted| !wanted.admits(PROGRAM)) {
        let message = format!("this tree is written by opsgen {wanted}, and this is {PROGRAM}");
        let fault = Diagnostic::error(codes::PROGRAM_VERSION, message).maybe_at(place("opsgen"));
        cx.tell(fault.help("run a version that is allowed, or change the requirement for everybody"));
    }
    if !answers.extends.is_empty() {
        let fault = Diagnostic::error(
            codes::EXTENDS,
            "`extends` is part of the format, and this version can't fetch a base yet",
        );
        cx.tell(fault.maybe_at(place("extends")).help("write `extends: []` and keep the answers here"));
    }
    if answers.name.span.is_some() && !Label::fits(&answers.name) {
        let fault = Diagnostic::error(codes::BAD_NAME, format!("`{}` can't be the name", answers.name));
        cx.tell(fault.maybe_at(answers.name.span.clone()).help(format!("use {}", Label::WHAT)));
    }
    for waiver in &answers.waivers {
        for (key, missing) in [("because", waiver.because.is_none()), ("until", waiver.until.is_none())] {
            if missing {
                let fault =
                    Diagnostic::error(codes::MISSING_KEY, format!("the waiver of {} needs `{key}`", waiver.code));
                cx.tell(
                    fault
                        .maybe_at(waiver.code.span.clone())
                        .help(format!("add `{key}: …`; a waiver has a reason and an end")),
                );
            }
        }
    }
}
