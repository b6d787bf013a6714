//! Names that exist outside the tree: what runs or holds data under them doesn't follow when the spec calls it otherwise.
//!
//! In: the spec last applied and the new one. Out: what was renamed, what is gone, and what may be either.
//! Guesses nothing: a name that vanishes while another appears is a rename only where `was` says so.

use super::Spec;
use super::tree::Node;
use crate::diagnostic::{Diagnostic, Span, codes};

/// What a name names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The whole: part of every app's and host's name.
    Name,
    Environment,
    Service,
    Datastore,
    /// Where the objects of a store lie.
    Bucket,
    /// Where backups go.
    Destination,
    Team,
    Dependency,
}

impl Kind {
    const ALL: [Self; 8] = [
        Self::Name,
        Self::Environment,
        Self::Service,
        Self::Datastore,
        Self::Bucket,
        Self::Destination,
        Self::Team,
        Self::Dependency,
    ];

    /// As people call it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Name => "project",
            Self::Environment => "environment",
            Self::Service => "service",
            Self::Datastore => "datastore",
            Self::Bucket => "bucket",
            Self::Destination => "backup destination",
            Self::Team => "team",
            Self::Dependency => "dependency",
        }
    }

    /// As blueprints call it.
    pub fn key(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Destination => "destination",
            kind => kind.word(),
        }
    }

    /// Where such names stand: as keys of a map, or as values.
    fn places(self) -> (&'static [&'static str], bool) {
        match self {
            Self::Name => (&["name"], false),
            Self::Environment => (&["environments"], true),
            Self::Service => (&["services"], true),
            Self::Datastore => (&["datastores"], true),
            Self::Bucket => (&["datastores.*.size.bucket", "environments.*.datastores.*.size.bucket"], false),
            Self::Destination => (&["backups.*.to", "environments.*.backups.*.to"], false),
            Self::Team => (&["teams"], true),
            Self::Dependency => (&["dependencies"], true),
        }
    }

    /// Something runs or holds data under the name where opsgen can't see it.
    fn is_outside(self) -> bool {
        !matches!(self, Self::Team | Self::Dependency)
    }
}

/// One name.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    pub name: String,
    pub span: Span,
    /// Where `was` goes.
    pub path: Vec<String>,
    was: Option<(String, Span)>,
}

/// What became of a name.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// `was` says so.
    Renamed { kind: Kind, from: String, to: String, line: usize },
    /// Nothing has its place.
    Removed { kind: Kind, name: String },
    /// It vanished, and others appeared that don't say what they were.
    Suspected { kind: Kind, gone: String, appeared: Vec<Item> },
}

/// What became of the names of the spec last applied. `retired` are those that are really gone.
pub fn changes(old: &Spec, new: &Spec, retired: &[String]) -> Vec<Change> {
    Kind::ALL.into_iter().flat_map(|kind| of_kind(kind, old, new, retired)).collect()
}

/// From and to of everything that was renamed.
pub fn renames(changes: &[Change]) -> Vec<(String, String)> {
    let pair = |change: &Change| match change {
        Change::Renamed { from, to, .. } => Some((from.clone(), to.clone())),
        _ => None,
    };
    changes.iter().filter_map(pair).collect()
}

fn of_kind(kind: Kind, old: &Spec, new: &Spec, retired: &[String]) -> Vec<Change> {
    let (before, after) = (items(kind, old.tree()), items(kind, new.tree()));
    let has = |items: &[Item], name: &str| items.iter().any(|item| item.name == name);
    let mut gone: Vec<Item> = before.iter().filter(|item| !has(&after, &item.name)).cloned().collect();
    let mut appeared: Vec<Item> = after.iter().filter(|item| !has(&before, &item.name)).cloned().collect();
    let mut found = Vec::new();
    appeared.retain(|item| {
        let was = item.was.as_ref().and_then(|(was, _)| gone.iter().position(|gone| gone.name == *was));
        let Some(at) = was else { return true };
        let from = gone.remove(at).name;
        found.push(Change::Renamed { kind, from, to: item.name.clone(), line: item.span.line() });
        false
    });
    let outside = gone.into_iter().filter(|item| kind.is_outside() && exists(kind, &item.name, old));
    found.extend(outside.map(|item| {
        let name = item.name;
        if appeared.is_empty() || retired.contains(&name) {
            Change::Removed { kind, name }
        } else {
            Change::Suspected { kind, gone: name, appeared: appeared.clone() }
        }
    }));
    found
}

