//! The functions of templates: pinned references, fragments and slots.
//!
//! In: a Tera instance, its dialect and what the functions answer from. Out: the instance with functions.
//! Refuses: an action, image or tool that no data file knows, and a slot that the platform doesn't fill.

use std::sync::{Arc, Weak};

use tera::{Context, Kwargs, State, Tera, TeraResult, Value};

use super::engine::Shared;
use super::facts::Slot;
use super::filters::fault;
use super::{recorder, trace};
use crate::format::{AUTHORED, Dialect, Host};

pub fn register(tera: &mut Tera, dialect: Dialect, shared: &Weak<Shared>) {
    let lookup = |tera: &mut Tera, name: &'static str, shared: Weak<Shared>| {
        tera.register_function(name, move |kwargs: Kwargs, _: &State<'_>| -> TeraResult<Value> {
            let shared = upgrade(&shared)?;
            let asked = kwargs.must_get::<&str>("name")?;
            let reference = shared.facts.reference(name, asked).map_err(fault)?;
            recorder::note(recorder::subject(name, asked), reference.as_str().unwrap_or_default());
            Ok(reference)
        });
    };
    for name in ["pin", "image", "tool"] {
        lookup(tera, name, shared.clone());
    }
    let weak = shared.clone();
    tera.register_function("fragment", move |kwargs: Kwargs, state: &State<'_>| -> TeraResult<Value> {
        let name = kwargs.must_get::<&str>("name")?;
        let shared = upgrade(&weak)?;
        let text = shared.render_in(Dialect::of_file(name), name, state)?;
        let text = if shared.traced { trace::unmark(&text) } else { text };
        // Where the host has no escape, its variables are only let through in text that an author wrote.
        let authored = dialect.host() == Host::Variable;
        Ok(Value::from(if authored { format!("{AUTHORED}{text}") } else { text }))
    });
    let weak = shared.clone();
    tera.register_function("slot", move |kwargs: Kwargs, state: &State<'_>| -> TeraResult<Value> {
        let shared = upgrade(&weak)?;
        let name = kwargs.must_get::<&str>("name")?;
        match shared.facts.slot(&platform(state)?, name).map_err(fault)? {
            Slot::File(path) => shared.render_in(dialect, &path, state).map(|text| Value::safe_string(&text)),
            Slot::Unsupported(_) => Ok(Value::safe_string("")),
        }
    });
}

fn upgrade(shared: &Weak<Shared>) -> TeraResult<Arc<Shared>> {
    shared.upgrade().ok_or_else(|| fault("the templates are gone"))
}

/// The platform of the environment at hand when it has its own, else the model's.
fn platform(state: &State<'_>) -> TeraResult<String> {
    let own = state.get::<Value>("environment")?;
    let model = state.get::<Value>("m")?;
    let id = |value: &Option<Value>| value.as_ref()?.get_from_path("platform.id")?.as_str().map(str::to_owned);
    id(&own).or_else(|| id(&model)).ok_or_else(|| fault("no platform is chosen, so `slot()` has nothing to take from"))
}

impl Shared {
    /// Renders a file in its own dialect, with every variable that is visible where the function is called.
    fn render_in(&self, dialect: Dialect, name: &str, state: &State<'_>) -> TeraResult<String> {
        let mut context = Context::new();
        for variable in self.variables() {
            if let Some(value) = state.get::<Value>(variable)? {
                context.insert_value(variable.clone(), value);
            }
        }
        self.render(dialect, name, &context)
    }
}
