//! A scaffold of the shop whose rules run elsewhere, and the step that brings them there.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use crate::stage::{Server, code, text};

/// The shop with an edited spec, written to `place`.
pub fn shop(place: &Path, edits: &[(&str, &str)]) {
    let spec = Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots/kubernetes-shop/spec.yaml");
    let mut spec = fs::read_to_string(spec).unwrap();
    for (before, after) in edits {
        assert!(spec.contains(before), "{before}");
        spec = spec.replace(before, after);
    }
    fs::write(place.join("spec.yaml"), spec).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_opsgen"));
    let out = command.args(["apply", "spec.yaml", "--root", ".", "--yes"]).current_dir(place).output().unwrap();
    assert_eq!(code(&out), 0, "{}", text(&out));
}

pub fn json(place: &Path, file: &str) -> Value {
    serde_json::from_str(&fs::read_to_string(place.join(file)).unwrap()).unwrap()
}

/// Runs a step of `ops/bin/observe` in production.
pub fn step(place: &Path, step: &str, mode: &str, environment: &[(&str, &str)]) -> Output {
    let mut command = Command::new(place.join("ops/observe").join(step));
    command.args([mode, "production"]).env("OBSERVE_WAIT", "30").envs(environment.iter().copied());
    command.output().unwrap()
}

/// What a server wrote down since it was last asked.
pub struct Log<'l>(pub &'l Path);

impl Log<'_> {
    pub fn taken(&self) -> Vec<String> {
        let lines = fs::read_to_string(self.0).unwrap_or_default();
        fs::write(self.0, "").unwrap();
        lines.lines().map(str::to_owned).collect()
    }
}

pub fn fake(name: &str, log: &Path, more: &[&str]) -> Server {
    Server::fake(name, log, "key", more)
}
