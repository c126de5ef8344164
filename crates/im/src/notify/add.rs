//! `im.notify`, `im.notify.personal.add` and `im.notify.system.add`.

use serde_json::json;
use wire::{Fault, Map, Value};

use engine::call::Call;
use engine::directory;
use engine::error::Result;
use engine::method::{Kind, Method, optional, required, write};
use engine::noun;

use super::{FACE, FROM_SYSTEM, FROM_USER, NOTIFICATION};
use crate::message::rich::{ATTACH, Given};
use crate::message::text;
use crate::{SCOPE, no_user};

/// The methods.
pub fn methods() -> Vec<Method> {
    let both = write("im.notify", SCOPE, |call| {
        let from_system = call.text("TYPE").is_some_and(|kind| kind.eq_ignore_ascii_case("SYSTEM"));
        add(call, if from_system { FROM_SYSTEM } else { FROM_USER })
    });
    let personal = write("im.notify.personal.add", SCOPE, |call| add(call, FROM_USER));
    let system = write("im.notify.system.add", SCOPE, |call| add(call, FROM_SYSTEM));
    let kind = optional("TYPE", Kind::Text, "USER, from the caller, or SYSTEM, from the portal");
    vec![
        described(both.param(kind), "Notifies a user, and returns the ID of the notification."),
        described(personal, "Notifies a user as the caller, and returns the ID of the notification."),
        described(system, "Notifies a user as the portal, and returns the ID of the notification."),
    ]
}

fn described(method: Method, about: &'static str) -> Method {
    method
        .own_words()
        .about(about)
        .param(optional("USER_ID", Kind::Id, "User"))
        .param(optional("TO", Kind::Id, "User, in place of USER_ID"))
        .param(required("MESSAGE", Kind::Text, "Text"))
        .param(optional("MESSAGE_OUT", Kind::Text, "Text for e-mail; none is sent"))
        .param(optional("TAG", Kind::Text, "Tag: takes the place of what the user has with the same one"))
        .param(optional("SUB_TAG", Kind::Text, "Additional tag, by which several are deleted"))
        .param(optional("ATTACH", Kind::Any, "Attached blocks"))
        .param(CLIENT_ID)
        .example(json!({"USER_ID": 2, "MESSAGE": "Please call back.", "TAG": "CALL_7"}), json!("*"))
}

/// Whose tags are meant.
pub const CLIENT_ID: engine::method::Param =
    optional("CLIENT_ID", Kind::Text, "Whose tags they are: the same one for all calls of an integration");

/// A tag as it is kept: it is of the client that the call names, or else of the webhook.
pub fn own_tag(call: &Call<'_, '_>, name: &str) -> Option<String> {
    let given = call.text(name)?;
    let tag = given.trim();
    let client = call.text("CLIENT_ID").unwrap_or_else(|| format!("webhook_{}", call.caller.hook_id));
    (!tag.is_empty()).then(|| format!("MP|{client}|{tag}"))
}

fn add(call: &mut Call<'_, '_>, kind: i64) -> Result<Value> {
    let number = |name: &str| call.param(name).and_then(Value::as_int).filter(|id| *id > 0);
    let user = number("USER_ID").or_else(|| number("TO")).ok_or_else(no_user)?;
    let attach = ATTACH.given(call)?;
    let message = call.text("MESSAGE").map(|given| text::clean(&given)).unwrap_or_default();
    if message.is_empty() && !matches!(attach, Given::Set(_)) {
        return Err(Fault::new(400, "MESSAGE_EMPTY", "Message can't be empty").into());
    }
    // The real system answers so when it made none.
    if !directory::exists(call.tx, user)? {
        return Ok(false.into());
    }
    let mut row = Map::new();
    row.push("USER_ID", user);
    row.push("AUTHOR_ID", if kind == FROM_USER { call.caller.user_id } else { 0 });
    row.push("TYPE", kind);
    row.push("MESSAGE", if message.is_empty() { " ".to_owned() } else { message });
    for name in ["TAG", "SUB_TAG"] {
        row.push(name, own_tag(call, name));
    }
    if let Given::Set(blocks) = attach {
        row.push("PARAMS", Value::under("ATTACH", Value::from(blocks)));
    }
    Ok(noun::add(call, &NOTIFICATION, &FACE, &row)?.number.into())
}
