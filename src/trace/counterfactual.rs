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

/// By file and hunk: what is known.
type Blame = Vec<Vec<Traced>>;

/// The answers that have a hand in a hunk, and the lines that none of them explains yet.
#[derive(Clone, Default)]
struct Traced {
    answers: BTreeSet<usize>,
    removed: BTreeSet<usize>,
    added: BTreeSet<usize>,
}

impl<'a> Answers<'a> {
    pub fn changed(old: &'a Spec, new: &'a Spec, catalog: &'a Catalog) -> Self {
        let mut leaves = leaf::changed(old.tree(), new.tree());
        leaves.retain(|leaf| leaf.paths.iter().all(|path| path.last().is_none_or(|key| key != "was")));
        Self { leaves, around: Some(Around { old, new, catalog }) }
    }

    /// The spec's part in each hunk.
    pub fn of(&self, files: &[File]) -> Vec<Vec<Vec<Cause>>> {
        let blame = self.blame(files);
        let told = |hunk: &Traced| hunk.answers.iter().map(|leaf| self.leaves[*leaf].cause()).collect();
        blame.iter().map(|hunks| hunks.iter().map(told).collect()).collect()
    }

    fn blame(&self, files: &[File]) -> Blame {
        let open =
            |hunk: &Found| Traced { removed: hunk.removed.clone(), added: hunk.added.clone(), ..Traced::default() };
        let mut blame: Blame = files.iter().map(|file| file.hunks.iter().map(open).collect()).collect();
        let Some(around) = self.around else { return blame };
        let all: Group = (0..self.leaves.len()).collect();
        let mut untried = Group::new();
        if all.len() > 1 && is_open(&blame) {
            let groups = groups(&self.leaves);
            untried = self.forward(around, &groups, files, &mut blame);
            if is_open(&blame) {
                self.backward(around, &groups, files, &mut blame);
            }
        }
        for hunk in blame.iter_mut().flatten().filter(|hunk| hunk.is_open()) {
            match (untried.is_empty(), hunk.answers.is_empty()) {
                (false, _) => hunk.answers.extend(&untried),
                (true, true) => hunk.answers.extend(&all),
                (true, false) => {}
            }
        }
        blame
    }

    /// The old spec with some answers changed. What can't be tried alone is tried together; what is left then is given back.
    fn forward(&self, around: Around<'_>, groups: &[Group], files: &[File], blame: &mut Blame) -> Group {
        let asked = blame.clone();
        let mut untried = Group::new();
        for group in groups {
            match self.render(around, group, true) {
                Some(render) => mark(files, &asked, group, blame, |file| Hits::forward(file, &render)),
                None => untried.extend(group),
            }
        }
        match self.render(around, &untried, true).filter(|_| !untried.is_empty()) {
            Some(render) => {
                mark(files, &asked, &untried, blame, |file| Hits::forward(file, &render));
                Group::new()
            }
            None => untried,
        }
    }

    /// The new spec with some answers as they were: for lines that take several changes to appear.
    fn backward(&self, around: Around<'_>, groups: &[Group], files: &[File], blame: &mut Blame) {
        let asked = blame.clone();
        for group in groups {
            if let Some(render) = self.render(around, group, false) {
                mark(files, &asked, group, blame, |file| Hits::backward(file, &render));
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

impl Traced {
    fn is_open(&self) -> bool {
        !self.removed.is_empty() || !self.added.is_empty()
    }
}

fn is_open(blame: &Blame) -> bool {
    blame.iter().flatten().any(Traced::is_open)
}

/// A group of answers has a hand in the hunks of which it explains a line that was asked about.
fn mark(files: &[File], asked: &Blame, group: &Group, blame: &mut Blame, hits: impl Fn(&File) -> Option<Hits>) {
    for ((file, asked), found) in files.iter().zip(asked).zip(blame) {
        let Some(hits) = hits(file) else { continue };
        for (asked, found) in asked.iter().zip(found) {
            let gone: Vec<usize> = asked.removed.iter().copied().filter(|line| hits.takes(*line)).collect();
            let come: Vec<usize> = asked.added.iter().copied().filter(|line| hits.brings(*line)).collect();
            if !gone.is_empty() || !come.is_empty() {
                found.answers.extend(group);
            }
            found.removed.retain(|line| !gone.contains(line));
            found.added.retain(|line| !come.contains(line));
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
    fn forward(file: &File, render: &Render) -> Option<Self> {
        let tried = file.text_in(render);
        (file.past != tried).then(|| Self::of(file, tried, true))
    }

    /// Between a try and the new render.
    fn backward(file: &File, render: &Render) -> Option<Self> {
        let tried = file.text_in(render);
        (file.new != tried).then(|| Self::of(file, tried, false))
    }

    fn of(file: &File, tried: &str, forward: bool) -> Self {
        Self { past: Pairs::of(&file.past, tried), new: Pairs::of(&file.new, tried), forward }
    }

    /// A line of the past goes because of the try.
    fn takes(&self, line: usize) -> bool {
        match self.past.there(line) {
            None => self.forward,
            Some(line) => !self.forward && self.new.back(line).is_none(),
        }
    }

    /// A line of the new render comes because of the try.
    fn brings(&self, line: usize) -> bool {
        match self.new.there(line) {
            None => !self.forward,
            Some(line) => self.forward && self.past.back(line).is_none(),
        }
    }
}
