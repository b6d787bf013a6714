//! Renders blueprints over a spec or a model: `render SPEC.yaml|MODEL.json --blueprints DIR --out DIR [--only ID]`.
//! `--out -` prints the model instead.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::error::Error;
use std::path::{Path, PathBuf};

use opsgen::catalog::{Catalog, Layer, embedded};
use opsgen::diagnostic::{Diagnostic, Source};
use opsgen::render;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (mut model, mut folder, mut out, mut only) = (None, None, None, None);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--blueprints" => folder = arguments.next().map(PathBuf::from),
            "--out" => out = arguments.next().map(PathBuf::from),
            "--only" => only = arguments.next(),
            _ => model = Some(argument),
        }
    }
    let model = model.ok_or("usage: render MODEL.json --blueprints DIR --out DIR [--only ID]")?;
    let folder = folder.unwrap_or_else(|| PathBuf::from("blueprints"));
    let layer = if folder.is_dir() { read(&folder)? } else { embedded() };
    let catalog = Catalog::load(&[layer]).map_err(print)?;
    let text = std::fs::read_to_string(&model)?;
    let model: serde_json::Value =
        if model.ends_with(".json") { serde_json::from_str(&text)? } else { resolved(&model, text, &catalog)? };
    if out.as_deref() == Some(Path::new("-")) {
        println!("{}", serde_json::to_string_pretty(&model)?);
        return Ok(());
    }
    let artifacts = render::only(&model, &catalog, only.as_deref()).map_err(print)?;
    let out = out.unwrap_or_else(|| PathBuf::from("out"));
    for artifact in artifacts {
        let path = out.join(&artifact.path);
        std::fs::create_dir_all(path.parent().unwrap_or(&out))?;
        std::fs::write(&path, &artifact.bytes)?;
        if artifact.executable {
            use std::os::unix::fs::PermissionsExt as _;
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755))?;
        }
        println!("{}", path.display());
    }
    Ok(())
}

/// The model of a spec.
fn resolved(name: &str, text: String, catalog: &Catalog) -> Result<serde_json::Value, Box<dyn Error>> {
    let (spec, mut faults) = opsgen::spec::parse(Source::new(name, text));
    let (model, more) = opsgen::model::resolve(&spec, catalog);
    faults.extend(more);
    for fault in &faults {
        eprintln!("{}\n", fault.render(false));
    }
    Ok(serde_json::to_value(&model)?)
}

fn print(faults: Vec<Diagnostic>) -> String {
    for fault in &faults {
        eprintln!("{}\n", fault.render(false));
    }
    format!("{} faults", faults.len())
}

fn read(folder: &Path) -> Result<Layer, Box<dyn Error>> {
    let mut layer = Layer { name: folder.display().to_string(), files: Vec::new() };
    collect(folder, folder, &mut layer)?;
    Ok(layer)
}

fn collect(root: &Path, folder: &Path, layer: &mut Layer) -> Result<(), Box<dyn Error>> {
    let mut entries: Vec<_> = std::fs::read_dir(folder)?.collect::<Result<_, _>>()?;
    entries.sort_by_key(std::fs::DirEntry::path);
    for entry in entries {
        let path = entry.path();
        if path.is_dir() {
            collect(root, &path, layer)?;
        } else {
            let name = path.strip_prefix(root)?.to_string_lossy().replace('\\', "/");
            layer.files.push((name, std::fs::read(&path)?));
        }
    }
    Ok(())
}
