//! Mailboxes: `mail.mailbox.*`. Each user has one, whose address is that of the user and whose number the user's. So there is
//! nothing to set up, and the mailbox of a new user is there at once.

use engine::call::Call;
use engine::directory::whole_name;
use engine::dto::{Dto, Pages, Select, Type, described, item, items, property};
use engine::error::Result;
use engine::method::{Kind, Method, optional, read, required};
use serde_json::json;
use wire::{Map, Value, exception};

use crate::SCOPE;
use crate::address::Address;

const PAGES: Pages = Pages { usual: 25, most: 100 };

/// What mailboxes look like.
static DTO: Dto = Dto {
    name: "MailboxDto",
    properties: &[
        property("id", Type::Int),
        property("name", Type::String),
        property("email", Type::String),
        property("senderName", Type::String),
    ],
};

/// A sender.
static SENDER: Dto = Dto {
    name: "SenderDto",
    properties: &[
        property("email", Type::String),
        property("name", Type::String),
        property("sender", Type::String),
    ],
};

/// The methods.
pub fn methods() -> Vec<Method> {
    let mut methods = vec![
        read("mail.mailbox.list", SCOPE, list)
            .v3(Some(&DTO))
            .about("Lists the mailboxes of the caller.")
            .param(optional("name", Kind::Text, "Part of the name"))
            .param(optional("email", Kind::Text, "Part of the address"))
            .param(PAGES.param())
            .example(json!({"email": "localhost"}), json!({"items": [{"id": 1, "senderName": "Ada Berg"}]})),
        read("mail.mailbox.get", SCOPE, get)
            .v3(Some(&DTO))
            .about("Returns a mailbox of the caller.")
            .param(required("id", Kind::Int, "ID"))
            .selects()
            .example(json!({"id": 1}), json!({"item": {"id": 1, "senderName": "Ada Berg"}})),
        read("mail.mailbox.senders", SCOPE, senders)
            .v3(Some(&SENDER))
            .about("Lists the addresses that the caller may send from.")
            .param(PAGES.param())
            .example(json!({}), json!({"items": [{"name": "Ada Berg", "sender": "*"}]})),
    ];
    methods.extend(described("mail.mailbox", SCOPE, &DTO));
    methods
}

/// A mailbox.
#[derive(Clone, Debug)]
pub struct Mailbox {
    /// Its number, which is that of its user.
    pub id: i64,
    /// Its address, with the name of its user.
    pub address: Address,
}

impl Mailbox {
    /// That of the caller.
    ///
    /// # Errors
    /// `ACCESSDENIED` for a caller who is no user.
    pub fn own(call: &mut Call<'_, '_>) -> Result<Self> {
        let sql = "SELECT name, last_name, email FROM portal_user WHERE id = ?";
        let user = call.caller.user_id;
        let found = call.tx.one(sql, &[user.into()], |row| {
            let email = row.text(2)?.to_owned();
            Ok(Address { name: whole_name(row.text(0)?, row.text(1)?, &email), email })
        })?;
        Ok(Mailbox { id: user, address: found.ok_or_else(exception::access_denied)? })
    }

    fn shown(&self, select: &Select) -> Map {
        let values = Map::from([
            ("id", Value::Int(self.id)),
            ("name", self.address.email.as_str().into()),
            ("email", self.address.email.as_str().into()),
            ("senderName", self.address.name.as_str().into()),
        ]);
        select.show(&DTO, values)
    }
}

/// The mailboxes with these addresses, in small letters: those of users who were not dismissed.
///
/// # Errors
/// Those of the store.
pub fn at(call: &mut Call<'_, '_>, emails: &[String]) -> Result<Vec<i64>> {
    let sql = format!(
        "SELECT id FROM portal_user WHERE active = 'Y' AND bot = '' AND email IN ({}) ORDER BY id",
        store::placeholders(emails.len())
    );
    let params: Vec<_> = emails.iter().map(|email| email.as_str().into()).collect();
    Ok(call.tx.all(&sql, &params, |row| row.int(0))?)
}

/// What is on the page that a call asks for, of the only one that there may be.
fn page(call: &Call<'_, '_>, only: Option<Map>) -> Result<Value> {
    let page = PAGES.read(call.param("pagination").unwrap_or(&Value::Null))?;
    Ok(items(only.filter(|_| page.offset == 0).into_iter().collect()))
}

fn list(call: &mut Call<'_, '_>) -> Result<Value> {
    let own = Mailbox::own(call)?;
    let has = |name: &str| {
        let part = call.text(name).unwrap_or_default();
        own.address.email.contains(&part.trim().to_lowercase())
    };
    let found = (has("name") && has("email")).then(|| own.shown(&Select::default()));
    page(call, found)
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    let (id, select) = (call.id("id"), Select::read(call, &DTO)?);
    if id != call.caller.user_id {
        let is_there = engine::directory::exists(call.tx, id)?;
        let absent = || exception::not_found(format!("Record with ID = {id} not found"));
        return Err(if is_there { exception::access_denied() } else { absent() }.into());
    }
    Ok(item(Mailbox::own(call)?.shown(&select)))
}

fn senders(call: &mut Call<'_, '_>) -> Result<Value> {
    let own = Mailbox::own(call)?.address;
    let sender = Map::from([
        ("email", Value::from(own.email.as_str())),
        ("name", own.name.as_str().into()),
        ("sender", own.to_string().into()),
    ]);
    page(call, Some(sender))
}
