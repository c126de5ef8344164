//! `im.dialog.users.list` and `im.dialog.writing`.

use serde_json::json;
use store::Param;
use wire::Value;

use engine::call::Call;
use engine::error::Result;
use engine::method::{Kind, Method, optional, read};

use super::{Dialog, foreign, limit, required_dialog, unnamed};
use crate::{SCOPE, denied, person};

/// Members of a page, unless a call says otherwise.
const USUAL: i64 = 50;
/// At most.
const MOST: i64 = 200;

/// The methods.
pub fn methods() -> Vec<Method> {
    vec![
        read("im.dialog.users.list", SCOPE, list)
            .own_words()
            .about("Lists the members of a dialog.")
            .param(required_dialog())
            .param(optional(
                "SKIP_EXTERNAL",
                Kind::Flag,
                "Whether people from outside are left out; there are none",
            ))
            .param(optional("SKIP_EXTERNAL_EXCEPT_TYPES", Kind::Text, "Kinds of people from outside to keep"))
            .param(optional("LIMIT", Kind::Int, "Members, at most 200"))
            .param(optional("LAST_ID", Kind::Int, "Only members behind this one"))
            .param(optional("OFFSET", Kind::Int, "Members to skip"))
            .example(json!({"DIALOG_ID": "chat3"}), json!([{"id": 1}, {"id": 2}])),
        read("im.dialog.writing", SCOPE, writing)
            .own_words()
            .about("Says that the caller is writing in a dialog; nobody is shown it yet.")
            .param(required_dialog())
            .example(json!({"DIALOG_ID": "chat3"}), json!(true)),
    ]
}

fn list(call: &mut Call<'_, '_>) -> Result<Value> {
    let dialog = Dialog::of_call(call).ok_or_else(unnamed)?;
    let room = dialog.room(call)?.filter(|room| room.me.is_some()).ok_or_else(foreign)?;
    let limit = limit(call, USUAL, MOST);
    let number = |name: &str| call.param(name).and_then(Value::as_int).filter(|id| *id > 0).unwrap_or(0);
    let (last, offset) = (number("LAST_ID"), number("OFFSET"));
    let sql =
        "SELECT user_id FROM im_member WHERE chat_id = ? AND user_id > ? ORDER BY user_id LIMIT ? OFFSET ?";
    let params: [Param<'_>; 4] = [room.id().into(), last.into(), (limit + 1).into(), offset.into()];
    let mut ids = call.tx.all(sql, &params, |row| row.int(0))?;
    let has_more = i64::try_from(ids.len()).is_ok_and(|count| count > limit);
    ids.truncate(usize::try_from(limit).unwrap_or(0));
    call.total = room.chat.int("userCount");
    call.next = has_more.then_some(offset + limit);
    Ok(person::list(call, &ids)?.into())
}

fn writing(call: &mut Call<'_, '_>) -> Result<Value> {
    let dialog = Dialog::of_call(call).ok_or_else(unnamed)?;
    dialog.room(call)?.filter(|room| room.me.is_some()).ok_or_else(denied)?;
    Ok(true.into())
}
