//! `user.add` and `user.update`

use std::collections::BTreeSet;

use serde_json::json;
use wire::{Fault, Value};

use super::account::{self, NewUser};
use super::fields::USER;
use super::letter::{self, Occasion};
use super::{SCOPE, TABLE, people, table_with_user_fields, welcome};
use crate::department;
use engine::audit::{self, Action, By};
use engine::call::Call;
use engine::entity::{Field, Kind, Place, codec, file, userfield};
use engine::error::Result;
use engine::meta::Meta;
use engine::method::{self, Method, Param, optional, required, write};
use engine::noun;

/// What changes one's own sign-in address gets: whoever has a webhook's URL, or finds an open browser, does not
/// therefore have the password.
const OWN_EMAIL: &str = "The e-mail address that you sign in with can only be changed in the console.";

/// Both methods.
pub fn methods() -> Vec<Method> {
    let add = write("user.add", SCOPE, add)
        .about("Adds a user and returns the ID. Administrators only.")
        .param(required("EMAIL", method::Kind::Text, "E-mail, unique in the portal"))
        .example(json!({"EMAIL": "new@example.com", "NAME": "Nora", "UF_DEPARTMENT": [2]}), json!(6));
    let add = add
        .param(optional(
            "EXTRANET",
            method::Kind::Flag,
            "Y is refused, because the portal has no workgroups for extranet users",
        ))
        .param(optional("SONET_GROUP_ID", method::Kind::List, "Workgroups of an extranet user"))
        .param(optional("MESSAGE_TEXT", method::Kind::Text, "Accepted for compatibility; no e-mail is sent"));
    let update = write("user.update", SCOPE, update)
        .about("Updates a user. Users who are not administrators may update only their own profile.")
        .param(required("ID", method::Kind::Id, "User ID"))
        .param(optional(
            "ACTIVE",
            method::Kind::Flag,
            "N dismisses the user, Y reinstates the user; administrators only",
        ))
        .param(optional(
            "EMAIL",
            method::Kind::Text,
            "E-mail, unique in the portal; users cannot change their own",
        ))
        .example(json!({"ID": 2, "WORK_POSITION": "Head of sales"}), json!(true));
    vec![profile(add), profile(update)]
}

/// Adds the parameters that both methods take.
fn profile(method: Method) -> Method {
    let is_open = |field: &&noun::Field| !field.read_only && is_profile(&field.upper_name());
    let taken = USER.fields.iter().filter(is_open).fold(method, |method, field| {
        let is_list = field.kind == Kind::File || field.multiple;
        let kind = if is_list { method::Kind::List } else { method::Kind::Text };
        method.param(Param { name: field.upper_name().into(), ..optional("", kind, field.title) })
    });
    taken.own_words()
}

fn add(call: &mut Call<'_, '_>) -> Result<Value> {
    if !call.caller.is_admin {
        return Err(access_denied());
    }
    if call.flag("EXTRANET") {
        // Guests belong to groups, and there are none.
        let named = call.param("SONET_GROUP_ID").is_some_and(|groups| !groups.is_empty());
        return Err(match named {
            true => Fault::new(400, "ERROR_NO_GROUP", "Group is specified incorrectly").into(),
            false => Fault::new(400, "ERROR_GROUPID", "Group code not specified").into(),
        });
    }
    let new = NewUser {
        email: call.text("EMAIL").unwrap_or_default(),
        departments: departments(call).unwrap_or_default(),
        ..NewUser::default()
    };
    let id = account::insert(call.tx, &new, call.now)?;
    write_profile(call, id, true)?;
    call.meta_changed()?;
    note(call, Action::UserAdded, id, &new.email)?;
    invite(call, id)?;
    Ok(id.into())
}

/// Sends a new user a link to choose a password, where the portal sends e-mail. Nobody else sees it.
fn invite(call: &mut Call<'_, '_>, id: i64) -> Result<()> {
    if !call.settings.mail.is_set() {
        return Ok(());
    }
    let (by, code) = (By { user_id: Some(id), address: None }, welcome::code());
    welcome::invite(call.tx, &call.core.keys, &by, id, &code, call.now)?;
    letter::send(call.tx, call.core, Occasion::Invitation, id, &code, call.now).map(drop)
}

