//! Users as the wire shows them (protocol 6.1).

use jiff::Timestamp;
use store::Param;
use wire::{Map, Value};

use super::filter;
use engine::call::Call;
use engine::entity::table::Within;
use engine::entity::{Field, Kind};
use engine::error::Result;
use engine::files;
use engine::list_params::Test;
use engine::noun::{Face, Hooks, Row};

/// How many seconds after having been seen somebody still counts as online.
pub const ONLINE: i64 = 24 * 60;

pub(super) struct Users;

impl Hooks for Users {
    /// Bots are no people.
    fn within(&self, _: &Face) -> Option<&'static str> {
        Some("t.bot = ''")
    }

    fn tests(&self) -> &'static [&'static str] {
        &filter::SPECIAL
    }

    fn test(&self, call: &Call<'_, '_>, face: &Face, test: &mut Test) -> Option<Within> {
        filter::test(call.now, face, test)
    }

    /// `super::copy` does that.
    fn is_copied(&self) -> bool {
        false
    }

    fn show(
        &self,
        call: &mut Call<'_, '_>,
        _: &Face,
        rows: &[Row],
        shown: &mut [Map],
        whole: bool,
    ) -> Result<()> {
        for (row, map) in rows.iter().zip(shown) {
            for field in &row.table().fields {
                let Some(value) = map.get_mut(&field.code) else { continue };
                let usual = std::mem::take(value);
                *value = match show(call, row, field, whole) {
                    Some(special) => special,
                    None if !usual.is_empty() => usual,
                    None if field.multiple => Vec::new().into(),
                    None => "".into(),
                };
            }
        }
        Ok(())
    }
}

/// What is not shown as everywhere. The real system prints two moments not as ISO 8601: as text in `user.current`, and in its
/// lists as PHP encodes an object of a class of its own, without anything in it.
fn show(call: &Call<'_, '_>, row: &Row, field: &Field, whole: bool) -> Option<Value> {
    let departments = call.meta.directory.departments_of(row.number);
    Some(match &*field.code {
        "ACTIVE" => (row.text("active") == "Y").into(),
        "TIMESTAMP_X" | "LAST_ACTIVITY_DATE" if !whole => Value::Opaque,
        "TIMESTAMP_X" => call.settings.dates().moment(&call.caller.zone, row.int("timestampX")?).into(),
        "LAST_ACTIVITY_DATE" => {
            let at = Timestamp::from_second(row.int("lastActivityDate")?).unwrap_or_default();
            call.caller.zone.to_datetime(at).strftime("%Y-%m-%d %H:%M:%S").to_string().into()
        }
        "UF_DEPARTMENT" => departments.iter().map(|id| Value::Int(*id)).collect::<Vec<_>>().into(),
        "IS_ONLINE" => {
            let seen = row.int("lastActivityDate");
            if seen.is_some_and(|seen| seen >= call.now.seconds() - ONLINE) { "Y" } else { "N" }.into()
        }
        "USER_TYPE" => if departments.is_empty() { "extranet" } else { "employee" }.into(),
        _ if field.kind == Kind::File => file(call, row, field)?,
        _ => return None,
    })
}

/// The link to a file, of a custom field with what `user.userfield.file.get` asks for.
fn file(call: &Call<'_, '_>, row: &Row, field: &Field) -> Option<Value> {
    let shown = |id: i64| {
        let link = files::link(call.core, id, call.now);
        if field.user.is_none() {
            return link.into();
        }
        let asked = [("id", Value::from(row.number)), ("field", (*field.code).into()), ("value", id.into())];
        let parts =
            [("id", Value::from(id)), ("showUrl", link.into()), ("downloadData", Map::from(asked).into())];
        Value::from(Map::from(parts))
    };
    match row.get(&field.code) {
        Param::Int(id) => Some(shown(*id)),
        Param::Text(_) => {
            let ids = row.json(&field.code);
            let ids = ids.as_array()?.iter().filter_map(serde_json::Value::as_i64);
            Some(ids.map(shown).collect::<Vec<_>>().into())
        }
        _ => None,
    }
}
