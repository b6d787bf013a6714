//! TOML files that people comment, extend and reorder: all of it stays, and our keys follow the render.

use std::collections::BTreeMap;

use opsgen::plan::merge::Favour;
use proptest::prelude::*;
use toml_edit::{DocumentMut, Item};

use super::merged;
use super::seeded::check;

/// A header, and its keys with values.
pub type Section = (String, Vec<(String, String)>);

fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        (0..9u8).prop_map(|number| number.to_string()),
        (0..9u8).prop_map(|number| format!("\"word {number} # no comment\"")),
        (0..9u8).prop_map(|number| format!("[\n  {number},\n  10, # ten\n]")),
        (0..9u8).prop_map(|number| format!("{{ a = {number}, b = [1] }}")),
    ]
}

/// Top keys, tables and the tables of an array, with different keys in each.
fn sections() -> impl Strategy<Value = Vec<Section>> {
    let keys = || proptest::collection::vec(value(), 1..4);
    proptest::collection::vec(keys(), 1..5).prop_map(|sections| sections.into_iter().enumerate().map(section).collect())
}

fn section((number, values): (usize, Vec<String>)) -> Section {
    let header = match number {
        0 => "",
        1 => "[env]",
        2 => "[http.checks]",
        _ => "[[vm]]",
    };
    let keys = values.into_iter().enumerate().map(|(key, value)| (format!("k{key}"), value));
    let own = (header == "[[vm]]").then(|| ("processes".to_owned(), format!("[\"p{number}\"]")));
    (header.to_owned(), own.into_iter().chain(keys).collect())
}

/// What the next render changes: the value of a key, and keys that come.
pub fn rendered(sections: &[Section], values: &[Option<String>], more: &[bool]) -> Vec<Section> {
    let mut values = values.iter().cycle();
    let changed = sections.iter().zip(more.iter().cycle()).map(|((header, keys), more)| {
        let mut next = |key: &str| values.next().cloned().flatten().filter(|_| key != "processes");
        let mut keys: Vec<_> =
            keys.iter().map(|(key, value)| (key.clone(), next(key).unwrap_or_else(|| value.clone()))).collect();
        if *more {
            keys.insert(keys.len().min(1), ("fresh".into(), "true".into()));
        }
        (header.clone(), keys)
    });
    changed.collect()
}

pub fn text(sections: &[Section]) -> String {
    let mut text = "# Written by opsgen.\n".to_owned();
    for (header, keys) in sections {
        if !header.is_empty() {
            text += &format!("\n# About {header}\n{header}\n");
        }
        keys.iter().for_each(|(key, value)| text += &format!("{key} = {value}\n"));
    }
    text
}

/// What a person does to a file: chances decide where a comment, a key or another order comes.
pub fn handled(sections: &[Section], chances: &[u8]) -> (String, Vec<String>) {
    let (mut at, mut wrote) = (0, Vec::new());
    let mut chance = |of: u8| {
        at += 1;
        chances[at % chances.len()].wrapping_add(at as u8).is_multiple_of(of)
    };
    let mut sections = sections.to_vec();
    if chance(2) {
        sections[1..].reverse();
    }
    let mut text = "# Written by opsgen.\n".to_owned();
    let mut write = |text: &mut String, line: String| {
        *text += &line;
        wrote.push(line.trim().to_owned());
    };
    for (number, (header, mut keys)) in sections.into_iter().enumerate() {
        if !header.is_empty() {
            text += &format!("\n# About {header}\n{header}\n");
        }
        if chance(3) {
            keys.reverse();
        }
        for (key, value) in keys {
            if chance(4) {
                write(&mut text, format!("# why {number} {key}\n"));
            }
            text += &format!("{key} = {value}");
            if chance(5) {
                write(&mut text, format!(" # note {number} {key}"));
            }
            text += "\n";
            if chance(5) {
                write(&mut text, format!("own_{key} = {number}\n"));
            }
        }
    }
    if chance(2) {
        write(&mut text, "# the end".into());
    }
    (text, wrote)
}

/// Paths with their values as text.
fn flat(item: &Item, path: &str, into: &mut BTreeMap<String, String>) {
    if let Some(array) = item.as_array_of_tables() {
        for table in array {
            let own = table["processes"][0].as_str().unwrap();
            table.iter().for_each(|(key, item)| flat(item, &format!("{path}{own}.{key}"), into));
        }
    } else if let Some(table) = item.as_table() {
        table.iter().for_each(|(key, item)| flat(item, &format!("{path}.{key}"), into));
    } else {
        into.insert(path.to_owned(), item.to_string().trim().to_owned());
    }
}

