//! Values of fields between the wire and the columns (protocol 6).

use compact_str::{ToCompactString, format_compact};
use jiff::tz::TimeZone;
use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};
use store::{Cell, Param};
use wire::{Fault, Text, Value};

use super::{Field, Kind, Naming, Stored, number};
use crate::moment::{self, Clock};

/// Bytes that a text takes: what a TEXT column of the real system's MySQL holds.
pub const TEXT: usize = 65_535;

/// Bytes that a list takes, as JSON.
const LIST: usize = 4 * TEXT;

/// Letters that a text with an index takes: what such a column holds there.
pub const INDEXED_TEXT: usize = 255;

/// What a column gets for a value of a request; nothing when the column stays as it is: a date that is `null` or
/// cannot be read is passed over (protocol 6.3). A list field takes a list or a single value. What is too long is cut,
/// as there: of a list the members that there is no room for.
///
/// # Errors
/// A number that is too large to be kept.
pub fn take(field: &Field, value: &Value, clock: &Clock<'_>) -> Result<Option<Param<'static>>, Fault> {
    if field.kind == Kind::Json {
        return whole_value(field, value).map(Some);
    }
    if !field.multiple {
        return Ok(take_member(field, first(value), clock)?.map(|taken| cut(field, taken)));
    }
    let mut members: Vec<serde_json::Value> = Vec::new();
    let (mut unread, mut room) = (false, LIST);
    for member in value.each() {
        let Some(taken) = take_member(field, member, clock)? else {
            unread = true;
            continue;
        };
        let Some(member) = to_json(&cut(field, taken)) else { continue };
        // With the comma behind it.
        let Some(left) = room.checked_sub(member.to_string().len() + 1) else { break };
        room = left;
        members.push(member);
    }
    if members.is_empty() {
        return Ok((!unread).then_some(Param::Null));
    }
    Ok(Some(Param::from(serde_json::Value::from(members).to_string())))
}

/// A value as JSON writes it. A part of it would be none, so one that is too long is refused.
fn whole_value(field: &Field, value: &Value) -> Result<Param<'static>, Fault> {
    if *value == Value::Null {
        return Ok(Param::Null);
    }
    let text = String::from_utf8(wire::json::encode(value)).unwrap_or_default();
    if text.len() > LIST { Err(number::out_of_range(field)) } else { Ok(Param::from(text)) }
}

