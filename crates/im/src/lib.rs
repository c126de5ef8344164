//! Chats, messages and notifications: `im.*`.
//!
//! Four nouns, which other modules may write, too: `im.chat`, `im.member`, `im.message` and `im.notification`. All that
//! follows from a row (unread messages, recent lists, numbers) is done by the hooks of its noun. Where another module writes
//! what its caller was allowed anyway, such as a system message or a notification, it does so by
//! [`noun::put`](engine::noun::put).

#![allow(dead_code, reason = "the methods of chats follow")]

mod chat;
mod color;
mod dialog;
mod indexes;
mod member;
mod message;
mod notify;
mod person;

use serde_json::{Value as Json, json};
use store::Migration;
use wire::Fault;

use engine::method::Method;
use engine::modules::Module;
use engine::noun::{Faults, LEGACY_FAULTS, Noun, Refusal, Seed};

/// The scope of the methods.
const SCOPE: &str = "im";

/// The module of this crate.
pub static MODULE: Module = Module {
    nouns,
    methods,
    migrations: &[Migration {
        version: 1,
        name: "dialogs",
        sql: include_str!("../migrations/0001_dialogs.sql"),
    }],
    sync: indexes::sync,
    seeds: &[NAMES],
    russian: include_str!("ru.toml"),
    ..Module::new("im")
};

fn nouns() -> Vec<&'static Noun> {
    vec![&chat::CHAT, &member::MEMBER, &message::MESSAGE, &notify::NOTIFICATION]
}

fn methods() -> Vec<Method> {
    [message::methods(), dialog::methods(), notify::methods()].into_iter().flatten().collect()
}

/// Texts that the portal itself writes into chats; there is nothing to be seeded.
const NAMES: Seed = Seed { name: "im.names", names: || vec![message::DELETED], seed: |_, _, _| Ok(()) };

/// Demo data: methods with their parameters. Message 1 of user 1 to user 2, in chat 1, and notification 1 for user 1.
pub fn demo() -> Vec<(&'static str, Json)> {
    vec![
        (
            "im.message.add",
            json!({"DIALOG_ID": 2, "MESSAGE": "Could you call Nordlicht GmbH about the chairs?"}),
        ),
        (
            "im.notify.system.add",
            json!({"USER_ID": 1, "MESSAGE": "Deal [b]Chairs for Nordlicht GmbH[/b] has been won.", "SUB_TAG": "DEAL|1"}),
        ),
    ]
}

/// The refusals of the nouns, whose methods word theirs themselves.
const FAULTS: Faults = Faults {
    missing: Refusal::Coded("ACCESS_ERROR", "Action unavailable"),
    unreadable: Refusal::Coded("ACCESS_ERROR", "Action unavailable"),
    unwritable: Refusal::Coded("ACCESS_ERROR", "Action unavailable"),
    ..LEGACY_FAULTS
};

/// The refusal of what is none of the caller's.
fn denied() -> Fault {
    FAULTS.unwritable.fault()
}

/// The refusal of a call that names no chat.
fn no_chat() -> Fault {
    Fault::new(400, "CHAT_ID_EMPTY", "Chat ID can't be empty")
}

/// The refusal of a call that names no user.
fn no_user() -> Fault {
    Fault::new(400, "USER_ID_EMPTY", "User ID can't be empty")
}
