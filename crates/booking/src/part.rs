//! What bookings and entries of the waiting list have beside them: clients, which are contacts and companies of the CRM, and
//! external data, which are deals.

use engine::access::Act;
use engine::call::Call;
use engine::entity::change::Change;
use engine::entity::owner::{Standing, standing};
use engine::entity::{Entity, Kind};
use engine::error::Result;
use engine::noun::{self, Access, Asked, Face, ID, Noun, Row, field, noun};
use wire::{Map, Value};

use crate::SCOPE;
use crate::rights::OfCrm;
use crate::words::{face, missing, numbered};

const FACE: Face = face(1021, "Booking not found");

/// Clients.
pub static CLIENT: Noun = Noun {
    access: Access::Rule(&OfCrm),
    fields: &[
        ID,
        field("owner", Kind::Choice(&["B", "W"]), "Of a booking, or of the waiting list").required(),
        field("ownerId", Kind::Integer, "What it belongs to").required(),
        field("code", Kind::Choice(&["CONTACT", "COMPANY"]), "Kind").required(),
        field("clientId", Kind::Integer, "Client").required(),
    ],
    faces: &[FACE],
    ..noun("booking.client", "booking_client", SCOPE, ["client", "clients"])
};

/// Deals to which bookings and entries of the waiting list belong.
pub static DATUM: Noun = Noun {
    access: Access::Rule(&OfCrm),
    fields: &[
        ID,
        field("owner", Kind::Choice(&["B", "W"]), "Of a booking, or of the waiting list").required(),
        field("ownerId", Kind::Integer, "What it belongs to").required(),
        field("code", Kind::Choice(&["DEAL"]), "Kind").required(),
        field("clientId", Kind::Integer, "Deal").required(),
    ],
    faces: &[FACE],
    ..noun("booking.datum", "booking_external_data", SCOPE, ["external datum", "external data"])
};

/// What has parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// A booking
    Booking,
    /// An entry of the waiting list
    Waiting,
}

impl Owner {
    fn code(self) -> &'static str {
        match self {
            Owner::Booking => "B",
            Owner::Waiting => "W",
        }
    }
}

/// The kinds of items by their codes.
const KINDS: [(&str, i64); 3] = [("DEAL", 2), ("CONTACT", 3), ("COMPANY", 4)];

/// The codes of a noun's parts.
fn codes(noun: &Noun) -> &'static [&'static str] {
    if noun.name == CLIENT.name { &["CONTACT", "COMPANY"] } else { &["DEAL"] }
}

