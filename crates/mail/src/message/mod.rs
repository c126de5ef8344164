//! Messages: `mail.message.*`. Everybody who has a message has a copy of it; what a user does with it concerns that copy.

mod crm;
mod folder;
mod make;
mod read;
mod send;

use engine::access::Act;
use engine::call::Call;
use engine::dto::{Dto, FACE, Type, described, property};
use engine::entity::Kind;
use engine::error::Result;
use engine::method::Method;
use engine::noun::{self, Access, Face, Grant, Hooks, ID, Noun, Row, Rule, field, noun};
use wire::exception;

use crate::address::Address;
use crate::binding::BINDING;
use crate::{SCOPE, unnumbered};

/// The folders that every mailbox has.
const FOLDERS: [&str; 6] = [INBOX, "Archive", "Drafts", SENT, SPAM, TRASH];
const INBOX: &str = "INBOX";
const SENT: &str = "Sent";
const SPAM: &str = "Spam";
const TRASH: &str = "Trash";

/// Messages.
pub static MESSAGE: Noun = Noun {
    access: Access::Rule(&Own),
    fields: &[
        ID,
        field("mailboxId", Kind::User, "Mailbox").required().immutable(),
        field("folder", Kind::Choice(&FOLDERS), "Folder").required(),
        // The first message of the thread; empty for that one.
        field("threadId", Kind::Integer, "Thread"),
        field("outgoing", Kind::Bool, "Outgoing"),
        field("sender", Kind::String, "From").required(),
        field("recipients", Kind::String, "To").multiple(),
        field("copies", Kind::String, "Cc").multiple(),
        // Kept by the sender's copy alone.
        field("blindCopies", Kind::String, "Bcc").multiple(),
        field("subject", Kind::String, "Subject"),
        field("body", Kind::Text, "Text"),
        field("sentAt", Kind::DateTime, "Sent"),
        field("seen", Kind::Bool, "Read"),
        // For claims by those who make something of it.
        field("revision", Kind::Integer, "Revision").read_only(),
    ],
    faces: &[WRITTEN],
    hooks: &Bound,
    ..noun("mail.message", "mail_message", SCOPE, ["message", "messages"])
};

/// How messages are written.
const WRITTEN: Face = FACE;

/// What messages look like.
static DTO: Dto = Dto {
    name: "MessageDto",
    properties: &[
        property("id", Type::Int),
        property("mailboxId", Type::Int),
        property("mailboxEmail", Type::String),
        property("subject", Type::String),
        property("from", Type::String),
        property("to", Type::String),
        property("cc", Type::String),
        property("date", Type::String),
        property("isSeen", Type::Bool),
        property("hasAttachments", Type::Bool),
        property("url", Type::String),
        property("bindings", Type::Array),
        property("body", Type::String),
    ],
};

/// The methods.
pub fn methods() -> Vec<Method> {
    let own = [read::methods(), send::methods(), folder::methods(), make::methods(), crm::methods()];
    own.into_iter().flatten().chain(described("mail.message", SCOPE, &DTO)).collect()
}

/// A message of the caller's, for something to be made of it: rivals wait for each other.
fn named(call: &mut Call<'_, '_>, complaint: &'static str) -> Result<Row> {
    let id = call.id("messageId");
    if id <= 0 {
        return Err(unnumbered("messageId").into());
    }
    let absent = || exception::of_field("messageId", complaint);
    let scope = MESSAGE.grant(call, Act::Update)?;
    let row = noun::one(call, &MESSAGE, &scope, id)?.ok_or_else(absent)?;
    noun::claim(call, &MESSAGE, id)?;
    Ok(row)
}

/// The addresses that a field of a message holds.
fn addresses(row: &Row, field: &str) -> Vec<Address> {
    let list = row.json(field);
    let texts = list.as_array().into_iter().flatten().filter_map(serde_json::Value::as_str);
    texts.filter_map(Address::parse).collect()
}

/// Addresses as one text.
fn written(addresses: &[Address]) -> String {
    addresses.iter().map(Address::to_string).collect::<Vec<_>>().join(", ")
}

/// A mailbox is open to its user alone.
struct Own;

impl Rule for Own {
    fn grant(&self, call: &mut Call<'_, '_>, _: Act) -> Result<Grant> {
        Ok(Grant::Where("t.mailbox_id = ?".to_owned(), vec![call.caller.user_id.into()]))
    }
}

/// What was made of a message stays when the message goes.
struct Bound;

impl Hooks for Bound {
    fn deleting(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        noun::clear(call, &BINDING, &[("messageId", row.number.into())])
    }
}
