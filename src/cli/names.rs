//! Names that vanished while others appeared: asks whether they are the same, and writes the answer into the spec.
//!
//! Asks only on a terminal; without one the plan comes back as it is, and can't be carried out.

use std::io;
use std::path::Path;

use super::console::Console;
use super::fault::Fault;
use super::input;
use super::options::{Choices, Global, SpecArg};
use super::pipeline::{self, Planned};
use crate::spec::identity::{Change, Item};
use crate::spec::splice;

/// What a person said about a name that vanished.
#[derive(Debug, PartialEq)]
enum Answer<'a> {
    /// It is this one now.
    Same(&'a Item),
    Gone,
    /// Neither: nothing is written.
    Stop,
}

/// The plan, with every question about names answered that somebody is there to answer.
pub fn settled(spec: &SpecArg, choices: &Choices, global: &Global, ask: Option<Console>) -> Result<Planned, Fault> {
    let mut choices = choices.clone();
    loop {
        let planned = pipeline::plan(spec, &choices, global)?;
        let (Some(change), Some(console)) = (planned.unsaid.first(), ask) else { return Ok(planned) };
        console.talk(&crate::report::names(&planned.plan));
        let Change::Suspected { gone, .. } = change else { return Ok(planned) };
        match asked(change, &mut |question| console.answer(question))? {
            Answer::Same(item) => say_was(Path::new(&planned.spec), item, gone)?,
            Answer::Gone => choices.retire.push(gone.clone()),
            Answer::Stop => return Ok(planned),
        }
    }
}

/// One question for each name that may be the old one's.
fn asked<'a>(change: &'a Change, ask: &mut dyn FnMut(&str) -> io::Result<String>) -> io::Result<Answer<'a>> {
    let Change::Suspected { kind, gone, appeared } = change else { return Ok(Answer::Stop) };
    for item in appeared {
        let question = format!(
            "Is `{}` the {} that was `{gone}`? y: it is, and the spec will say so; n: it is another one [y/n] ",
            item.name,
            kind.word()
        );
        match ask(&question)?.as_str() {
            "y" | "yes" => return Ok(Answer::Same(item)),
            "n" | "no" => {}
            _ => return Ok(Answer::Stop),
        }
    }
    Ok(Answer::Gone)
}

/// Writes `was: OLD` beside the new name.
fn say_was(spec: &Path, item: &Item, gone: &str) -> Result<(), Fault> {
    let source = input::read(spec)?;
    let path: Vec<&str> = item.path.iter().map(String::as_str).collect();
    let Some(text) = splice::set(&source.text, &path, gone) else {
        let key = item.path.join(".");
        return Err(Fault::Usage(format!("`{key}` can't be written into the spec from here; write `{key}: {gone}`")));
    };
    Ok(std::fs::write(spec, text)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Source;
    use crate::spec::{identity, parse};

    fn change() -> Change {
        let spec = |services: &str| {
            let environments = "environments: { production: { deploy: { from: main } } }";
            parse(Source::new("s", format!("services: {{ {services} }}\n{environments}\n"))).0
        };
        let old = spec("api: { kind: web }");
        identity::changes(&old, &spec("front: { kind: web }, back: { kind: web }"), &[]).remove(0)
    }

    fn said(answers: &[&str]) -> String {
        let mut answers = answers.iter();
        let change = change();
        let answer = asked(&change, &mut |_| Ok((*answers.next().unwrap()).to_owned())).unwrap();
        match answer {
            Answer::Same(item) => item.path.join("."),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn every_new_name_is_asked_about_until_one_is_it() {
        assert_eq!(said(&["y"]), "services.front.was");
        assert_eq!(said(&["n", "yes"]), "services.back.was");
        assert_eq!(said(&["n", "n"]), "Gone");
        assert_eq!(said(&[""]), "Stop", "no answer is no answer");
        assert_eq!(said(&["n", "q"]), "Stop");
    }
}
