//! `opsgen apply`: plan, show, confirm, write. A saved plan is written as it was saved, or not at all.

use std::path::Path;

use clap::Args;

use crate::cli::console::Console;
use crate::cli::exit::Exit;
use crate::cli::fault::{Fault, Outcome};
use crate::cli::interactive::{Chosen, Remembered, Terminal, choose};
use crate::cli::options::{All, Choices, Conflicts, Global, SpecArg, SpecOrPlan};
use crate::cli::pipeline::Planned;
use crate::cli::{again, every, input, memory, names, pipeline, saved};
use crate::plan::saved::{Saved, State};
use crate::plan::{self, Plan};
use crate::report;
use crate::workspace::{Workspace, Written};

#[derive(Debug, Args)]
pub struct Apply {
    #[command(flatten)]
    what: SpecOrPlan,

    /// Writes without asking
    #[arg(long, short)]
    yes: bool,

    /// Asks about every file and every hunk; where you and opsgen changed the same lines, too
    #[arg(long, short, conflicts_with = "yes")]
    interactive: bool,

    /// Gives up files that you changed and that keep working, when there is nobody to ask
    #[arg(long)]
    release: bool,

    #[command(flatten)]
    all: All,

    #[command(flatten)]
    choices: Choices,
}

/// A plan, and where it would be written.
struct Ready<'a> {
    plan: &'a Plan,
    workspace: &'a Workspace,
    top: &'a Path,
    /// What the spec leaves open.
    notes: &'a [String],
    /// The spec that the plan was just made from.
    spec: Option<&'a Path>,
    /// The command that makes this plan.
    command: String,
    /// What the plan was just made from.
    planned: Option<&'a Planned>,
}

impl Ready<'_> {
    /// Writes the plan, and keeps what the next check would say.
    fn write(&self, global: &Global) -> Result<Written, Fault> {
        let written = self.workspace.apply(self.plan)?;
        match (self.planned, self.spec) {
            (Some(planned), Some(spec)) => memory::keep(planned, self.plan, spec, global),
            _ => self.workspace.forget(),
        }
        Ok(written)
    }
}

impl Apply {
    pub fn run(&self, global: &Global, console: Console) -> Outcome {
        if self.all.all {
            return self.every(global, console);
        }
        let path = input::find(self.what.path.as_deref())?;
        match saved::open(&path)? {
            Some(saved) => self.saved(&saved, global, console),
            None => self.spec(&path, global, console),
        }
    }

    fn every(&self, global: &Global, console: Console) -> Outcome {
        if self.interactive {
            return Err(Fault::Usage("`-i` asks about one spec at a time; leave `--all` out".into()));
        }
        let specs = every::specs(self.what.path.as_deref(), global)?;
        let asked = every::Asked { choices: &self.choices, global, yes: self.yes, release: self.release };
        every::apply(&specs, &asked, console)
    }

    fn spec(&self, path: &Path, global: &Global, console: Console) -> Outcome {
        let spec = SpecArg { spec: Some(path.to_owned()) };
        pipeline::recover(&pipeline::workspace(&spec, global)?.1, console)?;
        if self.choices == Choices::default()
            && let Some(remembered) = memory::of(path, global)
        {
            memory::tell(&remembered, console);
            return Ok(Exit::Done);
        }
        let mut choices = self.choices.clone();
        if self.interactive && choices.conflicts == Conflicts::Stop {
            // Each conflict is a hunk that is asked about.
            choices.conflicts = Conflicts::Theirs;
        }
        let asked = (!self.yes && console.is_interactive()).then_some(console);
        let mut planned = names::settled(&spec, &choices, global, asked)?;
        if self.interactive || !global.quiet {
            planned = planned.explained();
        }
        console.tell(&planned.warnings);
        let ready = Ready {
            plan: &planned.plan,
            workspace: &planned.workspace,
            top: &planned.place.top,
            notes: &planned.notes,
            spec: Some(path),
            planned: Some(&planned),
            command: again::apply(&planned.spec, global),
        };
        self.carry_out(&ready, global, console)
    }

