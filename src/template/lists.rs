//! The filters over lists of objects.
//!
//! In: a Tera instance. Out: the instance with `named`, `with`, `without`, `has`, `pluck`, `join`.
//! Refuses: a name that no object of the list has, and values that are no lists.

use tera::{Kwargs, State, Tera, TeraResult, Value};

use super::filters::fault;

pub fn register(tera: &mut Tera) {
    tera.register_filter("named", named);
    tera.register_filter("with", |list: Value, kwargs: Kwargs, _: &State<'_>| filtered(&list, &kwargs, true));
    tera.register_filter("without", |list: Value, kwargs: Kwargs, _: &State<'_>| filtered(&list, &kwargs, false));
    tera.register_filter("has", |list: Value, kwargs: Kwargs, _: &State<'_>| -> TeraResult<bool> {
        if list.is_map() {
            let key = kwargs.must_get::<&str>("key")?;
            return Ok(field(&list, key).is_some_and(Value::is_truthy));
        }
        Ok(filtered(&list, &kwargs, true)?.len().unwrap_or(0) > 0)
    });
    tera.register_filter("pluck", |list: Value, kwargs: Kwargs, _: &State<'_>| -> TeraResult<Value> {
        let key = kwargs.must_get::<&str>("key")?;
        let field =
            |item: &Value| field(item, key).cloned().ok_or_else(|| fault(format!("an item has no field {key:?}")));
        let fields: TeraResult<Vec<Value>> = items(&list)?.iter().map(field).collect();
        Ok(Value::from(fields?))
    });
    tera.register_filter("join", |list: Value, kwargs: Kwargs, _: &State<'_>| -> TeraResult<String> {
        let sep = kwargs.get::<&str>("sep")?.unwrap_or(", ");
        let texts: Vec<String> = items(&list)?.iter().map(ToString::to_string).collect();
        Ok(texts.join(sep))
    });
}

fn items(list: &Value) -> TeraResult<&[Value]> {
    list.as_array().ok_or_else(|| fault(format!("this filter takes a list, not {}", list.name())))
}

/// A field by its dotted path.
fn field<'v>(item: &'v Value, path: &'v str) -> Option<&'v Value> {
    item.get_from_path(path).filter(|value| !value.is_undefined())
}

fn named(list: Value, kwargs: Kwargs, _: &State<'_>) -> TeraResult<Value> {
    let name = kwargs.must_get::<&str>("name")?;
    let names =
        || items(&list).map(|items| items.iter().filter_map(|item| field(item, "name")?.as_str()).collect::<Vec<_>>());
    let found = items(&list)?.iter().find(|item| field(item, "name").and_then(Value::as_str) == Some(name));
    match found {
        Some(item) => Ok(item.clone()),
        None => Err(fault(format!("nothing is named {name:?}; there is {}", names()?.join(", ")))),
    }
}

/// The items whose field equals `value`; without `value`, those whose field is set.
fn filtered(list: &Value, kwargs: &Kwargs, keep: bool) -> TeraResult<Value> {
    let key = kwargs.get::<&str>("key")?;
    let wanted = kwargs.get::<Value>("value")?;
    let matches = |item: &&Value| {
        let found = key.map_or(Some(*item), |key| field(item, key));
        let equal = match &wanted {
            Some(wanted) => found == Some(wanted),
            None => found.is_some_and(Value::is_truthy),
        };
        equal == keep
    };
    Ok(Value::from(items(list)?.iter().filter(matches).cloned().collect::<Vec<_>>()))
}
