//! Open channels: `imopenlines.*`. A line has a queue of operators; a dialog with a client is a chat of the messenger about
//! `LINES`, and a session is one inquiry in it.
//!
//! Connectors belong to applications and are none here: a dialog begins with `imopenlines.session.open`, by an operator of the line.
//! Acted upon are the queue, the bot that greets, and the texts of greeting and farewell; other settings are kept and shown.

mod bot;
mod config;
mod crm;
mod dialogs;
mod history;
mod line;
mod messenger;
mod modes;
mod operators;
mod parts;
mod quick;
mod session;
mod settings;
mod words;

use engine::method::Method;
use engine::modules::Module;
use engine::noun::{Noun, Seed};
use engine::scopes::{Scope, offered};

/// The scope of the methods.
const SCOPE: &str = "imopenlines";

/// The module of this crate.
pub static MODULE: Module = Module {
    scopes: SCOPES,
    nouns,
    methods,
    follow: crm::follow,
    indexes: &[
        "UNIQUE INDEX IF NOT EXISTS imopenlines_operator_of ON imopenlines_operator (line_id, user_id)",
        "INDEX IF NOT EXISTS imopenlines_session_operator ON imopenlines_session (operator_id, closed)",
        "INDEX IF NOT EXISTS imopenlines_session_line ON imopenlines_session (line_id, closed, operator_id)",
        "INDEX IF NOT EXISTS imopenlines_link_item ON imopenlines_link (code, item_id)",
    ],
    seeds: &[NAMES],
    russian: include_str!("ru.toml"),
    ..Module::new("openlines")
};

/// The scopes that webhooks may be granted for it.
const SCOPES: &[Scope] = &[
    offered("contact_center", "Contact center", "Contact center tiles."),
    offered("imconnector", "Messenger connectors", "Connects external messengers to open channels."),
    offered("imopenlines", "Open channels", "Open channels, their dialogs and settings."),
];

/// Texts that the portal itself writes; there is nothing to be seeded.
const NAMES: Seed =
    Seed { name: "openlines.names", names: || vec![quick::TITLE, quick::TEXT], seed: |_, _, _| Ok(()) };

fn nouns() -> Vec<&'static Noun> {
    vec![&line::LINE, &line::OPERATOR, &session::SESSION, &crm::LINK]
}

fn methods() -> Vec<Method> {
    [
        config::methods(),
        operators::methods(),
        dialogs::methods(),
        modes::methods(),
        crm::methods(),
        bot::methods(),
        history::methods(),
        vec![quick::method()],
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What the demo portal has, for the examples: the chat of a dialog with its message and lead, and that of a bot's dialog.
const DEMO_CHAT: i64 = 13;
const DEMO_MESSAGE: i64 = 12;
const DEMO_LEAD: i64 = 131;
const DEMO_BOT_CHAT: i64 = 14;
const DEMO_BOT_KEY: &str = "demo-bot";

/// Demo data: calls in their order. Line 1 with users 1 and 2, whose dialog user 1 answers, and lead 131 made of it;
/// line 2 without dialogs; and line 3, led by the bot, with a dialog.
pub const DEMO: &str = include_str!("demo.json");