fn values(text: &str) -> BTreeMap<String, String> {
    let document: DocumentMut = text.parse().unwrap();
    let mut found = BTreeMap::new();
    flat(document.as_item(), "", &mut found);
    found.into_iter().map(|(path, value)| (path, value.split(" # note").next().unwrap().to_owned())).collect()
}

pub type Case = (Vec<Section>, Vec<Option<String>>, Vec<bool>, Vec<u8>);

pub fn cases() -> impl Strategy<Value = Case> {
    let values = proptest::collection::vec(proptest::option::of(value()), 1..12);
    let more = proptest::collection::vec(any::<bool>(), 1..5);
    (sections(), values, more, proptest::collection::vec(any::<u8>(), 1..24))
}

#[test]
fn comments_own_keys_and_order_stay_and_values_follow_the_render() {
    check(1500, cases(), |(base, changes, more, chances)| {
        let new = text(&rendered(&base, &changes, &more));
        let (disk, wrote) = handled(&base, &chances);
        let merged = merged("toml", &[], [&text(&base), &disk, &new]);
        prop_assert!(merged.is_clean(), "{merged:#?}\n{disk}\n--- new\n{new}");
        let result = merged.text(Favour::Markers);
        for line in &wrote {
            prop_assert!(result.contains(line.as_str()), "{line:?} is lost:\n{result}");
        }
        let (found, rendered, mine) = (values(&result), values(&new), values(&disk));
        for (path, value) in &rendered {
            prop_assert_eq!(found.get(path), Some(value), "{} in\n{}", path, result);
        }
        prop_assert!(mine.keys().all(|path| found.contains_key(path)), "{result}");
        let order = |text: &str| -> Vec<String> {
            let keys = text.lines().filter_map(|line| line.split_once(" = ").map(|(key, _)| key.to_owned()));
            keys.filter(|key| key != "fresh").collect()
        };
        prop_assert_eq!(order(&result), order(&disk));
        Ok(())
    });
}

/// Drops some keys of a rendering.
fn without(sections: &[Section], drops: &[bool]) -> Vec<Section> {
    let mut drops = drops.iter().cycle();
    let keep = |(header, keys): &Section| {
        let mut kept = keys.clone();
        kept.retain(|(key, _)| key == "processes" || !drops.next().copied().unwrap_or_default());
        (header.clone(), kept)
    };
    sections.iter().map(keep).collect()
}

#[test]
fn whatever_both_do_no_comment_and_no_value_of_the_user_is_lost() {
    let changes = || proptest::collection::vec(proptest::option::weighted(0.3, value()), 1..12);
    let drops = || proptest::collection::vec(proptest::bool::weighted(0.15), 1..12);
    let sides = (changes(), drops(), changes(), drops());
    check(1500, (cases(), sides), |((base, _, more, chances), (my_changes, my_drops, new_changes, new_drops))| {
        let new = text(&without(&rendered(&base, &new_changes, &more), &new_drops));
        let (disk, wrote) = handled(&without(&rendered(&base, &my_changes, &[false]), &my_drops), &chances);
        let before = text(&base);
        let both = merged("toml", &[], [&before, &disk, &new]);
        let (shown, mine) = (both.text(Favour::Markers), both.text(Favour::Mine));
        for line in &wrote {
            prop_assert!(shown.contains(line.as_str()) && mine.contains(line.as_str()), "{line:?} is lost:\n{shown}");
        }
        prop_assert_eq!(both.is_clean(), merged("toml", &[], [&before, &new, &disk]).is_clean(), "{}", shown);
        if both.is_clean() {
            let [before, ours, theirs, found] = [&before, &disk, &new, &shown].map(|text| values(text));
            for path in before.keys().chain(ours.keys()).chain(theirs.keys()) {
                let [base, ours, theirs] = [before.get(path), ours.get(path), theirs.get(path)];
                let expected = if ours == base { theirs } else { ours };
                prop_assert_eq!(found.get(path), expected, "{} in\n{}\n--- new\n{}", path, shown, new);
            }
        }
        Ok(())
    });
}
