//! What a unit prints it reads back as the same value, and no bytes make the reader panic.

#![allow(clippy::unwrap_used)]

use std::fmt::{Debug, Display};
use std::str::FromStr;

use opsgen::diagnostic::Source;
use opsgen::spec::{self, *};
use proptest::prelude::*;

fn round<T: FromStr<Err = String> + Display + PartialEq + Debug>(text: &str) -> Result<(), TestCaseError> {
    let Ok(value) = text.parse::<T>() else { return Ok(()) };
    let printed = value.to_string();
    let again = printed.parse::<T>();
    prop_assert_eq!(again.as_ref(), Ok(&value), "{} printed as {}", text, &printed);
    prop_assert_eq!(again.unwrap().to_string(), printed);
    Ok(())
}

fn every_unit(text: &str) -> Result<(), TestCaseError> {
    round::<Duration>(text)?;
    round::<Retention>(text)?;
    round::<Size>(text)?;
    round::<Percent>(text)?;
    round::<Rate>(text)?;
    round::<Money>(text)?;
    round::<Cpu>(text)?;
    round::<Decimal>(text)?;
    round::<Range<Decimal>>(text)?;
    round::<Limits<Cpu>>(text)?;
    round::<Limits<Size>>(text)?;
    round::<Schedule>(text)?;
    round::<Date>(text)?;
    round::<Hours>(text)?;
    round::<Blackout>(text)?;
    round::<Trigger>(text)?;
    round::<Respond>(text)?;
    round::<Condition>(text)?;
    round::<Quantity>(text)?;
    round::<Url>(text)?;
    round::<Email>(text)?;
    round::<Cidr>(text)?;
    round::<spec::units::Requirement>(text)?;
    round::<Backoff>(text)
}

const SHAPES: &[&str] = &[
    "[0-9]{1,6}(ms|s|m|h|d|w|y)",
    "[0-9]{1,3}h[0-9]{1,4}m",
    "[0-9]{1,6}(\\.[0-9]{1,7})?(%|rps|/min|/h|/day|GB|MiB|KB|m| USD/month| EUR|x)?",
    "[0-9]{1,3}m?\\.\\.([0-9]{1,4}m?)?",
    "(above |below )?[0-9]{1,4}(%|ms|s|d|rps|/h)?( for [0-9]{1,3}(s|m|h))?",
    "every [0-9]{1,3}(m|h|d)",
    "[0-9*]{1,2}(/[0-9]{1,2})? [0-9*]{1,2} [0-9*]{1,2} [0-9*]{1,2} [0-6*]",
    "20[0-9]{2}-[01][0-9]-[0-3][0-9]( - 20[0-9]{2}-[01][0-9]-[0-3][0-9])?",
    "(weekdays|daily|Mon-Thu) [0-2][0-9]:[0-5][0-9]-[0-2][0-9]:[0-5][0-9] (UTC|Europe/Dublin)",
    "(tag|push|manual)( \"?v[0-9*.]{1,4}\"?)?",
    "(https|s3)://[a-z]{1,8}(\\.[a-z]{2,5})?(:[0-9]{1,5})?(/[a-z0-9]{0,8})?",
    "(>=|<|=) ?[0-9]{1,2}(\\.[0-9]{1,2}){0,2}(, <[0-9]{1,2})?",
    "\\PC{0,24}",
];

