//! Calendars as answers show them.

use engine::call::Call;
use engine::error::Result;
use engine::noun::Row;
use wire::{Map, Value};

use crate::date::plain;
use crate::rights::{self, Level};

/// Calendars, with what the caller may do there.
///
/// # Errors
/// Those of the store.
pub fn all(call: &mut Call<'_, '_>, rows: &[Row]) -> Result<Vec<Value>> {
    let ids: Vec<i64> = rows.iter().map(|row| row.number).collect();
    let levels = rights::levels(call, &ids)?;
    let mut access = rights::given(call, &ids)?;
    let shown = rows.iter().map(|row| {
        let level = levels.get(&row.number).copied().unwrap_or(Level::None);
        one(call, row, level, access.remove(&row.number).unwrap_or_default())
    });
    Ok(shown.collect())
}

fn one(call: &Call<'_, '_>, row: &Row, level: Level, access: Vec<(String, Level)>) -> Value {
    let at = |name: &str| plain(&call.caller.zone, row.int(name).unwrap_or(0));
    let number = |name: &str| row.int(name).unwrap_or(0).to_string();
    let mut map = Map::with_capacity(20);
    map.push("ID", row.number.to_string());
    map.push("NAME", row.text("name"));
    map.push("GAPI_CALENDAR_ID", Value::Null);
    map.push("DESCRIPTION", row.text("description"));
    map.push("COLOR", row.text("color"));
    map.push("TEXT_COLOR", row.text("textColor"));
    map.push("EXPORT", export(row));
    map.push("CAL_TYPE", row.text("calType"));
    map.push("OWNER_ID", number("ownerId"));
    map.push("CREATED_BY", number("createdBy"));
    map.push("DATE_CREATE", at("dateCreate"));
    map.push("TIMESTAMP_X", at("timestampX"));
    map.push("CAL_DAV_CON", Value::Null);
    map.push("SYNC_TOKEN", Value::Null);
    map.push("PAGE_TOKEN", Value::Null);
    map.push("EXTERNAL_TYPE", "local");
    let codes = access.into_iter().map(|(code, level)| (code.into(), Value::Int(level.task())));
    map.push("ACCESS", codes.collect::<Map>().into_value());
    map.push("IS_COLLAB", false);
    map.push("PERM", permissions(level));
    map.into_value()
}

/// Whether a calendar may be exported, and how much of it. There is no link, since nothing is exported here.
fn export(row: &Row) -> Value {
    let kept = row.json("export");
    let mut export = Map::with_capacity(2);
    export.push("ALLOW", kept["ALLOW"].as_bool().unwrap_or(false));
    if let Some(set) = kept["SET"].as_str() {
        export.push("SET", set);
    }
    export.into_value()
}

fn permissions(level: Level) -> Value {
    let of = [
        ("view_time", Level::Time),
        ("view_title", Level::Title),
        ("view_full", Level::View),
        ("add", Level::Edit),
        ("edit", Level::Edit),
        ("edit_section", Level::Full),
        ("access", Level::Full),
    ];
    of.into_iter()
        .map(|(name, least)| (name.into(), Value::Bool(level >= least)))
        .collect::<Map>()
        .into_value()
}
