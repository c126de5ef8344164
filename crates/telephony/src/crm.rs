//! The clients of calls: found by their number, or added as leads. Whatever is looked up or written in the CRM is so with the
//! rights of the caller.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use engine::call::Call;
use engine::error::{Result, refusal};
use serde_json::{Value as Json, json};
use wire::{Fault, Value};

use crate::saying::{self, said};

/// Kinds of clients with the methods for them, in the order in which a number is looked for.
const KINDS: [(&str, &str); 3] =
    [("CONTACT", "crm.contact"), ("COMPANY", "crm.company"), ("LEAD", "crm.lead")];

/// Clients of one kind that are looked at.
const MOST: usize = 50;

/// A client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// `CONTACT`, `COMPANY` or `LEAD`.
    pub kind: &'static str,
    /// The number of the item.
    pub id: i64,
    /// Its name or title.
    pub name: String,
    /// Who is responsible.
    pub responsible: i64,
}

/// The kind of that name, in any case.
pub fn kind(name: &str) -> Option<&'static str> {
    KINDS.into_iter().map(|(kind, _)| kind).find(|kind| kind.eq_ignore_ascii_case(name.trim()))
}

/// The number of a kind as the CRM counts them.
pub fn type_id(kind: &str) -> i64 {
    match kind {
        "LEAD" => 1,
        "CONTACT" => 3,
        _ => 4,
    }
}

/// The clients with that number, as far as the caller sees them: contacts, companies, then leads that are not closed.
///
/// # Errors
/// Those of the CRM.
pub fn find(call: &mut Call<'_, '_>, number: &str) -> Result<Vec<Client>> {
    let asked = json!({"type": "PHONE", "values": [number]});
    let Some(found) = call.ask("crm.duplicate.findbycomm", asked)? else { return Ok(Vec::new()) };
    let mut clients = Vec::new();
    for (kind, method) in KINDS {
        let ids: Vec<i64> =
            found.get(kind).into_iter().flat_map(Value::items).filter_map(Value::as_int).take(MOST).collect();
        if !ids.is_empty() {
            clients.extend(listed(call, kind, method, &ids)?);
        }
    }
    Ok(clients)
}

fn listed(call: &mut Call<'_, '_>, kind: &'static str, method: &str, ids: &[i64]) -> Result<Vec<Client>> {
    let mut filter = json!({"ID": ids});
    if kind == "LEAD" {
        filter["STATUS_SEMANTIC_ID"] = "P".into();
    }
    let select = ["ID", "TITLE", "NAME", "LAST_NAME", "ASSIGNED_BY_ID"];
    let asked = json!({"filter": filter, "order": {"ID": "ASC"}, "select": select});
    let rows = call.ask(&format!("{method}.list"), asked)?.unwrap_or_default();
    let client = |row: &Value| {
        let text = |name: &str| row.get(name).and_then(Value::text).unwrap_or_default().into_owned();
        let name = match text("TITLE") {
            title if title.is_empty() => format!("{} {}", text("NAME"), text("LAST_NAME")).trim().to_owned(),
            title => title,
        };
        let number = |name: &str| row.get(name).and_then(Value::as_int);
        Some(Client { kind, id: number("ID")?, name, responsible: number("ASSIGNED_BY_ID").unwrap_or(0) })
    };
    Ok(rows.items().filter_map(client).collect())
}

/// The client that a request names, if it names one.
///
/// # Errors
/// The refusal of one that is not there, or not for the caller.
pub fn given(call: &mut Call<'_, '_>) -> Result<Option<(&'static str, i64)>> {
    let id = call.id("CRM_ENTITY_ID");
    let name = call.text("CRM_ENTITY_TYPE").unwrap_or_default();
    if id <= 0 || name.trim().is_empty() {
        return Ok(None);
    }
    let missing = || Fault::core("CRM entity is not found");
    let method = KINDS.iter().find(|(kind, _)| kind.eq_ignore_ascii_case(name.trim())).ok_or_else(missing)?;
    match refusal(call.ask(&format!("{}.get", method.1), json!({"id": id})))? {
        Ok(Some(_)) => Ok(Some((method.0, id))),
        Ok(None) | Err(_) => Err(missing().into()),
    }
}

/// A lead that is added for a call.
pub struct NewLead<'a> {
    /// The number.
    pub number: &'a str,
    /// Whether the client calls.
    pub incoming: bool,
    /// Who is responsible.
    pub user: i64,
    /// The source, where the request names one.
    pub source: Option<String>,
}

