//! Formats that are read line by line: crontabs, Dockerfiles, environment files.
//!
//! In: text. Out: nothing, or the fault. Refuses: a line that its reader would not understand.

use std::str::FromStr;

use croner::Cron;

use super::Fault;

pub fn crontab(text: &str) -> Result<(), Fault> {
    for (at, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') || assignment(line) {
            continue;
        }
        let fields: Vec<&str> = line.split_whitespace().collect();
        let fault = |message: String| Fault::new(at + 1, message);
        if fields.len() < 6 {
            return Err(fault("a crontab line has five fields of time and a command".into()));
        }
        let schedule = fields[..5].join(" ");
        Cron::from_str(&schedule).map_err(|error| fault(format!("{schedule:?} is no schedule: {error}")))?;
    }
    Ok(())
}

/// `NAME=value`
fn assignment(line: &str) -> bool {
    line.split_once('=').is_some_and(|(name, _)| is_name(name.trim()))
}

fn is_name(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

pub fn env(text: &str) -> Result<(), Fault> {
    let mut open: Option<(char, usize)> = None;
    for (at, line) in text.lines().enumerate() {
        let value = match open {
            Some(_) => line,
            None if line.trim().is_empty() || line.trim_start().starts_with('#') => continue,
            None => {
                let (name, value) = line.split_once('=').ok_or_else(|| Fault::new(at + 1, "a line is NAME=value"))?;
                if !is_name(name.trim_start_matches("export ").trim()) {
                    return Err(Fault::new(at + 1, format!("{name:?} is no name of a variable")));
                }
                open = value.chars().next().filter(|c| matches!(c, '\'' | '"')).map(|quote| (quote, at + 1));
                if open.is_some() { &value[1..] } else { value }
            }
        };
        if open.is_some_and(|(quote, _)| closes(value, quote)) {
            open = None;
        }
    }
    open.map_or(Ok(()), |(_, line)| Err(Fault::new(line, "this quote is never closed")))
}

/// Whether a quote that doesn't follow a backslash stands in the text.
fn closes(text: &str, quote: char) -> bool {
    let mut escaped = false;
    text.chars().any(|c| {
        let closing = c == quote && !escaped;
        escaped = quote == '"' && c == '\\' && !escaped;
        closing
    })
}

pub fn dockerfile(text: &str) -> Result<(), Fault> {
    const WORDS: &[&str] = &[
        "ADD",
        "ARG",
        "CMD",
        "COPY",
        "ENTRYPOINT",
        "ENV",
        "EXPOSE",
        "FROM",
        "HEALTHCHECK",
        "LABEL",
        "ONBUILD",
        "RUN",
        "SHELL",
        "STOPSIGNAL",
        "USER",
        "VOLUME",
        "WORKDIR",
        "MAINTAINER",
    ];
    let mut continued = false;
    let mut heredoc: Option<String> = None;
    let mut first = true;
    for (at, line) in text.lines().enumerate() {
        let trimmed = line.trim();
        if let Some(end) = &heredoc {
            if trimmed == end {
                heredoc = None;
            }
            continue;
        }
        if trimmed.is_empty() || trimmed.starts_with('#') {
            continue;
        }
        if !continued {
            let word = trimmed.split_whitespace().next().unwrap_or_default().to_ascii_uppercase();
            if !WORDS.contains(&word.as_str()) {
                return Err(Fault::new(at + 1, format!("{word} is no instruction of a Dockerfile")));
            }
            if first && !matches!(word.as_str(), "FROM" | "ARG") {
                return Err(Fault::new(at + 1, "a Dockerfile begins with FROM"));
            }
            first = false;
            heredoc = trimmed
                .split_once("<<")
                .map(|(_, end)| end.trim_start_matches('-').trim_matches(['"', '\'']).to_owned());
            heredoc = heredoc
                .map(|end| end.split_whitespace().next().unwrap_or_default().trim_matches(['"', '\'']).to_owned());
        }
        continued = trimmed.ends_with('\\');
    }
    if first { Err(Fault::new(1, "the Dockerfile has no instruction")) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crontabs_have_five_fields_and_a_command() {
        assert_eq!(crontab("TZ=UTC\n# c\n0 3 * * * /bin/true\n"), Ok(()));
        assert!(crontab("0 25 * * * x\n").is_err());
        assert!(crontab("@daily x\n").is_err());
    }

    #[test]
    fn environment_files_close_their_quotes() {
        assert_eq!(env("# c\nA=1\nB='a\nb'\nC=\"x\\\"y\"\n"), Ok(()));
        assert_eq!(env("A=1\nB='x\n").unwrap_err().line, 2);
        assert!(env("1A=2\n").is_err());
    }

    #[test]
    fn dockerfiles_hold_instructions() {
        assert_eq!(dockerfile("# syntax=x\nFROM a AS b\nRUN a && \\\n    b\nCMD [\"x\"]\n"), Ok(()));
        assert!(dockerfile("FROM a\nRUNN b\n").is_err());
    }
}
