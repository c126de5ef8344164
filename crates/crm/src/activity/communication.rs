//! With whom an activity is, and by which phone or address.

use std::collections::HashMap;

use engine::access::Act;
use engine::call::Call;
use engine::entity::owner::Standing;
use engine::entity::read::reach;
use engine::entity::{Entity, Field, Kind, table};
use engine::error::Result;
use engine::input::{int, text};
use store::Tx;
use wire::{Fault, Map, Value};

use super::{binding, kind};
use crate::owner::Owner;

/// Letters of a phone or an address.
const LONGEST: usize = 255;

/// A communication.
#[derive(Clone, Debug)]
pub struct Communication {
    /// `PHONE`, `EMAIL` or empty.
    pub type_id: String,
    /// The phone or address; empty when it is with somebody, by none.
    pub value: String,
    /// With whom.
    pub with: Option<Owner>,
}

/// The fields of a communication, as they are described.
pub fn described() -> Entity {
    let fields = vec![
        Field::new("ID", Kind::Integer, "ID").read_only(),
        Field::new("ACTIVITY_ID", Kind::Integer, "Activity").read_only(),
        Field::new("ENTITY_ID", Kind::Integer, "Item ID"),
        Field::new("ENTITY_TYPE_ID", Kind::Integer, "Item type"),
        Field::new("TYPE", Kind::String, "Type"),
        Field::new("VALUE", Kind::String, "Value"),
    ];
    table::described("crm_activity_communication", "Communication", fields)
}

/// The communications that a request names for an activity of that type. Items that are not there, or not for the caller,
/// are left out: the phone or address stays.
pub fn read(call: &mut Call<'_, '_>, type_id: i64, value: &Value) -> Result<Vec<Communication>> {
    let one = value.get("VALUE").is_some() || value.get("ENTITY_ID").is_some();
    let mut read = Vec::new();
    for given in std::iter::once(value).filter(|_| one).chain(value.items().filter(|_| !one)) {
        let Some(given) = given.clone().into_map() else { continue };
        let value: String = text(&given, "VALUE").unwrap_or_default().chars().take(LONGEST).collect();
        let with = item(call, &given)?;
        if value.is_empty() && with.is_none() {
            continue;
        }
        let usual = match type_id {
            _ if value.contains('@') => "EMAIL",
            kind::EMAIL => "EMAIL",
            kind::CALL => "PHONE",
            _ => "",
        };
        let type_id = text(&given, "TYPE").map_or_else(|| usual.to_owned(), |name| name.to_ascii_uppercase());
        read.push(Communication { type_id, value, with });
    }
    if read.len() > binding::MAX {
        return Err(invalid().into());
    }
    Ok(read)
}

fn item(call: &mut Call<'_, '_>, given: &Map) -> Result<Option<Owner>> {
    let (type_id, id) = (int(given, "ENTITY_TYPE_ID").unwrap_or(0), int(given, "ENTITY_ID").unwrap_or(0));
    let Some(item) = Owner::numbered(call, type_id, id) else { return Ok(None) };
    Ok((item.standing(call, Act::Read)? == Standing::Allowed).then_some(item))
}

/// The refusal of none, where there must be one.
pub fn invalid() -> Fault {
    Fault::crm("The field COMMUNICATIONS is not defined or invalid")
}

/// Puts these in the place of an activity's communications.
pub fn replace(tx: &mut Tx<'_>, activity: i64, list: &[Communication]) -> Result<()> {
    tx.execute("DELETE FROM crm_activity_communication WHERE activity_id = ?", &[activity.into()])?;
    for one in list {
        let (type_id, id) = one.with.as_ref().map_or((0, 0), |item| (item.entity.type_id, item.id));
        let sql = "INSERT INTO crm_activity_communication (activity_id, type, value, entity_type_id, entity_id) \
                   VALUES (?, ?, ?, ?, ?)";
        let params = [activity.into(), (&one.type_id).into(), (&one.value).into(), type_id.into(), id.into()];
        tx.execute(sql, &params)?;
    }
    Ok(())
}

