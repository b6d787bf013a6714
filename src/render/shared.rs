//! Work that two threads share: each takes the next piece when it is free.
//!
//! In: pieces, and how heavy each is. Out: what came of them, in the order of the pieces. Refuses nothing.

use std::cell::Cell;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

thread_local! {
    static ALONE: Cell<bool> = const { Cell::new(false) };
}

/// Does work that is one of many already: what it would share with a second thread it does by itself, because that one is busy.
pub fn alone<T>(work: impl FnOnce() -> T) -> T {
    let before = ALONE.replace(true);
    let done = work();
    ALONE.set(before);
    done
}

/// Does the work for every piece, the heaviest first.
pub fn each<P: Sync, T: Send>(pieces: &[P], weight: impl Fn(&P) -> usize, work: impl Fn(&P) -> T + Sync) -> Vec<T> {
    if ALONE.get() {
        return pieces.iter().map(work).collect();
    }
    let mut order: Vec<usize> = (0..pieces.len()).collect();
    order.sort_by_cached_key(|at| std::cmp::Reverse(weight(&pieces[*at])));
    let next = AtomicUsize::new(0);
    let take = || {
        let mut done = Vec::new();
        while let Some(at) = order.get(next.fetch_add(1, Ordering::Relaxed)) {
            done.push((*at, work(&pieces[*at])));
        }
        done
    };
    let mut done = thread::scope(|scope| {
        let other = scope.spawn(take);
        let mut done = take();
        done.extend(other.join().unwrap_or_else(|panic| resume_unwind(panic)));
        done
    });
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, made)| made).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_comes_of_the_pieces_is_in_their_order() {
        let pieces: Vec<usize> = (0..100).collect();
        let doubled = || super::each(&pieces, |piece| *piece, |piece| piece * 2);
        let expected: Vec<usize> = (0..200).step_by(2).collect();
        assert_eq!(doubled(), expected);
        assert_eq!(super::alone(doubled), expected);
    }
    #[test]
    fn one_of_many_starts_no_thread() {
        let here = std::thread::current().id();
        let threads = super::alone(|| super::each(&[1, 2, 3], |piece| *piece, |_| std::thread::current().id()));
        assert_eq!(threads, [here; 3]);
    }
}
