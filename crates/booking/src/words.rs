//! How the methods refuse, and what their parameters have in common.

use engine::call::Call;
use engine::entity::Naming;
use engine::error::Result;
use engine::method::{Kind, Param, required};
use engine::noun::{CONTROLLER_FAULTS, Face, Faults, Order, Refusal};
use wire::order::{self, Direction};
use wire::{Fault, Map, Value};

/// Members of a list that a request brings, at most.
pub const MOST: usize = 100;
/// Letters of a name.
const NAME: usize = 255;
/// Letters of a longer text.
const TEXT: usize = 10_000;

/// What rows are written and shown with: no methods of its own, and these words for a row that is not there.
pub const fn face(missing: i64, text: &'static str) -> Face {
    Face {
        verbs: &[],
        naming: Naming::Item,
        faults: Faults { missing: Refusal::Numbered(missing, text), ..CONTROLLER_FAULTS },
        ..Face::controller("booking.v1", "row", "rows")
    }
}

/// A refusal whose code is a number.
pub fn numbered(code: i64, text: impl Into<std::borrow::Cow<'static, str>>) -> Fault {
    Fault::numbered(400, code, text)
}

/// These members are missing.
pub fn missing(names: &[&str]) -> Fault {
    numbered(0, format!("Required fields: {}", names.join(", ")))
}

/// A value that a field cannot have.
pub fn unfit(name: &str) -> Fault {
    numbered(422, format!("Invalid value of the field {name}"))
}

/// The parameter that names a row.
pub const fn id(name: &'static str, about: &'static str) -> Param {
    required(name, Kind::Id, about)
}

/// The key in a call.
pub fn key(call: &Call<'_, '_>, name: &str) -> [Value; 1] {
    [Value::Int(call.id(name))]
}

/// A short text of a request; `None` when it is not given.
///
/// # Errors
/// 422 for what is no text, or too long.
pub fn name(given: &Map, name: &str) -> Result<Option<String>> {
    bounded(given, name, NAME)
}

/// A longer one.
///
/// # Errors
/// Likewise.
pub fn text(given: &Map, name: &str) -> Result<Option<String>> {
    bounded(given, name, TEXT)
}

fn bounded(given: &Map, name: &str, most: usize) -> Result<Option<String>> {
    match given.get(name) {
        None => Ok(None),
        Some(Value::Null) => Ok(Some(String::new())),
        Some(value) => match value.text().filter(|text| text.chars().count() <= most) {
            Some(text) => Ok(Some(text.trim().to_owned())),
            None => Err(unfit(name).into()),
        },
    }
}

/// The members of a list in a request.
///
/// # Errors
/// For more than there may be.
pub fn members(call: &Call<'_, '_>, name: &'static str) -> Result<Vec<Map>> {
    let given = call.param(name).cloned().unwrap_or_default();
    if given.items().nth(MOST).is_some() {
        return Err(numbered(0, format!("Too many values in {name}: at most {MOST}.")).into());
    }
    let member = |value: &Value| value.clone().into_map().ok_or_else(|| unfit(name).into());
    given.items().map(member).collect()
}

/// What a list is to be sorted by, of these names and columns; the number otherwise.
pub fn order(call: &Call<'_, '_>, known: &[(&str, &str)]) -> Order {
    let asked = order::parse_lenient(call.param("ORDER").unwrap_or(&Value::Null));
    let column = |(name, direction): &(wire::Text, Direction)| {
        let (_, column) = known.iter().find(|(known, _)| known.eq_ignore_ascii_case(name))?;
        Some((*column, if *direction == Direction::Desc { "DESC" } else { "ASC" }))
    };
    let sorted: Vec<_> = asked.iter().take(known.len()).filter_map(column).collect();
    let number = (!sorted.iter().any(|(column, _)| *column == "t.id")).then_some(("t.id", "ASC"));
    sorted.into_iter().chain(number).fold(Order::default(), |order, (column, word)| order.by(column, word))
}
