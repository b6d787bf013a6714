//! Numbers of alerts: units, the values just beside a threshold, and how Prometheus writes them for people.
//!
//! In: text such as `5%`, `500ms`, `250rps`, `5/min`. Out: numbers in base units and their projections.
//! Refuses: text that isn't a number of the unit.

use super::super::fact::{Key, Map, Value};

use crate::catalog::alert::{Shows, Unit};

/// `5%` → 0.05, `500ms` → 0.5, `5/min` → 0.0833…
pub fn parse(unit: Unit, text: &str) -> Option<f64> {
    let text = text.trim();
    let split = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
    let (digits, suffix) = text.split_at(split);
    let number: f64 = digits.parse().ok()?;
    let factor = match (unit, suffix.trim()) {
        (Unit::Ratio, "%") => return Some(tidy(number / 100.0)),
        (Unit::Ratio | Unit::Count | Unit::Factor, "") | (Unit::Rate, "rps" | "/s") | (Unit::Factor, "x") => 1.0,
        (Unit::Rate, "/min" | "/m") => 1.0 / 60.0,
        (Unit::Rate, "/h") => 1.0 / 3600.0,
        (Unit::Rate, "/day" | "/d") => 1.0 / 86400.0,
        (Unit::Duration, "s") => 1.0,
        (Unit::Duration, "ms") => return Some(tidy(number / 1000.0)),
        (Unit::Duration, "m") => 60.0,
        (Unit::Duration, "h") => 3600.0,
        (Unit::Duration, "d") => 86400.0,
        (Unit::Duration, "w") => 604_800.0,
        (Unit::Duration, "y") => 31_536_000.0,
        (Unit::Money, period) => return Some(tidy(number / days(period.rsplit('/').next()?.trim())?)),
        (Unit::Bytes, "B" | "") => 1.0,
        (Unit::Bytes, "KiB") => 1024.0,
        (Unit::Bytes, "MiB") => 1_048_576.0,
        (Unit::Bytes, "GiB") => 1_073_741_824.0,
        (Unit::Bytes, "KB") => 1e3,
        (Unit::Bytes, "MB") => 1e6,
        (Unit::Bytes, "GB") => 1e9,
        _ => return None,
    };
    Some(number * factor)
}

/// Money is spent by the day: `USD/month` is 30 of them.
fn days(period: &str) -> Option<f64> {
    match period {
        "day" => Some(1.0),
        "week" => Some(7.0),
        "month" => Some(30.0),
        "year" => Some(365.0),
        _ => None,
    }
}

/// Without the dust of binary fractions: twelve digits are more than any threshold has.
pub fn tidy(number: f64) -> f64 {
    format!("{number:.11e}").parse().unwrap_or(number)
}

/// An integer where it is one.
pub fn number(value: f64) -> Value {
    let value = tidy(value);
    if value.fract() == 0.0 && value.abs() < 1e15 {
        #[allow(clippy::cast_possible_truncation)]
        return Value::from(value as i64);
    }
    if value.is_finite() { Value::from(value) } else { Value::none() }
}

/// What a template may ask of a number: `.ratio .percent .seconds .bytes .number …`.
pub fn project(unit: Unit, value: f64) -> Map {
    let named: &[(&'static str, f64)] = &match unit {
        Unit::Ratio => {
            vec![("ratio", 1.0), ("percent", 100.0), ("permille", 1000.0)]
        }
        Unit::Duration => vec![
            ("seconds", 1.0),
            ("millis", 1000.0),
            ("minutes", 1.0 / 60.0),
            ("hours", 1.0 / 3600.0),
            ("days", 1.0 / 86400.0),
        ],
        Unit::Bytes => vec![("bytes", 1.0)],
        Unit::Money => vec![("per_day", 1.0), ("per_hour", 1.0 / 24.0)],
        Unit::Count | Unit::Factor => vec![("number", 1.0)],
        Unit::Rate => vec![("per_second", 1.0), ("per_minute", 60.0), ("per_hour", 3600.0)],
    };
    let mut map: Map = named.iter().map(|(name, factor)| (Key::Str(name), number(value * factor))).collect();
    if unit == Unit::Count {
        map.insert(Key::Str("fewer"), number(value - 1.0));
    }
    if unit == Unit::Ratio {
        map.insert(Key::Str("rest"), number(1000.0 - value * 1000.0));
    }
    map
}

/// A value on the far side of a threshold, short of the next one.
pub fn beyond(unit: Unit, threshold: f64, next: Option<f64>, above: bool) -> f64 {
    if threshold == 0.0 && !above {
        return 0.0;
    }
    // Nearer than double and half, so that a case tells a limit from twice and from half of it.
    let limit = match (above, unit) {
        (true, Unit::Ratio) => (threshold * 2.0).min(1.0),
        (true, _) if threshold == 0.0 => 2.0,
        (true, _) => threshold * 2.0,
        (false, _) => threshold / 2.0,
    };
    let limit = next.map_or(limit, |next| if above { next.min(limit) } else { next.max(limit) });
    between(unit, threshold, limit)
}

fn between(unit: Unit, from: f64, to: f64) -> f64 {
    let middle = tidy(f64::midpoint(from, to));
    match unit {
        Unit::Count if to > from => middle.floor().max(from + 1.0),
        Unit::Count => middle.ceil().min(from - 1.0),
        _ => middle,
    }
}

/// As `humanizePercentage`, `humanizeDuration`, `humanize1024` and `humanize` of Prometheus write it.
pub fn shown(shows: Shows, value: f64) -> String {
    match shows {
        Shows::Percent => format!("{}%", significant(value * 100.0)),
        Shows::Percentage => format!("{}%", significant(value)),
        Shows::Duration => duration(value),
        Shows::Bytes => format!("{}B", scaled(value, 1024.0, &["", "ki", "Mi", "Gi", "Ti"])),
        Shows::Number if value.abs() < 1.0 && value != 0.0 => small(value),
        Shows::Number => scaled(value, 1000.0, &["", "k", "M", "G", "T"]),
    }
}

/// The Go template that writes it.
pub fn template(shows: Shows) -> &'static str {
    match shows {
        Shows::Percent => "{{ $value | humanizePercentage }}",
        Shows::Percentage => "{{ $value | printf \"%.4g\" }}%",
        Shows::Duration => "{{ $value | humanizeDuration }}",
        Shows::Bytes => "{{ $value | humanize1024 }}B",
        Shows::Number => "{{ $value | humanize }}",
    }
}

