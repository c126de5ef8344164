//! The syntax of a list's `order` (protocol 5.2, 5.3).

use crate::{Text, Value};

/// Which end comes first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Direction {
    /// `ASC`, in any case
    #[default]
    Asc,
    /// `DESC`, in any case
    Desc,
}

/// Why an order cannot be read. Each family of methods has its own wording.
#[derive(Clone, Debug, PartialEq)]
pub enum Invalid {
    /// It is no array.
    NotAnArray,
    /// A direction that is none.
    Direction {
        /// The field it was given for.
        field: Text,
        /// The given value; empty for an array.
        given: Text,
    },
}

/// Reads `{"FIELD":"ASC"}` in order; no order is the empty one.
///
/// # Errors
///
/// [`Invalid`], for the first thing that is.
pub fn parse(order: &Value) -> Result<Vec<(Text, Direction)>, Invalid> {
    if !order.is_array() && !order.is_empty() {
        return Err(Invalid::NotAnArray);
    }
    let read = |(field, value): (_, &Value)| {
        let field = Text::from(field);
        match direction(value) {
            Some(direction) => Ok((field, direction)),
            None => Err(Invalid::Direction { field, given: value.text().unwrap_or_default().into() }),
        }
    };
    order.entries().map(read).collect()
}

/// Reads an order as the legacy CRM lists do: names in any case, and every direction but `ASC` is `DESC`. What is no
/// array orders nothing.
pub fn parse_legacy(order: &Value) -> Vec<(Text, Direction)> {
    let read = |(field, value): (std::borrow::Cow<'_, str>, &Value)| {
        (Text::from(field.to_ascii_uppercase()), direction(value).unwrap_or(Direction::Desc))
    };
    order.entries().map(read).collect()
}

/// Reads an order as lists of users do: what is no array orders nothing, what is no direction is `ASC`.
pub fn parse_lenient(order: &Value) -> Vec<(Text, Direction)> {
    order.entries().map(|(field, value)| (Text::from(field), direction(value).unwrap_or_default())).collect()
}

/// The direction a value spells; `None` when it is none.
pub fn direction(value: &Value) -> Option<Direction> {
    match value.as_str()?.trim() {
        word if word.eq_ignore_ascii_case("asc") => Some(Direction::Asc),
        word if word.eq_ignore_ascii_case("desc") => Some(Direction::Desc),
        _ => None,
    }
}