proptest! {
    #[test]
    fn what_is_printed_is_read_back(text in prop_oneof![
        SHAPES[0], SHAPES[1], SHAPES[2], SHAPES[3], SHAPES[4], SHAPES[5], SHAPES[6],
    ]) {
        every_unit(&text)?;
    }

    #[test]
    fn what_is_printed_is_read_back_for_words(text in prop_oneof![
        SHAPES[7], SHAPES[8], SHAPES[9], SHAPES[10], SHAPES[11], SHAPES[12],
    ]) {
        every_unit(&text)?;
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        if let Ok(source) = spec::source("spec.yaml", &bytes) {
            let (_, faults) = spec::parse(source);
            faults.iter().for_each(|fault| drop(fault.render(false)));
        }
    }

    #[test]
    fn no_text_makes_it_panic(text in "([a-z#&*!:{}\\[\\]\"' \\-|>?%@\n0-9é]{0,6}(services|name|url|alerting|: |\n  |- )?){0,30}") {
        let (_, faults) = spec::parse(Source::new("spec.yaml", text));
        faults.iter().for_each(|fault| drop(fault.render(false)));
    }

    /// An example with a few bytes changed is judged to the end, and every place it names lies in the file.
    #[test]
    fn damaged_examples_are_judged(at in 0usize..16_000, with in "[ -~\n]{0,4}", cut in 0usize..30) {
        let mut text = include_str!("../snapshots/kubernetes-shop/spec.yaml").to_owned();
        let start = (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap();
        let end = (start..=(start + cut).min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap();
        text.replace_range(start..end, &with);
        let (spec, faults) = spec::parse(Source::new("spec.yaml", text.clone()));
        for fault in &faults {
            if let Some(span) = &fault.span {
                prop_assert!(span.range.end <= text.len(), "{fault:?}");
            }
            drop(fault.render(false));
        }
        drop(spec.json());
    }
}

#[test]
fn a_megabyte_is_the_most() {
    let fault = spec::source("spec.yaml", &vec![b'#'; 1024 * 1024 + 1]).unwrap_err();
    assert_eq!(fault.code, "OPS004");
}

#[test]
fn a_deep_file_is_refused_and_not_recursed_into() {
    for text in ["[".repeat(100_000), "{a: ".repeat(50_000), "- ".repeat(50_000), "a:\n".repeat(2)] {
        let (_, faults) = spec::parse(Source::new("spec.yaml", text));
        assert!(!faults.is_empty());
    }
}

#[test]
fn raw_text_stays() {
    let text = include_str!("../snapshots/fly-web-api/spec.yaml").replace("version: \"3.12\"", "version: 3.10");
    let (spec, faults) = spec::parse(Source::new("spec.yaml", text));
    assert!(faults.is_empty(), "{faults:?}");
    assert_eq!(spec.json()["services"][0]["stack"]["version"], "3.10");
}

/// The paths that the shape promises are the paths that the JSON has: nothing is left out when unanswered.
#[test]
fn the_shape_is_the_json() {
    for text in
        [include_str!("../snapshots/fly-web-api/spec.yaml"), include_str!("../snapshots/kubernetes-shop/spec.yaml")]
    {
        let (spec, _) = spec::parse(Source::new("spec.yaml", text));
        same(&spec::shape(), &spec.json(), "");
    }
}

fn same(shape: &Shape, json: &serde_json::Value, path: &str) {
    match (shape, json) {
        (_, serde_json::Value::Null) | (Shape::Any, _) => {}
        (Shape::Object(fields), serde_json::Value::Object(map)) => {
            let (mut wanted, mut found): (Vec<&str>, Vec<&str>) = (
                fields.iter().map(|(key, _)| *key).collect(),
                map.keys().map(String::as_str).filter(|key| *key != "name").collect(),
            );
            wanted.retain(|key| *key != "name");
            wanted.sort_unstable();
            found.sort_unstable();
            assert_eq!(wanted, found, "{path}");
            fields
                .iter()
                .filter(|(key, _)| *key != "name")
                .for_each(|(key, shape)| same(shape, &map[*key], &format!("{path}.{key}")));
        }
        (Shape::List(item) | Shape::Names(item), serde_json::Value::Array(items)) => {
            items.iter().enumerate().for_each(|(at, one)| same(item, one, &format!("{path}.{at}")));
        }
        (Shape::Scalar, json) => assert!(!json.is_object() && !json.is_array(), "{path}: {json}"),
        (shape, json) => panic!("{path}: {shape:?} is {json}"),
    }
}
