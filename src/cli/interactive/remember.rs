//! Files that are a person's from now on, written into the spec without touching anything else of it.
//!
//! In: the path of the spec, what it held, and the files. Out: its new text. Refuses a spec that changed meanwhile.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use crate::artifact::Mode;
use crate::diagnostic::Source;
use crate::plan::{glob, mode_name};
use crate::spec::{self, splice};

/// The spec with what is to be remembered, and what couldn't be said in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Remembered {
    pub text: String,
    /// Files for which a line must be added by hand.
    pub left: Vec<String>,
}

impl Remembered {
    /// Says in the spec that these files are the person's.
    pub fn of(text: &str, mine: &[String]) -> Self {
        let mut remembered = Self { text: text.to_owned(), left: Vec::new() };
        for path in mine {
            let said = splice::set(&remembered.text, &["outputs", path], mode_name(Mode::Yours));
            match said.filter(|text| says(text, path)) {
                Some(text) => remembered.text = text,
                None => remembered.left.push(path.clone()),
            }
        }
        remembered
    }

    /// The line for each file that must be added by hand.
    pub fn by_hand(paths: &[String]) -> String {
        let lines: Vec<String> = paths.iter().map(|path| format!("  \"{path}\": yours\n")).collect();
        format!("add this to the spec by hand:\n\noutputs:\n{}", lines.concat())
    }
}

/// The last pattern that matches the file makes it the person's.
fn says(text: &str, path: &str) -> bool {
    let (spec, _) = spec::parse(Source::new("spec", text));
    let last = spec.outputs.iter().rfind(|entry| glob::matches(&entry.name.text, path));
    last.is_some_and(|entry| entry.value.mode.word() == mode_name(Mode::Yours))
}

impl Remembered {
    /// Puts the text in the place of the spec, which must be as it was.
    pub fn write(&self, spec: &Path, before: &[u8], mine: &[String]) -> io::Result<()> {
        replace(spec, before, &self.text).map_err(|error| {
            io::Error::new(error.kind(), format!("can't write `{}`: {error}\n{}", spec.display(), Self::by_hand(mine)))
        })
    }
}

/// Replaces the spec as one step, so that no crash leaves half of it.
fn replace(path: &Path, before: &[u8], text: &str) -> io::Result<()> {
    let path = fs::canonicalize(path)?;
    if fs::read(&path)? != before {
        return Err(io::Error::new(
            io::ErrorKind::InvalidData,
            "it changed while you were asked; nothing was added to it",
        ));
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let draft = path.with_file_name(format!(".{name}.opsgen"));
    let written = File::create(&draft).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.set_permissions(fs::metadata(&path)?.permissions())?;
        file.sync_all()
    });
    written.and_then(|()| fs::rename(&draft, &path)).inspect_err(|_| drop(fs::remove_file(&draft)))
}
