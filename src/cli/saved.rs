//! A saved plan: how it is recognised, where it belongs, and what it is worth there.

use std::path::{Path, PathBuf};

use super::exit::Exit;
use super::fault::Fault;
use super::input;
use super::options::Global;
use crate::diagnostic::Diagnostic;
use crate::plan::saved::{self, Saved, State, code};
use crate::workspace::{Place, Workspace, code as found};

/// A saved plan, and the tree that it is for.
pub struct Found {
    pub workspace: Workspace,
    pub place: Place,
    pub state: State,
}

/// The plan in a file; nothing when the file is no plan.
pub fn open(path: &Path) -> Result<Option<Saved>, Fault> {
    let source = input::read(path)?;
    if !saved::is_saved(&source.text) {
        return Ok(None);
    }
    Ok(Some(saved::load(&source.name, &source.text)?))
}

/// Looks the tree up that the plan is for, and compares.
pub fn find(saved: &Saved, global: &Global) -> Result<Found, Fault> {
    let (place, workspace) = workspace(saved, global)?;
    let state = saved.state(&workspace.read(&saved.places())?);
    Ok(Found { workspace, place, state })
}

/// The tree that the plan is for, and nothing read yet.
pub fn workspace(saved: &Saved, global: &Global) -> Result<(Place, Workspace), Fault> {
    let place = place(saved, global.root.as_deref())?;
    let workspace = Workspace::open(&place)?;
    Ok((place, workspace))
}

/// Where the spec lies, as a plan may say it: from here, never from the root of the machine.
pub fn spec_path(spec: &Path, place: &Place, global: &Global) -> Result<Option<String>, Fault> {
    let Some(name) = spec.file_name().and_then(|name| name.to_str()).filter(|_| global.root.is_none()) else {
        return Ok(None);
    };
    let here = place.here();
    let folder = here.strip_prefix(base()?).map_or_else(|_| PathBuf::from(&place.prefix), Path::to_path_buf);
    Ok(folder.join(name).to_str().map(str::to_owned))
}

/// The work tree around the current folder, or that folder.
fn base() -> Result<PathBuf, Fault> {
    Ok(Place::of_spec(Path::new("spec"))?.top)
}

fn place(saved: &Saved, root: Option<&Path>) -> Result<Place, Fault> {
    if let Some(root) = root {
        return Ok(Place { prefix: saved.prefix().to_owned(), ..Place::root(root)? });
    }
    let Some(spec) = saved.spec() else {
        return Err(Fault::Usage("this plan was made with `--root`; name the folder again: `--root DIR`".into()));
    };
    let base = base()?;
    let elsewhere = || {
        let message = format!("this plan is for `{spec}`, which isn't here");
        let help = "run it in the work tree or in the folder where it was made, or name the folder with `--root DIR`";
        Fault::from(Diagnostic::error(code::ELSEWHERE, message).help(help))
    };
    let path = base.join(spec);
    let place = Place::of_spec(&path).ok().filter(|_| path.is_file()).ok_or_else(elsewhere)?;
    if place.prefix != saved.prefix() || !place.here().starts_with(&base) {
        return Err(elsewhere());
    }
    Ok(place)
}

/// The plan can't be carried out any more: what moved, and what to do.
pub fn stale(moved: &[String]) -> Fault {
    let message = format!("the tree moved since the plan was made:\n{}", listed(moved));
    let told = Diagnostic::error(found::STALE, message)
        .help("nothing was written; make the plan again with `opsgen diff --out FILE`, look at it, and apply that");
    Fault::Told(vec![told], Exit::Stale)
}

/// One line for each thing that moved.
pub fn listed(moved: &[String]) -> String {
    moved.iter().map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n")
}
