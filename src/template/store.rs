//! Compiled templates of one engine, added in batches, kept for every spec and every thread.
//!
//! In: names and sources. Out: the engine that holds a name. Refuses: a batch in which one doesn't compile.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use indexmap::IndexMap;
use tera::{Context, Tera, TeraResult};

/// An engine's filters and functions, and what was compiled with them.
pub struct Store {
    base: Tera,
    compiled: RwLock<IndexMap<String, Arc<Tera>>>,
}

impl Store {
    pub fn new(base: Tera) -> Self {
        Self { base, compiled: RwLock::default() }
    }

    /// The engine that holds this name.
    pub fn get(&self, name: &str) -> Option<Arc<Tera>> {
        self.compiled.read().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }

    pub fn holds(&self, name: &str) -> bool {
        self.compiled.read().unwrap_or_else(PoisonError::into_inner).contains_key(name)
    }

    /// Compiles all of them, with each other in sight.
    pub fn add(&self, sources: &BTreeMap<String, String>) -> TeraResult<()> {
        let mut tera = self.base.clone();
        tera.add_raw_templates(sources)?;
        let tera = Arc::new(tera);
        let mut compiled = self.compiled.write().unwrap_or_else(PoisonError::into_inner);
        for name in sources.keys() {
            compiled.entry(name.clone()).or_insert_with(|| tera.clone());
        }
        Ok(())
    }

    /// Compiles those that aren't yet, each named by itself. What doesn't compile is left for `text` to tell.
    pub fn learn<'t>(&self, texts: impl Iterator<Item = &'t str>) {
        let fresh: BTreeMap<String, String> =
            texts.filter(|text| !self.holds(text)).map(|text| (text.to_owned(), text.to_owned())).collect();
        if !fresh.is_empty() {
            let _ = self.add(&fresh);
        }
    }

    /// Renders a text; one that wasn't learnt is compiled for this once.
    pub fn text(&self, text: &str, context: &Context, escape: bool) -> TeraResult<String> {
        let learnt = self.get(text).and_then(|tera| tera.render(text, context).ok());
        // An error is told by the one-off rendering, which names no template.
        learnt.map_or_else(|| self.base.render_str(text, context, escape), Ok)
    }
}
