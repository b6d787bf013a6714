//! Whether every answer that the quality asks for was given.
//!
//! In: answers and their tree. Out: an error for each that is missing, at the nearest key that stands in the file.

use crate::diagnostic::{Diagnostic, Span, codes};
use crate::spec::decode::Context;
use crate::spec::tree::Node;
use crate::spec::{Answers, Datastore, Named, Quality, ServiceKind, Text};

use super::required::Scope::{Backup, Database, Deployed, Once, Running, Store, Web};
use super::required::{REQUIRED, Requirement};

fn asks(asked: Quality, quality: Quality) -> bool {
    asked <= quality
}

pub fn check(answers: &Answers, tree: &Node, cx: &mut Context) {
    for required in REQUIRED.iter().filter(|required| asks(required.from, answers.quality)) {
        for path in places(required, answers) {
            let written = tree.find(&path).is_some_and(|node| !node.is_null());
            if !written {
                cx.tell(missing(required, &path, answers.quality, tree));
            }
        }
    }
    for path in without_address(answers) {
        cx.tell(missing(&ADDRESS, &path, answers.quality, tree));
    }
    let environments = || answers.environments.iter();
    if environments().next().is_some() && environments().all(|environment| environment.value.deploy.is_none()) {
        cx.tell(missing(&DEPLOYED, "environments", answers.quality, tree));
    }
}

/// The stores that somebody uses and whose address no variable holds.
fn without_address(answers: &Answers) -> impl Iterator<Item = String> {
    let holds = |name: &str| {
        let variables = answers.configuration.variables.iter();
        variables.filter_map(|variable| variable.value.from.as_ref()).any(|from| from.as_str() == name)
    };
    databases(answers).filter(move |name| !holds(name)).map(|name| format!("datastores.{name}"))
}

/// A page that asks the store something needs to know where it is.
const ADDRESS: Requirement = Requirement {
    key: "datastores",
    scope: Store,
    from: Quality::Mvp,
    question: "Which variable holds its address?",
    example: "configuration: { variables: { DATABASE_URL: { from: db, secret: true } } }",
};

/// At least one environment is more than somebody's own machine.
const DEPLOYED: Requirement = Requirement {
    key: "environments",
    scope: Once,
    from: Quality::Mvp,
    question: "To which environment is it deployed?",
    example: "production: { deploy: { from: main, trigger: push } }",
};

/// The full paths at which an answer is asked for.
fn places(required: &Requirement, answers: &Answers) -> Vec<String> {
    let services = |kinds: &[ServiceKind]| -> Vec<String> {
        let picked = answers.services.iter().filter(|service| kinds.contains(&service.value.kind));
        picked.map(|service| format!("services.{}.{}", service.name, required.key)).collect()
    };
    match required.scope {
        Once => vec![required.key.to_owned()],
        Web => services(&[ServiceKind::Web]),
        Running => services(&[ServiceKind::Web, ServiceKind::Worker]),
        Database => databases(answers).map(|name| format!("datastores.{name}.{}", required.key)).collect(),
        Store => originals(answers).map(|store| format!("backups.{}", store.name)).collect(),
        Backup => answers.backups.names().map(|name| format!("backups.{name}.{}", required.key)).collect(),
        Deployed => {
            let deployed = answers.environments.iter().filter(|environment| environment.value.deploy.is_some());
            deployed.map(|environment| format!("environments.{}.{}", environment.name, required.key)).collect()
        }
    }
}

/// Stores that are no copies.
fn originals(answers: &Answers) -> impl Iterator<Item = &Named<Datastore>> {
    answers.datastores.iter().filter(|store| store.value.replica_of.is_none())
}

const QUERIED: [&str; 4] = ["postgres", "mysql", "mariadb", "mongodb"];

/// Stores that are asked in a query language.
fn databases(answers: &Answers) -> impl Iterator<Item = &str> {
    let asked = |engine: &Option<Text>| engine.as_ref().is_none_or(|engine| QUERIED.contains(&engine.as_str()));
    originals(answers).filter(move |store| asked(&store.value.engine)).map(|store| store.name.as_str())
}

fn missing(required: &Requirement, path: &str, quality: Quality, tree: &Node) -> Diagnostic {
    let fault = Diagnostic::error(codes::MISSING_ANSWER, format!("`{path}` is not answered: {}", required.question));
    let fault = fault.maybe_at(nearest_key(path, tree)).label(format!("quality {quality} asks for it"));
    fault.help(format!("for example `{}`", required.example))
}

/// The key of the innermost part of the path that stands in the file, else `quality`.
fn nearest_key(path: &str, tree: &Node) -> Option<Span> {
    let (mut node, mut span) = (tree, None);
    for part in path.split('.') {
        let Some(entry) = node.entries().iter().find(|entry| entry.key == part) else { break };
        span = Some(entry.key_span.clone());
        node = &entry.value;
    }
    span.or_else(|| tree.entries().iter().find(|entry| entry.key == "quality").map(|entry| entry.key_span.clone()))
}
