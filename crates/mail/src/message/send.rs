//! `mail.message.send`, `reply` and `forward`. A message reaches the mailboxes of this portal that it is addressed to; nothing
//! leaves the portal.

use engine::access::Act;
use engine::call::Call;
use engine::error::Result;
use engine::method::{Kind, Method, optional, required, write};
use engine::noun::{self, Row};
use serde_json::json;
use wire::{Map, Value, exception};

use super::{DTO, INBOX, MESSAGE, SENT, WRITTEN, addresses, written};
use crate::address::Address;
use crate::mailbox::{self, Mailbox};
use crate::{FORWARDED, SCOPE, recipient, text};

/// Recipients of one message, of all kinds together.
const MOST: usize = 100;
/// Characters of a subject.
const SUBJECT: usize = 255;
/// Bytes of a body.
const BODY: usize = 65_535;

/// The methods.
pub fn methods() -> Vec<Method> {
    let example = |name: &str, to: &str, subject: &str| {
        let mut given =
            json!({"from": "admin@localhost", "to": [to], "subject": subject, "body": "Thank you."});
        if !name.is_empty() {
            given[name] = 3.into();
        }
        (given, json!({"success": true, "to": [to]}))
    };
    let method = |name: &'static str, handler: fn(&mut Call<'_, '_>) -> Result<Value>| {
        write(name, SCOPE, handler).v3(Some(&DTO))
    };
    let (sent, answered) = (
        example("", "contact1@example.com", "Delivery"),
        example("replyToMessageId", "ines@example.com", "Re: Showroom"),
    );
    let forwarded = example("forwardMessageId", "otto@example.com", "Fwd: Showroom");
    vec![
        letter(method("mail.message.send", send).about("Sends a message to the mailboxes of this portal."))
            .example(sent.0, sent.1),
        letter(
            method("mail.message.reply", reply)
                .about("Answers a message, in the same thread.")
                .param(required("replyToMessageId", Kind::Int, "ID of the message that is answered")),
        )
        .example(answered.0, answered.1),
        letter(
            method("mail.message.forward", forward)
                .about("Sends a message on, below a text of the sender's own.")
                .param(required("forwardMessageId", Kind::Int, "ID of the message that is sent on")),
        )
        .example(forwarded.0, forwarded.1),
    ]
}

/// Takes what makes a message.
fn letter(method: Method) -> Method {
    method
        .param(required("from", Kind::Text, "Address of the sender, which is that of the caller"))
        .param(required("to", Kind::List, "Addresses of the recipients"))
        .param(required("subject", Kind::Text, "Subject"))
        .param(required("body", Kind::Text, "Plain text or basic HTML"))
        .param(optional("cc", Kind::List, "Addresses of those who get a copy"))
        .param(optional("bcc", Kind::List, "Addresses of those who get a copy without the others knowing"))
}

/// A message on its way.
struct Letter {
    own: Mailbox,
    from: Address,
    to: Vec<Address>,
    cc: Vec<Address>,
    bcc: Vec<Address>,
    subject: String,
    body: String,
}

impl Letter {
    /// The one that a call describes; `failed` is the code for a sender that the caller may not be.
    fn read(call: &mut Call<'_, '_>, failed: &'static str) -> Result<Self> {
        let own = Mailbox::own(call)?;
        let text = |name: &str| call.text(name).filter(|text| !text.trim().is_empty());
        let missing = ["from", "subject", "body"].into_iter().filter(|name| text(name).is_none());
        let missing: Vec<_> = missing.map(exception::missing).collect();
        if !missing.is_empty() {
            return Err(exception::request(missing).into());
        }
        let from = text("from").as_deref().and_then(Address::parse);
        let mut from = from
            .filter(|from| from.key() == own.address.key())
            .ok_or_else(|| exception::of_field("from", failed))?;
        if from.name.is_empty() {
            from.name.clone_from(&own.address.name);
        }
        let [to, cc, bcc] = recipients(call)?;
        let (subject, body) = (text("subject").unwrap_or_default(), text("body").unwrap_or_default());
        for (name, length, most) in
            [("subject", subject.chars().count(), SUBJECT), ("body", body.len(), BODY)]
        {
            if length > most {
                return Err(exception::of_field(
                    name,
                    format!("The {name} must not exceed {most} characters"),
                )
                .into());
            }
        }
        Ok(Letter { own, from, to, cc, bcc, subject, body })
    }

