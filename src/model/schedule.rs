//! From "daily" to the minute: when something recurs, spread so that not everything runs at once.
//!
//! In: a recurrence and a name. Out: five-field cron in UTC. The same name always gets the same minute; never the full hour,
//! where schedulers are busiest. Refuses nothing: what isn't by the clock has no cron.

/// Cron for a recurrence; `None` when it isn't by the clock.
pub fn cron(recurrence: &str, seed: &str) -> Option<String> {
    let hash = fingerprint(seed);
    let minute = 3 + hash % 54;
    let hour = 1 + (hash / 54) % 5;
    let day = 2 + (hash / 270) % 26;
    match recurrence {
        "hourly" => Some(format!("{minute} * * * *")),
        "daily" => Some(format!("{minute} {hour} * * *")),
        "weekly" => Some(format!("{minute} {hour} * * {}", day % 7)),
        "monthly" => Some(format!("{minute} {hour} {day} * *")),
        "quarterly" => Some(format!("{minute} {hour} {day} 1,4,7,10 *")),
        "yearly" => Some(format!("{minute} {hour} {day} 1 *")),
        _ => match recurrence.strip_prefix("every ") {
            Some(interval) => every(interval, minute, hour),
            None => (recurrence.split_whitespace().count() == 5).then(|| recurrence.to_owned()),
        },
    }
}

/// An interval of minutes that divides an hour, or of hours that divides a day.
fn every(interval: &str, minute: u64, hour: u64) -> Option<String> {
    if let Some(minutes) = interval.strip_suffix('m').and_then(|digits| digits.parse::<u64>().ok()) {
        return (minutes > 0 && 60 % minutes == 0).then(|| format!("{}-59/{minutes} * * * *", minute % minutes));
    }
    let hours = interval.strip_suffix('h').and_then(|digits| digits.parse::<u64>().ok())?;
    if hours == 0 || 24 % hours != 0 {
        return None;
    }
    let starts = (0..24 / hours).map(|turn| (hour % hours + turn * hours).to_string());
    Some(format!("{minute} {} * * *", starts.collect::<Vec<_>>().join(",")))
}

/// The same as a calendar event of systemd, in UTC; `None` where that has no words for it.
pub fn calendar(cron: &str) -> Option<String> {
    let fields: Vec<&str> = cron.split_whitespace().collect();
    let [minute, hour, day, month, weekday] = fields.as_slice() else { return None };
    // Cron takes a day that fits either field, a calendar event one that fits both.
    if *day != "*" && *weekday != "*" {
        return None;
    }
    let part = |field: &str, first: u32| -> Option<String> {
        let one = |item: &str| {
            let (span, step) = item.split_once('/').map_or((item, None), |(span, step)| (span, Some(step)));
            let span = if span == "*" && step.is_some() { first.to_string() } else { span.replace('-', "..") };
            let numbers = span.split("..").all(|number| number == "*" || number.parse::<u32>().is_ok());
            numbers.then(|| step.map_or(span.clone(), |step| format!("{span}/{step}")))
        };
        let items: Option<Vec<String>> = field.split(',').map(one).collect();
        Some(items?.join(","))
    };
    let days = if *weekday == "*" { String::new() } else { format!("{} ", weekdays(weekday)?) };
    Some(format!("{days}*-{}-{} {}:{}:00 UTC", part(month, 1)?, part(day, 1)?, part(hour, 0)?, part(minute, 0)?))
}

fn weekdays(field: &str) -> Option<String> {
    let day = |number: &str| {
        let named = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
        number.parse::<usize>().ok().and_then(|number| named.get(number)).copied()
    };
    let span = |item: &str| -> Option<String> {
        let ends: Option<Vec<&str>> = item.split('-').map(day).collect();
        Some(ends?.join(".."))
    };
    let spans: Option<Vec<String>> = field.split(',').map(span).collect();
    Some(spans?.join(","))
}

/// FNV-1a: spreads names over minutes.
fn fingerprint(seed: &str) -> u64 {
    seed.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_intervals_become_five_fields_off_the_full_hour() {
        for recurrence in ["hourly", "daily", "weekly", "monthly", "quarterly", "yearly", "every 6h", "every 12h"] {
            for seed in ["db", "cache", "files", "a", "zz"] {
                let cron = cron(recurrence, seed).expect("by the clock");
                let minute: u64 = cron.split(' ').next().and_then(|field| field.parse().ok()).expect("a minute");
                assert!((3..57).contains(&minute), "{cron}");
                cron.parse::<croner::Cron>().expect("five valid fields");
            }
        }
    }

    #[test]
    fn every_12h_runs_twice_a_day() {
        let cron = cron("every 12h", "db").expect("by the clock");
        let hours: Vec<u64> = cron.split(' ').nth(1).expect("hours").split(',').flat_map(str::parse).collect();
        assert_eq!(hours.len(), 2);
        assert_eq!(hours[1] - hours[0], 12);
    }

    #[test]
    fn a_calendar_event_says_what_cron_says() {
        let event = |cron: &str| calendar(cron).unwrap_or_default();
        assert_eq!(event("17 3,15 * * *"), "*-*-* 3,15:17:00 UTC");
        assert_eq!(event("3-59/15 * * * *"), "*-*-* *:3..59/15:00 UTC");
        assert_eq!(event("*/10 8-18 * * 1-5"), "Mon..Fri *-*-* 8..18:0/10:00 UTC");
        assert_eq!(event("5 4 2 1,4,7,10 *"), "*-1,4,7,10-2 4:5:00 UTC");
        assert_eq!(event("5 4 * * 0,6"), "Sun,Sat *-*-* 4:5:00 UTC");
        assert_eq!(calendar("5 4 1 * 1"), None);
        assert_eq!(calendar("5 4 * * mon"), None);
        assert_eq!(calendar("@daily"), None);
    }

    #[test]
    fn what_is_not_by_the_clock_has_no_cron() {
        assert_eq!(cron("continuous", "db"), None);
        assert_eq!(cron("every 5h", "db"), None);
        assert_eq!(cron("17 3 * * *", "db").as_deref(), Some("17 3 * * *"));
    }
}