/// Makes these the parts of an owner. Items must be there, and the caller must be allowed to see those that are new.
///
/// # Errors
/// The refusal.
pub fn set(
    call: &mut Call<'_, '_>,
    noun: &'static Noun,
    owner: (Owner, i64),
    parts: &[(&'static str, i64)],
) -> Result<()> {
    let kept = of(call, noun, owner)?;
    for part in parts.iter().filter(|part| !kept.contains(part)) {
        require(call, *part)?;
    }
    noun::clear(call, noun, &[("owner", owner.0.code().into()), ("ownerId", owner.1.into())])?;
    parts.iter().try_for_each(|part| put(call, noun, owner, *part))
}

fn put(
    call: &mut Call<'_, '_>,
    noun: &'static Noun,
    (owner, number): (Owner, i64),
    (code, item): (&'static str, i64),
) -> Result<()> {
    let mut row = Map::with_capacity(4);
    row.push("owner", owner.code());
    row.push("ownerId", number);
    row.push("code", code);
    row.push("clientId", item);
    noun::put(call, noun, &row).map(drop)
}

fn require(call: &mut Call<'_, '_>, (code, item): (&'static str, i64)) -> Result<()> {
    let kind = KINDS.iter().find(|(known, _)| *known == code).and_then(|(_, kind)| call.entity(*kind));
    let allowed = match kind {
        Some(entity) => standing(call, &entity, item, Act::Read)? == Standing::Allowed,
        None => false,
    };
    if allowed { Ok(()) } else { Err(numbered(0, format!("There is no {code} {item}.")).into()) }
}

/// The parts of an owner, by code and number.
///
/// # Errors
/// Those of the store.
pub fn of(
    call: &mut Call<'_, '_>,
    noun: &'static Noun,
    (owner, number): (Owner, i64),
) -> Result<Vec<(&'static str, i64)>> {
    let within =
        Some(("t.owner = ? AND t.owner_id = ?".to_owned(), vec![owner.code().into(), number.into()]));
    let rows = noun::belonging(call, noun, Asked { within, whole: true, ..Asked::default() })?;
    let part = |row: &Row| {
        let code = codes(noun).iter().find(|code| **code == row.text("code"))?;
        Some((*code, row.int("clientId")?))
    };
    Ok(rows.iter().filter_map(part).collect())
}

/// Moves all parts from one owner to another.
///
/// # Errors
/// Those of the store.
pub fn hand_over(call: &mut Call<'_, '_>, from: (Owner, i64), to: (Owner, i64)) -> Result<()> {
    for noun in [&CLIENT, &DATUM] {
        for part in of(call, noun, from)? {
            put(call, noun, to, part)?;
        }
    }
    clear(call, from.0, from.1)
}

/// Removes all parts of an owner that goes.
///
/// # Errors
/// Those of the store.
pub fn clear(call: &mut Call<'_, '_>, owner: Owner, number: i64) -> Result<()> {
    [&CLIENT, &DATUM].into_iter().try_for_each(|noun| {
        noun::clear(call, noun, &[("owner", owner.code().into()), ("ownerId", number.into())])
    })
}

/// Reads clients of a request: `{"id": 1, "type": {"module": "crm", "code": "CONTACT"}}`.
///
/// # Errors
/// For what is missing, or unknown.
pub fn client(given: &Map) -> Result<(&'static str, i64)> {
    let kind = given.get("type").ok_or_else(|| missing(&["type"]))?;
    let id = given.get("id").ok_or_else(|| missing(&["id"]))?;
    let code = kind.get("code").and_then(Value::as_str).ok_or_else(|| missing(&["type.code"]))?;
    let module = kind.get("module").and_then(Value::as_str).ok_or_else(|| missing(&["type.module"]))?;
    known(&CLIENT, module, code, id)
}

/// Reads external data of a request: `{"moduleId": "crm", "entityTypeId": "DEAL", "value": "1"}`.
///
/// # Errors
/// Likewise.
pub fn datum(given: &Map) -> Result<(&'static str, i64)> {
    let text = |name: &'static str| given.get(name).and_then(Value::as_str).ok_or_else(|| missing(&[name]));
    let value = given.get("value").ok_or_else(|| missing(&["value"]))?;
    known(&DATUM, text("moduleId")?, text("entityTypeId")?, value)
}

fn known(noun: &Noun, module: &str, code: &str, id: &Value) -> Result<(&'static str, i64)> {
    let code = codes(noun).iter().find(|known| module == "crm" && **known == code);
    match (code, id.as_int().filter(|id| *id > 0)) {
        (Some(code), Some(id)) => Ok((*code, id)),
        _ => Err(numbered(0, "Unknown kind of item.").into()),
    }
}

/// A client for the wire.
pub fn shown_client((code, id): (&'static str, i64)) -> Value {
    let mut client = Map::with_capacity(2);
    client.push("id", id);
    client.push("type", kind(code));
    client.into_value()
}

/// A kind of clients for the wire.
pub fn kind(code: &'static str) -> Value {
    let mut kind = Map::with_capacity(2);
    kind.push("code", code);
    kind.push("module", "crm");
    kind.into_value()
}

/// External data for the wire.
pub fn shown_datum((code, id): (&'static str, i64)) -> Value {
    let mut datum = Map::with_capacity(3);
    datum.push("entityTypeId", code);
    datum.push("moduleId", "crm");
    datum.push("value", id.to_string());
    datum.into_value()
}

/// Follows a deletion of an item, or its merging with another one, which takes its place.
///
/// # Errors
/// Those of the store.
pub fn follow(call: &mut Call<'_, '_>, entity: &Entity, id: i64, change: &Change) -> Result<()> {
    let Some((code, _)) = KINDS.iter().find(|(_, kind)| *kind == entity.type_id && entity.is_item()) else {
        return Ok(());
    };
    for noun in [&CLIENT, &DATUM].into_iter().filter(|noun| codes(noun).contains(code)) {
        match change {
            Change::Arrived(_) => {}
            Change::Deleted(_) => {
                noun::clear(call, noun, &[("code", (*code).into()), ("clientId", id.into())])?;
            }
            Change::Merged(into) => {
                // What has both keeps the one that stays.
                let table = noun.table;
                let sql = format!(
                    "DELETE FROM {table} WHERE code = ? AND client_id = ? AND EXISTS (SELECT 1 FROM {table} o \
                     WHERE o.owner = {table}.owner AND o.owner_id = {table}.owner_id AND o.code = {table}.code \
                     AND o.client_id = ?)"
                );
                call.tx.execute(&sql, &[(*code).into(), id.into(), (*into).into()])?;
                let sql = format!("UPDATE {table} SET client_id = ? WHERE code = ? AND client_id = ?");
                call.tx.execute(&sql, &[(*into).into(), (*code).into(), id.into()])?;
            }
        }
    }
    Ok(())
}
