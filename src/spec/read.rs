//! YAML text → tree.
//!
//! In: a source. Out: the tree, and every fault of form found on the way.
//! Refuses what makes a file hard to read or dangerous to expand: several documents, anchors, tags, duplicate keys.

use std::sync::Arc;

use serde_saphyr::granit_parser::{Event, Parser, ScalarStyle, ScanError, Span as Mark, StrInput};

use super::tree::{Entry, Node, Value};
use crate::diagnostic::{Diagnostic, Source, Span, codes};

/// Largest file that is read: a spec is written by hand.
pub const LIMIT: usize = 1024 * 1024;

/// Turn the bytes of a file into a source.
pub fn source(name: &str, bytes: &[u8]) -> Result<Arc<Source>, Diagnostic> {
    if bytes.len() > LIMIT {
        let message = format!("{name} has {} bytes; a spec is at most 1 MB", bytes.len());
        return Err(Diagnostic::error(codes::TOO_LARGE, message).help("is this the right file?"));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(Source::new(name, text.strip_prefix('\u{feff}').unwrap_or(text))),
        Err(fault) => {
            let message = format!("{name} is not UTF-8 text (first bad byte at offset {})", fault.valid_up_to());
            Err(Diagnostic::error(codes::NOT_UTF8, message)
                .help("save the file as UTF-8, or check that it is the right file"))
        }
    }
}

/// Build the tree. A file that can't be read at all gives an empty map and an error.
pub fn read(source: &Arc<Source>) -> (Node, Vec<Diagnostic>) {
    let mut builder = Builder { source: source.clone(), faults: Vec::new(), last: 0 };
    if source.text.len() > LIMIT {
        builder.faults.push(Diagnostic::error(codes::TOO_LARGE, "a spec is at most 1 MB"));
        return (Node::empty(), builder.faults);
    }
    let mut parser = Parser::new_from_str(&source.text);
    let root = match builder.document(&mut parser) {
        Ok(root) => root,
        Err(fault) => {
            let fault = builder.syntax(&fault);
            builder.faults.push(fault);
            None
        }
    };
    let root = root.filter(|node| !node.is_null());
    if root.is_none() && builder.faults.is_empty() {
        let fault = Diagnostic::error(codes::EMPTY, format!("{} holds no answers yet", source.name));
        builder.faults.push(fault.help("begin with `version: 1`, `name`, `services`, `hosting` and `environments`; `opsgen schema` says what each holds"));
    }
    (root.unwrap_or_else(Node::empty), builder.faults)
}

struct Builder {
    source: Arc<Source>,
    faults: Vec<Diagnostic>,
    last: usize,
}

type Input<'a> = Parser<'a, StrInput<'a>>;

