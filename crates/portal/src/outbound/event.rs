//! An event, declared once beside the methods that raise it. What can be subscribed to, the console's list,
//! test events and the documentation are derived from the declarations.

use serde_json::Value;

/// An event's declaration.
#[derive(Clone, Debug)]
pub struct Event {
    /// Its name, in capitals.
    pub name: String,
    /// The scope it belongs to.
    pub scope: &'static str,
    /// What it tells, in one line.
    pub about: String,
    /// An example of its `data`.
    pub data: Value,
}

/// Declares an event.
pub fn event(name: impl Into<String>, scope: &'static str, about: impl Into<String>, data: Value) -> Event {
    Event { name: name.into(), scope, about: about.into(), data }
}
