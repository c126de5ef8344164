//! The people whose working days are asked for.

use engine::call::Call;
use engine::directory;
use engine::error::Result;
use jiff::tz::TimeZone;
use serde_json::json;
use wire::{Fault, Map, Value};

/// Whether the caller may manage the working days of somebody: of oneself, as a head and as an administrator.
pub fn manages(call: &Call<'_, '_>, user: i64) -> bool {
    let me = call.caller.user_id;
    user == me || call.caller.is_admin || call.meta.directory.is_above(me, user)
}

/// The active user that a request names by `USER_ID`, by default the caller.
///
/// # Errors
/// The refusals of one who is not there, or not the caller's to manage.
pub fn named(call: &mut Call<'_, '_>) -> Result<i64> {
    let given = call.param("USER_ID").filter(|user| !user.is_empty());
    let user = match given {
        None => return Ok(call.caller.user_id),
        Some(user) => user.as_int().filter(|user| *user > 0),
    };
    let missing = || Fault::crm("User not found");
    let user = user.ok_or_else(missing)?;
    if !directory::is_active(call.tx, user)? {
        return Err(missing().into());
    }
    if manages(call, user) { Ok(user) } else { Err(Fault::crm("Access denied").into()) }
}

/// Whether the caller leads anybody: as a head, and as an administrator.
pub fn leads(call: &Call<'_, '_>) -> bool {
    call.caller.is_admin || !call.meta.directory.people_of(call.caller.user_id).is_empty()
}

/// What is known of a user, by the names of fields.
///
/// # Errors
/// Those of the store.
pub fn row(call: &mut Call<'_, '_>, user: i64) -> Result<Value> {
    let users = call.ask("user.get", json!({"ID": user}))?.unwrap_or_default();
    Ok(users.items().next().cloned().unwrap_or_default())
}

/// The zone in which a user lives.
///
/// # Errors
/// Those of the store.
pub fn zone(call: &mut Call<'_, '_>, user: i64) -> Result<TimeZone> {
    if user == call.caller.user_id {
        return Ok(call.caller.zone.clone());
    }
    let person = row(call, user)?;
    let name = person.get("TIME_ZONE").and_then(Value::text).unwrap_or_default();
    Ok(TimeZone::get(&name).unwrap_or_else(|_| call.caller.zone.clone()))
}

/// A user as reports show one, by what is known of the user.
pub fn shown(user: i64, person: &Value) -> Value {
    let text = |name: &str| person.get(name).and_then(Value::text).unwrap_or_default().into_owned();
    let mut map = Map::with_capacity(9);
    map.push("id", user);
    map.push("active", person.get("ACTIVE").and_then(Value::as_flag).unwrap_or(true));
    map.push("name", format!("{} {}", text("NAME"), text("LAST_NAME")).trim());
    map.push("first_name", text("NAME"));
    map.push("last_name", text("LAST_NAME"));
    map.push("work_position", text("WORK_POSITION"));
    map.push("avatar", text("PERSONAL_PHOTO"));
    map.push("personal_gender", text("PERSONAL_GENDER"));
    map.push("last_activity_date", text("LAST_ACTIVITY_DATE"));
    map.into_value()
}