fn update(call: &mut Call<'_, '_>) -> Result<Value> {
    let id = call.id("ID");
    let own = id == call.caller.user_id;
    let before = account::find(call.tx, id)?.filter(|_| call.caller.is_admin || own);
    let before = before.ok_or_else(access_denied)?;
    if call.param("EMAIL").is_some() {
        let email = account::checked_email(&call.text("EMAIL").unwrap_or_default())?;
        if own && email != before.email {
            return Err(Fault::core(OWN_EMAIL).into());
        }
        account::set_email(call.tx, id, &email)?;
    }
    write_profile(call, id, false)?;
    note(call, Action::UserChanged, id, &before.email)?;
    // These two are left as they are when others than administrators send them.
    if call.caller.is_admin {
        if let Some(active) = call.param("ACTIVE").and_then(Value::as_flag) {
            account::set_active(call.tx, id, active)?;
            if active != before.active {
                let action = if active { Action::UserRestored } else { Action::UserDismissed };
                note(call, action, id, &before.email)?;
            }
        }
        if let Some(departments) = departments(call) {
            department::assign(call.tx, id, &departments)?;
            call.meta_changed()?;
        }
        crate::structure::communication::changed(call)?;
    }
    Ok(true.into())
}

/// Writes the fields of the profile that the request gives, and the defaults of a new user's own fields.
fn write_profile(call: &mut Call<'_, '_>, id: i64, adding: bool) -> Result<()> {
    let table = table_with_user_fields(&call.meta);
    let mut sets = vec!["timestamp_x = ?".to_owned()];
    let mut params: Vec<store::Param<'_>> = vec![call.now.seconds().into()];
    let is_open = |field: &&Field| !field.read_only && is_profile(&field.code);
    for field in table.fields.iter().filter(|field| field.place == Place::Column).filter(is_open) {
        let param = match call.param(&field.code).cloned() {
            Some(value) if field.kind == Kind::File => file::take(call, &table, field, Some(id), &value)?,
            Some(value) => match codec::take(field, &value, &call.clock())? {
                Some(param) => param,
                None => continue,
            },
            None if adding && field.user.is_some() => {
                userfield::default_of(field, &call.clock()).unwrap_or(store::Param::Null)
            }
            None => continue,
        };
        if field.user.is_some() && field.required && param == store::Param::Null {
            return Err(userfield::required(field).into());
        }
        sets.push(format!("{} = ?", field.column()));
        params.push(param);
    }
    params.push(id.into());
    call.tx.execute(&format!("UPDATE {TABLE} SET {} WHERE id = ?", sets.join(", ")), &params)?;
    // Webhooks that were recognised know the zone of their owner.
    if call.param("TIME_ZONE").is_some() { Meta::outdate(call.tx) } else { Ok(()) }
}

/// Whether a field is written as it comes; the rest is nobody's to write, or has rules of its own.
fn is_profile(code: &str) -> bool {
    !["ACTIVE", "EMAIL"].contains(&code)
}

/// The departments that a request gives: one id or a list; `None` when it says nothing about them.
fn departments(call: &Call<'_, '_>) -> Option<Vec<i64>> {
    let given = call.param("UF_DEPARTMENT")?;
    let given = given.each().filter(|id| !id.is_empty());
    let ids: BTreeSet<i64> = given.map(|id| id.as_int().unwrap_or(0)).collect();
    Some(ids.into_iter().collect())
}

/// Remembers what is done to a user, and by which webhook.
fn note(call: &mut Call<'_, '_>, action: Action, id: i64, email: &str) -> Result<()> {
    let by = By { user_id: Some(call.caller.user_id), address: call.address };
    let detail = match call.caller.hook_id {
        0 => email.to_owned(),
        hook => format!("{email}, by webhook {hook}"),
    };
    audit::note(call.tx, &by, action, people::object(id), detail, call.now)
}

fn access_denied() -> engine::error::Error {
    Fault::core("access_denied").into()
}
