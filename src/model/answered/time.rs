//! Hours, pauses of delivery and people, taken apart.
use super::super::fact::{Value, facts, none};

/// `weekdays 09:00-18:00 America/New_York` in its parts.
pub fn hours(answered: &Value) -> Value {
    let text = answered.as_str().unwrap_or("always");
    let mut words = text.split_whitespace();
    let (days, clock, timezone) = (words.next(), words.next(), words.next());
    let (from, to) = clock.and_then(|clock| clock.split_once('-')).unzip();
    let always = text == "always";
    facts!({
        "text": text, "always": always, "days": days.filter(|_| !always),
        "from": from, "to": to, "timezone": timezone,
    })
}

/// `Fri 15:00 - Mon 08:00 Europe/Dublin` or `2026-11-25 - 2026-12-02` in its parts.
pub fn blackout(answered: &Value) -> Value {
    let text = answered.as_str().unwrap_or_default();
    let (from, rest) = text.split_once(" - ").unwrap_or((text, ""));
    if from.starts_with(|c: char| c.is_ascii_digit()) {
        return facts!({ "text": text, "kind": "dates", "from": from, "to": rest, "timezone": none() });
    }
    let (to, timezone) = rest.rsplit_once(' ').unwrap_or((rest, ""));
    facts!({ "text": text, "kind": "weekly", "from": from, "to": to, "timezone": timezone })
}

/// Somebody: a team, its person on call, or a word for nobody in particular.
pub fn party(answered: &Value) -> Value {
    let text = answered.as_str().unwrap_or_default();
    let (name, on_call) = text.strip_suffix(" on call").map_or((text, false), |name| (name, true));
    let team = (!matches!(name, "everyone" | "automatic" | "nobody" | "anyone")).then_some(name);
    let shown = if on_call { format!("on call ({name})") } else { name.to_owned() };
    facts!({ "team": team, "on_call": on_call, "text": shown })
}
