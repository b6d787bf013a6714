//! What a run reads besides the tree: the spec, and folders of blueprints.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::catalog::Layer;
use crate::diagnostic::{Diagnostic, Source};
use crate::workspace::plain;

/// The spec or a folder of blueprints can't be read.
pub const UNREADABLE: &str = "OPS408";

/// Names of the spec when none is given.
const DEFAULTS: [&str; 2] = ["opsgen.yaml", "spec.yaml"];

/// Nobody answers a questionnaire in more.
const LARGEST: u64 = 64 << 20;

/// The file that the user means.
pub fn find(given: Option<&Path>) -> Result<PathBuf, Diagnostic> {
    match given {
        Some(path) => Ok(path.to_owned()),
        None => DEFAULTS.iter().map(PathBuf::from).find(|path| path.exists()).ok_or_else(|| {
            let message = "no spec here: neither `opsgen.yaml` nor `spec.yaml` is in this folder";
            Diagnostic::error(UNREADABLE, message).help("name it: `opsgen apply path/to/spec.yaml`")
        }),
    }
}

/// The text of the spec.
pub fn read(path: &Path) -> Result<Arc<Source>, Diagnostic> {
    let bytes = bytes(path).map_err(|error| unreadable(path, &error))?;
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Source::new(path.display().to_string(), text)),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let message = format!("`{}` isn't text: byte {at} isn't UTF-8", path.display());
            Err(Diagnostic::error(UNREADABLE, message).help("save the spec as UTF-8"))
        }
    }
}

fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    let metadata = fs::metadata(path)?;
    if metadata.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    if metadata.len() > LARGEST {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "it is larger than 64 MiB"));
    }
    fs::read(path)
}

fn unreadable(path: &Path, error: &io::Error) -> Diagnostic {
    let message = format!("can't read `{}`: {}", path.display(), plain(error));
    Diagnostic::error(UNREADABLE, message).help("name a file that exists and that you may read")
}

/// A folder of blueprints as a layer.
pub fn layer(folder: &Path) -> Result<Layer, Diagnostic> {
    let mut files = Vec::new();
    walk(folder, "", &mut files).map_err(|error| unreadable(folder, &error))?;
    Ok(Layer { name: folder.display().to_string(), files })
}

/// Every file below a folder in the order of names; hidden ones and links are no blueprints.
fn walk(folder: &Path, prefix: &str, files: &mut Vec<(String, Vec<u8>)>) -> io::Result<()> {
    let mut entries = fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let Ok(name) = entry.file_name().into_string() else { continue };
        let kind = entry.file_type()?;
        let path = if prefix.is_empty() { name.clone() } else { format!("{prefix}/{name}") };
        if kind.is_symlink() {
            let message = format!("`{path}` is a symbolic link; put the file itself there");
            return Err(io::Error::new(io::ErrorKind::InvalidData, message));
        }
        if kind.is_dir() && !(prefix.is_empty() && name.starts_with('.')) {
            walk(&entry.path(), &path, files)?;
        } else if kind.is_file() {
            files.push((path, fs::read(entry.path())?));
        }
    }
    Ok(())
}
