//! `mail.message.movetofolder`.

use engine::access::Act;
use engine::call::Call;
use engine::dto::numbers;
use engine::error::Result;
use engine::method::{Kind, Method, optional, required, write};
use engine::noun;
use serde_json::json;
use wire::{Fault, Map, Value, exception};

use super::{DTO, FOLDERS, MESSAGE, SPAM, TRASH, WRITTEN};
use crate::SCOPE;

/// Messages that one call moves.
const MOST: usize = 200;

/// The methods.
pub fn methods() -> Vec<Method> {
    vec![
        write("mail.message.movetofolder", SCOPE, move_to)
            .v3(Some(&DTO))
            .about("Moves messages of a folder to another one, to spam or to the trash; what is in the trash is deleted.")
            .param(required("messageIds", Kind::List, "IDs of the messages"))
            .param(required("action", Kind::Text, "move, spam or delete"))
            .param(optional("folder", Kind::Text, "Folder to move to: INBOX, Archive, Drafts, Sent, Spam or Trash"))
            .destroys()
            .example(
                json!({"messageIds": [3], "action": "move", "folder": "Archive"}),
                json!({"success": true, "movedCount": 1, "action": "move"}),
            ),
    ]
}

/// The folder that a call moves to.
fn target(call: &Call<'_, '_>, action: &str) -> std::result::Result<&'static str, Fault> {
    match action {
        "spam" => Ok(SPAM),
        "delete" => Ok(TRASH),
        "move" => {
            let needed = "The `folder` parameter is required when `action=move`";
            let name = call.text("folder").ok_or_else(|| exception::of_field("folder", needed))?;
            let found = FOLDERS.into_iter().find(|known| known.eq_ignore_ascii_case(name.trim()));
            found.ok_or_else(|| exception::of_field("folder", "Folder not found"))
        }
        _ => {
            let said = "The `action` parameter must be `move`, `spam`, or `delete`";
            Err(exception::of_field("action", said))
        }
    }
}

fn move_to(call: &mut Call<'_, '_>) -> Result<Value> {
    let action = call.text("action").unwrap_or_default();
    let target = target(call, &action)?;
    let unfit = |said: &'static str| exception::of_field("messageIds", said);
    let ids = call.param("messageIds").and_then(numbers).filter(|ids| ids.len() <= MOST);
    let mut ids = ids.ok_or_else(|| unfit("Select at most 200 emails by their numbers"))?;
    ids.sort_unstable();
    ids.dedup();
    let scope = MESSAGE.grant(call, Act::Update)?;
    let mut rows = Vec::with_capacity(ids.len());
    for id in ids {
        rows.extend(noun::one(call, &MESSAGE, &scope, id)?);
    }
    let first = rows.first().ok_or_else(|| unfit("No accessible messages found"))?.text("folder").to_owned();
    if rows.iter().any(|row| row.text("folder") != first) {
        return Err(unfit("Select emails from a single folder").into());
    }
    for row in &rows {
        if action == "delete" && first == TRASH {
            noun::clear(call, &MESSAGE, &[("id", row.number.into())])?;
        } else {
            noun::amend(call, &MESSAGE, &WRITTEN, row.number, &Map::from([("folder", target.into())]))?;
        }
    }
    Ok(Map::from([
        ("success", Value::from(true)),
        ("movedCount", (rows.len() as i64).into()),
        ("action", action.into()),
    ])
    .into())
}