fn scaled(value: f64, base: f64, prefixes: &[&str]) -> String {
    let mut value = value;
    let mut at = 0;
    while value.abs() >= base && at + 1 < prefixes.len() {
        value /= base;
        at += 1;
    }
    format!("{}{}", significant(value), prefixes[at])
}

fn small(value: f64) -> String {
    let mut value = value;
    let mut prefix = "";
    for next in ["m", "u", "n"] {
        if value.abs() >= 1.0 {
            break;
        }
        prefix = next;
        value *= 1000.0;
    }
    format!("{}{prefix}", significant(value))
}

fn duration(seconds: f64) -> String {
    if seconds == 0.0 {
        return "0s".into();
    }
    let size = seconds.abs();
    if size < 1.0 {
        return format!("{}s", small(seconds));
    }
    let sign = if seconds < 0.0 { "-" } else { "" };
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let whole = size as u64;
    let (days, hours, minutes) = (whole / 86400, whole / 3600 % 24, whole / 60 % 60);
    match whole {
        0..60 => format!("{sign}{}s", significant(size)),
        60..3600 => format!("{sign}{minutes}m {}s", whole % 60),
        3600..86400 => format!("{sign}{hours}h {minutes}m {}s", whole % 60),
        _ => format!("{sign}{days}d {hours}h {minutes}m {}s", whole % 60),
    }
}

/// `%.4g`
fn significant(value: f64) -> String {
    if value == 0.0 {
        return "0".into();
    }
    let exponential = format!("{value:.3e}");
    let (_, exponent) = exponential.split_once('e').unwrap_or((&exponential, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let text = if (-4..4).contains(&exponent) {
        format!("{value:.*}", usize::try_from(3 - exponent).unwrap_or(0))
    } else {
        let (digits, _) = exponential.split_once('e').unwrap_or((&exponential, ""));
        let digits = if digits.contains('.') { digits.trim_end_matches('0').trim_end_matches('.') } else { digits };
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{digits}e{sign}{:02}", exponent.abs());
    };
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_and_their_neighbours() {
        assert_eq!(parse(Unit::Ratio, "5%"), Some(0.05));
        assert_eq!(parse(Unit::Duration, "500ms"), Some(0.5));
        assert_eq!(parse(Unit::Rate, "250rps"), Some(250.0));
        assert_eq!(parse(Unit::Ratio, "5m"), None);
        assert_eq!(beyond(Unit::Ratio, 0.01, Some(0.05), true), 0.015);
        assert_eq!(beyond(Unit::Ratio, 0.04, Some(0.05), true), 0.045);
        assert_eq!(beyond(Unit::Ratio, 0.95, None, true), 0.975);
        assert_eq!(beyond(Unit::Count, 3.0, None, true), 4.0);
        assert_eq!(beyond(Unit::Ratio, 0.6, None, false), 0.45);
        assert_eq!((beyond(Unit::Count, 0.0, None, true), beyond(Unit::Count, 0.0, None, false)), (1.0, 0.0));
    }

    #[test]
    fn people_read_what_prometheus_writes() {
        assert_eq!(shown(Shows::Percent, 0.075), "7.5%");
        assert_eq!(shown(Shows::Duration, 0.7375), "737.5ms");
        assert_eq!(shown(Shows::Duration, 2.425), "2.425s");
        assert_eq!(shown(Shows::Duration, 100_060.0), "1d 3h 47m 40s");
        assert_eq!(shown(Shows::Number, 1500.0), "1.5k");
        assert_eq!(shown(Shows::Percentage, 87.5), "87.5%");
    }
}
