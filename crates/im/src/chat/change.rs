//! Title, colour, picture and owner of a chat.

use serde_json::json;
use wire::{Fault, Map, Value};

use engine::call::Call;
use engine::error::Result;
use engine::method::{Kind, Method, required, write};
use engine::noun;

use super::say::{COLORED, OWNED, PICTURED, TITLED, say};
use super::users::{CHAT_ID, group, members};
use super::{CHAT, FACE, avatar, kind};
use crate::dialog::room::Role;
use crate::dialog::{Room, optional_dialog};
use crate::{SCOPE, color, denied, no_user};

/// Letters of a title.
const LONGEST: usize = 255;

/// The methods.
pub fn methods() -> Vec<Method> {
    vec![
        own("im.chat.updateTitle", title, "Changes the title of a chat.")
            .param(required("TITLE", Kind::Text, "Title"))
            .example(json!({"CHAT_ID": 3, "TITLE": "Showroom 2"}), json!(true)),
        own("im.chat.updateColor", recolor, "Changes the color of a chat.")
            .param(required("COLOR", Kind::Text, "Color: RED, GREEN, MINT, LIGHT_BLUE, .."))
            .example(json!({"CHAT_ID": 3, "COLOR": "SAND"}), json!(true)),
        own("im.chat.updateAvatar", picture, "Changes the picture of a chat.")
            .param(required("AVATAR", Kind::Text, "Picture in Base64"))
            .example(json!({"CHAT_ID": 3, "AVATAR": PIXEL}), json!(true)),
        own("im.chat.setOwner", owner, "Hands a chat of the caller over to another member.")
            .param(required("USER_ID", Kind::Id, "New owner"))
            .example(json!({"CHAT_ID": 3, "USER_ID": 2}), json!(true)),
    ]
}

fn own(name: &str, handler: Handler, about: &'static str) -> Method {
    write(name, SCOPE, handler).own_words().about(about).param(CHAT_ID).param(optional_dialog())
}

type Handler = fn(&mut Call<'_, '_>) -> Result<Value>;

/// A picture.
const PIXEL: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=";

/// The group chat that a call names, of which the caller is a member.
fn mine(call: &mut Call<'_, '_>) -> Result<Room> {
    let room = group(call)?;
    if room.me.is_some() { Ok(room) } else { Err(denied().into()) }
}

fn change(call: &mut Call<'_, '_>, room: &Room, name: &str, value: impl Into<Value>) -> Result<()> {
    let given: Map = [(name.into(), value.into())].into_iter().collect();
    noun::update(call, &CHAT, &FACE, &[room.id().into()], &given)?;
    Ok(())
}

fn title(call: &mut Call<'_, '_>) -> Result<Value> {
    let room = mine(call)?;
    let title = call.text("TITLE").map(|title| title.trim().chars().take(LONGEST).collect::<String>());
    let title = title.filter(|title| !title.is_empty());
    let title = title.ok_or_else(|| Fault::new(400, "TITLE_EMPTY", "Title can't be empty"))?;
    if !kind::allowed(&room.chat).rename {
        return Err(Fault::new(400, "ACCESS_ERROR", "This chat cannot be renamed").into());
    }
    if room.chat.text("title") != title {
        change(call, &room, "TITLE", title.as_str())?;
        say(call, room.id(), TITLED, &[], &title)?;
    }
    Ok(true.into())
}

fn recolor(call: &mut Call<'_, '_>) -> Result<Value> {
    let room = mine(call)?;
    let code = call.text("COLOR").map(|code| code.trim().to_ascii_uppercase()).unwrap_or_default();
    if color::of_code(&code).is_none() {
        return Err(Fault::new(400, "WRONG_COLOR", "This color currently unavailable").into());
    }
    if room.chat.text("color") == code {
        let text = "This color currently set or chat doesn't exist";
        return Err(Fault::new(400, "WRONG_REQUEST", text).into());
    }
    change(call, &room, "COLOR", code)?;
    say(call, room.id(), COLORED, &[], "")?;
    Ok(true.into())
}

fn picture(call: &mut Call<'_, '_>) -> Result<Value> {
    let room = mine(call)?;
    if !kind::allowed(&room.chat).avatar {
        return Err(Fault::new(400, "ACCESS_ERROR", "The avatar of this chat cannot be changed").into());
    }
    let given = avatar::given(call)?;
    let given = given.ok_or_else(|| Fault::new(400, "AVATAR_ERROR", "Avatar incorrect type"))?;
    change(call, &room, "AVATAR", given)?;
    say(call, room.id(), PICTURED, &[], "")?;
    Ok(true.into())
}

fn owner(call: &mut Call<'_, '_>) -> Result<Value> {
    let room = mine(call)?;
    let user = call.param("USER_ID").and_then(Value::as_int).filter(|id| *id > 0).ok_or_else(no_user)?;
    if room.role(call) != Role::Owner || !members(call, &room)?.contains(&user) {
        let text = "Change owner can only owner and user must be member in chat";
        return Err(Fault::new(400, "WRONG_REQUEST", text).into());
    }
    if room.chat.int("ownerId") != Some(user) {
        change(call, &room, "OWNER_ID", user)?;
        say(call, room.id(), OWNED, &[user], "")?;
    }
    Ok(true.into())
}
