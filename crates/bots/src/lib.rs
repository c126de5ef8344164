//! Chat bots: `imbot.*`, `imbot.v2.*` and the events that chats tell them, `im.v2.Event.*`.
//!
//! A bot is a user that belongs to a program. Whatever it does in chats is done by the methods of chats, as that user
//! ([`act`]); what happens to it is found by watching the nouns of chats ([`hear`]), in the transaction in which it happens.

mod act;
mod bot;
mod command;
mod context;
mod event;
mod hear;
mod key;
mod queue;
mod v1;
mod v2;

use serde_json::{Value as Json, json};
use store::Migration;

use engine::meta::Section;
use engine::method::Method;
use engine::modules::Module;
use engine::scopes::offered;

/// The scope of the methods.
const SCOPE: &str = "imbot";

/// The module of this crate.
pub static MODULE: Module = Module {
    scopes: &[offered("imbot", "Chat bots", "Chat bots, their messages and commands.")],
    nouns: || vec![&v1::APP],
    methods,
    events: event::declared,
    sections: &[Section::of::<bot::Bots>()],
    watches: &hear::WATCHES,
    jobs: &[queue::EXPIRE],
    migrations: &[Migration { version: 1, name: "bots", sql: include_str!("../migrations/0001_bots.sql") }],
    russian: include_str!("ru.toml"),
    ..Module::new("bots")
};

fn methods() -> Vec<Method> {
    [v1::methods(), v2::methods(), context::methods()].into_iter().flatten().collect()
}

/// Demo data: methods with their parameters. Bot 5, "Helper", which fetches its events, with command 1, `/help`, application 1, and a chat with
/// the users 1 and 2 where it offers its help.
pub fn demo() -> Vec<(&'static str, Json)> {
    let of_bot = |more: Json| {
        let mut params = json!({"botId": 5, "botToken": "demo-bot"});
        more.as_object()
            .into_iter()
            .flatten()
            .for_each(|(name, value)| params[name.as_str()] = value.clone());
        params
    };
    vec![
        (
            "imbot.v2.Bot.register",
            json!({"fields": {
                "code": "helper", "botToken": "demo-bot",
                "properties": {"name": "Helper", "workPosition": "Answers questions about chairs"},
            }}),
        ),
        (
            "imbot.v2.Command.register",
            of_bot(
                json!({"fields": {"command": "help", "title": "Answers a question", "params": "question"}}),
            ),
        ),
        (
            "imbot.app.register",
            json!({
                "BOT_ID": 5, "CLIENT_ID": "demo-bot", "CODE": "hours", "JS_METHOD": "SEND", "JS_PARAM": "/help hours",
                "CONTEXT": "BOT", "LANG": [{"LANGUAGE_ID": "en", "TITLE": "Opening hours"}],
            }),
        ),
        ("imbot.v2.Chat.add", of_bot(json!({"fields": {"title": "Helpdesk", "userIds": [1, 2]}}))),
        (
            "imbot.v2.Chat.Message.send",
            of_bot(json!({"dialogId": "chat12", "fields": {
                "message": "What would you like to know?",
                "keyboard": [
                    {"TEXT": "Opening hours", "COMMAND": "help", "COMMAND_PARAMS": "hours", "DISPLAY": "LINE"},
                    {"TEXT": "Delivery", "COMMAND": "help", "COMMAND_PARAMS": "delivery", "DISPLAY": "LINE"},
                ],
            }})),
        ),
        ("imbot.v2.Chat.Message.Reaction.add", of_bot(json!({"messageId": 9, "reaction": "like"}))),
        (
            "imbot.v2.File.upload",
            of_bot(
                json!({"dialogId": "chat12", "fields": {"name": "hours.txt", "content": "TW9uZGF5IHRvIEZyaWRheSwgOSB0byA2"}}),
            ),
        ),
        ("im.dialog.read.all", json!({})),
        ("im.v2.Event.subscribe", json!({})),
    ]
}
