//! Mail: the local mailboxes of users with their messages (`mail.*` of REST 3.0), and the services where people have mailboxes
//! elsewhere (`mailservice.*`). Messages reach the mailboxes of this portal and leave it for nowhere.

mod address;
mod binding;
mod mailbox;
mod message;
mod recipient;
mod service;
mod text;

use serde_json::{Value as Json, json};

use engine::modules::Module;
use engine::noun::{Noun, Seed};
use engine::scopes::{Scope, offered};
use wire::{Fault, exception};

/// The scope of the methods.
const SCOPE: &str = "mail";

/// The module of this crate.
pub static MODULE: Module = Module {
    scopes: SCOPES,
    nouns,
    methods: || {
        let own = [mailbox::methods(), message::methods(), recipient::methods()];
        own.into_iter().flatten().collect()
    },
    seeds: &[service::SEED, SAYINGS],
    indexes: &[
        "INDEX IF NOT EXISTS mail_message_place ON mail_message (mailbox_id, folder, sent_at, id)",
        "INDEX IF NOT EXISTS mail_message_thread ON mail_message (mailbox_id, thread_id)",
        "INDEX IF NOT EXISTS mail_binding_of ON mail_binding (entity_type, entity_id)",
        "UNIQUE INDEX IF NOT EXISTS mail_contact_of ON mail_contact (user_id, email)",
    ],
    watches: &binding::WATCHES,
    russian: include_str!("ru.toml"),
    ..Module::new("mail")
};

/// The scopes that webhooks may be granted for it.
const SCOPES: &[Scope] = &[
    offered("mail", "Mail", "Mailboxes and their messages in REST 3.0."),
    offered("mailservice", "Mail services", "Mail services that users can connect."),
];

fn nouns() -> Vec<&'static Noun> {
    vec![&service::SERVICE, &message::MESSAGE, &binding::BINDING, &recipient::CONTACT]
}

/// How a forwarded message is announced.
const FORWARDED: &str = "Forwarded message from {from} to {to}, {date}: {subject}";

const SAYINGS: Seed = Seed { name: "mail.names", names: || vec![FORWARDED], seed: |_, _, _| Ok(()) };

/// The complaint about the number of a message that is none.
fn unnumbered(name: &str) -> Fault {
    exception::request(vec![exception::missing(name)])
}

/// Demo data, by the user who asks for it: methods of REST 3.0 with their parameters, where `own` is the address of user 1.
/// Messages 1, to contact 1 and sent by user 1, and 3, from user 2 in the inbox of user 1, whose answer is 4.
pub fn demo(own: &str) -> Vec<(i64, &'static str, Json)> {
    let offer = json!({
        "from": own, "to": ["Clara Ahlberg <contact1@example.com>"], "subject": "Our offer",
        "body": "<p>Dear Clara,</p><p>twenty chairs are <b>250 euros</b> each.</p>",
    });
    let question = json!({
        "from": "ines@example.com", "to": [own], "cc": ["contact2@example.com"], "subject": "Showroom on Friday",
        "body": "Can we show the new desks on Friday at ten?",
    });
    let answer = json!({
        "replyToMessageId": 3, "from": own, "to": ["ines@example.com"], "subject": "Re: Showroom on Friday",
        "body": "Yes, they are coming on Thursday.",
    });
    vec![
        (1, "mail.message.send", offer),
        (2, "mail.message.send", question),
        (1, "mail.message.reply", answer),
    ]
}
