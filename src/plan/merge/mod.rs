//! Three texts → one: what the user changed and what the new render changed, together.
//!
//! In: base, ours and theirs as text in LF, and what is known about the format. Out: pieces of text and conflicts.
//! Never drops a line: what can't be decided is a conflict.

mod pins;
mod text;
pub(in crate::plan) mod toml;

use std::collections::BTreeMap;

use crate::artifact::Pin;
use crate::format;

/// The three versions, in LF.
#[derive(Clone, Copy, Debug)]
pub struct Sides<'a> {
    /// What opsgen last wrote.
    pub base: &'a str,
    /// What is on disk.
    pub ours: &'a str,
    /// The new render.
    pub theirs: &'a str,
}

/// What is known about the text.
#[derive(Clone, Copy, Debug)]
pub struct Rules<'a> {
    /// Format of the artifact: `toml`, `yaml`, `shell`, …
    pub format: &'a str,
    /// References of the new render that bots move.
    pub pins: &'a [Pin],
    /// Identity of tables in arrays of tables.
    pub keys: &'a BTreeMap<String, Vec<String>>,
}

/// One place that both sides changed in different ways.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conflict {
    pub base: String,
    pub ours: String,
    pub theirs: String,
}

/// A stretch of the result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    Text(String),
    Conflict(Conflict),
}

/// How conflicts are settled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Favour {
    /// Not: both stand in the text between marks, as git writes them with `merge.conflictStyle=diff3`.
    #[default]
    Markers,
    Mine,
    Theirs,
}

/// The outcome of a merge.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Merged {
    pub pieces: Vec<Piece>,
}

impl Merged {
    pub fn is_clean(&self) -> bool {
        self.conflicts().next().is_none()
    }

    pub fn conflicts(&self) -> impl Iterator<Item = &Conflict> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Conflict(conflict) => Some(conflict),
            Piece::Text(_) => None,
        })
    }

    pub(in crate::plan) fn whole(sides: Sides<'_>) -> Self {
        let Sides { base, ours, theirs } = sides;
        let mut merged = Self::default();
        merged.conflict(Conflict { base: base.into(), ours: ours.into(), theirs: theirs.into() });
        merged
    }

    fn clean(text: &str) -> Self {
        let mut merged = Self::default();
        merged.text_of(text);
        merged
    }

    /// Adds text; neighbours become one piece.
    fn text_of(&mut self, text: &str) {
        match self.pieces.last_mut() {
            Some(Piece::Text(last)) => last.push_str(text),
            _ if text.is_empty() => {}
            _ => self.pieces.push(Piece::Text(text.to_owned())),
        }
    }

    fn pieces_of(&mut self, other: Self) {
        for piece in other.pieces {
            match piece {
                Piece::Text(text) => self.text_of(&text),
                Piece::Conflict(conflict) => self.conflict(conflict),
            }
        }
    }

    fn drop_last_line_end(&mut self) {
        if let Some(Piece::Text(last)) = self.pieces.last_mut()
            && last.ends_with('\n')
        {
            last.pop();
        }
    }

    fn conflict(&mut self, conflict: Conflict) {
        self.pieces.push(Piece::Conflict(conflict));
    }

    /// The whole text with every conflict settled in one way.
    pub fn text(&self, favour: Favour) -> String {
        self.pieces.iter().map(|piece| settled(piece, favour)).collect()
    }
}

fn settled(piece: &Piece, favour: Favour) -> String {
    match (piece, favour) {
        (Piece::Text(text), _) => text.clone(),
        (Piece::Conflict(conflict), Favour::Mine) => conflict.ours.clone(),
        (Piece::Conflict(conflict), Favour::Theirs) => conflict.theirs.clone(),
        (Piece::Conflict(conflict), Favour::Markers) => marked(conflict),
    }
}

fn marked(conflict: &Conflict) -> String {
    let lines =
        |text: &str| if text.is_empty() || text.ends_with('\n') { text.to_owned() } else { format!("{text}\n") };
    let Conflict { base, ours, theirs } = conflict;
    format!(
        "<<<<<<< yours\n{}||||||| last generated\n{}=======\n{}>>>>>>> new\n",
        lines(ours),
        lines(base),
        lines(theirs)
    )
}

/// Merges. The result of a clean merge parses as its format; where it wouldn't, the whole file is one conflict.
pub fn merge(sides: Sides<'_>, rules: Rules<'_>) -> Merged {
    let Sides { base, ours, theirs } = sides;
    if ours == theirs || theirs == base {
        return Merged::clean(ours);
    }
    if ours == base {
        return Merged::clean(theirs);
    }
    let settled = if rules.pins.is_empty() { None } else { Some(pins::settle(sides, rules.pins)) };
    match &settled {
        Some([base, ours, theirs]) => by_content(Sides { base, ours, theirs }, rules),
        None => by_content(sides, rules),
    }
}

fn by_content(sides: Sides<'_>, rules: Rules<'_>) -> Merged {
    let by_line = by_line(sides, rules.format);
    let by_key = if rules.format == "toml" { toml::merge(sides, rules.keys, toml::Owner::File) } else { None };
    match by_key {
        Some(by_key) if !(by_line.is_clean() && by_key.means(&by_line.text(Favour::Mine), rules.keys)) => by_key.merged,
        _ => by_line,
    }
}

fn by_line(sides: Sides<'_>, format: &str) -> Merged {
    let merged = text::merge(sides.base, sides.ours, sides.theirs);
    let fits = !merged.is_clean() || format::check(format, &merged.text(Favour::Mine)).is_ok();
    if fits { merged } else { Merged::whole(sides) }
}

#[cfg(test)]
mod tests;
