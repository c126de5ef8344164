//! `mail.message.createcrmactivity` and `removecrmactivity`: an e-mail in the timeline of a client.

use engine::call::Call;
use engine::error::{Result, refusal};
use engine::method::{Kind, Method, required, write};
use engine::moment;
use engine::noun::{self, Row};
use serde_json::json;
use wire::{Fault, Value, exception};

use super::{DTO, addresses, named};
use crate::address::Address;
use crate::binding::{self, ACTIVITY, BINDING};
use crate::{SCOPE, text};

/// Kinds of clients with their numbers and methods, in the order in which an address is looked for.
const KINDS: [(&str, i64, &str); 3] =
    [("CONTACT", 3, "crm.contact"), ("COMPANY", 4, "crm.company"), ("LEAD", 1, "crm.lead")];

/// Clients of one kind that are looked at.
const MOST: usize = 10;

/// The complaint of the CRM.
const LATER: &str = "Please try adding the email to the CRM a little later";

/// The methods.
pub fn methods() -> Vec<Method> {
    let id = || required("messageId", Kind::Int, "ID of the message");
    vec![
        write("mail.message.createcrmactivity", SCOPE, create)
            .v3(Some(&DTO))
            .about("Adds a message to the CRM, as an activity of the client with whom it was exchanged or of a new lead.")
            .param(id())
            .example(json!({"messageId": 1}), json!(true)),
        write("mail.message.removecrmactivity", SCOPE, remove)
            .v3(Some(&DTO))
            .about("Removes a message from the CRM.")
            .param(id())
            .example(json!({"messageId": 1}), json!(true)),
    ]
}

fn later() -> Fault {
    exception::of_field("messageId", LATER)
}

/// What a method of the CRM answers; its refusals are complaints about the message.
fn ask(call: &mut Call<'_, '_>, method: &str, given: serde_json::Value) -> Result<Value> {
    let answer = call.ask(method, given).map_err(|error| error.reworded(|_| later()))?;
    Ok(answer.ok_or_else(|| exception::of_field("", "CRM module is not installed"))?)
}

fn create(call: &mut Call<'_, '_>) -> Result<Value> {
    let row = named(call, "Message has been deleted or moved to another folder")?;
    if let Some(activity) = binding::of(call, row.number, ACTIVITY)? {
        if let Ok(Some(_)) = refusal(call.ask("crm.activity.get", json!({"id": activity})))? {
            return Ok(true.into());
        }
        unbind(call, &row)?;
    }
    let outgoing = row.int("outgoing") == Some(1);
    let with = match outgoing {
        true => addresses(&row, "recipients").into_iter().next(),
        false => Address::parse(row.text("sender")),
    };
    let with = with.ok_or_else(later)?;
    let (kind, client) = match client(call, &with)? {
        Some(found) => found,
        None => (1, lead(call, &row, &with)?),
    };
    let sent = moment::print(&call.caller.zone, row.int("sentAt").unwrap_or(0));
    let fields = json!({
        "OWNER_TYPE_ID": kind, "OWNER_ID": client, "TYPE_ID": 4, "SUBJECT": row.text("subject"),
        "DESCRIPTION": row.text("body"), "DESCRIPTION_TYPE": if text::is_html(row.text("body")) { 3 } else { 1 },
        "DIRECTION": if outgoing { 2 } else { 1 }, "START_TIME": sent.as_str(), "END_TIME": sent.as_str(),
        "RESPONSIBLE_ID": call.caller.user_id, "COMPLETED": "N",
        "COMMUNICATIONS": [{"TYPE": "EMAIL", "VALUE": with.email, "ENTITY_TYPE_ID": kind, "ENTITY_ID": client}],
    });
    let added = ask(call, "crm.activity.add", json!({"fields": fields}))?.as_int().ok_or_else(later)?;
    if outgoing {
        // Added as completed, it would be to be sent.
        ask(call, "crm.activity.update", json!({"id": added, "fields": {"COMPLETED": "Y"}}))?;
    }
    binding::add(call, row.number, ACTIVITY, added)?;
    Ok(true.into())
}

/// The client with an address, as far as the caller sees one: the kind and the number.
fn client(call: &mut Call<'_, '_>, with: &Address) -> Result<Option<(i64, i64)>> {
    let found = ask(call, "crm.duplicate.findbycomm", json!({"type": "EMAIL", "values": [with.email]}))?;
    for (name, kind, method) in KINDS {
        let ids = found.get(name).into_iter().flat_map(Value::items).filter_map(Value::as_int).take(MOST);
        for id in ids {
            if let Ok(Some(_)) = refusal(call.ask(&format!("{method}.get"), json!({"id": id})))? {
                return Ok(Some((kind, id)));
            }
        }
    }
    Ok(None)
}

/// A new lead of whom nobody knows yet.
fn lead(call: &mut Call<'_, '_>, row: &Row, with: &Address) -> Result<i64> {
    let fields = json!({
        "TITLE": row.text("subject"), "NAME": with.title(), "SOURCE_ID": "EMAIL",
        "ASSIGNED_BY_ID": call.caller.user_id, "EMAIL": [{"VALUE": with.email, "VALUE_TYPE": "WORK"}],
    });
    Ok(ask(call, "crm.lead.add", json!({"fields": fields}))?.as_int().ok_or_else(later)?)
}

fn unbind(call: &mut Call<'_, '_>, row: &Row) -> Result<()> {
    noun::clear(call, &BINDING, &[("messageId", row.number.into()), ("entityType", ACTIVITY.into())])
}

fn remove(call: &mut Call<'_, '_>) -> Result<Value> {
    let row = named(call, "Message is deleted or moved to another folder")?;
    let Some(activity) = binding::of(call, row.number, ACTIVITY)? else { return Ok(true.into()) };
    let given = json!({"id": activity});
    // One that is not there any more needs no right to delete it.
    if let Err(fault) = refusal(call.ask("crm.activity.delete", given))?
        && fault.message.starts_with("Access denied")
    {
        let said = "Access denied: cannot delete CRM activity";
        return Err(exception::of_field("messageId", said).into());
    }
    unbind(call, &row)?;
    Ok(true.into())
}
