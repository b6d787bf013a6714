//! The nearest of the names that would have been right.

use similar::TextDiff;

/// The candidate most like `word`, when one is near enough to be meant.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let likeness = |candidate: &str| {
        let candidate = candidate.to_lowercase();
        if candidate.replace(['-', '_'], "") == word.replace(['-', '_'], "") {
            return 1.0;
        }
        let ratio = TextDiff::from_chars(word.as_str(), candidate.as_str()).ratio();
        let inside =
            word.len() >= 3 && (candidate.starts_with(&word) || (candidate.len() >= 3 && word.starts_with(&candidate)));
        if inside { ratio.max(0.75) } else { ratio }
    };
    let scored = candidates.into_iter().map(|candidate| (likeness(candidate), candidate));
    let best = scored.fold(None, |best: Option<(f32, &str)>, next| match best {
        Some(found) if found.0 >= next.0 => Some(found),
        _ => Some(next),
    });
    best.filter(|(score, _)| *score >= 0.65).map(|(_, candidate)| candidate)
}

/// Words as a sentence lists them: `a`, `b` or `c`.
pub fn either<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let words: Vec<String> = words.into_iter().map(|word| format!("`{word}`")).collect();
    match words.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        None => "nothing".to_owned(),
    }
}