impl Builder {
    fn document<'a>(&mut self, parser: &mut Input<'a>) -> Result<Option<Node>, ScanError> {
        let mut root = None;
        while let Some((event, mark)) = Self::next(parser)? {
            match event {
                Event::DocumentStart(..) if root.is_some() => {
                    let fault = Diagnostic::error(
                        codes::SEVERAL_DOCUMENTS,
                        "a spec is one document, and here a second one starts",
                    );
                    self.faults.push(
                        fault
                            .at(self.span(&mark))
                            .help("remove the `---` and what follows it, or keep it in a file of its own"),
                    );
                    return Ok(root);
                }
                event if event.is_node() => root = Some(self.node(parser, &event, &mark)?),
                _ => {}
            }
        }
        Ok(root)
    }

    fn next<'a>(parser: &mut Input<'a>) -> Result<Option<(Event<'a>, Mark)>, ScanError> {
        parser.next_event().transpose()
    }

    fn node<'a>(&mut self, parser: &mut Input<'a>, event: &Event<'a>, mark: &Mark) -> Result<Node, ScanError> {
        self.refuse_extras(event, mark);
        let mut span = self.span(mark);
        let value = match event {
            Event::Scalar(text, style, ..) => {
                Value::Scalar { text: text.to_string(), plain: *style == ScalarStyle::Plain }
            }
            Event::SequenceStart(..) => Value::List(self.items(parser, &mut span)?),
            Event::MappingStart(..) => Value::Map(self.entries(parser, &mut span)?),
            _ => Value::Scalar { text: String::new(), plain: true },
        };
        if matches!(value, Value::Scalar { .. }) {
            self.last = self.last.max(span.range.end);
        }
        Ok(Node { value, span })
    }

    fn items<'a>(&mut self, parser: &mut Input<'a>, span: &mut Span) -> Result<Vec<Node>, ScanError> {
        let mut items = Vec::new();
        while let Some((event, mark)) = Self::next(parser)? {
            if matches!(event, Event::SequenceEnd) {
                self.close(span, &mark);
                break;
            }
            items.push(self.node(parser, &event, &mark)?);
        }
        Ok(items)
    }

    fn entries<'a>(&mut self, parser: &mut Input<'a>, span: &mut Span) -> Result<Vec<Entry>, ScanError> {
        let mut entries: Vec<Entry> = Vec::new();
        while let Some((event, mark)) = Self::next(parser)? {
            if matches!(event, Event::MappingEnd) {
                self.close(span, &mark);
                break;
            }
            let key = self.node(parser, &event, &mark)?;
            let Some((event, mark)) = Self::next(parser)? else { break };
            let value = self.node(parser, &event, &mark)?;
            self.keep(&mut entries, key, value);
        }
        Ok(entries)
    }

    fn keep(&mut self, entries: &mut Vec<Entry>, key: Node, value: Node) {
        let Value::Scalar { text, .. } = key.value else {
            let fault = Diagnostic::error(codes::WRONG_KIND, format!("a key is one word, and this is {}", key.kind()));
            self.faults.push(fault.at(key.span));
            return;
        };
        if text == "<<" {
            let fault = Diagnostic::error(codes::ANCHOR, "merge keys (`<<`) are not part of a spec");
            self.faults
                .push(fault.at(key.span).help("repeat the keys; environments are merged over the base by opsgen"));
            return;
        }
        match entries.iter().find(|entry| entry.key == text) {
            Some(first) => {
                let fault = Diagnostic::error(codes::DUPLICATE_KEY, format!("`{text}` is answered twice")).at(key.span);
                let fault = fault.label("second answer").related(first.key_span.clone(), "first answer");
                self.faults.push(fault.help("keep one of the two"));
            }
            None => entries.push(Entry { key: text, key_span: key.span, value }),
        }
    }

    fn refuse_extras(&mut self, event: &Event<'_>, mark: &Mark) {
        let tag = event.tag().filter(|tag| !tag.is_yaml_core_schema()).map(ToString::to_string);
        if let Some(tag) = tag {
            let fault = Diagnostic::error(codes::TAG, format!("`{tag}` is a YAML tag, and a spec has none"));
            self.faults.push(fault.at(self.span(mark)).help(format!("remove `{tag}`")));
        }
        let message = match event {
            Event::Alias(_) | Event::UnresolvedAlias(_) => "aliases (`*name`) are not part of a spec",
            _ if event.anchor_id().is_some_and(|id| id > 0) => "anchors (`&name`) are not part of a spec",
            _ => return,
        };
        let fault = Diagnostic::error(codes::ANCHOR, message).at(self.span(mark));
        self.faults
            .push(fault.help("write the value out where it is meant; environments are merged over the base by opsgen"));
    }

    /// The end of a collection is where its last value ends, not where the next line begins.
    fn close(&mut self, span: &mut Span, mark: &Mark) {
        let end = self.span(mark).range;
        let flow = end.end > end.start;
        let end = if flow { end.end } else { self.last.max(span.range.start) };
        span.range.end = end;
        self.last = self.last.max(end);
    }

    fn span(&self, mark: &Mark) -> Span {
        let range = mark.byte_range().unwrap_or(0..0);
        let end = range.end.min(self.source.text.len());
        Span { source: self.source.clone(), range: range.start.min(end)..end }
    }

    fn syntax(&self, fault: &ScanError) -> Diagnostic {
        let text = &self.source.text;
        let at = fault.marker().byte_offset().unwrap_or(0).min(text.len());
        if let Some(hash) = unquoted_hash(text, at) {
            let word = text[hash..].split(|c: char| c.is_whitespace() || ",]}".contains(c)).next().unwrap_or("#");
            let span = Span { source: self.source.clone(), range: hash..hash + word.len() };
            let message = format!("`{word}` starts a comment, so the rest of the line is lost");
            return Diagnostic::error(codes::HASH, message).at(span).help(format!("put it in quotes: `\"{word}\"`"));
        }
        let end = text[at..].chars().next().map_or(at, |c| at + c.len_utf8());
        let span = Span { source: self.source.clone(), range: at..end };
        Diagnostic::error(codes::SYNTAX, format!("this is not YAML: {}", fault.info())).at(span)
    }
}

/// A value that begins with `#` inside a flow map or list which the comment then cuts off.
fn unquoted_hash(text: &str, before: usize) -> Option<usize> {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if start > before {
            break;
        }
        let code = line.trim_start();
        let found = if code.starts_with('#') { None } else { line.find(": #").map(|at| at + 2) };
        if let Some(at) =
            found.filter(|at| line[..*at].contains('{') && line[at + 1..].starts_with(|c: char| c.is_alphanumeric()))
        {
            return Some(start + at);
        }
        start += line.len();
    }
    None
}
