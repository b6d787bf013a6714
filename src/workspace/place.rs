//! Where things lie: the spec's folder (here) and the git work tree around it (top).
//!
//! In: the path of the spec, or the folder that `--root` names. Out: both folders.
//! Refuses a root that isn't a folder.

use std::io;
use std::path::{Path, PathBuf};

use super::failure::Failure;

/// The two folders that every path is relative to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The git work tree, or the spec's folder when there is none.
    pub top: PathBuf,
    /// The spec's folder, from the top; empty when they are the same.
    pub prefix: String,
}

impl Place {
    /// The spec's folder and the work tree that holds it.
    pub fn of_spec(spec: &Path) -> Result<Self, Failure> {
        let folder = spec.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let here = canonical(folder)?;
        let top = here.ancestors().find(|folder| folder.join(".git").exists()).unwrap_or(&here).to_path_buf();
        let below = here.strip_prefix(&top).unwrap_or(Path::new(""));
        let prefix = below.to_str().ok_or_else(|| not_text(&here))?.replace('\\', "/");
        Ok(Self { top, prefix })
    }

    /// The spec's folder.
    pub fn here(&self) -> PathBuf {
        self.top.join(&self.prefix)
    }

    /// One folder for everything.
    pub fn root(folder: &Path) -> Result<Self, Failure> {
        Ok(Self { top: canonical(folder)?, prefix: String::new() })
    }
}

fn canonical(folder: &Path) -> Result<PathBuf, Failure> {
    let path = std::fs::canonicalize(folder).map_err(|error| Failure::root(folder, &error))?;
    if path.is_dir() { Ok(path) } else { Err(Failure::root(folder, &io::ErrorKind::NotADirectory.into())) }
}

fn not_text(folder: &Path) -> Failure {
    Failure::root(folder, &io::Error::new(io::ErrorKind::InvalidInput, "its path isn't UTF-8"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_work_tree_is_found_above_the_spec() {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(root.path().join("services/api")).unwrap();
        let spec = root.path().join("services/api/spec.yaml");
        assert_eq!(Place::of_spec(&spec).unwrap().prefix, "");
        std::fs::create_dir(root.path().join(".git")).unwrap();
        let place = Place::of_spec(&spec).unwrap();
        assert_eq!(place.prefix, "services/api");
        assert_eq!(place.top, root.path().canonicalize().unwrap());
    }

    #[test]
    fn a_root_must_be_a_folder() {
        let root = tempfile::tempdir().unwrap();
        assert!(matches!(Place::root(&root.path().join("none")), Err(Failure::Root(_))));
        std::fs::write(root.path().join("file"), "").unwrap();
        assert!(matches!(Place::root(&root.path().join("file")), Err(Failure::Root(_))));
    }
}
