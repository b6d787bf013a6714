//! Source text taken apart: code without comments, strings and tests; and the strings by themselves.

/// The parts of a source file that the rules look at.
#[derive(Default)]
pub struct Code {
    /// Code, where each comment and string literal is a blank; lines keep their numbers.
    pub text: String,
    /// String literals outside tests, with their lines.
    pub strings: Vec<(usize, String)>,
}

/// Takes comments, strings and `#[cfg(test)]` items away.
pub fn scrub(source: &str) -> Code {
    let mut code = Code::default();
    let letters: Vec<char> = source.chars().collect();
    let mut at = 0;
    while at < letters.len() {
        let (length, string) = token(&letters[at..]);
        let token: String = letters[at..at + length].iter().collect();
        match string {
            Kind::Code => code.text.push_str(&token),
            Kind::String => {
                let line = code.text.matches('\n').count() + 1;
                code.strings.push((line, token.clone()));
                blank(&token, &mut code.text);
            }
            Kind::Comment => blank(&token, &mut code.text),
        }
        at += length;
    }
    without_tests(code)
}

enum Kind {
    Code,
    String,
    Comment,
}

/// Length and kind of what starts here.
fn token(rest: &[char]) -> (usize, Kind) {
    let starts = |text: &str| text.chars().enumerate().all(|(at, letter)| rest.get(at) == Some(&letter));
    if starts("//") {
        return (rest.iter().position(|letter| *letter == '\n').unwrap_or(rest.len()), Kind::Comment);
    }
    if starts("/*") {
        return (until(rest, 2, &['*', '/']), Kind::Comment);
    }
    if starts("\"") {
        return (quoted(rest), Kind::String);
    }
    if starts("r\"") || starts("r#") {
        let hashes = rest[1..].iter().take_while(|letter| **letter == '#').count();
        if rest.get(1 + hashes) == Some(&'"') {
            let mut end = vec!['"'];
            end.extend(vec!['#'; hashes]);
            return (until(rest, 2 + hashes, &end), Kind::String);
        }
    }
    if starts("'") {
        return (character(rest), Kind::Code);
    }
    let word = rest.iter().take_while(|letter| letter.is_alphanumeric() || **letter == '_').count();
    (word.max(1), Kind::Code)
}

fn until(rest: &[char], from: usize, end: &[char]) -> usize {
    (from..rest.len()).find(|at| rest[*at..].starts_with(end)).map_or(rest.len(), |at| at + end.len())
}

fn quoted(rest: &[char]) -> usize {
    let mut at = 1;
    while at < rest.len() && rest[at] != '"' {
        at += if rest[at] == '\\' { 2 } else { 1 };
    }
    (at + 1).min(rest.len())
}

/// A character literal is one token, a lifetime only its tick.
fn character(rest: &[char]) -> usize {
    match (rest.get(1), rest.get(2)) {
        (Some('\\'), _) => rest.iter().skip(3).position(|letter| *letter == '\'').map_or(rest.len(), |at| at + 4),
        (Some(_), Some('\'')) => 3,
        _ => 1,
    }
}

fn blank(token: &str, text: &mut String) {
    text.extend(token.chars().map(|letter| if letter == '\n' { '\n' } else { ' ' }));
}

/// Blanks every item that only tests see.
fn without_tests(mut code: Code) -> Code {
    while let Some(start) = code.text.find("#[cfg(test)]") {
        let end = item_end(&code.text[start..]) + start;
        let (first, last) = (line(&code.text, start), line(&code.text, end));
        code.strings.retain(|(at, _)| *at < first || *at > last);
        let mut blanked = String::new();
        blank(&code.text[start..end], &mut blanked);
        code.text.replace_range(start..end, &blanked);
    }
    code
}

/// Where the item after an attribute ends: at its `;`, or at the brace that closes it.
fn item_end(text: &str) -> usize {
    let mut depth = 0;
    for (at, letter) in text.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth <= 1 => return at + 1,
            '}' => depth -= 1,
            ';' if depth == 0 => return at + 1,
            _ => {}
        }
    }
    text.len()
}

fn line(text: &str, at: usize) -> usize {
    text[..at].matches('\n').count() + 1
}
