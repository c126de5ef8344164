//! Users as calls name them, by their number or by their extension, and whether each has a telephone:
//! `voximplant.user.*`.

use std::collections::HashMap;

use engine::call::{Call, Caller};
use engine::directory;
use engine::entity::Kind;
use engine::error::{Result, refusal};
use engine::input::yes_no;
use engine::method::{self, Method, read, required, write};
use engine::noun::{self, Access, Face, ID, Noun, field, noun};
use serde_json::json;
use wire::{Fault, Map, Value};

use crate::SCOPE;

/// Telephones of users. They are connected to nothing: whether one is turned on is all that is known of it.
pub static PHONE: Noun = Noun {
    access: Access::Administrators,
    fields: &[
        ID,
        field("userId", Kind::User, "User").required().unique().indexed(),
        field("enabled", Kind::Char, "On").default("N"),
    ],
    faces: &[Face { verbs: &[], ..Face::flat("voximplant.user", "USER_ID") }],
    ..noun("telephony.phone", "telephony_phone", SCOPE, ["telephone", "telephones"])
};

/// Users that one call asks for.
const MOST: usize = 500;

/// Users that `user.get` gives at once.
const PAGE: usize = 50;

/// The methods.
pub fn methods() -> Vec<Method> {
    let user = || required("USER_ID", method::Kind::Id, "User");
    vec![
        read("voximplant.user.get", SCOPE, settings)
            .own_words()
            .about("Returns the telephony settings of users.")
            .param(required("USER_ID", method::Kind::Any, "User, or a list of users"))
            .example(
                json!({"USER_ID": [1, 2]}),
                json!([{"ID": "1", "PHONE_ENABLED": "Y", "INNER_NUMBER": "11"}, {"ID": "2", "PHONE_ENABLED": "N"}]),
            ),
        write("voximplant.user.activatePhone", SCOPE, |call| switch(call, "Y"))
            .own_words()
            .about("Turns on the telephone of a user.")
            .param(user())
            .example(json!({"USER_ID": 2}), json!(1)),
        write("voximplant.user.deactivatePhone", SCOPE, |call| switch(call, "N"))
            .own_words()
            .about("Turns off the telephone of a user.")
            .param(user())
            .example(json!({"USER_ID": 2}), json!(1)),
    ]
}

/// The active user that a request names by `USER_ID` or `USER_PHONE_INNER`.
///
/// # Errors
/// The refusals of none, and of one who is not there or was dismissed.
pub fn named(call: &mut Call<'_, '_>) -> Result<i64> {
    let id = match (call.id("USER_ID"), call.text("USER_PHONE_INNER")) {
        (id, _) if id > 0 => Some(id),
        (_, Some(extension)) => with_extension(call, extension.trim())?,
        _ => return Err(Fault::core("USER_ID or USER_PHONE_INNER should be set").into()),
    };
    match id {
        Some(id) if directory::is_active(call.tx, id)? => Ok(id),
        _ => Err(Fault::core("User is not found or is not active").into()),
    }
}

/// A user as a caller, with the rights that are that user's own.
///
/// # Errors
/// Those of the store.
pub fn as_caller(call: &mut Call<'_, '_>, user: i64) -> Result<Caller> {
    let person = directory::people(call.tx, &[user])?.remove(&user);
    Ok(call.caller.as_user(user, person.is_some_and(|person| person.is_admin)))
}

/// The user with that extension.
fn with_extension(call: &mut Call<'_, '_>, extension: &str) -> Result<Option<i64>> {
    let found = call.ask("user.get", json!({"FILTER": {"UF_PHONE_INNER": extension, "ACTIVE": true}}))?;
    let has_it =
        |user: &&Value| user.get("UF_PHONE_INNER").and_then(Value::text).as_deref() == Some(extension);
    let user = found.as_ref().and_then(|users| users.items().find(has_it));
    Ok(user.and_then(|user| user.get("ID")).and_then(Value::as_int))
}

