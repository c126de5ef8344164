//! `calendar.event.delete`.

use engine::access::Act;
use engine::call::Call;
use engine::error::Result;
use engine::method::{Kind, Method, optional, required, write};
use engine::noun::{self, Row};
use serde_json::json;
use wire::{Fault, Value};

use super::times::Times;
use super::update::touch;
use super::{EVENT, FACE, meeting, series};
use crate::SCOPE;
use crate::refusal::Checked;

/// The methods.
pub fn methods() -> Vec<Method> {
    vec![
        write("calendar.event.delete", SCOPE, delete)
            .own_words()
            .about("Deletes an event with the copies of its attendees. Who is invited declines in this way.")
            .param(required("id", Kind::Id, "Event"))
            .param(optional("recurrence_mode", Kind::Text, "What goes of a series: this, next or all"))
            .param(optional(
                "current_date_from",
                Kind::Text,
                "Day of the event that goes, or with which they begin",
            ))
            .example(json!({"id": 3}), json!(true)),
    ]
}

fn failed() -> Fault {
    Fault::crm("An error occurred while deleting the event")
}

fn delete(call: &mut Call<'_, '_>) -> Result<Value> {
    if call.param("id").is_none_or(Value::is_empty) {
        return Err(Fault::crm("Event id not specified").into());
    }
    let scope = EVENT.grant(call, Act::Delete)?;
    let Some(row) = noun::one(call, &EVENT, &scope, call.id("id"))? else { return Err(failed().into()) };
    if row.int("parentId").is_some() {
        meeting::answer(call, &row, "N")?;
        crate::notice::answered(call, &row)?;
        return Ok(true.into());
    }
    match left(call, &row)? {
        Some(left) => touch(call, &row, &left)?,
        None => {
            meeting::cancel(call, &row)?;
            noun::delete(call, &EVENT, &FACE, &[row.number.into()])?;
        }
    }
    Ok(true.into())
}

/// What stays of a series of which a part is to go; `None` when all of it goes.
fn left(call: &Call<'_, '_>, row: &Row) -> Checked<Option<Times>> {
    let times = Times::of(row);
    let mode = call.text("recurrence_mode").unwrap_or_default().to_lowercase();
    if times.rule.is_none() || !["this", "next"].contains(&mode.as_str()) {
        return if ["", "all", "this", "next"].contains(&mode.as_str()) { Ok(None) } else { Err(failed()) };
    }
    let one = series::occurrence(call, &times, &failed())?;
    match mode.as_str() {
        "this" => series::without(&times, one.day, &failed()).map(Some),
        _ => Ok(series::before(&times, one.day)),
    }
}
