//! `opsgen diff`: the plan, and nothing is written but the file that was asked for.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum, ValueHint};

use crate::cli::console::Console;
use crate::cli::exit::Exit;
use crate::cli::fault::{Fault, Outcome};
use crate::cli::options::{All, Choices, Global, SpecArg, SpecOrPlan};
use crate::cli::{again, every, input, pipeline, saved};
use crate::plan::saved::{Saved, State, save};
use crate::plan::{self, Plan};
use crate::report;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    #[default]
    /// As git shows it, with why each hunk is there
    Text,
    /// For programs
    Json,
    /// For a comment in a pull request, cut to the 65,536 characters that one may hold
    Markdown,
    /// One page that needs nothing else
    Html,
    /// For `git apply`
    Patch,
    /// Annotations for the log of a workflow, and the Markdown; with `--out`, the Markdown goes to the file
    Github,
}

#[derive(Debug, Args)]
pub struct Diff {
    #[command(flatten)]
    what: SpecOrPlan,

    /// How to show it; text without this
    #[arg(long, value_enum)]
    format: Option<Format>,

    /// Saves the plan in a file, which `opsgen apply FILE` carries out; with `--format`, what is shown
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    out: Option<PathBuf>,

    /// Exits 2 when changes are pending, 3 when something is in the way, 5 when a saved plan is stale
    #[arg(long)]
    exit_code: bool,

    /// Shows only how much changes
    #[arg(long)]
    stat: bool,

    #[command(flatten)]
    all: All,

    #[command(flatten)]
    choices: Choices,
}

impl Diff {
    pub fn run(&self, global: &Global, console: Console) -> Outcome {
        if self.all.all {
            return self.every(global, console);
        }
        let path = input::find(self.what.path.as_deref())?;
        match saved::open(&path)? {
            Some(saved) => self.saved(&saved, global, console),
            None => self.spec(path, global, console),
        }
    }

    fn every(&self, global: &Global, console: Console) -> Outcome {
        if self.out.is_some() || matches!(self.format, Some(Format::Html | Format::Github)) {
            return Err(Fault::Usage(
                "`--all` shows text, json (one document a spec), markdown or patch on stdout".into(),
            ));
        }
        let specs = every::specs(self.what.path.as_deref(), global)?;
        let show = |plan: &Plan| self.bytes(plan, "opsgen apply --all", console.colour);
        let exit = every::diff(&specs, &self.choices, global, console, show)?;
        Ok(if self.exit_code || exit == Exit::Invalid { exit } else { Exit::Done })
    }

    fn spec(&self, path: PathBuf, global: &Global, console: Console) -> Outcome {
        let planned = pipeline::plan(&SpecArg { spec: Some(path.clone()) }, &self.choices, global)?.explained();
        console.tell(&planned.warnings);
        let plan = &planned.plan;
        match (&self.out, self.format) {
            (Some(out), None) => {
                let spec = saved::spec_path(&path, &planned.place, global)?;
                put(out, save(plan, spec.as_deref()).as_bytes())?;
                console.talk(&format!(
                    "saved; write it with `opsgen apply {}`",
                    report::quoted(&out.display().to_string())
                ));
            }
            _ => self.give(plan, &again::apply(&planned.spec, global), console)?,
        }
        self.end(plan, console)
    }

    /// A saved plan is shown as it was made; what it is worth now is said beside it.
    fn saved(&self, saved: &Saved, global: &Global, console: Console) -> Outcome {
        if self.choices != Choices::default() || (self.out.is_some() && self.format.is_none()) {
            return Err(Fault::Usage("this is a saved plan already; make another one for other choices".into()));
        }
        let worth = saved::find(saved, global).map(|found| found.state);
        let plan = match &worth {
            Ok(State::Ready(plan)) => plan,
            _ => saved.plan(),
        };
        match &worth {
            Ok(State::Ready(_)) => {}
            Ok(State::Done) => console.shout("this plan was carried out already"),
            Ok(State::Stale(moved)) => {
                console.shout(&format!("STALE: this plan can't be applied any more\n{}\n", saved::listed(moved)));
            }
            Err(_) => console.shout("the tree that this plan is for isn't here: nothing says whether it still holds\n"),
        }
        self.give(plan, &again::apply(saved.spec().unwrap_or("SPEC"), global), console)?;
        match worth {
            Ok(State::Stale(_)) if self.exit_code => Ok(Exit::Stale),
            Ok(State::Done) => Ok(Exit::Done),
            _ => self.end(plan, console),
        }
    }

    fn end(&self, plan: &Plan, console: Console) -> Outcome {
        console.tell(&plan::diagnostics(plan));
        if self.format.unwrap_or_default() == Format::Text {
            console.talk(&report::counts(plan));
        }
        Ok(if self.exit_code { Exit::of(plan) } else { Exit::Done })
    }

    /// The plan as asked for, on stdout or in the file.
    fn give(&self, plan: &Plan, command: &str, console: Console) -> Result<(), Fault> {
        let Some(path) = &self.out else {
            return Ok(console.data(&self.bytes(plan, command, console.colour))?);
        };
        if self.format == Some(Format::Github) {
            console.data(&report::annotations(plan))?;
        }
        put(path, &self.bytes(plan, command, false))
    }

    fn bytes(&self, plan: &Plan, command: &str, colour: bool) -> Vec<u8> {
        let text = match self.format.unwrap_or_default() {
            Format::Text if self.stat => report::stat(plan, colour),
            Format::Text => report::unified(plan, colour),
            Format::Json => format!("{:#}\n", report::json(plan)),
            Format::Markdown => report::markdown(plan, command),
            Format::Html => report::html(plan, command),
            Format::Patch => return report::patch(plan),
            Format::Github if self.out.is_some() => report::markdown(plan, command),
            Format::Github => report::log(plan, command),
        };
        text.into_bytes()
    }
}

fn put(path: &Path, bytes: &[u8]) -> Result<(), Fault> {
    if let Some(why) = precious(path) {
        return Err(Fault::Usage(format!("`--out {}` would overwrite {why}; name another file", path.display())));
    }
    std::fs::write(path, bytes).map_err(|error| {
        let what = format!("can't write `{}`: {error}", path.display());
        Fault::Io(std::io::Error::new(error.kind(), what))
    })
}

/// What stands at the path and must not be overwritten: anything but a plan or a report of an earlier run.
fn precious(path: &Path) -> Option<&'static str> {
    let hidden = |name: &str| name.eq_ignore_ascii_case(".git") || name.eq_ignore_ascii_case(".opsgen");
    if path.components().any(|part| part.as_os_str().to_str().is_some_and(hidden)) {
        return Some("what git or opsgen keeps");
    }
    let made = path.extension().and_then(std::ffi::OsStr::to_str);
    let made = matches!(made, Some("json" | "md" | "html" | "patch" | "diff" | "txt" | "plan"));
    (path.is_file() && !made).then_some("a file that isn't a plan or a report")
}