/// Adds a lead. The inner error is why it was not added, for an answer.
///
/// # Errors
/// Those of the store.
pub fn add_lead(call: &mut Call<'_, '_>, new: &NewLead<'_>) -> Result<std::result::Result<i64, String>> {
    let what = said(call, if new.incoming { saying::INCOMING } else { saying::OUTGOING }, "");
    let fields = json!({
        "TITLE": format!("{} - {what}", new.number),
        "SOURCE_ID": new.source.as_deref().unwrap_or("CALL"),
        "ASSIGNED_BY_ID": new.user,
        "PHONE": [{"VALUE": new.number, "VALUE_TYPE": "WORK"}],
    });
    let added = call.ask("crm.lead.add", json!({"fields": fields}));
    Ok(match refusal(added)? {
        Ok(id) => id.as_ref().and_then(Value::as_int).ok_or_else(|| "CRM is not installed.".to_owned()),
        Err(fault) => Err(fault.message.into_owned()),
    })
}

/// Makes somebody responsible for a lead that came of a call. Without the right to, it stays as it is.
///
/// # Errors
/// Those of the store.
pub fn hand_over(call: &mut Call<'_, '_>, lead: i64, user: i64) -> Result<()> {
    let asked = call.ask("crm.lead.update", json!({"id": lead, "fields": {"ASSIGNED_BY_ID": user}}));
    refusal(asked).map(drop)
}

/// What an activity says of a call.
pub struct Talk<'a> {
    /// Its identifier.
    pub call_id: &'a str,
    /// The number.
    pub number: &'a str,
    /// Whether the client called.
    pub incoming: bool,
    /// Who had the call.
    pub user: i64,
    /// The client.
    pub client: (&'a str, i64),
    /// When it began, and how many seconds it took.
    pub time: (i64, i64),
    /// Whether nobody answered.
    pub missed: bool,
    /// Why it failed.
    pub reason: &'a str,
}

/// Adds the activity of a call. The inner error is why it was not added.
///
/// # Errors
/// Those of the store.
pub fn add_activity(call: &mut Call<'_, '_>, talk: &Talk<'_>) -> Result<std::result::Result<i64, String>> {
    let subject = if talk.incoming { saying::INCOMING_FROM } else { saying::OUTGOING_TO };
    let zone = call.caller.zone.clone();
    let moment = |seconds: i64| Json::from(engine::moment::print(&zone, seconds).as_str());
    let (kind, id) = (type_id(talk.client.0), talk.client.1);
    let (start, duration) = talk.time;
    let fields = json!({
        "OWNER_TYPE_ID": kind, "OWNER_ID": id, "TYPE_ID": 2,
        "PROVIDER_ID": "VOXIMPLANT_CALL", "PROVIDER_TYPE_ID": "CALL",
        "SUBJECT": said(call, subject, talk.number),
        "START_TIME": moment(start), "END_TIME": moment(start + duration),
        // Somebody should call back.
        "COMPLETED": if talk.missed && talk.incoming { "N" } else { "Y" },
        "RESPONSIBLE_ID": talk.user,
        "DIRECTION": if talk.incoming { 1 } else { 2 },
        "DESCRIPTION": talk.reason,
        "SETTINGS": {"MISSED_CALL": talk.missed},
        "ORIGIN_ID": format!("VI_{}", talk.call_id),
        "COMMUNICATIONS": [{"TYPE": "PHONE", "VALUE": talk.number, "ENTITY_TYPE_ID": kind, "ENTITY_ID": id}],
    });
    let added = call.ask("crm.activity.add", json!({"fields": fields}));
    Ok(match refusal(added)? {
        Ok(id) => id.as_ref().and_then(Value::as_int).ok_or_else(|| "CRM is not installed.".to_owned()),
        Err(fault) => Err(fault.message.into_owned()),
    })
}

/// `telephony.externalCall.searchCrmEntities`.
///
/// # Errors
/// The refusal of no number.
pub fn search(call: &mut Call<'_, '_>) -> Result<Value> {
    let number = call.text("PHONE_NUMBER").ok_or_else(|| Fault::core("PHONE_NUMBER is empty"))?;
    let mut people: BTreeMap<i64, Value> = BTreeMap::new();
    let mut shown = Vec::new();
    for client in find(call, &number)? {
        if let Entry::Vacant(place) = people.entry(client.responsible) {
            place.insert(crate::person::reachable(call, client.responsible)?.into_value());
        }
        let mut map = wire::Map::with_capacity(5);
        map.push("CRM_ENTITY_TYPE", client.kind);
        map.push("CRM_ENTITY_ID", client.id);
        map.push("ASSIGNED_BY_ID", client.responsible);
        map.push("NAME", client.name);
        map.push("ASSIGNED_BY", people[&client.responsible].clone());
        shown.push(map.into_value());
    }
    Ok(shown.into())
}
