//! Follows a template into everything it includes, to check names where they are read.
//!
//! In: a root template and its scope. Out: diagnostics. Refuses: names that are not in scope at the place of use.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::engine::{Shared, Templates};
use super::facts::Slot;
use super::scope::{self, Scope};
use super::shape::Shape;
use crate::diagnostic::{Diagnostic, Source};

impl Templates {
    /// Checks the names of a template and of what it includes. `platform` fills the slots.
    pub fn check(&self, path: &str, scope: &Scope, platform: Option<&str>) -> Vec<Diagnostic> {
        let mut faults = Vec::new();
        self.shared.follow(path, scope, platform, &mut BTreeSet::new(), &mut faults);
        faults
    }

    /// Checks the names of a text with tags.
    pub fn check_text(source: &Arc<Source>, scope: &Scope) -> Vec<Diagnostic> {
        let mut faults = Vec::new();
        scope::check(source, scope, &mut faults);
        faults
    }

    /// Checks an expression of a manifest, and gives its shape.
    pub fn check_expression(source: &Arc<Source>, text: &str, scope: &Scope, faults: &mut Vec<Diagnostic>) -> Shape {
        scope::expression(source, text, scope, faults)
    }
}

impl Shared {
    fn follow(
        &self,
        path: &str,
        scope: &Scope,
        platform: Option<&str>,
        open: &mut BTreeSet<String>,
        faults: &mut Vec<Diagnostic>,
    ) {
        let Some(source) = self.files.get(path) else { return };
        if !open.insert(path.to_owned()) {
            return;
        }
        for (name, scope) in scope::check(source, scope, faults) {
            let file = match name.strip_prefix("slot:") {
                Some(slot) => platform.and_then(|platform| match self.facts.slot(platform, slot) {
                    Ok(Slot::File(path)) => Some(path),
                    _ => None,
                }),
                None => Some(self.resolve(path, &name)),
            };
            if let Some(file) = file {
                self.follow(&file, &scope, platform, open, faults);
            }
        }
        open.remove(path);
    }
}
