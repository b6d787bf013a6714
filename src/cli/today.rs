//! Today's date: read here once, and passed on as a value.

use std::env;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// `OPSGEN_TODAY` (a date), else `SOURCE_DATE_EPOCH` (seconds), else the clock; in UTC.
pub fn today() -> Result<Date, String> {
    if let Ok(text) = env::var("OPSGEN_TODAY") {
        return text.parse().map_err(|_| format!("OPSGEN_TODAY is `{text}`, which is no date like 2026-11-21"));
    }
    let now = match env::var("SOURCE_DATE_EPOCH") {
        Ok(text) => {
            epoch(&text).ok_or_else(|| format!("SOURCE_DATE_EPOCH is `{text}`, which is no number of seconds"))?
        }
        Err(_) => Timestamp::now(),
    };
    Ok(now.to_zoned(TimeZone::UTC).date())
}

fn epoch(text: &str) -> Option<Timestamp> {
    Timestamp::from_second(text.parse().ok()?).ok()
}
