//! Our lines between two marks in a file that is the user's.
//!
//! In: a text, the marks. Out: the lines between them, or the text with others, the rest as it was.
//! Refuses: marks that are doubled or torn, and formats that have no comments.

use std::ops::Range;

use crate::format::{Dialect, Syntax};

/// The two lines around our part: `# >>> opsgen: ci/base` and `# <<< opsgen: ci/base`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marks {
    pub begin: String,
    pub end: String,
}

impl Marks {
    /// The marks of a blueprint as a comment of the format; nothing when the format has no comments.
    pub fn of(format: &str, blueprint: &str) -> Option<Self> {
        let (open, close) = comment(format)?;
        let line = |mark: &str| format!("{open}{mark} opsgen: {blueprint}{close}");
        Some(Self { begin: line(">>>"), end: line("<<<") })
    }

    /// Our part of a text, without the marks; nothing when there is none.
    pub fn find(&self, text: &str) -> Result<Option<String>, String> {
        Ok(self.place(text)?.map(|place| text[place.inner].to_owned()))
    }

    /// The text with another part of ours: in its place, or at the end when there was none.
    pub fn put(&self, text: &str, region: &str) -> Result<String, String> {
        let block = format!("{}\n{}{}", self.begin, ended(region), self.end);
        Ok(match self.place(text)? {
            Some(place) => {
                let rest = if text[place.outer.clone()].ends_with('\n') { "\n" } else { "" };
                format!("{}{block}{rest}{}", &text[..place.outer.start], &text[place.outer.end..])
            }
            None => format!("{}{block}\n", ended(text)),
        })
    }

    /// The text without our part and its marks.
    pub fn remove(&self, text: &str) -> Result<String, String> {
        Ok(match self.place(text)? {
            Some(place) => format!("{}{}", &text[..place.outer.start], &text[place.outer.end..]),
            None => text.to_owned(),
        })
    }

    fn place(&self, text: &str) -> Result<Option<Place>, String> {
        let (begins, ends) = (lines(text, &self.begin), lines(text, &self.end));
        match (begins.as_slice(), ends.as_slice()) {
            ([], []) => Ok(None),
            ([begin], [end]) if begin.end <= end.start => {
                Ok(Some(Place { outer: begin.start..end.end, inner: begin.end..end.start }))
            }
            ([_, _, ..], _) => Err(format!("the line `{}` stands more than once", self.begin)),
            (_, [_, _, ..]) => Err(format!("the line `{}` stands more than once", self.end)),
            ([], [_]) => Err(format!("the line `{}` has no `{}` above it", self.end, self.begin)),
            ([_], []) => Err(format!("the line `{}` has no `{}` below it", self.begin, self.end)),
            ([_], [_]) => Err(format!("the line `{}` stands above `{}`", self.end, self.begin)),
        }
    }
}

struct Place {
    /// With the marks.
    outer: Range<usize>,
    inner: Range<usize>,
}

/// Where a line stands, its line end included.
fn lines(text: &str, wanted: &str) -> Vec<Range<usize>> {
    let mut at = 0;
    let mut found = Vec::new();
    for line in text.split_inclusive('\n') {
        if line.trim() == wanted {
            found.push(at..at + line.len());
        }
        at += line.len();
    }
    found
}

fn ended(text: &str) -> String {
    if text.is_empty() || text.ends_with('\n') { text.to_owned() } else { format!("{text}\n") }
}

/// What begins and ends a comment on a line of its own.
fn comment(format: &str) -> Option<(&'static str, &'static str)> {
    match format {
        "jsonc" => return Some(("// ", "")),
        "html" => return Some(("<!-- ", " -->")),
        _ => {}
    }
    match Dialect::named(format).map(Dialect::syntax) {
        Some(Syntax::Json | Syntax::Path) => None,
        Some(Syntax::Markdown) => Some(("<!-- ", " -->")),
        Some(Syntax::Mermaid) => Some(("%% ", "")),
        _ => Some(("# ", "")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks() -> Marks {
        Marks::of("yaml", "ci/base").unwrap()
    }

    const FILE: &str = "a: 1\n# >>> opsgen: ci/base\nx: 1\n# <<< opsgen: ci/base\nb: 2";

    #[test]
    fn the_rest_stays_byte_for_byte() {
        assert_eq!(marks().find(FILE), Ok(Some("x: 1\n".into())));
        assert_eq!(marks().put(FILE, "y: 2").unwrap(), FILE.replace("x: 1", "y: 2"));
        assert_eq!(marks().remove(FILE).unwrap(), "a: 1\nb: 2");
        let last = FILE.trim_end_matches("\nb: 2");
        assert_eq!(marks().put(last, "y: 2\n").unwrap(), last.replace("x: 1", "y: 2"), "no line end is added");
        let empty = FILE.replace("x: 1\n", "");
        assert_eq!((marks().find(&empty), marks().put(FILE, "").unwrap()), (Ok(Some(String::new())), empty.clone()));
    }

    #[test]
    fn it_begins_at_the_end_of_the_file() {
        let put = marks().put("a: 1", "x: 1\n").unwrap();
        assert_eq!(put, "a: 1\n# >>> opsgen: ci/base\nx: 1\n# <<< opsgen: ci/base\n");
        assert_eq!((marks().remove(&put).unwrap().as_str(), marks().find("a: 1")), ("a: 1\n", Ok(None)));
        assert_eq!(Marks::of("yaml", "ci/other").unwrap().find(&put), Ok(None));
    }

    #[test]
    fn doubled_and_torn_marks_are_refused() {
        let line = |mark| format!("# {mark} opsgen: ci/base\n");
        let (begin, end) = (line(">>>"), line("<<<"));
        for torn in [begin.clone(), end.clone(), format!("{end}{begin}"), format!("{begin}{end}{begin}{end}")] {
            assert!(marks().find(&torn).is_err() && marks().put(&torn, "").is_err() && marks().remove(&torn).is_err());
        }
    }

    #[test]
    fn marks_are_comments_of_the_format() {
        let begin = |format| Marks::of(format, "docs").map(|marks| marks.begin);
        assert_eq!(begin("markdown").unwrap(), "<!-- >>> opsgen: docs -->");
        assert_eq!((begin("jsonc").unwrap().as_str(), begin("json")), ("// >>> opsgen: docs", None));
    }
}
