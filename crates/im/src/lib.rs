//! Chats, messages and notifications: `im.*`.
//!
//! Four nouns, which other modules may write, too: `im.chat`, `im.member`, `im.message` and `im.notification`. All that
//! follows from a row (unread messages, recent lists, numbers) is done by the hooks of its noun. Where another module writes
//! what its caller was allowed anyway, such as a system message or a notification, it does so by
//! [`noun::put`](engine::noun::put).

mod chat;
mod color;
pub mod copy;
mod counters;
mod department;
mod dialog;
mod file;
mod indexes;
mod member;
mod message;
mod notify;
mod page;
mod person;
mod recent;
mod revision;
mod search;

use store::Migration;
use wire::Fault;

use engine::method::Method;
use engine::modules::Module;
use engine::noun::{Faults, LEGACY_FAULTS, Noun, Refusal, Seed};
use engine::scopes::{Scope, offered};

/// The scope of the methods.
const SCOPE: &str = "im";

/// The module of this crate.
pub static MODULE: Module = Module {
    scopes: SCOPES,
    nouns,
    methods,
    migrations: &[Migration {
        version: 1,
        name: "dialogs",
        sql: include_str!("../migrations/0001_dialogs.sql"),
    }],
    indexes: indexes::INDEXES,
    seeds: &[NAMES],
    russian: include_str!("ru.toml"),
    ..Module::new("im")
};

/// The scopes that webhooks may be granted for it.
const SCOPES: &[Scope] = &[
    offered("im", "Chats", "Chats, messages and notifications."),
    offered("im.import", "Chat import", "Import of chats from other messengers."),
];

fn nouns() -> Vec<&'static Noun> {
    vec![&chat::CHAT, &member::MEMBER, &message::MESSAGE, &notify::NOTIFICATION]
}

fn methods() -> Vec<Method> {
    let own = [
        message::methods(),
        dialog::methods(),
        chat::methods(),
        recent::methods(),
        counters::methods(),
        notify::methods(),
        file::methods(),
        person::methods(),
        department::methods(),
        search::methods(),
        revision::methods(),
    ];
    own.into_iter().flatten().collect()
}

/// Texts that the portal itself writes; there is nothing to be seeded.
const NAMES: Seed = Seed { name: "im.names", names, seed: |_, _, _| Ok(()) };

fn names() -> Vec<&'static str> {
    [vec![message::DELETED], chat::say::SENTENCES.to_vec(), notify::names(), file::NAMES.to_vec()].concat()
}

/// Demo data: calls in their order. Message 1 of user 1 to user 2, in chat 1; notifications 1 and 2 of user 1, counted
/// in chat 2; chat 3, "Showroom", with the users 1 and 2 and the
/// file 9 in folder 8; and chat 4, about deal 1, with the users 1 and 3.
pub const DEMO: &str = include_str!("demo.json");

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
