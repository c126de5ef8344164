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

/// Demo data: calls in their order. Bot 5, "Helper", which fetches its events, with command 1, `/help`, application 1, and a chat with
/// the users 1 and 2 where it offers its help.
pub const DEMO: &str = include_str!("demo.json");
