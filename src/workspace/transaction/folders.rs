//! Folders held open while many files in them are looked at or moved: each path is walked once, not once a file.

use std::cell::RefCell;
use std::io;
use std::rc::Rc;

use cap_std::fs::{Dir, Metadata};

/// The folder of the path before, which mostly is that of the next one.
#[derive(Default)]
pub struct Folders {
    last: RefCell<Option<(String, Rc<Dir>)>>,
}

impl Folders {
    /// The folder that holds a path, and the path's name in it.
    pub fn above<'p>(&self, dir: &Dir, path: &'p str) -> io::Result<(Rc<Dir>, &'p str)> {
        let (folder, name) = path.rsplit_once('/').unwrap_or((".", path));
        let mut last = self.last.borrow_mut();
        if let Some((_, open)) = last.as_ref().filter(|(held, _)| held == folder) {
            return Ok((open.clone(), name));
        }
        let open = Rc::new(dir.open_dir(folder)?);
        *last = Some((folder.to_owned(), open.clone()));
        Ok((open, name))
    }

    /// What is at a path; nothing when it or its folder isn't there.
    pub fn found(&self, dir: &Dir, path: &str) -> Option<Metadata> {
        let (folder, name) = self.above(dir, path).ok()?;
        folder.symlink_metadata(name).ok()
    }
}