/// A stored communication, on its way into an answer.
struct Stored {
    activity: i64,
    item: (i64, i64),
    shown: Map,
}

/// What is shown of the communications of activities.
pub fn show(call: &mut Call<'_, '_>, activities: &[i64]) -> Result<HashMap<i64, Vec<Value>>> {
    let mut stored = Vec::new();
    let sql = format!(
        "SELECT id, activity_id, type, value, entity_type_id, entity_id FROM crm_activity_communication \
         WHERE activity_id IN ({}) ORDER BY id",
        store::placeholders(activities.len())
    );
    let params: Vec<_> = activities.iter().map(|id| (*id).into()).collect();
    call.tx.query(&sql, &params, |row| {
        let mut shown = Map::with_capacity(7);
        for (at, name) in ["ID", "ACTIVITY_ID"].into_iter().enumerate() {
            shown.push(name, row.int(at)?.to_string());
        }
        shown.push("TYPE", row.text(2)?);
        shown.push("VALUE", row.text(3)?);
        shown.push("ENTITY_ID", row.int(5)?.to_string());
        shown.push("ENTITY_TYPE_ID", row.int(4)?.to_string());
        stored.push(Stored { activity: row.int(1)?, item: (row.int(4)?, row.int(5)?), shown });
        Ok(())
    })?;
    let settings = settings(call, &stored)?;
    let mut by_activity: HashMap<i64, Vec<Value>> = HashMap::new();
    for mut one in stored {
        let with = settings.get(&one.item).cloned();
        one.shown.push("ENTITY_SETTINGS", with.unwrap_or_default().into_value());
        by_activity.entry(one.activity).or_default().push(one.shown.into());
    }
    Ok(by_activity)
}

/// What an answer says of the items that activities are with, as far as the caller may read them.
fn settings(call: &mut Call<'_, '_>, stored: &[Stored]) -> Result<HashMap<(i64, i64), Map>> {
    const NAMES: [&str; 7] =
        ["HONORIFIC", "NAME", "SECOND_NAME", "LAST_NAME", "TITLE", "COMPANY_TITLE", "COMPANY_ID"];
    let mut found = HashMap::new();
    let mut types: Vec<i64> = stored.iter().map(|one| one.item.0).collect();
    types.sort_unstable();
    types.dedup();
    for type_id in types {
        let Some(entity) = call.entity(type_id) else { continue };
        let mut ids: Vec<i64> =
            stored.iter().filter(|one| one.item.0 == type_id).map(|one| one.item.1).collect();
        ids.sort_unstable();
        ids.dedup();
        let names: Vec<&str> = NAMES.into_iter().filter(|name| entity.has(name)).collect();
        let columns: String = names.iter().map(|name| format!(", t.{}", name.to_ascii_lowercase())).collect();
        let mut params = Vec::new();
        let within = reach(call, &entity, Act::Read).condition(&mut params);
        let within = within.map_or_else(String::new, |condition| format!(" AND {condition}"));
        let sql = format!(
            "SELECT t.id{columns} FROM {} t WHERE t.id IN ({}){within}",
            entity.table(),
            store::placeholders(ids.len())
        );
        let params: Vec<_> = ids.iter().map(|id| (*id).into()).chain(params).collect();
        call.tx.query(&sql, &params, |row| {
            let mut map = Map::with_capacity(names.len());
            for (at, name) in (1..).zip(&names) {
                let shown = if *name == "TITLE" { title_of(&entity) } else { *name };
                let value = match row.cell(at)? {
                    store::Cell::Text(text) => text.to_owned(),
                    store::Cell::Int(number) => number.to_string(),
                    _ => String::new(),
                };
                map.push(shown, value);
            }
            found.insert((type_id, row.int(0)?), map);
            Ok(())
        })?;
    }
    Ok(found)
}

fn title_of(entity: &Entity) -> &'static str {
    match entity.type_id {
        1 => "LEAD_TITLE",
        4 => "COMPANY_TITLE",
        _ => "TITLE",
    }
}
