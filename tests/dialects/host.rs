//! What the program that reads a file does to its values; nothing is defined, so whatever it would replace is a failure.

/// `${{ 'text' }}` is that text; an expression with anything else in it would be evaluated.
pub fn expressions(text: &str) -> Option<String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${{") {
        out.push_str(before);
        let mut quoted = false;
        let end = after.char_indices().find(|(at, c)| {
            quoted ^= *c == '\'';
            !quoted && after[*at..].starts_with("}}")
        })?;
        let literal = after[..end.0].trim().strip_prefix('\'')?.strip_suffix('\'')?;
        out.push_str(&literal.replace("''", "'"));
        rest = &after[end.0 + 2..];
    }
    out.push_str(rest);
    Some(out)
}

/// `$$` is a dollar; a dollar alone would begin a variable.
pub fn dollars(text: &str) -> Option<String> {
    let halves = text.replace("$$", "\u{1}");
    (!halves.contains('$')).then(|| halves.replace('\u{1}', "$"))
}

/// `$$` is a dollar, `$(NAME)` is replaced, any other dollar is text.
pub fn dollar_parens(text: &str) -> Option<String> {
    let mut out = String::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, chars.peek()) {
            ('$', Some('$')) => {
                chars.next();
                out.push('$');
            }
            ('$', Some('(')) => return None,
            _ => out.push(c),
        }
    }
    Some(out)
}

/// `{{ "text" }}` is that text.
pub fn go_template(text: &str) -> Option<String> {
    let literal = "{{ \"{{\" }}";
    let marked = text.replace(literal, "\u{1}");
    (!marked.contains("{{")).then(|| marked.replace('\u{1}', "{{"))
}

/// `$name`, `${name}` and `[[name]]` would be replaced.
pub fn variables(text: &str) -> Option<String> {
    let starts = |c: Option<char>| c.is_some_and(|c| c.is_alphabetic() || c == '_' || c == '{');
    let dollar = text.match_indices('$').any(|(at, _)| starts(text[at + 1..].chars().next()));
    let bracket = text.match_indices("[[").any(|(at, _)| starts(text[at + 2..].chars().next()));
    (!dollar && !bracket).then(|| text.to_owned())
}

/// An unescaped `%` ends the command.
pub fn crontab(text: &str) -> Option<String> {
    let marked = text.replace("\\%", "\u{1}");
    (!marked.contains('%')).then(|| marked.replace('\u{1}', "%"))
}
