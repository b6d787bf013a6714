//! Finds where a value stands, from the template text around its tag.
//!
//! In: the lines of a template with tags blanked out. Out: a `Place`. Refuses nothing: the cautious place wins.

use crate::format::{Place, Spot, Syntax};

/// The part of a file that another language owns.
#[derive(Clone, Debug, Default)]
pub struct Blocks {
    /// Indentation of the key that opened a block scalar.
    scalar: Option<usize>,
    /// The word that ends a heredoc.
    heredoc: Option<String>,
    fence: bool,
    /// The instruction that a continued line belongs to.
    instruction: String,
}

impl Blocks {
    pub fn inside(&self) -> bool {
        self.scalar.is_some() || self.heredoc.is_some() || self.fence
    }

    /// Called with each whole line, before its tags are placed: leaves what this line ends.
    pub fn leave(&mut self, syntax: Syntax, line: &str) {
        let closes = |key: usize| !line.trim().is_empty() && indentation(line) <= key;
        if syntax == Syntax::Yaml && self.scalar.is_some_and(closes) {
            self.scalar = None;
        }
        if self.heredoc.as_deref() == Some(line.trim()) {
            self.heredoc = None;
        }
    }

    /// Called with each whole line, after its tags are placed: enters what this line begins.
    pub fn enter(&mut self, syntax: Syntax, line: &str) {
        match syntax {
            Syntax::Yaml if self.scalar.is_none() && opens_block_scalar(line) => {
                let trimmed = line.trim_start();
                let dashes = trimmed.len() - trimmed.trim_start_matches("- ").len();
                self.scalar = Some(indentation(line) + dashes);
            }
            Syntax::Shell if self.heredoc.is_none() => self.heredoc = heredoc(line),
            Syntax::Dockerfile if !line.trim_start().starts_with('#') => {
                let word = if self.instruction.is_empty() { instruction(line) } else { self.instruction.clone() };
                self.instruction = if line.trim_end().ends_with('\\') { word } else { String::new() };
            }
            Syntax::Markdown if line.trim_start().starts_with("```") => self.fence = !self.fence,
            _ => {}
        }
    }
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

fn opens_block_scalar(line: &str) -> bool {
    let line = line.split(" #").next().unwrap_or(line).trim_end();
    let Some(at) = line.rfind(['|', '>']) else { return false };
    let marks = line[at + 1..].chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | '+'));
    let before = line[..at].trim_end();
    marks && line[..at].ends_with(' ') && (before.ends_with(':') || before.ends_with('-'))
}

/// The word in capitals that a Dockerfile line begins with.
fn instruction(line: &str) -> String {
    let word = line.split_whitespace().next().unwrap_or("");
    if word.chars().all(|c| c.is_ascii_uppercase()) { word.to_owned() } else { String::new() }
}

fn heredoc(line: &str) -> Option<String> {
    let (_, rest) = line.split_once("<<")?;
    let rest = rest.strip_prefix('-').unwrap_or(rest).trim_start();
    let word: String = rest
        .chars()
        .skip_while(|c| matches!(c, '\'' | '"'))
        .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
        .collect();
    (!word.is_empty() && !rest.starts_with('<')).then_some(word)
}

/// `before` and `after` are the rest of the line around the tag.
pub fn find(syntax: Syntax, blocks: &Blocks, before: &str, after: &str) -> Place {
    let alone = (before.trim().is_empty() && after.trim().is_empty()).then_some(before.len());
    let spot = if blocks.inside() { Spot::Block } else { spot(syntax, before, after) };
    let key = match syntax {
        Syntax::Dockerfile if blocks.instruction.is_empty() => instruction(before),
        Syntax::Dockerfile => blocks.instruction.clone(),
        _ => key(syntax, before),
    };
    let last = after.trim().is_empty();
    let indent = match syntax {
        Syntax::Yaml if spot == Spot::Whole && last => Some(block_indent(before)),
        Syntax::Markdown => Some(usize::from(!begins_block(before))),
        _ => None,
    };
    Place { spot, key, indent, alone }
}

/// Whether only marks of lists and quotes stand before.
fn begins_block(before: &str) -> bool {
    before.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '-' | '*' | '+' | '>' | '.' | ')'))
}

fn block_indent(before: &str) -> usize {
    let trimmed = before.trim_start();
    let dashes = trimmed.len() - trimmed.trim_start_matches("- ").len();
    let only_dashes = trimmed.trim_start_matches("- ").trim().is_empty() || trimmed.trim() == "-";
    indentation(before) + if only_dashes { dashes.max(2) } else { dashes + 2 }
}

fn key(syntax: Syntax, before: &str) -> String {
    let before = before.trim();
    match syntax {
        Syntax::Yaml if before.trim_start_matches("- ").is_empty() || before == "-" => "-".into(),
        Syntax::Yaml => {
            let head = before.trim_start_matches("- ").split(": ").next().unwrap_or("");
            head.trim_end_matches(':').trim_matches('"').to_owned()
        }
        Syntax::Systemd => before.split('=').next().unwrap_or("").to_owned(),
        _ => String::new(),
    }
}

