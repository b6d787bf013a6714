//! Shell scripts are parsed the way their first line asks for.
//!
//! In: a script. Out: nothing, or the fault. Refuses: what the shell would not parse.

use brush_parser::{ParseError, Parser, ParserOptions};

use super::Fault;

pub fn script(text: &str) -> Result<(), Fault> {
    let first = text.lines().next().unwrap_or_default();
    let bash = first.starts_with("#!") && first.contains("bash");
    let options =
        ParserOptions { sh_mode: !bash, posix_mode: !bash, enable_extended_globbing: bash, ..ParserOptions::default() };
    Parser::new(text.as_bytes(), &options).parse_program().map(drop).map_err(|error| fault(&error, text))
}

fn fault(error: &ParseError, text: &str) -> Fault {
    let end = text.lines().count();
    match error {
        ParseError::ParsingNear(at) => Fault::new(at.line, "this is not shell syntax"),
        ParseError::ParsingAtEndOfInput => Fault::new(end, "the script ends in the middle of a command"),
        ParseError::Tokenizing { inner, position } => {
            Fault::new(position.as_ref().map_or(end, |at| at.line), inner.to_string())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn posix_scripts_parse_and_open_ends_do_not() {
        assert_eq!(script("#!/bin/sh\nset -eu\nif [ -n \"${1:-}\" ]; then echo \"$(date)\"; fi\n"), Ok(()));
        assert!(script("if true; then\n").is_err());
        assert!(script("echo 'open\n").is_err());
    }
}
