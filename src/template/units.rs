//! Numbers out of canonical unit text.
//!
//! In: `5m`, `1GiB`, `250m`, `80%`. Out: a number in the unit asked for. Refuses: text of another kind.

/// Seconds of a duration such as `90s`, `1h30m`, `500ms`, `2w`.
pub fn seconds(text: &str) -> Result<f64, String> {
    let mut rest = text.trim();
    let mut total = 0.0;
    while !rest.is_empty() {
        let (number, unit, tail) =
            part(rest).ok_or_else(|| format!("{text:?} is not a duration such as 30s, 5m or 2h"))?;
        let factor = match unit {
            "ms" => 0.001,
            "s" => 1.0,
            "m" => 60.0,
            "h" => 3600.0,
            "d" => 86_400.0,
            "w" => 604_800.0,
            "y" => 31_536_000.0,
            _ => return Err(format!("{text:?} is not a duration: {unit:?} is none of ms s m h d w y")),
        };
        total += number * factor;
        rest = tail;
    }
    if text.trim().is_empty() { Err("an empty text is not a duration".into()) } else { Ok(total) }
}

/// Bytes of a size such as `1GiB`, `500MB`, `10KB`.
pub fn bytes(text: &str) -> Result<f64, String> {
    let (number, unit, rest) =
        part(text.trim()).ok_or_else(|| format!("{text:?} is not a size such as 512MiB or 1GB"))?;
    let factor: f64 = match unit.trim_end_matches(['B', 'b']) {
        "" => 1.0,
        "k" | "K" => 1e3,
        "M" => 1e6,
        "G" => 1e9,
        "T" => 1e12,
        "Ki" => 1024.0,
        "Mi" => 1_048_576.0,
        "Gi" => 1_073_741_824.0,
        "Ti" => 1_099_511_627_776.0,
        _ => return Err(format!("{text:?} is not a size: {unit:?} is none of B KB MB GB TB KiB MiB GiB TiB")),
    };
    if rest.is_empty() { Ok(number * factor) } else { Err(format!("{text:?} is not a size")) }
}

/// Cores of `250m`, `1` or `0.5`.
pub fn cores(text: &str) -> Result<f64, String> {
    let fault = || format!("{text:?} is not an amount of CPU such as 250m or 1");
    match text.trim().strip_suffix('m') {
        Some(millis) => millis.parse::<f64>().map(|millis| millis / 1000.0).map_err(|_| fault()),
        None => text.trim().parse().map_err(|_| fault()),
    }
}

/// `80%` and `0.8` are both the ratio 0.8.
pub fn ratio(text: &str) -> Result<f64, String> {
    let fault = || format!("{text:?} is not a percentage such as 80%");
    match text.trim().strip_suffix('%') {
        Some(percent) => percent.trim().parse::<f64>().map(|percent| tidy(percent / 100.0)).map_err(|_| fault()),
        None => text.trim().parse().map_err(|_| fault()),
    }
}

/// The number a text begins with: `50rps` is 50, `150 USD/month` is 150.
pub fn number(text: &str) -> Result<f64, String> {
    part(text.trim()).map(|(number, _, _)| number).ok_or_else(|| format!("{text:?} doesn't begin with a number"))
}

/// Drops the noise of a binary division: 0.8 and not 0.8000000000000002.
pub fn tidy(number: f64) -> f64 {
    (number * 1e9).round() / 1e9
}

/// A number, the letters after it, the rest.
fn part(text: &str) -> Option<(f64, &str, &str)> {
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.' && c != '-').unwrap_or(text.len());
    let number = text[..digits].parse().ok()?;
    let rest = text[digits..].trim_start();
    let letters = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
    Some((number, &rest[..letters], rest[letters..].trim_start()))
}

/// `5400` seconds as `1h30m0s`, the way programs written in Go print them.
pub fn hms(seconds: f64) -> String {
    let whole = seconds as u64;
    let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60);
    match (hours, minutes) {
        (0, 0) => format!("{rest}s"),
        (0, _) => format!("{minutes}m{rest}s"),
        _ => format!("{hours}h{minutes}m{rest}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_unit_reads() {
        assert_eq!(seconds("1h30m"), Ok(5400.0));
        assert_eq!(seconds("500ms"), Ok(0.5));
        assert_eq!(bytes("1GiB"), Ok(1_073_741_824.0));
        assert_eq!(cores("250m"), Ok(0.25));
        assert_eq!(ratio("99.9%"), Ok(0.999));
        assert_eq!(number("150 USD/month"), Ok(150.0));
        assert!(seconds("5 minuts").is_err());
        assert!(seconds("").is_err());
    }
}
