//! The shortest way from one list of lines to another, searched from both ends (Myers, 1986).
//!
//! In: lines as numbers. Out: which are changed. Of several shortest ways this finds the one that git finds.
//! Refuses: texts so different that the search would take long.

use std::collections::BTreeSet;
use std::ops::{Range, RangeInclusive};

/// Steps after which a search gives up: each costs as many as there were before it.
const STEPS: usize = 2_000;

/// Which lines of each are changed; nothing when they are too different.
pub fn changed(old: &[u32], new: &[u32]) -> Option<[Vec<bool>; 2]> {
    let kept = [shared(old, new), shared(new, old)];
    let ids = [old, new];
    let lines = [0, 1].map(|side: usize| kept[side].iter().map(|at| ids[side][*at]).collect::<Vec<_>>());
    let span = lines[0].len() + lines[1].len() + 3;
    let mut search = Search {
        old: &lines[0],
        new: &lines[1],
        down: vec![0; span],
        up: vec![0; span],
        changed: [vec![false; lines[0].len()], vec![false; lines[1].len()]],
    };
    search.compare(0..lines[0].len(), 0..lines[1].len())?;
    let found = search.changed;
    let mut changed = [vec![true; old.len()], vec![true; new.len()]];
    for side in [0, 1] {
        kept[side].iter().zip(&found[side]).for_each(|(at, is)| changed[side][*at] = *is);
    }
    Some(changed)
}

/// Places of the lines that the other has too.
fn shared(lines: &[u32], other: &[u32]) -> Vec<usize> {
    let known: BTreeSet<u32> = other.iter().copied().collect();
    (0..lines.len()).filter(|at| known.contains(&lines[*at])).collect()
}

struct Search<'a> {
    old: &'a [u32],
    new: &'a [u32],
    /// How far each diagonal was reached from the beginning and from the end.
    down: Vec<isize>,
    up: Vec<isize>,
    changed: [Vec<bool>; 2],
}

impl Search<'_> {
    fn compare(&mut self, mut old: Range<usize>, mut new: Range<usize>) -> Option<()> {
        while !old.is_empty() && !new.is_empty() && self.old[old.start] == self.new[new.start] {
            (old.start, new.start) = (old.start + 1, new.start + 1);
        }
        while !old.is_empty() && !new.is_empty() && self.old[old.end - 1] == self.new[new.end - 1] {
            (old.end, new.end) = (old.end - 1, new.end - 1);
        }
        if old.is_empty() || new.is_empty() {
            self.changed[0][old].fill(true);
            self.changed[1][new].fill(true);
            return Some(());
        }
        let (x, y) = self.middle(&old, &new)?;
        self.compare(old.start..x, new.start..y)?;
        self.compare(x..old.end, y..new.end)
    }

    /// A point on a shortest way, where the searches from both ends meet.
    // The two passes mirror each other; apart they would hide it.
    fn middle(&mut self, old: &Range<usize>, new: &Range<usize>) -> Option<(usize, usize)> {
        let [left, top, right, bottom] = [old.start, new.start, old.end, new.end].map(|at| at as isize);
        let (lowest, highest) = (left - bottom, right - top);
        let (first, last) = (left - top, right - bottom);
        let odd = (first - last) % 2 != 0;
        let shift = self.new.len() as isize + 1;
        let at = |diagonal: isize| (diagonal + shift) as usize;
        let (mut forth, mut back) = (first..=first, last..=last);
        (self.down[at(first)], self.up[at(last)]) = (left, right);
        for _ in 0..STEPS {
            forth = widened(forth, lowest, highest, |diagonal| self.down[at(diagonal)] = -1);
            for diagonal in forth.clone().rev().step_by(2) {
                let (below, above) = (self.down[at(diagonal - 1)], self.down[at(diagonal + 1)]);
                let mut x = if below >= above { below + 1 } else { above };
                while x < right && x - diagonal < bottom && self.same(x, x - diagonal) {
                    x += 1;
                }
                self.down[at(diagonal)] = x;
                if odd && back.contains(&diagonal) && self.up[at(diagonal)] <= x {
                    return Some((x as usize, (x - diagonal) as usize));
                }
            }
            back = widened(back, lowest, highest, |diagonal| self.up[at(diagonal)] = isize::MAX);
            for diagonal in back.clone().rev().step_by(2) {
                let (below, above) = (self.up[at(diagonal - 1)], self.up[at(diagonal + 1)]);
                let mut x = if below < above { below } else { above - 1 };
                while x > left && x - diagonal > top && self.same(x - 1, x - diagonal - 1) {
                    x -= 1;
                }
                self.up[at(diagonal)] = x;
                if !odd && forth.contains(&diagonal) && x <= self.down[at(diagonal)] {
                    return Some((x as usize, (x - diagonal) as usize));
                }
            }
        }
        None
    }

    fn same(&self, x: isize, y: isize) -> bool {
        self.old[x as usize] == self.new[y as usize]
    }
}

/// The diagonals of the next step: one more at each side as far as there are any, and a wall behind the last.
fn widened(
    diagonals: RangeInclusive<isize>,
    lowest: isize,
    highest: isize,
    mut wall: impl FnMut(isize),
) -> RangeInclusive<isize> {
    let (mut low, mut high) = diagonals.into_inner();
    if low > lowest {
        low -= 1;
        wall(low - 1);
    } else {
        low += 1;
    }
    if high < highest {
        high += 1;
        wall(high + 1);
    } else {
        high -= 1;
    }
    low..=high
}