    fn saved(&self, saved: &Saved, global: &Global, console: Console) -> Outcome {
        if self.choices != Choices::default() || self.interactive {
            return Err(Fault::Usage("a saved plan is written as it is; make another one for other choices".into()));
        }
        pipeline::recover(&saved::workspace(saved, global)?.1, console)?;
        let found = saved::find(saved, global)?;
        let plan = match &found.state {
            State::Ready(plan) => plan,
            State::Stale(moved) => return Err(saved::stale(moved)),
            State::Done => {
                console.talk("nothing to do: this plan was carried out already");
                return Ok(Exit::Done);
            }
        };
        let ready = Ready {
            plan,
            workspace: &found.workspace,
            top: &found.place.top,
            notes: &[],
            spec: None,
            planned: None,
            command: again::apply(saved.spec().unwrap_or("SPEC"), global),
        };
        self.carry_out(&ready, global, console)
    }

    fn carry_out(&self, ready: &Ready<'_>, global: &Global, console: Console) -> Outcome {
        let plan = ready.plan;
        let exit = Exit::of(plan);
        match exit {
            Exit::Done => {
                ready.write(global)?;
                console.talk(&report::counts(plan));
                Ok(exit)
            }
            Exit::Pending if self.interactive => pick(ready, console),
            Exit::Pending => {
                show(ready, global, console)?;
                self.write(ready, global, console)
            }
            _ => {
                console.data(&report::summary(plan, console.colour))?;
                console.data(&report::conflicts(plan, &ready.command, console.colour))?;
                console.tell(&plan::diagnostics(plan));
                console.talk("nothing was written");
                Ok(exit)
            }
        }
    }

    fn write(&self, ready: &Ready<'_>, global: &Global, console: Console) -> Outcome {
        let released = plan::released(ready.plan);
        if self.yes && !self.release && !released.is_empty() {
            console.tell(&released);
            console.talk("nothing was written");
            return Ok(Exit::Conflict);
        }
        if !self.yes {
            if !console.is_interactive() {
                let command = again::with_consent();
                return Err(Fault::Usage(format!("nobody to ask here; to write this, run\n\n    {command}\n")));
            }
            if !console.ask(&format!("Write this to {}?", ready.top.display()))? {
                console.talk("nothing was written");
                return Ok(Exit::Pending);
            }
        }
        let written = ready.write(global)?;
        written.notes.iter().for_each(|note| console.talk(note));
        console.talk(&format!("written to {}", ready.top.display()));
        Ok(Exit::Done)
    }
}

/// Asks hunk by hunk, then writes what was taken.
fn pick(ready: &Ready<'_>, console: Console) -> Outcome {
    if !console.is_interactive() {
        let what = "nobody to ask here: `-i` needs a terminal; `--yes` writes everything, `opsgen diff` shows it";
        return Err(Fault::Usage(what.into()));
    }
    console.talk(&report::summary(ready.plan, console.colour_talk));
    let mut person = Terminal::new(console);
    let Chosen { mut plan, mine, taken } = choose(ready.plan, &mut person)?;
    let remembered = Remembered::of(&String::from_utf8_lossy(&plan.spec), &mine);
    if person.is_gone || (!taken && mine.is_empty()) {
        console.talk("nothing was written");
        return Ok(Exit::Pending);
    }
    if !remembered.left.is_empty() {
        console.shout(&Remembered::by_hand(&remembered.left));
        plan.partial = true;
    }
    let before = std::mem::replace(&mut plan.spec, remembered.text.clone().into_bytes());
    console.talk(&format!("\n{}", report::summary(&plan, console.colour_talk)));
    let said = mine.iter().filter(|path| !remembered.left.contains(path));
    said.for_each(|path| console.talk(&format!("`{path}` is yours from now on; the spec says so")));
    if !console.ask(&format!("Write this to {}?", ready.top.display()))? {
        console.talk("nothing was written");
        return Ok(Exit::Pending);
    }
    let written = ready.workspace.apply(&plan)?;
    ready.workspace.forget();
    written.notes.iter().for_each(|note| console.talk(note));
    if let Some(spec) = ready.spec.filter(|_| plan.spec != before) {
        remembered.write(spec, &before, &mine)?;
    }
    console.talk(&format!("written to {}", ready.top.display()));
    Ok(Exit::Done)
}

fn show(ready: &Ready<'_>, global: &Global, console: Console) -> Result<(), Fault> {
    if global.quiet {
        return Ok(());
    }
    let plan = ready.plan;
    if plan.is_first() {
        console.data(&report::first(plan, ready.notes))?;
    } else {
        console.data(&report::unified(plan, console.colour))?;
        console.data("\n")?;
        console.data(&report::summary(plan, console.colour))?;
    }
    Ok(())
}
