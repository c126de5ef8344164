//! `mail.message.list`, `get` and `thread`.

use std::collections::HashMap;

use engine::access::Act;
use engine::call::Call;
use engine::dto::{Pages, Select, item, items};
use engine::entity::Order;
use engine::error::Result;
use engine::method::{Kind, Method, optional, read, required};
use engine::moment;
use engine::noun::{self, Asked, Row};
use serde_json::json;
use store::{Dialect, Param};
use wire::{Fault, Map, Value, exception};

use super::{DTO, FOLDERS, MESSAGE, SPAM, TRASH, WRITTEN, addresses, written};
use crate::binding::{self, BINDING};
use crate::mailbox::Mailbox;
use crate::{SCOPE, unnumbered};

const PAGES: Pages = Pages { usual: 25, most: 200 };
/// Messages of a thread: usually, and at most.
const THREAD: (i64, i64) = (20, 50);
/// The form of times within a thread.
const TIME: &str = "%Y-%m-%d %H:%M:%S";

/// The methods.
pub fn methods() -> Vec<Method> {
    let id = || required("id", Kind::Int, "ID of the message");
    vec![
        read("mail.message.list", SCOPE, list)
            .v3(Some(&DTO))
            .about("Lists messages of the caller's mailbox, the latest first.")
            .param(optional("mailboxId", Kind::Int, "ID of the mailbox"))
            .param(optional("searchQuery", Kind::Text, "Text to look for in subjects, bodies and addresses"))
            .param(optional("dateFrom", Kind::Text, "Earliest date"))
            .param(optional("dateTo", Kind::Text, "Latest date"))
            .param(optional("isSeen", Kind::Flag, "Whether the messages were read"))
            .param(optional("hasAttachments", Kind::Flag, "Whether the messages have attachments"))
            .param(optional("folder", Kind::Text, "Folder: INBOX, Archive, Drafts, Sent, Spam or Trash"))
            .param(PAGES.param())
            .example(
                json!({"folder": "INBOX", "searchQuery": "desks"}),
                json!({"items": [{"id": 3, "mailboxId": 1, "from": "Ines Vogel <ines@example.com>", "isSeen": true}]}),
            ),
        read("mail.message.get", SCOPE, get)
            .v3(Some(&DTO))
            .about("Returns a message of the caller's mailbox.")
            .param(id())
            .selects()
            .example(json!({"id": 1}), json!({"item": {"id": 1, "subject": "Our offer", "cc": null, "bindings": []}})),
        read("mail.message.thread", SCOPE, thread)
            .v3(Some(&DTO))
            .about("Returns a message with its answers and what they answer, the oldest first.")
            .param(id())
            .param(optional("limit", Kind::Int, "Number of messages"))
            .example(
                json!({"id": 4}),
                json!([{"id": 3, "cc": "contact2@example.com"}, {"id": 4, "to": "ines@example.com"}]),
            ),
    ]
}

/// A moment that bounds a list, as ISO 8601 with the offset writes it.
fn bound(call: &Call<'_, '_>, name: &str) -> std::result::Result<Option<i64>, Fault> {
    let Some(text) = call.text(name) else { return Ok(None) };
    let read = text.parse::<jiff::Timestamp>().ok().filter(|_| text.as_bytes().get(10) == Some(&b'T'));
    let said = format!(
        "Parameter `{name}` must be in ISO 8601 format (DATE_ATOM), for example `2026-01-01T00:00:00+00:00`"
    );
    read.map(|at| Some(at.as_second())).ok_or_else(|| exception::of_field(name, said))
}

/// The conditions of a list.
fn conditions(call: &Call<'_, '_>) -> Result<(String, Vec<Param<'static>>)> {
    let mut conditions = Vec::new();
    let mut params: Vec<Param<'static>> = Vec::new();
    for (name, condition) in [("dateFrom", "t.sent_at >= ?"), ("dateTo", "t.sent_at <= ?")] {
        if let Some(moment) = bound(call, name)? {
            conditions.push(condition.to_owned());
            params.push(moment.into());
        }
    }
    if let Some(Value::Bool(seen)) = call.param("isSeen") {
        conditions.push("t.seen = ?".to_owned());
        params.push(i64::from(*seen).into());
    }
    // Nothing brings attachments.
    if call.flag("hasAttachments") {
        conditions.push("1 = 0".to_owned());
    }
    if let Some(folder) = call.text("folder") {
        let known = FOLDERS.into_iter().find(|known| known.eq_ignore_ascii_case(folder.trim()));
        conditions.push("t.folder = ?".to_owned());
        params.push(known.unwrap_or_default().into());
    } else {
        conditions.push("t.folder NOT IN (?, ?)".to_owned());
        params.extend([SPAM.into(), TRASH.into()]);
    }
    if let Some(query) = call.text("searchQuery") {
        let pattern = format!("%{}%", Dialect::escape(query.trim()));
        let columns = ["subject", "body", "sender", "recipients", "copies", "blind_copies"];
        let alike = columns.map(|column| Dialect::like(&format!("COALESCE(t.{column}, '')")));
        conditions.push(format!("({})", alike.join(" OR ")));
        params.extend(columns.map(|_| Param::from(pattern.clone())));
    }
    Ok((conditions.join(" AND "), params))
}

