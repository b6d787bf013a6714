//! `opsgen blueprint`: what can be emitted.

use clap::{Args, Subcommand};

use crate::catalog::{Catalog, Manifest};
use crate::cli::console::Console;
use crate::cli::exit::Exit;
use crate::cli::fault::{Fault, Outcome};
use crate::cli::options::Global;
use crate::cli::pipeline;

#[derive(Debug, Args)]
pub struct Blueprint {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Lists every blueprint
    List,
    /// Shows one blueprint: when it applies, its inputs and outputs
    Show {
        /// Its folder, for example as `list` prints it
        id: String,
    },
}

impl Blueprint {
    pub fn run(&self, global: &Global, console: Console) -> Outcome {
        let catalog = pipeline::catalog(global, None)?;
        let text = match &self.what {
            What::List => list(&catalog),
            What::Show { id } => show(&catalog, id)
                .ok_or_else(|| Fault::Usage(format!("no blueprint `{id}`; `opsgen blueprint list` names them all")))?,
        };
        console.data(&text)?;
        Ok(Exit::Done)
    }
}

fn list(catalog: &Catalog) -> String {
    let width = catalog.blueprints.keys().map(String::len).max().unwrap_or(0);
    let rows = catalog.blueprints.values();
    rows.map(|blueprint| format!("{:width$}  {}\n", blueprint.id, blueprint.manifest.summary)).collect()
}

fn show(catalog: &Catalog, id: &str) -> Option<String> {
    let blueprint = catalog.blueprints.get(id)?;
    let manifest = &blueprint.manifest;
    let mut out = format!("{id}: {}\n\nfrom {}\n", manifest.summary, blueprint.layer);
    out.push_str(&format!("emitted {}\n", condition(manifest)));
    if !manifest.inputs.is_empty() {
        out.push_str("\ninputs\n");
    }
    for (name, input) in &manifest.inputs {
        out.push_str(&format!("  {name} ({}, default {})  {}\n", input.kind, input.default, input.help));
    }
    out.push_str("\noutputs\n");
    for output in &manifest.outputs {
        let when = output.when.as_ref().map_or(String::new(), |when| format!("  when {when}"));
        out.push_str(&format!("  {}  from {}{when}\n", output.path, output.template));
    }
    Some(out)
}

fn condition(manifest: &Manifest) -> String {
    match (&manifest.choice, &manifest.when) {
        (Some(key), _) => format!("where the spec's `{key}` names it"),
        (None, Some(when)) => format!("when {when}"),
        (None, None) => "always".into(),
    }
}