/// What is told of who is responsible for a client: how to reach the person, and whether at work.
///
/// # Errors
/// Those of the store.
pub fn reachable(call: &mut Call<'_, '_>, user: i64) -> Result<Map> {
    let users = call.ask("user.get", json!({"ID": user}))?;
    let person = users.as_ref().and_then(|users| users.items().next());
    let mut map = Map::with_capacity(6);
    map.push("ID", user.to_string());
    map.push("TIMEMAN_STATUS", working_day(call, user)?);
    for (name, field) in [
        ("USER_PHONE_INNER", "UF_PHONE_INNER"),
        ("WORK_PHONE", "WORK_PHONE"),
        ("PERSONAL_PHONE", "PERSONAL_PHONE"),
        ("PERSONAL_MOBILE", "PERSONAL_MOBILE"),
    ] {
        let value = person.and_then(|person| person.get(field));
        map.push(name, value.filter(|value| !value.is_empty()).cloned());
    }
    Ok(map)
}

/// The state of a person's working day; nothing where nobody keeps it.
fn working_day(call: &mut Call<'_, '_>, user: i64) -> Result<Value> {
    let caller = as_caller(call, user)?;
    let day = refusal(call.ask_as(&caller, "timeman.status", json!({})))?.ok().flatten();
    Ok(day.and_then(|day| day.get("STATUS").cloned()).unwrap_or_default())
}

fn settings(call: &mut Call<'_, '_>) -> Result<Value> {
    let named = call.param("USER_ID").filter(|users| !users.is_empty()).cloned().ok_or_else(unnamed)?;
    let users: Vec<i64> = named.each().filter_map(Value::as_int).take(MOST).collect();
    if !call.caller.is_admin {
        return Err(Fault::access_denied("You have no permission to query selected users").into());
    }
    let there = directory::people(call.tx, &users)?;
    let phones = noun::among(call, &PHONE, "userId", &users)?;
    let extensions = extensions(call, &users)?;
    let is_on = |user: i64| {
        phones.iter().any(|phone| phone.int("userId") == Some(user) && phone.text("enabled") == "Y")
    };
    let shown = |user: &i64| {
        let mut map = Map::with_capacity(7);
        map.push("ID", user.to_string());
        map.push("DEFAULT_LINE", Value::Null);
        map.push("PHONE_ENABLED", yes_no(is_on(*user)));
        map.push("SIP_SERVER", Value::Null);
        map.push("SIP_LOGIN", format!("phone{user}"));
        map.push("SIP_PASSWORD", Value::Null);
        map.push("INNER_NUMBER", extensions.get(user).cloned());
        map.into_value()
    };
    Ok(users.iter().filter(|user| there.contains_key(user)).map(shown).collect::<Vec<_>>().into())
}

/// The extensions of those of these users who have one.
fn extensions(call: &mut Call<'_, '_>, users: &[i64]) -> Result<HashMap<i64, Value>> {
    let mut extensions = HashMap::new();
    for some in users.chunks(PAGE) {
        let found = call.ask("user.get", json!({"ID": some}))?.unwrap_or_default();
        let extension = |user: &Value| Some((user.get("ID")?.as_int()?, user.get("UF_PHONE_INNER")?.clone()));
        extensions.extend(found.items().filter_map(extension).filter(|(_, value)| !value.is_empty()));
    }
    Ok(extensions)
}

fn switch(call: &mut Call<'_, '_>, to: &'static str) -> Result<Value> {
    let user = call.param("USER_ID").and_then(Value::as_int).filter(|user| *user > 0).ok_or_else(unnamed)?;
    if !call.caller.is_admin || !directory::is_active(call.tx, user)? {
        return Err(Fault::crm("You are not allowed to modify user's settings").into());
    }
    let mut fields = Map::with_capacity(2);
    fields.push("ENABLED", to);
    match noun::among(call, &PHONE, "userId", &[user])?.pop() {
        Some(row) => _ = noun::amend(call, &PHONE, &PHONE.faces[0], row.number, &fields)?,
        None => {
            fields.push("USER_ID", user);
            noun::put(call, &PHONE, &fields)?;
        }
    }
    Ok(1.into())
}

fn unnamed() -> Fault {
    Fault::crm("Parameter USER_ID is not set")
}