fn list(call: &mut Call<'_, '_>) -> Result<Value> {
    let page = PAGES.read(call.param("pagination").unwrap_or(&Value::Null))?;
    let within = conditions(call)?;
    let own = Mailbox::own(call)?;
    if matches!(call.param("mailboxId"), Some(Value::Int(id)) if *id != own.id) {
        return Err(exception::access_denied().into());
    }
    let wanted = Asked {
        within: Some(within),
        order: Some(Order::default().by("t.sent_at", "DESC").by("t.id", "DESC")),
        window: Some((page.offset, page.limit)),
        ..Asked::default()
    };
    let scope = MESSAGE.grant(call, Act::Read)?;
    let rows = noun::asked(call, &MESSAGE, &scope, wanted)?;
    let base = call.settings.base_url.clone();
    let shown = show(call, &own, &rows)?.into_iter().map(|mut map| {
        let url = map.get("url").and_then(Value::as_str).unwrap_or_default();
        map.insert("url", format!("{base}{url}/"));
        map
    });
    Ok(items(shown.collect()))
}

/// The message that a call names.
fn found(call: &mut Call<'_, '_>) -> Result<Row> {
    let id = call.id("id");
    if id <= 0 {
        return Err(unnumbered("id").into());
    }
    noun::find(call, &MESSAGE, &WRITTEN, Act::Read, &[id.into()])
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    let select = Select::read(call, &DTO)?;
    let (row, own) = (found(call)?, Mailbox::own(call)?);
    let mut map = show(call, &own, &[row])?.pop().unwrap_or_default();
    // A message for nobody else says so in another way than in lists.
    if map.get("cc").is_some_and(Value::is_empty) {
        map.insert("cc", Value::Null);
    }
    Ok(item(select.show(&DTO, map)))
}

/// What is shown of messages.
fn show(call: &mut Call<'_, '_>, own: &Mailbox, rows: &[Row]) -> Result<Vec<Map>> {
    let numbers: Vec<i64> = rows.iter().map(|row| row.number).collect();
    let mut bindings: HashMap<i64, Vec<Value>> = HashMap::new();
    for row in noun::among(call, &BINDING, "messageId", &numbers)? {
        bindings.entry(row.int("messageId").unwrap_or(0)).or_default().push(binding::shown(&row));
    }
    let one = |row: &Row| {
        Map::from([
            ("id", Value::Int(row.number)),
            ("mailboxId", own.id.into()),
            ("mailboxEmail", own.address.email.as_str().into()),
            ("subject", row.text("subject").into()),
            ("from", row.text("sender").into()),
            ("to", written(&addresses(row, "recipients")).into()),
            ("cc", written(&addresses(row, "copies")).into()),
            ("date", moment::print(&call.caller.zone, row.int("sentAt").unwrap_or(0)).into()),
            ("isSeen", (row.int("seen") == Some(1)).into()),
            ("hasAttachments", false.into()),
            ("url", format!("/mail/message/{}", row.number).into()),
            ("bindings", bindings.remove(&row.number).unwrap_or_default().into()),
            ("body", row.text("body").into()),
        ])
    };
    Ok(rows.iter().map(one).collect())
}

fn thread(call: &mut Call<'_, '_>) -> Result<Value> {
    let limit = call.param("limit").and_then(Value::as_int).unwrap_or(THREAD.0);
    if !(1..=THREAD.1).contains(&limit) {
        let said = format!("The limit must be between 1 and {}", THREAD.1);
        return Err(exception::of_field("limit", said).into());
    }
    let row = found(call)?;
    let first = row.int("threadId").unwrap_or(row.number);
    let scope = MESSAGE.grant(call, Act::Read)?;
    let condition = "(t.id = ? OR t.thread_id = ?)";
    let rest = format!(" ORDER BY t.sent_at, t.id LIMIT {limit}");
    let rows = noun::select(call, &MESSAGE, &scope, condition, vec![first.into(), first.into()], &rest)?;
    let one = |row: &Row| {
        let sent = moment::wall(&call.caller.zone, row.int("sentAt").unwrap_or(0));
        Value::from(Map::from([
            ("id", Value::Int(row.number)),
            ("subject", row.text("subject").into()),
            ("from", row.text("sender").into()),
            ("to", written(&addresses(row, "recipients")).into()),
            ("cc", written(&addresses(row, "copies")).into()),
            ("date", sent.strftime(TIME).to_string().into()),
            ("body", row.text("body").into()),
        ]))
    };
    Ok(rows.iter().map(one).collect::<Vec<_>>().into())
}
