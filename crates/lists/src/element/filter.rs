//! Filters of elements: what every element has is compared in its column, own fields by their values.

use engine::call::Call;
use engine::entity::Entity;
use engine::list_params::{self, Test};
use engine::noun::Row;
use store::{Dialect, Param};
use wire::filter::{Filter, Op};
use wire::{Map, Value};

use crate::field;

/// A condition on elements, with the values of its placeholders.
pub type Condition = (String, Vec<Param<'static>>);

/// The parts of the parameter `FILTER`: tests of columns, and conditions on values.
pub fn read(call: &Call<'_, '_>, table: &Entity, fields: &[Row]) -> (Filter, Vec<Condition>) {
    let mut asked = Map::new();
    asked.push("FILTER", call.param("FILTER").cloned().unwrap_or_default());
    let (mut tests, mut conditions) = (Vec::new(), Vec::new());
    for test in list_params::read(&asked, |_| false).tests {
        match fields
            .iter()
            .find(|field| field::key(field) == test.field && test.field.starts_with("PROPERTY_"))
        {
            Some(field) => conditions.push(condition(call, field, &test)),
            None => tests.push(test.into_filter(table)),
        }
    }
    (Filter::All(tests), conditions)
}

/// That an element has a value of the field that passes a test, or none that fails it.
fn condition(call: &Call<'_, '_>, field: &Row, test: &Test) -> Condition {
    let is_negative = matches!(test.op, Op::Ne | Op::NotIn | Op::NotContains | Op::NotLike | Op::NotBetween);
    let has = |of: &str| {
        format!(
            "EXISTS (SELECT 1 FROM lists_value v WHERE v.element_id = t.id AND v.field_id = {}{of})",
            field.number
        )
    };
    let is_nothing = test.value.is_empty() || test.value == Value::Bool(false);
    if is_nothing {
        let absent = if is_negative { "" } else { "NOT " };
        return (format!("{absent}{}", has("")), Vec::new());
    }
    let (mut parts, mut params) = (Vec::new(), Vec::new());
    for value in test.value.each() {
        let (sql, value) = compare(call, field.text("type"), test.op, value);
        parts.push(sql);
        params.push(value);
    }
    let test = any(&parts);
    if is_negative {
        return (format!("NOT {}", has(&format!(" AND ({test})"))), params);
    }
    // From the values to the elements: few have one, and an index leads to them.
    let sql = format!(
        "t.id IN (SELECT v.element_id FROM lists_value v WHERE v.field_id = {} AND ({test}))",
        field.number
    );
    (sql, params)
}

/// That one of these holds, as a tree that is not deep: SQLite bounds the depth.
fn any(parts: &[String]) -> String {
    match parts {
        [] => "1 = 0".to_owned(),
        [one] => one.clone(),
        _ => {
            let (first, second) = parts.split_at(parts.len() / 2);
            format!("({} OR {})", any(first), any(second))
        }
    }
}

fn compare(call: &Call<'_, '_>, kind: &str, op: Op, value: &Value) -> (String, Param<'static>) {
    let text = value.text().unwrap_or_default().trim().to_owned();
    let by = match op {
        Op::Gt => ">",
        Op::Ge => ">=",
        Op::Lt => "<",
        Op::Le => "<=",
        Op::Contains | Op::NotContains | Op::Search => {
            return (Dialect::like("v.value"), format!("%{}%", Dialect::escape(&text)).into());
        }
        Op::Like | Op::NotLike => return (Dialect::like("v.value"), list_params::pattern(&text).into()),
        _ => "=",
    };
    match kind {
        "S:Date" => (format!("v.value {by} ?"), call.clock().read_day(value).unwrap_or_default().into()),
        "S:DateTime" => {
            (format!("v.number {by} ?"), call.clock().read(value).map(|second| second as f64).into())
        }
        "S" | "S:HTML" | "S:ECrm" | "S:Money" if by == "=" && text.contains('%') => {
            (Dialect::like("v.value"), list_params::pattern(&text).into())
        }
        "S" | "S:HTML" | "S:ECrm" | "S:Money" => (format!("fold(v.value) {by} fold(?)"), text.into()),
        _ => (format!("v.number {by} ?"), text.replace(',', ".").parse::<f64>().ok().into()),
    }
}
