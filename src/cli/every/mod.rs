//! Many specs in one run: a repository of services, each with a spec of its own.
//!
//! In: a folder. Out: the specs below it, looked at in threads and told in their order. One spec is in memory a thread.

mod apply;
mod check;
mod diff;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::iter;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

use super::exit::Exit;
use super::fault::Fault;
use super::options::Global;
use crate::diagnostic::Diagnostic;
use crate::render;

pub use apply::{Asked, apply};
pub use check::check;
pub use diff::diff;

/// Names that a spec may have.
const NAMES: [&str; 2] = ["opsgen.yaml", "spec.yaml"];

/// Folders in which nobody keeps a spec.
const SKIPPED: [&str; 4] = ["node_modules", "target", "vendor", "venv"];

/// Below this many specs a thread costs more than it gains.
const THREADS_FROM: usize = 4;

/// Folders that a thread looks into at a time.
const TOGETHER: usize = 64;

/// Every spec below a folder, in the order of their paths.
pub fn specs(given: Option<&Path>, global: &Global) -> Result<Vec<PathBuf>, Fault> {
    if global.root.is_some() {
        return Err(Fault::Usage("`--all` writes beside each spec; `--root` is for one".into()));
    }
    let folder = given.unwrap_or(Path::new("."));
    if !folder.is_dir() {
        return Err(Fault::Usage(format!("`--all` takes a folder, and `{}` is none", folder.display())));
    }
    let mut found = walk(folder)?;
    found.sort();
    match found.is_empty() {
        true => Err(Fault::Usage(format!("no spec below `{}`: neither opsgen.yaml nor spec.yaml", folder.display()))),
        false => Ok(found),
    }
}

/// Folder by folder as deep as each other, so that threads share a wide tree.
fn walk(folder: &Path) -> Result<Vec<PathBuf>, Fault> {
    let (mut found, mut level) = (Vec::new(), vec![folder.to_owned()]);
    while !level.is_empty() {
        let mut below = Vec::new();
        let together: Vec<&[PathBuf]> = level.chunks(TOGETHER).collect();
        each(
            &together,
            |folders| look_into(folders),
            |_, looked| {
                let (specs, folders) = looked?;
                found.extend(specs);
                below.extend(folders);
                Ok(())
            },
        )?;
        level = below;
    }
    Ok(found)
}

/// The specs in these folders, and the folders in them that may hold some.
fn look_into(folders: &[PathBuf]) -> io::Result<(Vec<PathBuf>, Vec<PathBuf>)> {
    let (mut found, mut below) = (Vec::new(), Vec::new());
    for entry in folders.iter().map(PathBuf::as_path).flat_map(entries) {
        let entry = entry?;
        let name = entry.file_name();
        let Some(name) = name.to_str() else { continue };
        let kind = entry.file_type()?;
        if kind.is_dir() && !name.starts_with('.') && !SKIPPED.contains(&name) {
            below.push(entry.path());
        } else if kind.is_file() && NAMES.contains(&name) && is_spec(&entry.path()) {
            found.push(plain(&entry.path()));
        }
    }
    Ok((found, below))
}

fn entries(folder: &Path) -> Box<dyn Iterator<Item = io::Result<fs::DirEntry>>> {
    match fs::read_dir(folder) {
        Ok(entries) => Box::new(entries),
        Err(error) => Box::new(iter::once(Err(error))),
    }
}

/// Other programs have a `spec.yaml` too: ours says its version and its name.
fn is_spec(path: &Path) -> bool {
    let text = fs::read_to_string(path).unwrap_or_default();
    let says = |key: &str| text.lines().any(|line| line.strip_prefix(key).is_some_and(|rest| rest.starts_with(':')));
    says("version") && says("name")
}

/// A path as a person writes it.
fn plain(path: &Path) -> PathBuf {
    path.strip_prefix(".").unwrap_or(path).to_owned()
}

/// Does the work for each of these, in threads; what comes of it is told in their order.
pub fn each<I: Sync, T: Send>(
    items: &[I],
    work: impl Fn(&I) -> T + Sync,
    mut tell: impl FnMut(&I, T) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    if items.len() < THREADS_FROM || threads < 2 {
        return items.iter().try_for_each(|item| tell(item, work(item)));
    }
    let next = AtomicUsize::new(0);
    let (send, receive) = mpsc::sync_channel(2 * threads);
    thread::scope(|scope| {
        for _ in 0..threads {
            let (send, next, work) = (send.clone(), &next, &work);
            scope.spawn(move || {
                render::alone(|| {
                    while let Some((at, item)) = taken(items, next) {
                        if send.send((at, work(item))).is_err() {
                            break;
                        }
                    }
                });
            });
        }
        drop(send);
        let (mut early, mut turn) = (BTreeMap::new(), 0);
        for (at, done) in receive {
            early.insert(at, done);
            while let Some(done) = early.remove(&turn) {
                tell(&items[turn], done)?;
                turn += 1;
            }
        }
        Ok(())
    })
}

fn taken<'a, I>(items: &'a [I], next: &AtomicUsize) -> Option<(usize, &'a I)> {
    let at = next.fetch_add(1, Ordering::Relaxed);
    items.get(at).map(|item| (at, item))
}

/// What one spec came to, for the code of the whole.
#[derive(Debug, Default)]
pub struct Tally {
    counts: BTreeMap<u8, usize>,
}

impl Tally {
    pub fn add(&mut self, exit: Exit) {
        *self.counts.entry(exit.code()).or_default() += 1;
    }

    pub fn of(&self, exit: Exit) -> usize {
        self.counts.get(&exit.code()).copied().unwrap_or(0)
    }

    /// The gravest.
    pub fn exit(&self) -> Exit {
        let order = [Exit::Internal, Exit::Invalid, Exit::Conflict, Exit::Stale, Exit::Pending];
        order.into_iter().find(|exit| self.of(*exit) > 0).unwrap_or(Exit::Done)
    }
}

/// Why one spec ended early, as findings and a code.
fn ended(fault: Fault) -> (Vec<Diagnostic>, Exit, Option<String>) {
    match fault {
        Fault::Told(found, exit) => (found, exit, None),
        Fault::Usage(what) => (Vec::new(), Exit::Usage, Some(what)),
        Fault::Io(error) => (Vec::new(), Exit::Internal, Some(error.to_string())),
    }
}
