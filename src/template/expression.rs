//! The paths that a template expression reads.
//!
//! In: the text of an expression. Out: its paths with their filters. Refuses nothing: Tera reports syntax errors.

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    Field(String),
    /// `[…]` with a number or an expression.
    Index,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    pub root: String,
    /// Each with its offset in the expression.
    pub steps: Vec<(Step, usize)>,
    pub offset: usize,
    /// Names of the filters that follow it.
    pub filters: Vec<String>,
    /// `is defined` or `is undefined` follows.
    pub asks_defined: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Token<'s> {
    Name(&'s str),
    Text(&'s str),
    Number,
    Sign(char),
}

const KEYWORDS: &[&str] =
    &["and", "or", "not", "in", "is", "if", "else", "elif", "true", "false", "none", "null", "True", "False", "None"];

pub fn tokens(source: &str) -> Vec<(Token<'_>, usize)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(c) = source[at..].chars().next() {
        let rest = &source[at..];
        let length = match c {
            '"' | '\'' | '`' => text_length(rest, c),
            c if c.is_alphanumeric() || c == '_' => {
                rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len())
            }
            c => c.len_utf8(),
        };
        let word = &rest[..length];
        let token = match c {
            '"' | '\'' | '`' => Some(Token::Text(word.get(1..length.saturating_sub(1)).unwrap_or(""))),
            c if c.is_ascii_digit() => Some(Token::Number),
            c if c.is_alphabetic() || c == '_' => Some(Token::Name(word)),
            c if c.is_whitespace() => None,
            c => Some(Token::Sign(c)),
        };
        found.extend(token.map(|token| (token, at)));
        at += length;
    }
    found
}

/// The length of a quoted text with its quotes.
pub fn text_length(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// Every path of the expression, in order.
pub fn paths(source: &str) -> Vec<Path> {
    let tokens = tokens(source);
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let (Token::Name(name), offset) = &tokens[at] else {
            at += 1;
            continue;
        };
        if !is_root(&tokens, at, name) {
            at += 1;
            continue;
        }
        let mut path = Path {
            root: (*name).to_owned(),
            steps: Vec::new(),
            offset: *offset,
            filters: Vec::new(),
            asks_defined: false,
        };
        let end = steps(&tokens, at + 1, &mut path);
        path.filters = filters(&tokens, end);
        let word = |at: usize| tokens.get(at).map(|(token, _)| token);
        path.asks_defined = word(end) == Some(&Token::Name("is")) && !path.steps.iter().any(|_| true);
        found.push(path);
        at += 1;
    }
    found
}

/// Whether the name begins a path: no filter, test, function, keyword argument, field or key of a map.
fn is_root(tokens: &[(Token<'_>, usize)], at: usize, name: &str) -> bool {
    let sign = |at: usize| match tokens.get(at) {
        Some((Token::Sign(sign), _)) => *sign,
        _ => ' ',
    };
    let before = at.checked_sub(1).and_then(|at| tokens.get(at)).map(|(token, _)| token.clone());
    let test = matches!(before, Some(Token::Name("is")))
        || (matches!(before, Some(Token::Name("not"))) && at > 1 && tokens[at - 2].0 == Token::Name("is"));
    let keyword = sign(at + 1) == '=' && sign(at + 2) != '=';
    let key = sign(at + 1) == ':' && matches!(before, Some(Token::Sign('{' | ',')));
    !KEYWORDS.contains(&name)
        && !matches!(before, Some(Token::Sign('|' | '.')))
        && !test
        && !keyword
        && !key
        && sign(at + 1) != '('
}

/// Reads `.name` and `[…]`; gives the index behind the path.
fn steps(tokens: &[(Token<'_>, usize)], mut at: usize, path: &mut Path) -> usize {
    loop {
        let start = if tokens.get(at).is_some_and(|(token, _)| *token == Token::Sign('?')) { at + 1 } else { at };
        match (tokens.get(start), tokens.get(start + 1)) {
            (Some((Token::Sign('.'), _)), Some((Token::Name(name), offset))) => {
                path.steps.push((Step::Field((*name).to_owned()), *offset));
                at = start + 2;
            }
            (Some((Token::Sign('['), _)), Some((Token::Text(name), offset)))
                if tokens.get(start + 2).is_some_and(|(token, _)| *token == Token::Sign(']')) =>
            {
                path.steps.push((Step::Field((*name).to_owned()), *offset));
                at = start + 3;
            }
            (Some((Token::Sign('['), offset)), _) => {
                path.steps.push((Step::Index, *offset));
                at = closing(tokens, start) + 1;
            }
            _ => return at,
        }
    }
}

/// The bracket that closes the one at `at`.
fn closing(tokens: &[(Token<'_>, usize)], at: usize) -> usize {
    let mut depth = 0;
    for (index, (token, _)) in tokens.iter().enumerate().skip(at) {
        match token {
            Token::Sign('[' | '(') => depth += 1,
            Token::Sign(']' | ')') => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return index;
        }
    }
    tokens.len()
}

fn filters(tokens: &[(Token<'_>, usize)], mut at: usize) -> Vec<String> {
    let mut names = Vec::new();
    while let (Some((Token::Sign('|'), _)), Some((Token::Name(name), _))) = (tokens.get(at), tokens.get(at + 1)) {
        names.push((*name).to_owned());
        at += 2;
        if tokens.get(at).is_some_and(|(token, _)| *token == Token::Sign('(')) {
            at = closing(tokens, at) + 1;
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roots(source: &str) -> Vec<String> {
        paths(source).iter().map(|path| format!("{}{}", path.root, path.steps.len())).collect()
    }

    #[test]
    fn only_paths_are_paths() {
        assert_eq!(roots("m.a.b == \"x.y\" and not c | default(value=d.e)"), ["m2", "c0", "d1"]);
        assert_eq!(roots("a[0].b is defined or pin(name=x)"), ["a2", "x0"]);
        assert_eq!(roots("{ key: m.value } ~ list | with(key=\"k\", value=v)"), ["m1", "list0", "v0"]);
        assert_eq!(paths("m.list | with(key=\"a\") | first")[0].filters, ["with", "first"]);
    }
}