/// An environment that nothing is deployed to lives on people's own machines; without any other there is nothing outside.
fn exists(kind: Kind, name: &str, spec: &Spec) -> bool {
    let deployed = |environment: &str| spec.environments.get(environment).is_some_and(|one| one.deploy.is_some());
    match kind {
        Kind::Environment => deployed(name),
        Kind::Service | Kind::Datastore | Kind::Name => spec.environments.names().any(deployed),
        _ => true,
    }
}

/// Every name of a kind, each once.
fn items(kind: Kind, tree: &Node) -> Vec<Item> {
    let (places, keys) = kind.places();
    let mut found: Vec<Item> = Vec::new();
    for place in places {
        let more = if keys { named(tree, place) } else { valued(tree, place) };
        for item in more {
            if !found.iter().any(|known| known.name == item.name) {
                found.push(item);
            }
        }
    }
    found
}

fn named(tree: &Node, section: &str) -> Vec<Item> {
    let entries = tree.get(section).map(Node::entries).unwrap_or_default();
    let item = |entry: &super::tree::Entry| Item {
        name: entry.key.clone(),
        span: entry.key_span.clone(),
        path: vec![section.to_owned(), entry.key.clone(), "was".to_owned()],
        was: entry.value.lookup("was"),
    };
    entries.iter().map(item).collect()
}

fn valued(tree: &Node, pattern: &str) -> Vec<Item> {
    let item = |answer: super::tree::Answer| {
        let mut path: Vec<String> = answer.path.split('.').map(str::to_owned).collect();
        path.pop();
        path.push("was".to_owned());
        let was = tree.lookup(&path.join("."));
        Item { name: answer.text, span: answer.span, path, was }
    };
    tree.answers(pattern).into_iter().map(item).collect()
}

/// `was` must name something that is gone: an item can't have the name that another one still has.
pub fn check(tree: &Node) -> Vec<Diagnostic> {
    let mut faults = Vec::new();
    for kind in Kind::ALL {
        let all = items(kind, tree);
        for (at, item) in all.iter().enumerate() {
            let Some((was, span)) = &item.was else { continue };
            let twin = all[..at].iter().find(|other| other.was.as_ref().is_some_and(|(other, _)| other == was));
            let named = |other: &&Item| other.name == *was && (kind.places().1 || other.path == item.path);
            if let Some(other) = all.iter().find(named) {
                faults.push(still_there(kind, item, other, span.clone()));
            } else if let Some(twin) = twin {
                let message = format!("`{}` and `{}` both say that they were `{was}`", twin.name, item.name);
                let fault = Diagnostic::error(codes::STILL_THERE, message).at(span.clone());
                faults.push(fault.help("keep `was` at the one that has its data; the other one is new"));
            }
        }
    }
    faults
}

fn still_there(kind: Kind, item: &Item, other: &Item, span: Span) -> Diagnostic {
    let message = format!("`{}` says that it was `{}`, and that {} is still there", item.name, other.name, kind.word());
    let fault = Diagnostic::error(codes::STILL_THERE, message).at(span);
    let fault = fault.related(other.span.clone(), "still there");
    fault.help(format!("take `was` out, or take the {} `{}` out when it has the new name now", kind.word(), other.name))
}

impl Change {
    /// What stops the plan: at the name that appeared, what would happen and what to write.
    pub fn diagnostic(&self) -> Option<Diagnostic> {
        let Self::Suspected { kind, gone, appeared } = self else { return None };
        let first = appeared.first()?;
        let word = kind.word();
        let message = format!("the {word} `{gone}` is gone and `{}` is new: is it the same one?", first.name);
        let fault = Diagnostic::error(codes::RENAME_UNSAID, message).at(first.span.clone());
        let key = first.path[..first.path.len() - 1].join(".");
        let place = if key.is_empty() { String::new() } else { format!(" under `{key}`") };
        Some(fault.label("new").help(format!(
            "opsgen changes files only: what runs or holds data as `{gone}` stays as it is, and what is called `{}` starts empty. \
             If it is the same {word}, write `was: {gone}`{place}; if `{gone}` is really gone, say `--retire {gone}`",
            first.name
        )))
    }
}
