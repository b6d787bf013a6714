//! What should have ended by now.

use jiff::civil::Date;

use super::Finding;
use crate::diagnostic::codes;
use crate::model::fact::{Value, list, name, text};

pub fn check(facts: &Value, today: Date) -> Vec<Finding> {
    let past = |value: &Value, path: &str| text(value, path)?.parse::<Date>().ok().filter(|date| *date < today);
    let flags = list(facts, "configuration.flags").iter().filter_map(|flag| {
        let date = past(flag, "remove_by")?;
        let message = format!("the flag `{}` should be gone since {date}", name(flag));
        let key = format!("configuration.flags.{}.remove_by", name(flag));
        Some(Finding::new(
            codes::FLAG_OVERDUE,
            key,
            message,
            "remove it from the code and from here, or decide on a new date",
        ))
    });
    let waivers = list(facts, "waivers").iter().enumerate().filter_map(|(position, waiver)| {
        let date = past(waiver, "until")?;
        let message = format!("the waiver of {} ended on {date}", text(waiver, "code").unwrap_or("?"));
        let help = "mend what it put up with, or renew it with a reason";
        Some(Finding::new(codes::WAIVER_ENDED, format!("waivers.{position}.until"), message, help))
    });
    flags.chain(waivers).collect()
}
