//! A part of the portal that is measured by itself: what it is filled with, and what it is asked.

use it::Hook;
use serde_json::Value;

/// What an answer may take.
#[derive(Clone, Copy)]
pub(super) enum Bar {
    /// Twice what it takes with few rows, or 5 ms.
    Read,
    /// Three times.
    Write,
    /// Anything: it is only shown.
    Shown,
}

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Who {
    /// The administrator, who sees everything
    Admin,
    /// An employee, who sees what rights leave
    Ann,
}

/// A call, with parameters for each turn.
#[derive(Clone)]
pub(super) struct Question {
    pub(super) name: &'static str,
    pub(super) who: Who,
    pub(super) method: &'static str,
    /// For the row of that number, of so many.
    pub(super) params: fn(u64, u64) -> Value,
    /// Whether the answer has what it is about.
    pub(super) found: fn(&Value) -> bool,
    pub(super) bar: Bar,
}

/// The webhooks of a fresh portal.
pub(super) struct Hooks {
    pub(super) admin: Hook,
    pub(super) ann: Hook,
}

/// A part.
pub(super) struct Part {
    pub(super) name: &'static str,
    /// What there is so many of.
    pub(super) rows: &'static str,
    /// Adds through the door what all else is copied from.
    pub(super) first: fn(&Hooks) -> Result<(), String>,
    /// SQL that makes the rows from one number to another, of so many.
    pub(super) multiply: fn(u64, u64, u64) -> Vec<String>,
    /// SQL that makes what goes with so many rows.
    pub(super) complete: fn(u64) -> Vec<String>,
    /// The tables that got rows of their own numbers.
    pub(super) tables: &'static [&'static str],
    pub(super) questions: fn() -> Vec<Question>,
}

/// What is asked, and answered with something.
pub(super) fn ask(name: &'static str, method: &'static str, params: fn(u64, u64) -> Value) -> Question {
    Question { name, who: Who::Admin, method, params, found, bar: Bar::Read }
}

impl Question {
    pub(super) fn by(self, who: Who) -> Self {
        Question { who, ..self }
    }

    pub(super) fn bar(self, bar: Bar) -> Self {
        Question { bar, ..self }
    }
}

/// Whether a result has something in it: a row, or rows under a name.
pub(super) fn found(reply: &Value) -> bool {
    fn something(value: &Value, depth: u8) -> bool {
        match value {
            Value::Array(rows) => !rows.is_empty(),
            Value::Object(map) if map.len() == 1 && depth == 0 => {
                map.values().all(|value| something(value, 1))
            }
            Value::Object(map) => !map.is_empty(),
            Value::Null | Value::Bool(false) => false,
            _ => true,
        }
    }
    something(&reply["result"], 0)
}
