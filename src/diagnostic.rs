//! Everything we tell the user about a fault: code, message, place, remedy.
//!
//! In: byte spans into named sources. Out: rustc-style text, or JSON.
//! Refuses nothing; a span outside its source is shown without a snippet.

pub mod codes;

use std::ops::Range;
use std::sync::Arc;

use include_dir::{Dir, include_dir};

use annotate_snippets::{AnnotationKind, Group, Level as Tone, Renderer, Snippet};

static TEXTS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/src/diagnostic/explain");

/// What a code means and what to do about it, as Markdown.
pub fn explain(code: &str) -> Option<&'static str> {
    TEXTS.get_file(format!("{code}.md"))?.contents_utf8()
}

/// Every code that has a text, in order.
pub fn explained() -> Vec<&'static str> {
    let names = TEXTS.files().filter_map(|file| file.path().file_stem()?.to_str());
    let mut codes: Vec<&str> = names.collect();
    codes.sort_unstable();
    codes
}

/// A named text that spans point into.
#[derive(Debug, PartialEq, Eq)]
pub struct Source {
    /// As the user typed it: `spec.yaml`, `hosting/fly/fly.toml.tera`.
    pub name: String,
    pub text: String,
}

impl Source {
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Arc<Self> {
        Arc::new(Self { name: name.into(), text: text.into() })
    }

    /// 1-based line and column (in characters) of a byte offset.
    pub fn position(&self, offset: usize) -> (usize, usize) {
        let before = self.text.get(..offset).unwrap_or(&self.text);
        let line = before.matches('\n').count() + 1;
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        (line, before[start..].chars().count() + 1)
    }
}

/// A place in a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    pub source: Arc<Source>,
    pub range: Range<usize>,
}

impl Span {
    /// 1-based line of the first byte.
    pub fn line(&self) -> usize {
        let before = self.source.text.as_bytes().iter().take(self.range.start);
        before.filter(|byte| **byte == b'\n').count() + 1
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    Error,
    Warning,
    Note,
}

/// One fault, with where it is and what to write instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable: `OPS` and three digits. `opsgen explain CODE` tells more.
    pub code: &'static str,
    pub level: Level,
    /// What is wrong, in the user's words; one line, no full stop.
    pub message: String,
    pub span: Option<Span>,
    /// What stands under the caret.
    pub label: String,
    /// A second place that matters: the first of two duplicates, the definition that clashes.
    pub related: Vec<(Span, String)>,
    /// What to write instead.
    pub help: Option<String>,
}

impl Diagnostic {
    pub fn error(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(code, Level::Error, message)
    }

    pub fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(code, Level::Warning, message)
    }

    pub fn note(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(code, Level::Note, message)
    }

    fn new(code: &'static str, level: Level, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { code, level, message, span: None, label: String::new(), related: Vec::new(), help: None }
    }

    #[must_use]
    pub fn at(mut self, span: Span) -> Self {
        self.span = Some(span);
        self
    }

    #[must_use]
    pub fn maybe_at(mut self, span: Option<Span>) -> Self {
        self.span = span;
        self
    }

    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    #[must_use]
    pub fn related(mut self, span: Span, label: impl Into<String>) -> Self {
        self.related.push((span, label.into()));
        self
    }

    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    pub fn is_error(&self) -> bool {
        self.level == Level::Error
    }

    /// rustc-style text with a caret under the place.
    pub fn render(&self, colour: bool) -> String {
        let tone = match self.level {
            Level::Error => Tone::ERROR,
            Level::Warning => Tone::WARNING,
            Level::Note => Tone::NOTE,
        };
        let title = tone.primary_title(self.message.as_str()).id(self.code);
        let mut group = Group::with_title(title);
        for snippet in self.snippets() {
            group = group.element(snippet);
        }
        if let Some(help) = &self.help {
            group = group.element(Tone::HELP.message(help.as_str()));
        }
        let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
        renderer.render(&[group])
    }

    fn snippets(&self) -> Vec<Snippet<'_, annotate_snippets::Annotation<'_>>> {
        let primary = self.span.iter().map(|span| (span, AnnotationKind::Primary, self.label.as_str()));
        let related = self.related.iter().map(|(span, label)| (span, AnnotationKind::Context, label.as_str()));
        let mut snippets: Vec<(&Source, Snippet<'_, _>)> = Vec::new();
        for (span, kind, label) in primary.chain(related) {
            let Some(range) = clamp(span) else { continue };
            let annotation = kind.span(range).label((!label.is_empty()).then_some(label));
            match snippets.iter().position(|(source, _)| std::ptr::eq(*source, &*span.source)) {
                Some(at) => {
                    let (source, snippet) = snippets.remove(at);
                    snippets.insert(at, (source, snippet.annotation(annotation)));
                }
                None => {
                    let snippet = Snippet::source(span.source.text.as_str()).path(span.source.name.as_str());
                    snippets.push((&span.source, snippet.annotation(annotation)));
                }
            }
        }
        snippets.into_iter().map(|(_, snippet)| snippet).collect()
    }
}

fn clamp(span: &Span) -> Option<Range<usize>> {
    let text = &span.source.text;
    let end = span.range.end.min(text.len());
    let start = span.range.start.min(end);
    (text.is_char_boundary(start) && text.is_char_boundary(end)).then_some(start..end)
}
