//! The person at the terminal, line by line, and their editor.

use std::env;
use std::fs::{self, OpenOptions};
use std::io::{self, BufRead, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::process::Command;

use super::Person;
use crate::cli::console::Console;

/// Reads answers from stdin, talks on stderr.
pub struct Terminal {
    console: Console,
    /// The input ended: nobody consents to anything any more.
    pub is_gone: bool,
}

impl Terminal {
    pub fn new(console: Console) -> Self {
        Self { console, is_gone: false }
    }
}

impl Person for Terminal {
    fn show(&mut self, text: &str) {
        if !text.is_empty() {
            self.console.shout(text.trim_end_matches('\n'));
        }
    }

    fn ask(&mut self, question: &str) -> io::Result<char> {
        let mut talk = io::stderr().lock();
        write!(talk, "{question}")?;
        talk.flush()?;
        let mut answer = String::new();
        if io::stdin().lock().read_line(&mut answer)? == 0 {
            self.is_gone = true;
            return Ok('q');
        }
        Ok(answer.trim().chars().next().unwrap_or('?'))
    }

    fn edit(&mut self, text: &str) -> io::Result<Option<String>> {
        let path = draft(text)?;
        let editor = ["VISUAL", "EDITOR"].iter().find_map(|name| env::var(name).ok().filter(|value| !value.is_empty()));
        let editor = editor.unwrap_or_else(|| "vi".into());
        // As git does: the variable may hold a whole command.
        let ended = Command::new("sh").arg("-c").arg(format!("{editor} \"$@\"")).arg(&editor).arg(&path).status();
        let edited = match ended {
            Ok(status) if status.success() => fs::read_to_string(&path).map(Some),
            _ => {
                self.show(&format!("the editor `{editor}` failed; nothing was edited"));
                Ok(None)
            }
        };
        let _ = fs::remove_file(&path);
        edited
    }

    fn sees_colour(&self) -> bool {
        self.console.colour_talk
    }
}

/// A new file that only this person may read.
fn draft(text: &str) -> io::Result<PathBuf> {
    let name = |at: u32| env::temp_dir().join(format!("opsgen-{}-{at}.diff", std::process::id()));
    for at in 0..100 {
        match OpenOptions::new().write(true).create_new(true).mode(0o600).open(name(at)) {
            Ok(mut file) => return file.write_all(text.as_bytes()).map(|()| name(at)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}