    /// Puts it into the mailboxes of the sender and the recipients, in the thread with that first message.
    fn deliver(self, call: &mut Call<'_, '_>, thread: Option<i64>) -> Result<Value> {
        let kept = self.put(call, (self.own.id, SENT), thread)?;
        let all: Vec<&Address> = self.to.iter().chain(&self.cc).chain(&self.bcc).collect();
        recipient::remember(call, self.own.id, &all)?;
        let keys: Vec<String> = all.iter().map(|address| address.key()).collect();
        for user in mailbox::at(call, &keys)? {
            self.put(call, (user, INBOX), Some(thread.unwrap_or(kept)))?;
            if user != self.own.id {
                recipient::remember(call, user, &[&self.from])?;
            }
        }
        let to: Vec<Value> = self.to.iter().map(|address| address.email.as_str().into()).collect();
        Ok(Map::from([("success", Value::from(true)), ("to", to.into())]).into())
    }

    /// A copy of it in a folder of a mailbox.
    fn put(
        &self,
        call: &mut Call<'_, '_>,
        (mailbox, folder): (i64, &str),
        thread: Option<i64>,
    ) -> Result<i64> {
        let sent = folder == SENT;
        let list =
            |list: &[Address]| Value::from(list.iter().map(|one| one.to_string().into()).collect::<Vec<_>>());
        let mut values = Map::from([
            ("mailboxId", Value::Int(mailbox)),
            ("folder", folder.into()),
            ("threadId", thread.into()),
            ("outgoing", sent.into()),
            ("seen", sent.into()),
            ("sender", self.from.to_string().into()),
            ("recipients", list(&self.to)),
            ("copies", list(&self.cc)),
            ("subject", self.subject.as_str().into()),
            ("body", self.body.as_str().into()),
            ("sentAt", call.now.seconds().into()),
        ]);
        if sent {
            values.push("blindCopies", list(&self.bcc));
        }
        Ok(noun::put(call, &MESSAGE, &values)?.number)
    }
}

/// Those whom a call names, each once in its list.
fn recipients(call: &Call<'_, '_>) -> Result<[Vec<Address>; 3]> {
    let (mut lists, mut count) = ([const { Vec::new() }; 3], 0);
    for (name, list) in ["to", "cc", "bcc"].into_iter().zip(&mut lists) {
        let unresolved = || exception::of_field(name, "RESOLVE_RECIPIENTS_ERROR");
        for given in call.param(name).into_iter().flat_map(Value::items).filter(|given| !given.is_empty()) {
            let address = given.as_str().and_then(Address::parse).ok_or_else(unresolved)?;
            if list.iter().all(|known: &Address| known.key() != address.key()) {
                list.push(address);
                count += 1;
            }
            if count > MOST {
                return Err(unresolved().into());
            }
        }
        if name == "to" && list.is_empty() {
            return Err(exception::of_field(name, "NO_RECIPIENTS").into());
        }
    }
    Ok(lists)
}

fn send(call: &mut Call<'_, '_>) -> Result<Value> {
    Letter::read(call, "MESSAGE_SEND_FAILED")?.deliver(call, None)
}

/// The message that is answered or sent on, which has been read then.
fn original(call: &mut Call<'_, '_>, name: &str, failed: &'static str) -> Result<Row> {
    let scope = MESSAGE.grant(call, Act::Update)?;
    let found = noun::one(call, &MESSAGE, &scope, call.id(name))?;
    let row = found.ok_or_else(|| exception::of_field(name, failed))?;
    let seen = Map::from([("seen", Value::from(true))]);
    noun::amend(call, &MESSAGE, &WRITTEN, row.number, &seen)?;
    Ok(row)
}

fn reply(call: &mut Call<'_, '_>) -> Result<Value> {
    const FAILED: &str = "MESSAGE_REPLY_FAILED";
    let letter = Letter::read(call, FAILED)?;
    let row = original(call, "replyToMessageId", FAILED)?;
    letter.deliver(call, Some(row.int("threadId").unwrap_or(row.number)))
}

fn forward(call: &mut Call<'_, '_>) -> Result<Value> {
    const FAILED: &str = "MESSAGE_FORWARD_FAILED";
    let mut letter = Letter::read(call, FAILED)?;
    let row = original(call, "forwardMessageId", FAILED)?;
    let sent = call.settings.dates().moment(&call.caller.zone, row.int("sentAt").unwrap_or(0));
    let above = call
        .portal_name(FORWARDED)
        .replace("{date}", &sent)
        .replace("{from}", row.text("sender"))
        .replace("{to}", &written(&addresses(&row, "recipients")))
        .replace("{subject}", row.text("subject"));
    letter.body = text::joined(&[&letter.body, &above, row.text("body")]);
    letter.deliver(call, None)
}