fn spot(syntax: Syntax, before: &str, after: &str) -> Spot {
    if in_comment(syntax, before) {
        return Spot::Comment;
    }
    match (syntax, open_quote(syntax, before)) {
        (Syntax::Text | Syntax::Path | Syntax::Mermaid, _) => Spot::Whole,
        (Syntax::Markdown, _) => markdown(before, after),
        (_, Some('"')) => Spot::Double,
        (_, Some(_)) => Spot::Single,
        (Syntax::Yaml, None) => yaml(before, after),
        (Syntax::Toml | Syntax::Hcl, None) => keyed(before, after),
        (Syntax::Env, None) if before.is_empty() => Spot::Key,
        // The schedule of a crontab line.
        (Syntax::Crontab, None) if before.is_empty() && after.starts_with(' ') => Spot::Key,
        _ => Spot::Whole,
    }
}

fn in_comment(syntax: Syntax, before: &str) -> bool {
    let start = before.trim_start();
    match syntax {
        Syntax::Json | Syntax::Text | Syntax::Path => false,
        Syntax::Markdown => before.rfind("<!--") > before.rfind("-->"),
        Syntax::Mermaid => start.starts_with("%%"),
        Syntax::Systemd => start.starts_with(['#', ';']),
        Syntax::Hcl if start.starts_with("//") => true,
        _ if start.starts_with('#') => true,
        Syntax::Dockerfile | Syntax::Env | Syntax::Crontab => false,
        _ => before.match_indices(" #").any(|(at, _)| open_quote(syntax, &before[..at]).is_none()),
    }
}

/// The quote that is open at the end of the text.
fn open_quote(syntax: Syntax, text: &str) -> Option<char> {
    let single = !matches!(syntax, Syntax::Json | Syntax::Hcl);
    let mut open = None;
    let mut escaped = false;
    let mut last = ' ';
    for c in text.chars() {
        match open {
            Some('"') if escaped => escaped = false,
            Some('"') if c == '\\' => escaped = true,
            Some(quote) if c == quote => open = None,
            Some(_) => {}
            None if escaped => escaped = false,
            None if c == '\\' && syntax == Syntax::Shell => escaped = true,
            None if (c == '"' || (c == '\'' && single)) && begins(syntax, last) => open = Some(c),
            None => {}
        }
        if !c.is_whitespace() || syntax != Syntax::Yaml {
            last = c;
        }
    }
    open
}

/// In YAML a quote in the middle of a plain scalar is a letter like any other.
fn begins(syntax: Syntax, last: char) -> bool {
    syntax != Syntax::Yaml || matches!(last, ' ' | ':' | '-' | '[' | '{' | ',' | '"' | '\'' | '?' | '!')
}

fn yaml(before: &str, after: &str) -> Spot {
    let head = before.trim_end();
    let fresh =
        head.is_empty() || head == "-" || head.ends_with(" -") || (head.ends_with(':') && before.len() > head.len());
    let flow = head.ends_with(['[', '{', ',']) && (head.contains('[') || head.contains('{'));
    let tail = after.trim_start();
    let ends = tail.is_empty() || (after.starts_with(' ') && tail.starts_with('#'));
    let flow_ends = tail.starts_with([',', ']', '}']) && (head.contains('[') || head.contains('{'));
    if (fresh || flow) && (after.starts_with(": ") || after.trim_end() == ":") {
        Spot::Key
    } else if (fresh || flow) && (ends || flow_ends) {
        Spot::Whole
    } else {
        Spot::Word
    }
}

fn keyed(before: &str, after: &str) -> Spot {
    let head = before.trim();
    let table =
        head.starts_with('[') && !before.contains('=') && (head.ends_with('.') || head.chars().all(|c| c == '['));
    let left = !before.contains('=') && after.trim_start().starts_with('=');
    if left || (table && after.trim_start().starts_with([']', '.'])) { Spot::Key } else { Spot::Whole }
}

/// Code spans are `Single`, link targets are `Key`.
fn markdown(before: &str, after: &str) -> Spot {
    if before.matches('`').count() % 2 == 1 {
        Spot::Single
    } else if before.rfind("](").is_some_and(|at| !before[at..].contains(')')) && after.contains(')') {
        Spot::Key
    } else {
        Spot::Whole
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn yaml_at(before: &str, after: &str) -> Spot {
        find(Syntax::Yaml, &Blocks::default(), before, after).spot
    }

    #[test]
    fn yaml_spots() {
        assert_eq!(yaml_at("  name: ", ""), Spot::Whole);
        assert_eq!(yaml_at("  - ", ""), Spot::Whole);
        assert_eq!(yaml_at("a: [", ", x]"), Spot::Whole);
        assert_eq!(yaml_at("  ", ": 1"), Spot::Key);
        assert_eq!(yaml_at("  name: app-", ""), Spot::Word);
        assert_eq!(yaml_at("  name: \"app ", "\""), Spot::Double);
        assert_eq!(yaml_at("  name: it's ", ""), Spot::Word);
        assert_eq!(yaml_at("# made from ", ""), Spot::Comment);
    }

    #[test]
    fn a_continued_line_belongs_to_its_instruction() {
        let mut blocks = Blocks::default();
        blocks.enter(Syntax::Dockerfile, "LABEL a=b \\");
        assert_eq!(find(Syntax::Dockerfile, &blocks, "  c=", "").key, "LABEL");
        blocks.enter(Syntax::Dockerfile, "  c=v");
        assert_eq!(find(Syntax::Dockerfile, &blocks, "RUN echo ", "").key, "RUN");
    }

    #[test]
    fn block_scalars_end_where_the_indentation_does() {
        let mut blocks = Blocks::default();
        blocks.enter(Syntax::Yaml, "  - run: |");
        blocks.leave(Syntax::Yaml, "      echo");
        assert!(blocks.inside());
        blocks.leave(Syntax::Yaml, "    env:");
        assert!(!blocks.inside());
    }
}
