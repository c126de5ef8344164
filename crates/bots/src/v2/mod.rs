//! The newer methods, `imbot.v2.*`: camelCase, `botToken` with every call.

mod chats;
mod commands;
mod events;
mod files;
mod members;
mod messages;
mod registry;
pub mod show;

use engine::call::Call;
use engine::error::Result;
use engine::method::{Kind, Method, Param, optional, required};
use wire::{Fault, Map, Value};

pub use events::wanted;

use crate::bot::{self, Bot, Refusals};
use crate::key::Key;

/// The methods.
pub fn methods() -> Vec<Method> {
    let own = [
        registry::methods(),
        chats::methods(),
        members::methods(),
        messages::methods(),
        commands::methods(),
        events::methods(),
        files::methods(),
    ];
    own.into_iter().flatten().collect()
}

const BOT_ID: Param = required("botId", Kind::Id, "Bot");

/// The secret of the program.
const TOKEN: Param = optional("botToken", Kind::Text, "The program's own secret, the same with every call");

const DIALOG: Param =
    required("dialogId", Kind::Any, "Dialog: 7 a user, chat58 a chat, sg12 the chat of a workgroup");

/// A method of a bot.
fn own(method: Method, about: &'static str) -> Method {
    method.own_words().about(about).param(BOT_ID).param(TOKEN)
}

fn missing() -> Fault {
    Fault::new(400, "BOT_NOT_FOUND", "Bot not found")
}

fn foreign() -> Fault {
    Fault::new(403, "BOT_OWNERSHIP_ERROR", "Bot is registered by another application")
}

/// The refusals of a bot.
const REFUSALS: Refusals = [missing, foreign];

/// The secret that a call brings.
fn key(call: &Call<'_, '_>) -> Result<Key> {
    Key::of_token(call, call.text("botToken"))
}

/// The bot that a call names.
fn named(call: &Call<'_, '_>) -> Result<Bot> {
    let key = key(call)?;
    let id = call.param("botId").and_then(Value::as_int).filter(|id| *id > 0);
    let id = id.ok_or_else(|| Fault::new(400, "BOT_ID_REQUIRED", "Bot ID is required"))?;
    bot::find(call, &key, id, REFUSALS)
}

fn denied() -> Fault {
    Fault::new(403, "ACCESS_DENIED", "Access denied")
}

/// What chats answered, with their refusal in one word.
fn or_denied(answer: Result<Value>) -> Result<Value> {
    answer.map_err(|error| error.reworded(|_| denied()))
}

/// `{"result": true}`
fn done() -> Value {
    Value::under("result", true)
}

/// The dialog that a call names, as methods of chats take it.
fn dialog(call: &Call<'_, '_>) -> Result<Value> {
    let given = call.param("dialogId").and_then(Value::text).map(|id| id.trim().to_owned());
    given.filter(|id| !id.is_empty()).map(Value::from).ok_or_else(|| denied().into())
}

/// The whole numbers of a list.
fn ids(value: Option<&Value>) -> Vec<Value> {
    let mut ids: Vec<i64> = value.into_iter().flat_map(Value::each).filter_map(Value::as_int).collect();
    ids.retain(|id| *id > 0);
    ids.sort_unstable();
    ids.dedup();
    ids.into_iter().map(Value::Int).collect()
}

/// Members under other names, as far as they are there.
fn renamed<const N: usize>(given: &Map, names: [(&str, &str); N]) -> Map {
    let found =
        names.into_iter().filter_map(|(from, to)| Some((to.into(), given.get_any_case(from)?.clone())));
    found.collect()
}
