//! Which changed answer made which hunk: the old spec with one answer changed is rendered, and one sees.
//!
//! In: both specs and the files with the lines that the spec changed. Out: causes, a list a hunk.
//! Renders a bounded number of times; where that isn't enough, every answer that may be the cause is named.

use std::collections::BTreeSet;

use super::file::{File, Found};
use super::leaf::{self, Leaf};
use super::lines::Pairs;
use super::past::{Render, rendered, valid};
use crate::catalog::Catalog;
use crate::plan::Cause;
use crate::spec::{self, Spec};

/// Most groups of answers that are tried one by one.
const TRIES: usize = 16;

/// The answers that changed, and what is needed to try them.
#[derive(Default)]
pub struct Answers<'a> {
    leaves: Vec<Leaf>,
    around: Option<Around<'a>>,
}

#[derive(Clone, Copy)]
struct Around<'a> {
    old: &'a Spec,
    new: &'a Spec,
    catalog: &'a Catalog,
}

/// Answers that are tried together.
type Group = Vec<usize>;

/// By file and hunk: the answers that have a hand in it.
type Blame = Vec<Vec<BTreeSet<usize>>>;

impl<'a> Answers<'a> {
    pub fn changed(old: &'a Spec, new: &'a Spec, catalog: &'a Catalog) -> Self {
        let mut leaves = leaf::changed(old.tree(), new.tree());
        leaves.retain(|leaf| leaf.paths.iter().all(|path| path.last().is_none_or(|key| key != "was")));
        Self { leaves, around: Some(Around { old, new, catalog }) }
    }

    /// The spec's part in each hunk.
    pub fn of(&self, files: &[File]) -> Vec<Vec<Vec<Cause>>> {
        let blame = self.blame(files);
        let told = |leaves: &BTreeSet<usize>| leaves.iter().map(|leaf| self.leaves[*leaf].cause()).collect();
        blame.iter().map(|hunks| hunks.iter().map(told).collect()).collect()
    }

    fn blame(&self, files: &[File]) -> Blame {
        let mut blame: Blame = files.iter().map(|file| vec![BTreeSet::new(); file.hunks.len()]).collect();
        let Some(around) = self.around else { return blame };
        let all: Group = (0..self.leaves.len()).collect();
        if all.len() < 2 || is_explained(files, &blame) {
            name(files, &all, &mut blame);
            return blame;
        }
        let groups = groups(&self.leaves);
        let untried = self.forward(around, &groups, files, &mut blame);
        if !is_explained(files, &blame) {
            self.backward(around, &groups, files, &mut blame);
        }
        name(files, if untried.is_empty() { &all } else { &untried }, &mut blame);
        blame
    }

    /// The old spec with some answers changed. What can't be tried alone is tried together; what is left then is given back.
    fn forward(&self, around: Around<'_>, groups: &[Group], files: &[File], blame: &mut Blame) -> Group {
        let mut untried = Group::new();
        for group in groups {
            match self.render(around, group, true) {
                Some(render) => mark(files, group, blame, |file| Hits::forward(file, file.text_in(&render))),
                None => untried.extend(group),
            }
        }
        match self.render(around, &untried, true).filter(|_| !untried.is_empty()) {
            Some(render) => {
                mark(files, &untried, blame, |file| Hits::forward(file, file.text_in(&render)));
                Group::new()
            }
            None => untried,
        }
    }

    /// The new spec with some answers as they were: for what takes several changes to appear.
    fn backward(&self, around: Around<'_>, groups: &[Group], files: &[File], blame: &mut Blame) {
        let open = blame.clone();
        for group in groups {
            if let Some(render) = self.render(around, group, false) {
                mark(files, group, blame, |file| Hits::backward(file, file.text_in(&render)));
            }
        }
        for (now, before) in blame.iter_mut().flatten().zip(open.into_iter().flatten()) {
            if !before.is_empty() {
                *now = before;
            }
        }
    }

    fn render(&self, around: Around<'_>, group: &Group, forward: bool) -> Option<Render> {
        let (into, from) = if forward { (around.old, around.new) } else { (around.new, around.old) };
        let carry = |tree, leaf: &usize| self.leaves[*leaf].carried(&tree, from.tree());
        let tree = group.iter().fold(into.tree().clone(), carry);
        rendered(&valid(spec::decode_tree(into.source.clone(), tree))?, around.catalog)
    }
}

/// Answers one by one; where they are too many, those of an item together, then those of a section.
fn groups(leaves: &[Leaf]) -> Vec<Group> {
    let by = |depth: usize| -> Vec<Group> {
        let mut keys: Vec<&[String]> = Vec::new();
        let mut groups: Vec<Group> = Vec::new();
        for (at, leaf) in leaves.iter().enumerate() {
            let path = leaf.paths.first().map_or(&[][..], |path| &path[..path.len().min(depth)]);
            match keys.iter().position(|key| *key == path) {
                Some(group) => groups[group].push(at),
                None => {
                    keys.push(path);
                    groups.push(vec![at]);
                }
            }
        }
        groups
    };
    if leaves.len() <= TRIES {
        return (0..leaves.len()).map(|at| vec![at]).collect();
    }
    let mut groups = Some(by(2)).filter(|groups| groups.len() <= TRIES).unwrap_or_else(|| by(1));
    let rest: Group = groups.split_off(groups.len().min(TRIES)).concat();
    if let Some(last) = groups.last_mut() {
        last.extend(rest);
    }
    groups
}

fn is_explained(files: &[File], blame: &Blame) -> bool {
    let hunks = files.iter().flat_map(|file| &file.hunks).zip(blame.iter().flatten());
    hunks.into_iter().all(|(hunk, found)| !hunk.is_spec() || !found.is_empty())
}

/// Names answers wherever nothing was found.
fn name(files: &[File], leaves: &Group, blame: &mut Blame) {
    for (hunk, found) in files.iter().flat_map(|file| &file.hunks).zip(blame.iter_mut().flatten()) {
        if hunk.is_spec() && found.is_empty() {
            found.extend(leaves);
        }
    }
}

fn mark<'f>(files: &'f [File], group: &Group, blame: &mut Blame, hits: impl Fn(&'f File) -> Option<Hits>) {
    for (file, found) in files.iter().zip(blame.iter_mut()) {
        let Some(hits) = hits(file) else { continue };
        for (hunk, found) in file.hunks.iter().zip(found) {
            if hits.hit(hunk) {
                found.extend(group);
            }
        }
    }
}

/// The lines of a file that a try changes.
struct Hits {
    past: Pairs,
    new: Pairs,
    forward: bool,
}

impl Hits {
    /// Between the past and a try: nothing when they are equal.
    fn forward(file: &File, tried: &str) -> Option<Self> {
        (file.past != tried).then(|| Self::of(file, tried, true))
    }

    /// Between a try and the new render.
    fn backward(file: &File, tried: &str) -> Option<Self> {
        (file.new != tried).then(|| Self::of(file, tried, false))
    }

    fn of(file: &File, tried: &str, forward: bool) -> Self {
        Self { past: Pairs::of(&file.past, tried), new: Pairs::of(&file.new, tried), forward }
    }

    fn hit(&self, hunk: &Found) -> bool {
        let goes = |line: &usize| match self.past.there(*line) {
            None => self.forward,
            Some(line) => !self.forward && self.new.back(line).is_none(),
        };
        let comes = |line: &usize| match self.new.there(*line) {
            None => !self.forward,
            Some(line) => self.forward && self.past.back(line).is_none(),
        };
        hunk.removed.iter().any(goes) || hunk.added.iter().any(comes)
    }
}
