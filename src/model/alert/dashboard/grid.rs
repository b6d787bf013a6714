//! Where panels stand: rows of 24 columns without holes, and numbers that stay when a neighbour comes or goes.
//!
//! In: rows of panels with the sizes that were asked for. Out: the same with places and numbers. Refuses nothing.

use std::collections::BTreeSet;

use super::{Panel, Row};

/// Columns of the grid.
const COLUMNS: u32 = 24;
/// Numbers of panels: short enough to be read in an address.
const NUMBERS: u32 = 1_000_000;

pub fn place(rows: &mut [Row]) {
    let mut taken = BTreeSet::new();
    let mut y = 0;
    for row in rows {
        row.id = number(&format!("row {}", row.title), &mut taken);
        row.y = y;
        y += 1;
        let mut rest = row.panels.as_mut_slice();
        while !rest.is_empty() {
            let same = rest.iter().take_while(|panel| panel.h == rest[0].h).count();
            let (run, others) = rest.split_at_mut(same);
            y = lines(run, y);
            rest = others;
        }
        for panel in &mut row.panels {
            panel.id = number(&panel.title, &mut taken);
        }
    }
}

/// Panels of one height: as few lines as hold them, evenly filled, each as wide as the grid.
fn lines(panels: &mut [Panel], mut y: u32) -> u32 {
    let lengths = lengths(panels);
    let mut rest = panels;
    for length in lengths {
        let (line, others) = rest.split_at_mut(length);
        stretch(line, y);
        y += line[0].h;
        rest = others;
    }
    y
}

/// How many panels each line has. Panels of one width are shared out evenly; others fill line by line.
fn lengths(panels: &[Panel]) -> Vec<usize> {
    let filled = broken(panels, COLUMNS);
    if panels.iter().any(|panel| panel.w != panels[0].w) {
        return filled;
    }
    let (least, more) = (panels.len() / filled.len(), panels.len() % filled.len());
    (0..filled.len()).map(|line| least + usize::from(line < more)).collect()
}

/// How many panels each line has when no line is wider than that.
fn broken(panels: &[Panel], most: u32) -> Vec<usize> {
    let (mut lines, mut width) = (Vec::new(), 0);
    for panel in panels {
        match lines.last_mut() {
            Some(length) if width + panel.w <= most => *length += 1,
            _ => {
                lines.push(1);
                width = 0;
            }
        }
        width += panel.w;
    }
    lines
}

/// The columns that are left over go to the panels in their own shares.
fn stretch(line: &mut [Panel], y: u32) {
    let asked: u32 = line.iter().map(|panel| panel.w).sum();
    let (mut x, mut before) = (0, 0);
    for panel in line {
        before += panel.w;
        let end = before * COLUMNS / asked.max(1);
        (panel.x, panel.y, panel.w) = (x, y, end - x);
        x = end;
    }
}

/// From the name alone, so that it is the same whatever stands around it.
fn number(name: &str, taken: &mut BTreeSet<u32>) -> u32 {
    let hash = name.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    let mut number = hash % NUMBERS + 1;
    while !taken.insert(number) {
        number = number % NUMBERS + 1;
    }
    number
}

#[cfg(test)]
mod tests {
    use super::*;

    fn panel(title: &str, w: u32, h: u32) -> Panel {
        Panel { title: title.into(), w, h, ..Panel::default() }
    }

    fn row(panels: Vec<Panel>) -> Row {
        Row { id: 0, y: 0, title: "row".into(), panels }
    }

    #[test]
    fn lines_are_full_and_evenly_so() {
        let mut rows = [row(vec![panel("a", 8, 8), panel("b", 8, 8), panel("c", 8, 8), panel("d", 8, 8)])];
        place(&mut rows);
        let places: Vec<_> = rows[0].panels.iter().map(|it| (it.x, it.y, it.w)).collect();
        assert_eq!(places, [(0, 1, 12), (12, 1, 12), (0, 9, 12), (12, 9, 12)]);
        let seven: Vec<Panel> = ["a", "b", "c", "d", "e", "f", "g"].map(|title| panel(title, 8, 8)).into();
        assert_eq!(lengths(&seven), [3, 2, 2]);
    }

    #[test]
    fn another_height_begins_another_line() {
        let mut rows = [row(vec![panel("a", 6, 4), panel("b", 6, 4), panel("c", 12, 8)])];
        place(&mut rows);
        let places: Vec<_> = rows[0].panels.iter().map(|it| (it.x, it.y, it.w)).collect();
        assert_eq!(places, [(0, 1, 12), (12, 1, 12), (0, 5, 24)]);
    }

    #[test]
    fn a_panel_keeps_its_number_when_another_comes_before_it() {
        let mut short = [row(vec![panel("b", 8, 8)])];
        let mut long = [row(vec![panel("a", 8, 8), panel("b", 8, 8)])];
        place(&mut short);
        place(&mut long);
        assert_eq!(short[0].panels[0].id, long[0].panels[1].id);
    }
}
