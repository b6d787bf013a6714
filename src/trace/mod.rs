//! Why each hunk of a plan is there: which answer of the spec, which blueprint, or the user.
//!
//! In: a plan, the spec it was made from, the catalog. Out: causes, one list a hunk.
//! Between what was last written and the new render lies a third: the spec last applied, rendered by today's blueprints.
//! What changes before it is the blueprint's doing, what changes after it the spec's; what the disk adds is the user's.

mod counterfactual;
mod file;
mod leaf;
mod lines;
mod moving;
mod past;

use std::collections::BTreeMap;

use crate::catalog::Catalog;
use crate::plan::{Cause, Plan};
use crate::spec::Spec;
use counterfactual::Answers;
use file::File;
pub use moving::identities;
use past::Past;

/// The causes of every hunk of every file that the plan shows, by target. A first plan has none: everything is new.
pub fn causes(plan: &Plan, spec: &Spec, catalog: &Catalog) -> BTreeMap<String, Vec<Vec<Cause>>> {
    if plan.is_empty() || plan.is_first() {
        return BTreeMap::new();
    }
    let past = Past::of(plan, catalog);
    let files: Vec<File> = plan.entries.iter().filter_map(|entry| File::of(entry, &past)).collect();
    let answers = match &past {
        Past::Rendered(old, _) => Answers::changed(old, spec, catalog),
        Past::Same | Past::Lost => Answers::default(),
    };
    let told = answers.of(&files);
    files.into_iter().zip(told).map(|(file, told)| (file.target.clone(), file.causes(told))).collect()
}
