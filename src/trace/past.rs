//! The spec that was last applied, as today's blueprints render it.
//!
//! In: a plan and the catalog. Out: the render by path, or why there is none.

use std::collections::BTreeMap;

use crate::catalog::Catalog;
use crate::diagnostic::{Diagnostic, Source};
use crate::model;
use crate::plan::{Plan, text};
use crate::render;
use crate::spec::{self, Spec};

/// Texts in LF by the path of the artifact; what isn't text is left out.
pub type Render = BTreeMap<String, String>;

/// What the last spec says today.
pub enum Past {
    /// The spec is the same: it renders as it does now.
    Same,
    Rendered(Box<Spec>, Render),
    /// There is none, or this program can't read it.
    Lost,
}

impl Past {
    pub fn of(plan: &Plan, catalog: &Catalog) -> Self {
        match &plan.before {
            Some(before) if *before == plan.spec => Self::Same,
            Some(before) => Self::read(before, catalog).unwrap_or(Self::Lost),
            None => Self::Lost,
        }
    }

    fn read(before: &[u8], catalog: &Catalog) -> Option<Self> {
        let source = Source::new("the spec last applied", std::str::from_utf8(before).ok()?);
        let spec = valid(spec::parse(source))?;
        let render = rendered(&spec, catalog)?;
        Some(Self::Rendered(Box::new(spec), render))
    }
}

/// The spec, when nothing is wrong with it.
pub fn valid((spec, faults): (Spec, Vec<Diagnostic>)) -> Option<Spec> {
    (!faults.iter().any(Diagnostic::is_error)).then_some(spec)
}

/// Every artifact of a spec; nothing when it can't be rendered.
pub fn rendered(spec: &Spec, catalog: &Catalog) -> Option<Render> {
    let (model, faults) = model::resolve(spec, catalog);
    if faults.iter().any(Diagnostic::is_error) {
        return None;
    }
    let artifacts = render::render(&model, catalog).ok()?;
    let text = |bytes: &[u8]| text::lf(bytes).map(std::borrow::Cow::into_owned);
    Some(artifacts.into_iter().filter_map(|artifact| Some((artifact.path, text(&artifact.bytes)?))).collect())
}
