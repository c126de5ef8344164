//! What a smart process means: which numbers it may have, how many there may be, and what is made and unmade with it.

use engine::call::Call;
use engine::copy::Copying;
use engine::error::Result;
use engine::noun::{Draft, Face, Hooks, Row, Saved, Verb};
use engine::state;
use engine::texts::Locale;
use store::Param;
use wire::{Fault, Map, Value};

use super::kept::Types;
use super::{describe, making, relations};
use crate::solution;

/// Types that a portal may have.
const MOST: usize = 64;

/// The numbers that are free for a request to choose: one range, and even ones from here on.
const OLDER: std::ops::RangeInclusive<i64> = 128..=191;
const FIRST: i64 = 1030;

/// Beyond this a number is no number of a type.
const LAST: i64 = 1_000_000;

/// Under which the last number that was given is remembered: a number never comes again by itself.
const LAST_GIVEN: &str = "last_type";

pub(super) struct Rules;

impl Hooks for Rules {
    /// Settings are the business of administrators; others ask for one type.
    fn admit(&self, call: &mut Call<'_, '_>, face: &Face, verb: Verb) -> Result<()> {
        match verb == Verb::Get || call.caller.is_admin {
            true => Ok(()),
            false => Err(face.faults.unwritable.fault().into()),
        }
    }

    fn prepare(
        &self,
        call: &mut Call<'_, '_>,
        _: &Face,
        draft: &mut Draft<'_>,
        old: Option<&Row>,
    ) -> Result<()> {
        complete(draft, old);
        solution::require(call, draft)?;
        if old.is_some() {
            return Ok(());
        }
        if Types::of(&call.meta).list.len() >= MOST {
            let text = "Maximum number of SPAs exceeded";
            return Err(Fault::new(400, "CREATE_DYNAMIC_TYPE_RESTRICTED", text).into());
        }
        let number = match draft.int("entityTypeId") {
            Some(number) if is_free(number) => number,
            None => next(call)?,
            Some(_) => return Err(Fault::invalid_value("entityTypeId is out of allowed range").into()),
        };
        draft.set("entityTypeId", number);
        Ok(())
    }

    fn saved(&self, call: &mut Call<'_, '_>, _: &Face, saved: &Saved<'_>) -> Result<()> {
        call.meta_changed()?;
        if saved.old.is_none() {
            making::make(call, saved.row)?;
        }
        match (saved.given.get("relations"), saved.row.int("entityTypeId")) {
            (Some(given), Some(number)) => relations::replace(call, number, given),
            _ => Ok(()),
        }
    }

    /// Types get their tables, and what stands under what once all of them are there.
    fn copied(&self, copying: &mut Copying<'_, '_>, _: &Face, rows: &[(i64, Map)]) -> Result<()> {
        for (_, row) in rows {
            let Some(number) = row.get("entityTypeId").and_then(Value::as_int) else { continue };
            match row.get("relations") {
                Some(given) => relations::copy(copying, number, given)?,
                None => making::copy(copying, number)?,
            }
        }
        // Of relations and of what roles may do.
        copying.meta_changed()
    }

    fn deleting(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        making::unmake(call, row)
    }

    fn show(
        &self,
        call: &mut Call<'_, '_>,
        _: &Face,
        rows: &[Row],
        shown: &mut [Map],
        whole: bool,
    ) -> Result<()> {
        describe::show(call, rows, shown, whole)
    }

    fn describe(&self, _: &Face, fields: &mut Map, _: Locale) {
        describe::describe(fields);
    }
}

/// What a request empties stays as it was; custom fields are linked or not.
fn complete(draft: &mut Draft<'_>, old: Option<&Row>) {
    let switches = super::TYPE.fields.iter().filter(|field| field.name.starts_with("is"));
    for field in switches {
        if draft.get(field.name) == Some(&Param::Null) {
            draft.leave(field.name);
        }
    }
    if old.is_none() && draft.text("code").is_none() {
        draft.set("code", "");
    }
    if let Some(given) = draft.text("linkedUserFields").map(str::to_owned) {
        let given = serde_json::from_str::<serde_json::Value>(&given).unwrap_or_default();
        draft.set("linkedUserFields", describe::linked(&Value::from(given)).to_string());
    }
}

fn is_free(number: i64) -> bool {
    OLDER.contains(&number) || ((FIRST..=LAST).contains(&number) && number % 2 == 0)
}

/// The next number for a type that asks for none.
fn next(call: &mut Call<'_, '_>) -> Result<i64> {
    let given = state::get(call.tx, LAST_GIVEN)?.and_then(|text| text.parse().ok());
    let used = Types::of(&call.meta).list.iter().map(|kind| kind.entity_type_id);
    let last = used.filter(|number| *number >= FIRST).chain(given).max();
    let number = last.map_or(FIRST, |last: i64| last + 2);
    state::set(call.tx, LAST_GIVEN, &number.to_string())?;
    Ok(number)
}
