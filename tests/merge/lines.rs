//! Random texts and two people's edits of them.

use proptest::prelude::*;

/// Base, ours and theirs.
#[derive(Clone, Debug)]
pub struct Texts(pub [String; 3]);

impl Texts {
    pub fn sides(&self) -> [&str; 3] {
        self.0.each_ref().map(String::as_str)
    }
}

#[derive(Clone, Debug)]
enum Edit {
    /// A line that only this person wrote.
    Own(usize),
    /// A line that others may have written too.
    Insert(usize, u8),
    Replace(usize, u8),
    Remove(usize, usize),
    Swap(usize, usize),
}

fn edit() -> impl Strategy<Value = Edit> {
    let at = 0..40usize;
    prop_oneof![
        at.clone().prop_map(Edit::Own),
        (at.clone(), 0..12u8).prop_map(|(at, line)| Edit::Insert(at, line)),
        (at.clone(), 0..12u8).prop_map(|(at, line)| Edit::Replace(at, line)),
        (at.clone(), 1..4usize).prop_map(|(at, count)| Edit::Remove(at, count)),
        (at.clone(), at).prop_map(|(one, other)| Edit::Swap(one, other)),
    ]
}

/// Texts whose lines are written by `line`; a person's own are `name` and a number.
pub fn texts(line: fn(u8) -> String, own: fn(&str, usize) -> String) -> impl Strategy<Value = Texts> {
    let base = prop_oneof![proptest::collection::vec(0..6u8, 0..16), proptest::collection::vec(0..30u8, 0..24)];
    let edits = || proptest::collection::vec(edit(), 0..4);
    let ends = proptest::array::uniform3(proptest::bool::weighted(0.85));
    (base, edits(), edits(), ends).prop_map(move |(base, mine, new, ends)| {
        let base: Vec<String> = base.into_iter().map(line).collect();
        let ours = edited(&base, &mine, line, |number| own("mine", number));
        let theirs = edited(&base, &new, line, |number| own("new", number));
        let text = |lines: &[String], end: bool| lines.join("\n") + if end && !lines.is_empty() { "\n" } else { "" };
        Texts([text(&base, ends[0]), text(&ours, ends[1]), text(&theirs, ends[2])])
    })
}

fn edited(base: &[String], edits: &[Edit], line: fn(u8) -> String, own: impl Fn(usize) -> String) -> Vec<String> {
    let mut lines = base.to_vec();
    for (number, edit) in edits.iter().enumerate() {
        let place = |at: usize| at % (lines.len() + 1);
        match *edit {
            Edit::Own(at) => lines.insert(place(at), own(number)),
            Edit::Insert(at, kind) => lines.insert(place(at), line(kind)),
            _ if lines.is_empty() => {}
            Edit::Replace(at, kind) => {
                let at = at % lines.len();
                lines[at] = line(kind);
            }
            Edit::Remove(at, count) => {
                let at = at % lines.len();
                lines.drain(at..(at + count).min(lines.len()));
            }
            Edit::Swap(one, other) => {
                let (one, other) = (one % lines.len(), other % lines.len());
                lines.swap(one, other);
            }
        }
    }
    lines
}

pub fn plain() -> impl Strategy<Value = Texts> {
    texts(|kind| format!("line {kind}"), |name, number| format!("{name} {number}"))
}
