//! A TOML text as the list of its headers and keys, in their order, with the comments above each.
//!
//! In: text. Out: units that, put together, are the text again. Refuses: what isn't TOML, two units of one identity.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use toml_edit::{Document, Item, Table, Value};

/// Arrays of tables and the keys that tell their tables apart.
pub type Keys = BTreeMap<String, Vec<String>>;

/// A header or a key with its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit<'a> {
    /// Path of the key, or of the header in brackets.
    pub id: String,
    /// Header of the section in which it stands; empty at the top.
    pub section: String,
    /// Blank lines and comments above.
    pub lead: &'a str,
    /// The lines themselves.
    pub body: &'a str,
    /// Where in the body the value stands; nothing for a header.
    pub value: Option<Range<usize>>,
    /// The value without its form; empty for a header.
    pub means: String,
}

impl Unit<'_> {
    pub fn text(&self) -> String {
        format!("{}{}", self.lead, self.body)
    }

    pub fn is_header(&self) -> bool {
        self.value.is_none()
    }

    /// Comments above, without blank lines.
    pub fn comments(&self) -> Vec<&str> {
        comments(self.lead)
    }
}

pub fn comments(lead: &str) -> Vec<&str> {
    lead.lines().map(str::trim).filter(|line| !line.is_empty()).collect()
}

/// The whole text in units.
#[derive(Debug)]
pub struct Layout<'a> {
    /// Comments that begin the file.
    pub preamble: &'a str,
    pub units: Vec<Unit<'a>>,
    /// Comments that end the file.
    pub epilogue: &'a str,
    /// Beginnings of identities that nothing but the order gives.
    pub counted: BTreeSet<String>,
    places: BTreeMap<String, usize>,
}

impl<'a> Layout<'a> {
    /// Reads a text that ends with a line end.
    pub fn of(text: &'a str, keys: &Keys) -> Option<Self> {
        let document = Document::parse(text).ok()?;
        let mut found = Found { text, keys, statements: Vec::new(), counted: BTreeSet::new() };
        found.table(document.as_table(), "", "", "")?;
        let Found { mut statements, counted, .. } = found;
        statements.sort_by_key(|statement| statement.lines.start);
        let preamble = preamble(text, statements.first().map_or(text.len(), |first| first.lines.start));
        let mut at = preamble;
        let mut units = Vec::new();
        for Statement { lines, unit } in statements {
            units.push(Unit { lead: text.get(at..lines.start)?, ..unit });
            at = lines.end;
        }
        let places: BTreeMap<String, usize> =
            units.iter().enumerate().map(|(at, unit): (usize, &Unit<'_>)| (unit.id.clone(), at)).collect();
        let distinct = places.len() == units.len();
        distinct.then_some(Self { preamble: &text[..preamble], epilogue: &text[at..], units, counted, places })
    }

    pub fn find(&self, id: &str) -> Option<&Unit<'a>> {
        self.units.get(self.place(id)?)
    }

    pub fn place(&self, id: &str) -> Option<usize> {
        self.places.get(id).copied()
    }

    /// The units of one section, its header first.
    pub fn section<'s>(&'s self, id: &'s str) -> impl Iterator<Item = &'s Unit<'a>> {
        self.units.iter().filter(move |unit| unit.section == id)
    }

    /// What the keys mean, by identity.
    pub fn meaning(&self) -> BTreeMap<&str, &str> {
        self.units.iter().map(|unit| (unit.id.as_str(), unit.means.as_str())).collect()
    }
}

/// The comments of the first lines, with the blank line that ends them.
fn preamble(text: &str, until: usize) -> usize {
    let mut end = 0;
    for line in text[..until].split_inclusive('\n') {
        end += line.len();
        if line.trim().is_empty() {
            break;
        }
    }
    end
}

struct Statement<'a> {
    lines: Range<usize>,
    unit: Unit<'a>,
}

struct Found<'a, 'k> {
    text: &'a str,
    keys: &'k Keys,
    statements: Vec<Statement<'a>>,
    counted: BTreeSet<String>,
}

impl<'a> Found<'a, '_> {
    /// `path` is the identity of the table, `name` its path without what tells the tables of an array apart.
    fn table(&mut self, table: &Table, path: &str, name: &str, section: &str) -> Option<()> {
        for (key, item) in table.iter() {
            let path = join(path, &format!("{key:?}"));
            let name = join(name, key);
            match item {
                Item::None => {}
                Item::Value(value) => self.value(&path, section, table.key(key)?.span()?, value)?,
                Item::Table(inner) if inner.is_dotted() => self.table(inner, &path, &name, section)?,
                Item::Table(inner) => self.headed(inner, &path, &name)?,
                Item::ArrayOfTables(tables) => {
                    for (at, inner) in tables.iter().enumerate() {
                        let path = format!("{path}{}", self.identity(inner, &path, &name, at));
                        self.headed(inner, &path, &name)?;
                    }
                }
            }
        }
        Some(())
    }

    fn identity(&mut self, table: &Table, path: &str, name: &str, at: usize) -> String {
        let Some(keys) = self.keys.get(name) else {
            self.counted.insert(format!("{path}#"));
            return format!("#{at}");
        };
        let values = keys.iter().map(|key| table.get(key).and_then(Item::as_value).map(meaning).unwrap_or_default());
        format!("<{}>", values.collect::<Vec<_>>().join(" "))
    }

    fn headed(&mut self, table: &Table, path: &str, name: &str) -> Option<()> {
        if table.is_implicit() {
            return self.table(table, path, name, "");
        }
        let id = format!("[{path}]");
        let lines = self.lines(table.span()?.start, table.span()?.start)?;
        let body = &self.text[lines.clone()];
        let unit = Unit { id: id.clone(), section: id.clone(), lead: "", body, value: None, means: String::new() };
        self.statements.push(Statement { lines, unit });
        self.table(table, path, name, &id)
    }

    fn value(&mut self, path: &str, section: &str, key: Range<usize>, value: &Value) -> Option<()> {
        let span = value.span()?;
        let lines = self.lines(key.start, span.end)?;
        let within = span.start.checked_sub(lines.start)?..span.end - lines.start;
        let body = &self.text[lines.clone()];
        let (id, section) = (path.to_owned(), section.to_owned());
        let unit = Unit { id, section, lead: "", body, value: Some(within), means: meaning(value) };
        self.statements.push(Statement { lines, unit });
        Some(())
    }

    /// The whole lines from one place to another.
    fn lines(&self, start: usize, end: usize) -> Option<Range<usize>> {
        let from = self.text.get(..start)?.rfind('\n').map_or(0, |at| at + 1);
        let to = self.text.get(end..)?.find('\n').map_or(self.text.len(), |at| end + at + 1);
        Some(from..to)
    }
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

/// A value without its form: `0x10` and `16` are the same.
pub fn meaning(value: &Value) -> String {
    match value {
        Value::String(text) => format!("{:?}", text.value()),
        Value::Integer(number) => number.value().to_string(),
        Value::Float(number) => format!("{:?}", number.value()),
        Value::Boolean(truth) => truth.value().to_string(),
        Value::Datetime(time) => time.value().to_string(),
        Value::Array(items) => format!("[{}]", items.iter().map(meaning).collect::<Vec<_>>().join(",")),
        Value::InlineTable(table) => {
            let inner: BTreeMap<String, String> =
                table.iter().map(|(key, value)| (format!("{key:?}"), meaning(value))).collect();
            format!("{inner:?}")
        }
    }
}
