//! What chats tell a person's own program, to be fetched: `im.v2.Event.*`; and `im.v2.Chat.Bot.sendContext`.

use std::sync::Arc;

use serde_json::{Value as Json, json};

use engine::call::Call;
use engine::error::Result;
use engine::method::{Kind as Type, Method, optional, required, write};
use wire::{Fault, Value};

use crate::act::{ask, params};
use crate::bot::Bots;
use crate::event::{self, Kind, v2};
use crate::hear::{self, Scene};
use crate::queue;
use crate::v2::wanted;

/// The scope of these methods.
const SCOPE: &str = "im";

/// The methods.
pub fn methods() -> Vec<Method> {
    vec![
        write("im.v2.Event.subscribe", SCOPE, subscribe)
            .own_words()
            .about("Has what happens in the caller's chats kept, to be fetched with im.v2.Event.get.")
            .example(json!({}), json!(true)),
        write("im.v2.Event.unsubscribe", SCOPE, unsubscribe)
            .own_words()
            .about("Has nothing kept any more of what happens in the caller's chats, and forgets what was.")
            .destroys()
            .example(json!({}), json!(true)),
        write("im.v2.Event.get", SCOPE, get)
            .own_words()
            .about(
                "Returns what happened in the caller's chats; events before the offset are confirmed and go.",
            )
            .param(optional(
                "offset",
                Type::Int,
                "ID from which on events are wanted: nextOffset of the last answer",
            ))
            .param(optional("limit", Type::Int, "Events, at most 1000"))
            .destroys()
            .example(json!({"offset": 0}), json!({"events": "*", "nextOffset": "*", "hasMore": false})),
        write("im.v2.Chat.Bot.sendContext", SCOPE, send)
            .own_words()
            .about("Tells the bots of a dialog from where the caller opened it.")
            .param(required(
                "dialogId",
                Type::Any,
                "Dialog: 7 a user, chat58 a chat, sg12 the chat of a workgroup",
            ))
            .param(required("context", Type::Any, "From where"))
            .example(
                json!({"dialogId": "chat12", "context": {"entityType": "task", "entityId": 1}}),
                json!(true),
            ),
    ]
}

fn subscribe(call: &mut Call<'_, '_>) -> Result<Value> {
    let me = call.caller.user_id;
    let sql = "INSERT INTO im_event_reader (user_id) VALUES (?) ON CONFLICT (user_id) DO NOTHING";
    if call.tx.execute(sql, &[me.into()])? > 0 {
        call.meta_changed()?;
    }
    Ok(true.into())
}

fn unsubscribe(call: &mut Call<'_, '_>) -> Result<Value> {
    let me = call.caller.user_id;
    if call.tx.execute("DELETE FROM im_event_reader WHERE user_id = ?", &[me.into()])? > 0 {
        queue::clear(call, &queue::of_user(me))?;
        call.meta_changed()?;
    }
    Ok(true.into())
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    let me = call.caller.user_id;
    if !Bots::of(&call.meta).readers.contains(&me) {
        return Err(Fault::new(400, "USER_NOT_SUBSCRIBED", "User not subscribed").into());
    }
    let (offset, limit) = wanted(call);
    queue::fetch(call, &[queue::of_user(me)], offset, limit)
}

fn send(call: &mut Call<'_, '_>) -> Result<Value> {
    let dialog = call.param("dialogId").cloned().unwrap_or_default();
    let context = call.param("context").map(Json::from).unwrap_or_default();
    let found = ask(call, "im.dialog.get", params([("DIALOG_ID", dialog)]))?;
    let chat = found.get("id").and_then(Value::as_int).unwrap_or(0);
    let me = call.caller.user_id;
    let meta = Arc::clone(&call.meta);
    let bots = Bots::of(&meta);
    let here = hear::among(call, chat, &bots.by_id.keys().copied().collect::<Vec<_>>())?;
    let Some(scene) = Scene::of(call, chat, me)? else { return Ok(true.into()) };
    for bot in here.iter().map(|bot| &bots.by_id[bot]).filter(|bot| bot.is_new && bot.id != me) {
        let with = json!({"dialogId": scene.dialog(), "context": context});
        let data = v2::data(call, bot, &scene, &with)?;
        event::tell(call, bot, Kind::Context, None, &scene.object(), data)?;
    }
    Ok(true.into())
}
