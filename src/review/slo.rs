//! Objectives that are counted otherwise than promised, or whose burns nobody can be told of.

use super::Finding;
use crate::diagnostic::codes;
use crate::model::fact::{Value, at, list, name, no, text, texts};

pub fn check(facts: &Value) -> Vec<Finding> {
    let mut found = Vec::new();
    for environment in list(facts, "deployed") {
        for slo in list(environment, "slos") {
            let findings = moved(slo).into_iter().chain(dropped(slo)).chain(traffic(slo));
            found.extend(findings.map(|finding| finding.of(environment)));
        }
    }
    found
}

fn word<'a>(value: &'a Value, path: &str) -> &'a str {
    text(value, path).unwrap_or_default()
}

/// `the availability of `api``
fn called(slo: &Value) -> String {
    format!("the {} of `{}`", name(slo), word(slo, "target"))
}

/// The promised time lies between two bounds of the histogram.
fn moved(slo: &Value) -> Option<Finding> {
    let within = Some(at(slo, "within")).filter(|within| no(within, "exact"))?;
    let message = format!(
        "{} is counted at {}, because {} can't be told apart from it in {}",
        called(slo),
        word(within, "text"),
        word(within, "promised"),
        word(slo, "profile"),
    );
    let help = format!(
        "promise {}, or measure in the application, where the bounds can be chosen",
        texts(within, "beside").join(" or ")
    );
    Some(Finding::new(codes::BOUND_MOVED, word(slo, "key"), message, help))
}

/// Burns that the period or the promise makes pointless.
fn dropped(slo: &Value) -> Vec<Finding> {
    let told = |row: &Value| {
        let message = format!(
            "nobody is told of the {} burn over {} of {}: {}",
            name(row),
            word(row, "long"),
            called(slo),
            word(row, "why")
        );
        let help = if text(row, "key") == text(slo, "period_key") {
            "a longer `window` brings it back; the other burns are watched for"
        } else {
            "the other burns are watched for; a higher promise brings it back"
        };
        Finding::new(codes::BURN_DROPPED, word(row, "key"), message, help)
    };
    list(slo, "dropped").iter().map(told).collect()
}

/// So few events that a burn can't be told from chance.
fn traffic(slo: &Value) -> Option<Finding> {
    let traffic = at(slo, "traffic");
    let row = list(traffic, "rows").iter().find(|row| no(row, "enough"))?;
    let never = if no(row, "possible") { ", so it stays silent even when everything fails" } else { "" };
    let message = format!(
        "with {} {} {} bad ones in {} would be a burn of {}; the alert waits for {}{never}",
        word(traffic, "load"),
        word(slo, "events"),
        word(row, "bad"),
        word(row, "long"),
        called(slo),
        word(row, "needed"),
    );
    let help = "in this order: probe it from outside all the time, so that there is something to count; promise it together with \
                other services; watch longer windows; promise less";
    Some(Finding::new(codes::LITTLE_TRAFFIC, word(slo, "key"), message, help))
}
