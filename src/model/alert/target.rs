//! What an alert is about: the items of its `for_each`.
//!
//! In: `service in environment.services`, or a list for nesting. Out: one scope an item.
//! Refuses: text that isn't `NAME in PATH`.

use super::super::fact::Value;
use super::words::Scope;
use crate::catalog::alert::OneOrMany;

/// An item of `for_each` with the name that the template gives it.
pub type Item<'m> = (String, &'m Value);

pub fn expand<'m>(for_each: Option<&OneOrMany>, start: &Scope<'m>) -> Result<Vec<(Scope<'m>, Vec<Item<'m>>)>, String> {
    let mut scopes = vec![(start.clone(), Vec::new())];
    for level in for_each.map_or_else(Vec::new, OneOrMany::items) {
        let (name, path) = level.split_once(" in ").ok_or_else(|| format!("`{level}` is not `NAME in PATH`"))?;
        let (name, path) = (name.trim(), path.trim());
        let mut next = Vec::new();
        for (scope, items) in scopes {
            for value in scope.get(path).as_array().unwrap_or_default() {
                let mut scope = scope.clone();
                scope.bind(name, value);
                let mut items = items.clone();
                items.push((name.to_owned(), value));
                next.push((scope, items));
            }
        }
        scopes = next;
    }
    Ok(scopes)
}
