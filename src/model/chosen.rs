//! Names in the spec that the catalog must hold: the platform, the CI system, engines, exporters.
//!
//! In: a spec and the catalog. Out: a fault for each name without a folder, with the nearest that has one; a warning where nothing
//! installs the alert rules.

use super::fact::{entries, text};
use crate::catalog::Catalog;
use crate::diagnostic::{Diagnostic, codes};
use crate::spec::suggest::nearest;
use crate::spec::{Spec, Text};

pub fn faults(spec: &Spec, catalog: &Catalog) -> Vec<Diagnostic> {
    let mut faults = Vec::new();
    let mut check = |written: Option<&Text>, what: &str, known: &[String]| {
        let Some(written) = written.filter(|written| !written.text.is_empty() && !known.contains(&written.text)) else {
            return;
        };
        faults.push(unknown(written, what, known));
    };
    let platforms = catalog.choices("hosting").into_iter().map(str::to_owned).collect::<Vec<_>>();
    check(Some(&spec.hosting.platform), "platform", &platforms);
    let systems = catalog.choices("ci").into_iter().map(str::to_owned).collect::<Vec<_>>();
    check(spec.delivery.ci.as_ref(), "CI system", &systems);
    let engines: Vec<String> = entries(&catalog.folder("engines")).map(|(name, _)| name.to_owned()).collect();
    for store in spec.datastores.iter() {
        check(store.value.engine.as_ref(), "engine", &engines);
    }
    let profiles: Vec<String> = catalog.alerts.profiles.keys().cloned().collect();
    for exporter in spec.observability.metrics.exporters.iter() {
        check(Some(exporter), "exporter", &profiles);
    }
    faults
}

fn unknown(written: &Text, what: &str, known: &[String]) -> Diagnostic {
    let fault =
        Diagnostic::error(codes::UNKNOWN_CHOICE, format!("opsgen has no blueprint for the {what} `{}`", written.text));
    let fault = fault.maybe_at(written.span.clone());
    let fault = match nearest(&written.text, known.iter().map(String::as_str)) {
        Some(near) => fault.label(format!("did you mean `{near}`?")),
        None => fault,
    };
    fault.help(format!("known: {}; a folder of your own adds another: `--blueprints DIR`", known.join(", ")))
}

/// Rules that run where no folder of the catalog knows how they get there.
pub fn uninstalled(spec: &Spec, catalog: &Catalog) -> Option<Diagnostic> {
    let place = spec.observability.metrics.rules_run_in.as_ref().filter(|place| !place.text.is_empty())?;
    let folders = catalog.facts("rules");
    let known: Vec<String> = folders.iter().filter_map(|folder| text(folder, "id").map(str::to_owned)).collect();
    if known.contains(&place.text.replace(' ', "-")) {
        return None;
    }
    let message = format!("opsgen brings no alert rules into `{}`", place.text);
    let fault = Diagnostic::warning(codes::UNINSTALLED, message).maybe_at(place.span.clone());
    let fault = match nearest(&place.text, known.iter().map(String::as_str)) {
        Some(near) => fault.label(format!("did you mean `{near}`?")),
        None => fault.label("they are written, and a person brings them there"),
    };
    Some(
        fault.help(format!(
            "known: {}; a folder rules/NAME of your own adds another: `--blueprints DIR`",
            known.join(", ")
        )),
    )
}
