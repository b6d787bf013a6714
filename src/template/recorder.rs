//! Which references a rendering asked for: actions, images and tools that bots move later.
//!
//! In: a piece of work that renders. Out: what it returns, and each reference with its subject, also those of
//! fragments and slots. The record belongs to the thread, as a rendering does.

use std::cell::RefCell;
use std::collections::BTreeSet;

/// Subject and text of a reference.
pub type Seen = BTreeSet<(String, String)>;

thread_local! {
    static SEEN: RefCell<Seen> = const { RefCell::new(Seen::new()) };
}

/// Does the work and tells the references that it asked for.
pub fn recorded<T>(work: impl FnOnce() -> T) -> (T, Seen) {
    let outer = SEEN.take();
    let done = work();
    (done, SEEN.replace(outer))
}

/// Notes a reference.
pub(super) fn note(subject: &str, text: &str) {
    SEEN.with_borrow_mut(|seen| seen.insert((subject.to_owned(), text.to_owned())));
}

/// An image without its tag; an action and a tool are called what they are asked for by.
pub(super) fn subject<'n>(function: &str, name: &'n str) -> &'n str {
    match name.rsplit_once(':') {
        Some((image, tag)) if function == "image" && !tag.contains('/') => image,
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_holds_what_its_own_work_asked_for() {
        let ((), seen) = recorded(|| {
            note("a", "a:1");
            let ((), inner) = recorded(|| note("b", "b:1"));
            assert_eq!(inner.len(), 1);
        });
        assert_eq!(seen, Seen::from([("a".into(), "a:1".into())]));
        assert_eq!(recorded(|| ()).1.len(), 0);
    }

    #[test]
    fn an_image_is_the_same_under_every_tag() {
        assert_eq!(subject("image", "host:5000/postgres:16"), "host:5000/postgres");
        assert_eq!(subject("image", "host:5000/postgres"), "host:5000/postgres");
        assert_eq!(subject("pin", "actions/checkout"), "actions/checkout");
    }
}