fn cut(field: &Field, value: Param<'static>) -> Param<'static> {
    match value {
        Param::Text(text) => {
            let mut text = text.into_owned();
            let most = match field.indexed {
                true => text.char_indices().nth(INDEXED_TEXT).map_or(text.len(), |(at, _)| at),
                false => text.floor_char_boundary(TEXT),
            };
            text.truncate(most);
            Param::from(text)
        }
        other => other,
    }
}

/// A single field that was given a list takes its first member.
fn first(value: &Value) -> &Value {
    if value.is_array() { value.items().next().unwrap_or(&Value::Null) } else { value }
}

fn take_member(field: &Field, value: &Value, clock: &Clock<'_>) -> Result<Option<Param<'static>>, Fault> {
    let taken = match field.kind {
        Kind::Date | Kind::DateTime => {
            let read = sought(field, value, clock);
            return Ok((read != Param::Null || value.as_str() == Some("")).then_some(read));
        }
        Kind::Integer => Param::from(number::whole(field, value)?),
        Kind::Double => {
            let empty = || field.default.and_then(|default| Value::from(default).as_float());
            Param::from(number::real(field, value)?.or_else(empty))
        }
        Kind::Decimal(scale) => match number::leading(field, value)? {
            Some(number) => {
                Param::from(decimal(&number.into(), scale).ok_or_else(|| number::out_of_range(field))?)
            }
            None => field.default.map_or(Param::Null, |default| Param::from(decimal(&default.into(), scale))),
        },
        Kind::Money => money(field, value)?,
        _ => return Ok(Some(sought(field, value, clock))),
    };
    Ok(Some(accepted(field, taken)))
}

/// What a filter compares a field with, also one of those that a list field holds: NULL for what cannot be read.
pub fn sought(field: &Field, value: &Value, clock: &Clock<'_>) -> Param<'static> {
    let read = match field.kind {
        Kind::Char => Param::from(value.as_flag().map(|flag| if flag { "Y" } else { "N" })),
        Kind::Boolean | Kind::Bool => {
            value.as_flag().map_or(Param::Null, |flag| Param::from(i64::from(flag)))
        }
        Kind::DateTime => Param::from(clock.read(value)),
        Kind::Date => Param::from(clock.read_day(value)),
        Kind::Decimal(scale) => Param::from(decimal(value, scale)),
        Kind::Money => money(field, value).unwrap_or(Param::Null),
        kind => match kind.stored() {
            Stored::Int => Param::from(value.as_int()),
            Stored::Real => Param::from(number::exact(value)),
            Stored::Text => {
                Param::from(value.text().filter(|text| !text.is_empty()).map(std::borrow::Cow::into_owned))
            }
        },
    };
    accepted(field, read)
}

/// A value as the type of a user field wants it.
fn accepted(field: &Field, value: Param<'static>) -> Param<'static> {
    match &field.user {
        Some(user) => user.accept(field.kind, value),
        None => value,
    }
}

/// A decimal number as a whole number of its smallest unit, rounded half away from zero.
fn decimal(value: &Value, scale: u8) -> Option<i64> {
    let text = number::plain(&value.text()?);
    let number = Decimal::from_str_exact(&text).or_else(|_| Decimal::from_scientific(&text)).ok()?;
    smallest_units(number, scale)
}

/// The same of a number that was worked out; `None` when it is too large.
pub fn smallest_units(number: Decimal, scale: u8) -> Option<i64> {
    let mut rounded = number.round_dp_with_strategy(scale.into(), RoundingStrategy::MidpointAwayFromZero);
    rounded.rescale(scale.into());
    i64::try_from(rounded.mantissa()).ok()
}

/// `300|EUR`; a bare sum is in the portal's currency.
fn money(field: &Field, value: &Value) -> Result<Param<'static>, Fault> {
    let text = value.text().unwrap_or_default();
    let (sum, currency) = text.split_once('|').unwrap_or((&text, super::CURRENCY));
    Ok(match number::real(field, &sum.into())? {
        Some(sum) => Param::from(format!("{sum}|{currency}")),
        None => Param::Null,
    })
}

fn to_json(param: &Param<'_>) -> Option<serde_json::Value> {
    match param {
        Param::Null | Param::Blob(_) | Param::List(_) => None,
        Param::Int(i) => Some((*i).into()),
        Param::Real(f) => Some((*f).into()),
        Param::Text(text) => Some(text.as_ref().into()),
    }
}

/// JSON that a column holds; null where it holds none.
pub fn json(value: &Param<'_>) -> serde_json::Value {
    match value {
        Param::Text(text) => serde_json::from_str(text).unwrap_or_default(),
        _ => serde_json::Value::Null,
    }
}

/// A column's value, to be kept; fields have no bytes in theirs.
pub fn owned(cell: Cell<'_>) -> Param<'static> {
    match cell {
        Cell::Null | Cell::Blob(_) => Param::Null,
        Cell::Int(number) => Param::Int(number),
        Cell::Real(number) => Param::Real(number),
        Cell::Text(text) => Param::from(text.to_owned()),
    }
}

/// A column's value as the wire shows it.
pub fn show(field: &Field, cell: Cell<'_>, naming: Naming, zone: &TimeZone) -> Value {
    if field.multiple {
        return show_list(field.kind, cell, naming, zone);
    }
    show_one(field.kind, cell, naming, zone)
}

fn show_list(kind: Kind, cell: Cell<'_>, naming: Naming, zone: &TimeZone) -> Value {
    let Cell::Text(json) = cell else { return Value::List(Vec::new()) };
    let members: Vec<serde_json::Value> = serde_json::from_str(json).unwrap_or_default();
    let show = |member: &serde_json::Value| match member {
        serde_json::Value::String(text) => show_one(kind, Cell::Text(text), naming, zone),
        other => match other.as_i64() {
            Some(i) => show_one(kind, Cell::Int(i), naming, zone),
            None => show_one(kind, Cell::Real(other.as_f64().unwrap_or(0.0)), naming, zone),
        },
    };
    Value::List(members.iter().map(show).collect())
}

fn show_one(kind: Kind, cell: Cell<'_>, naming: Naming, zone: &TimeZone) -> Value {
    match (cell, naming.is_legacy()) {
        (Cell::Null | Cell::Blob(_), legacy) => nothing(kind, legacy),
        (Cell::Int(seconds), _) if kind == Kind::DateTime => Value::Str(moment::print(zone, seconds)),
        (Cell::Int(flag), false) if kind == Kind::Boolean => Value::from(if flag == 0 { "N" } else { "Y" }),
        (Cell::Int(flag), false) if kind == Kind::Bool => Value::Bool(flag != 0),
        (Cell::Text(json), _) if kind == Kind::Json => {
            serde_json::from_str::<serde_json::Value>(json).map_or(Value::Null, Value::from)
        }
        (Cell::Int(units), legacy) if let Kind::Decimal(scale) = kind => {
            let number = Decimal::new(units, scale.into());
            if legacy { Value::Str(number.to_compact_string()) } else { plain_number(number) }
        }
        (Cell::Int(number), true) => Value::Str(number.to_compact_string()),
        (Cell::Int(number), false) => Value::Int(number),
        (Cell::Real(number), true) => Value::Str(format_compact!("{number}")),
        (Cell::Real(number), false) => Value::Float(number),
        (Cell::Text(day), _) if kind == Kind::Date => Value::Str(moment::print_day(zone, day)),
        (Cell::Text(text), _) => Value::Str(Text::new(text)),
    }
}

/// A decimal as JSON writes it: whole numbers without a point.
pub fn plain_number(number: Decimal) -> Value {
    let number = number.normalize();
    match number.to_i64().filter(|_| number.scale() == 0) {
        Some(whole) => Value::Int(whole),
        None => Value::Float(number.to_f64().unwrap_or(0.0)),
    }
}

/// How an empty field looks: legacy dates are `""`, links in `crm.item` are `0`, everything else is `null`.
fn nothing(kind: Kind, legacy: bool) -> Value {
    match kind {
        Kind::Date | Kind::DateTime if legacy => Value::Str(Text::const_new("")),
        Kind::Link(3 | 4) if !legacy => Value::Int(0),
        _ => Value::Null,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::moment::Moment;
    use serde_json::json;

    const CLOCK: Clock<'static> = Clock { zone: &TimeZone::UTC, now: Moment(0) };

    #[test]
    fn long_texts_are_cut_between_letters() {
        let length = |field: Field, value: serde_json::Value| match take(&field, &value.into(), &CLOCK) {
            Ok(Some(Param::Text(text))) => text.len(),
            other => panic!("{other:?}"),
        };
        let long = json!("я".repeat(40_000));
        assert_eq!(length(Field::new("X", Kind::Text, "x"), long.clone()), TEXT - 1);
        assert_eq!(length(Field::new("X", Kind::String, "x").indexed(), long.clone()), 2 * INDEXED_TEXT);
        let list = || Field::new("X", Kind::String, "x").multiple();
        assert_eq!(length(list(), json!([long])), TEXT - 1 + 4);
        assert_eq!(length(list(), json!(vec!["a".repeat(100_000); 100])), 3 * (TEXT + 3) + 1);
    }

    fn given(kind: Kind, value: serde_json::Value) -> Option<Param<'static>> {
        take(&Field::new("X", kind, "x"), &value.into(), &CLOCK).unwrap()
    }

    fn taken(kind: Kind, value: serde_json::Value) -> Param<'static> {
        given(kind, value).unwrap()
    }

    #[test]
    fn values_are_read_by_kind() {
        assert_eq!(taken(Kind::Integer, json!("12")), Param::Int(12));
        assert_eq!(taken(Kind::Integer, json!("12; DROP TABLE")), Param::Int(12));
        assert_eq!(taken(Kind::Integer, json!("many")), Param::Int(0));
        assert_eq!(taken(Kind::Integer, json!("")), Param::Null);
        assert_eq!(taken(Kind::Decimal(2), json!("12,5")), Param::Int(1250));
        assert_eq!(taken(Kind::Char, json!(true)), Param::from("Y"));
        assert_eq!(taken(Kind::Date, json!("31.12.2025")), Param::from("2025-12-31"));
        assert_eq!(taken(Kind::Date, json!("")), Param::Null);
        for unread in [json!("never"), json!(null), json!([])] {
            assert_eq!(given(Kind::Date, unread.clone()), None, "{unread}");
        }
        assert_eq!(taken(Kind::String, json!({"a": "b"})), Param::from("b"));
        assert_eq!(taken(Kind::String, json!([])), Param::Null);
        assert_eq!(taken(Kind::Money, json!("300|EUR")), Param::from("300|EUR"));
        assert_eq!(taken(Kind::Money, json!("1 300,50|EUR")), Param::from("1300.5|EUR"));
        assert_eq!(taken(Kind::Money, json!("much|EUR")), Param::from("0|EUR"));
    }

    #[test]
    fn lists_are_kept_as_json_and_shown_by_kind() {
        let field = Field::new("X", Kind::Enumeration, "x").multiple();
        let taken = take(&field, &json!(["3", "x", 4]).into(), &CLOCK);
        assert_eq!(taken, Ok(Some(Param::from("[3,4]"))));
        let shown = |naming| show(&field, Cell::Text("[3,4]"), naming, &TimeZone::UTC);
        assert_eq!(shown(Naming::Legacy), json!(["3", "4"]).into());
        assert_eq!(shown(Naming::Item), json!([3, 4]).into());
    }

    #[test]
    fn legacy_numbers_are_text_and_item_numbers_are_numbers() {
        let sum = Field::new("OPPORTUNITY", Kind::Decimal(2), "x");
        assert_eq!(
            show(&sum, Cell::Int(100_000_000), Naming::Legacy, &TimeZone::UTC),
            Value::from("1000000.00")
        );
        assert_eq!(show(&sum, Cell::Int(100_000_000), Naming::Item, &TimeZone::UTC), Value::Int(1_000_000));
    }
}
