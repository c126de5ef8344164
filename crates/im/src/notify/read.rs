//! `im.notify.read`, `im.notify.read.list` and `im.notify.read.all`.

use serde_json::json;
use store::Param;
use wire::{Fault, Value};

use engine::call::Call;
use engine::error::Result;
use engine::method::{Kind, Method, optional, required, write};

use super::count;
use crate::SCOPE;

/// The methods.
pub fn methods() -> Vec<Method> {
    let action = || optional("ACTION", Kind::Flag, "Y as read, N as unread");
    vec![
        write("im.notify.read", SCOPE, read)
            .own_words()
            .about("Marks a notification of the caller and all newer ones as read or unread.")
            .param(optional("ID", Kind::Id, "ID"))
            .param(action())
            .param(optional("ONLY_CURRENT", Kind::Flag, "Only this one"))
            .example(json!({"ID": 1, "ACTION": "Y", "ONLY_CURRENT": "Y"}), json!(true)),
        write("im.notify.read.list", SCOPE, read_list)
            .own_words()
            .about("Marks notifications of the caller as read or unread.")
            .param(required("IDS", Kind::List, "IDs"))
            .param(action())
            .example(json!({"IDS": [1]}), json!(true)),
        write("im.notify.read.all", SCOPE, read_all)
            .own_words()
            .about("Marks all notifications of the caller as read.")
            .example(json!({}), json!({"result": true, "newCounter": 0})),
    ]
}

/// Marks the caller's notifications for which a condition holds as read or unread.
pub fn mark(
    call: &mut Call<'_, '_>,
    condition: &str,
    mut values: Vec<Param<'static>>,
    read: bool,
) -> Result<()> {
    let user = call.caller.user_id;
    if count::of(call, user)?.is_none() {
        return Ok(());
    }
    count::hold(call, user)?;
    let (now, before) = if read { ("Y", "N") } else { ("N", "Y") };
    let mut params: Vec<Param<'static>> = vec![now.into(), user.into(), before.into()];
    params.append(&mut values);
    let sql = format!("UPDATE im_notification SET read = ? WHERE user_id = ? AND read = ? AND {condition}");
    let changed = i64::try_from(call.tx.execute(&sql, &params)?).unwrap_or(0);
    count::change(call, user, 0, if read { -changed } else { changed })
}

/// Whether a call marks as read.
fn as_read(call: &Call<'_, '_>) -> bool {
    call.param("ACTION").and_then(Value::as_flag).unwrap_or(true)
}

fn read(call: &mut Call<'_, '_>) -> Result<Value> {
    let id = call.param("ID").and_then(Value::as_int).unwrap_or(0);
    let condition = if call.flag("ONLY_CURRENT") { "id = ?" } else { "id >= ?" };
    mark(call, condition, vec![id.into()], as_read(call))?;
    Ok(true.into())
}

fn read_list(call: &mut Call<'_, '_>) -> Result<Value> {
    let given = call.param("IDS").filter(|ids| ids.is_array());
    let given = given.ok_or_else(|| Fault::new(400, "PARAMS_ERROR", "No IDS param or it is not an array"))?;
    let ids: Vec<Param<'static>> =
        given.items().filter_map(Value::as_int).take(MOST).map(Into::into).collect();
    if ids.is_empty() {
        return Err(Fault::new(400, "PARAMS_ERROR", "No IDS param or it is not an array").into());
    }
    let condition = format!("id IN ({})", store::placeholders(ids.len()));
    mark(call, &condition, ids, as_read(call))?;
    Ok(true.into())
}

/// Notifications that one call marks by their ids.
const MOST: usize = 500;

fn read_all(call: &mut Call<'_, '_>) -> Result<Value> {
    mark(call, "1 = 1", Vec::new(), true)?;
    Ok(Value::from(json!({"result": true, "newCounter": 0})))
}
