//! Writing activities, and what follows from it: bindings, files, the owner's last activity, events.

use std::sync::Arc;

use engine::access::{Act, Stand};
use engine::call::Call;
use engine::entity::{Draft, Entity, Naming, file, save};
use engine::error::Result;
use engine::event::{Happening, MayKnow};
use engine::input::int;
use store::Param;
use wire::{Fault, Map, Value};

use super::communication::{self, Communication};
use super::read::{self, Current};
use super::{binding, complete, fields, kind};
use crate::calllist;
use crate::owner::{self, Owner};
use crate::timeline::kept;

/// The beginning of the names of events.
pub const EVENT: &str = "ONCRMACTIVITY";

/// Adds an activity that a request describes; gives its number.
pub fn add(call: &mut Call<'_, '_>, given: &Map) -> Result<i64> {
    let given = &with_files(given);
    let mut draft = Draft::read(call, fields::table(), Naming::Legacy, given, None)?;
    complete::require(call, &draft, given, true)?;
    let type_id = kind::require(draft.int("TYPE_ID"))?;
    kind::require_provider(type_id, draft.text("PROVIDER_ID"), "add")?;
    let with = match given.get("COMMUNICATIONS") {
        Some(value) => communication::read(call, type_id, value)?,
        None => Vec::new(),
    };
    require_communications(type_id, &with)?;
    let items = items(call, given, &with)?;
    if let Some((provider, usual)) = kind::provider_of(type_id) {
        draft.set_if_empty("PROVIDER_ID", provider);
        draft.set_if_empty("PROVIDER_TYPE_ID", usual);
    } else if draft.text("PROVIDER_ID") == Some(kind::TODO) {
        draft.set_if_empty("PROVIDER_TYPE_ID", "TODO");
    }
    complete::take_free(&mut draft, given)?;
    complete::normalize(&mut draft);
    require_no_sending(type_id, &draft)?;
    complete::set_times(call, &mut draft, type_id);
    let incoming = matches!(type_id, kind::CALL | kind::EMAIL) && draft.int("DIRECTION") == Some(1);
    let asked = given.get("IS_INCOMING_CHANNEL").and_then(Value::as_flag);
    draft.set("IS_INCOMING_CHANNEL", engine::input::yes_no(asked.unwrap_or(incoming)));
    insert(call, draft, &items, &with)
}

/// What deprecated clients call `WEBDAV_ELEMENTS` are files.
fn with_files(given: &Map) -> Map {
    let mut given = given.clone();
    if let Some(files) = given.remove("WEBDAV_ELEMENTS").filter(|_| given.get("FILES").is_none()) {
        given.push("FILES", files);
    }
    given
}

/// A call is with exactly one, an e-mail with somebody.
fn require_communications(type_id: i64, with: &[Communication]) -> Result<()> {
    if matches!(type_id, kind::CALL | kind::EMAIL) && with.is_empty() {
        return Err(communication::invalid().into());
    }
    if type_id == kind::CALL && with.len() > 1 {
        let text = "The only one communication is allowed for activity of specified type";
        return Err(Fault::crm(text).into());
    }
    Ok(())
}

/// An outgoing e-mail that is completed is to be sent, and there is no mail transport.
fn require_no_sending(type_id: i64, draft: &Draft<'_>) -> Result<()> {
    let sends =
        type_id == kind::EMAIL && draft.int("DIRECTION") != Some(1) && draft.text("COMPLETED") == Some("Y");
    if sends { Err(Fault::crm("Email send error. General error").into()) } else { Ok(()) }
}

/// The items that a new activity is bound to, its owner first: the item that the request names as such or, if it names
/// none, the first that the activity is with.
fn items(call: &mut Call<'_, '_>, given: &Map, with: &[Communication]) -> Result<Vec<Owner>> {
    let unbound =
        "Could not build binding. Please ensure that owner info and communications are defined correctly";
    let named = |map: &Map| (int(map, "OWNER_TYPE_ID").unwrap_or(0), int(map, "OWNER_ID").unwrap_or(0));
    let (type_id, id) = named(given);
    let mut items: Vec<Owner> = Vec::new();
    if type_id > 0 || id > 0 {
        items.push(Owner::numbered(call, type_id, id).ok_or_else(|| Fault::crm(unbound))?);
    }
    items.extend(with.iter().filter_map(|one| one.with.clone()));
    let more =
        given.get("BINDINGS").into_iter().flat_map(Value::items).filter_map(|one| one.clone().into_map());
    for (type_id, id) in more.map(|map| named(&map)) {
        let item = Owner::numbered(call, type_id, id).ok_or_else(|| Fault::crm(unbound))?;
        item.standing(call, Act::Update)?.require(read::denied(), Fault::crm(unbound))?;
        items.push(item);
    }
    let mut distinct: Vec<Owner> = Vec::new();
    for item in items {
        if !distinct.iter().any(|known| known.is(&item)) {
            distinct.push(item);
        }
    }
    if distinct.len() > binding::MAX {
        return Err(Fault::crm(unbound).into());
    }
    let owner = distinct.first().ok_or_else(|| Fault::crm(unbound))?;
    owner.standing(call, Act::Update)?.require(read::denied(), Fault::crm(unbound))?;
    Ok(distinct)
}

/// Writes a new activity of these items, the first of which owns it.
pub fn insert(
    call: &mut Call<'_, '_>,
    mut draft: Draft<'_>,
    items: &[Owner],
    with: &[Communication],
) -> Result<i64> {
    if let Some(owner) = items.first() {
        draft.set("OWNER_TYPE_ID", owner.entity.type_id);
        draft.set("OWNER_ID", owner.id);
    }
    complete::fill(call, &mut draft);
    draft.take_files(call, None)?;
    let id = save::insert(call, &draft)?;
    for item in items {
        binding::add(call.tx, id, item)?;
    }
    communication::replace(call.tx, id, with)?;
    happened(call, "ADD", id)?;
    Ok(id)
}

/// Changes an activity as a request says.
pub fn update(call: &mut Call<'_, '_>, current: &Current, given: &Map) -> Result<()> {
    let given = &with_files(given);
    let mut draft = Draft::read(call, fields::table(), Naming::Legacy, given, Some(current.id))?;
    complete::require(call, &draft, given, false)?;
    if draft.get("PROVIDER_ID").is_some() {
        kind::require_provider(current.type_id, draft.text("PROVIDER_ID"), "update")?;
    }
    complete::take_free(&mut draft, given)?;
    complete::normalize(&mut draft);
    complete::move_times(&mut draft, current);
    if let Some(value) = given.get("COMMUNICATIONS") {
        let with = communication::read(call, current.type_id, value)?;
        require_communications(current.type_id, &with)?;
        communication::replace(call.tx, current.id, &with)?;
        bind_with(call, current.id, &with)?;
    }
    save(call, current.id, draft)
}

/// Binds an activity to those that it is with.
fn bind_with(call: &mut Call<'_, '_>, id: i64, with: &[Communication]) -> Result<()> {
    for item in with.iter().filter_map(|one| one.with.as_ref()) {
        binding::add(call.tx, id, item)?;
    }
    if binding::load(call, id)?.len() > binding::MAX {
        return Err(communication::invalid().into());
    }
    Ok(())
}

/// Writes the changes of an activity.
pub fn save(call: &mut Call<'_, '_>, id: i64, mut draft: Draft<'_>) -> Result<()> {
    draft.take_files(call, Some(id))?;
    draft.set("LAST_UPDATED", call.now.seconds());
    draft.set("EDITOR_ID", call.caller.user_id);
    save::update(call, &draft, id)?;
    happened(call, "UPDATE", id)
}

/// What adding and changing are followed by: the items note that somebody did something with them, and the event.
pub fn happened(call: &mut Call<'_, '_>, verb: &str, id: i64) -> Result<()> {
    let items = binding::load(call, id)?;
    items.iter().try_for_each(|item| item.note_activity(call))?;
    let may_know = owner::audience(call, &items)?;
    tell(call, may_know, verb, id);
    Ok(())
}

fn tell(call: &mut Call<'_, '_>, may_know: MayKnow, verb: &str, id: i64) {
    let happening = || Happening::new(format!("activity:{id}"), [("ID", id.into())]);
    call.raise_to(may_know, &format!("{EVENT}{verb}"), happening);
}

/// Deletes an activity with all that belongs to it.
pub fn delete(call: &mut Call<'_, '_>, id: i64) -> Result<()> {
    let items = binding::load(call, id)?;
    let may_know = owner::audience(call, &items)?;
    erase(call, &[id])?;
    tell(call, may_know, "DELETE", id);
    Ok(())
}

/// Unbinds activities from an item that was deleted and stood so. Those that belonged to it alone go with it, the others
/// get another owner.
pub fn forget(call: &mut Call<'_, '_>, entity: &Entity, id: i64, stand: Stand) -> Result<()> {
    let item: [Param<'_>; 2] = [entity.type_id.into(), id.into()];
    let sql = "SELECT b.activity_id FROM crm_activity_binding b WHERE b.owner_type_id = ? AND b.owner_id = ? \
               AND NOT EXISTS (SELECT 1 FROM crm_activity_binding o WHERE o.activity_id = b.activity_id \
               AND (o.owner_type_id <> b.owner_type_id OR o.owner_id <> b.owner_id)) ORDER BY b.activity_id";
    let alone = call.tx.all(sql, &item, |row| row.int(0))?;
    erase(call, &alone)?;
    call.tx.execute("DELETE FROM crm_activity_binding WHERE owner_type_id = ? AND owner_id = ?", &item)?;
    binding::pass_on(call.tx, entity, id)?;
    let Some(entity) = call.entity(entity.type_id) else { return Ok(()) };
    let may_know = owner::readers(call, vec![(entity, stand)]);
    for id in alone {
        tell(call, Arc::clone(&may_know), "DELETE", id);
    }
    Ok(())
}

fn erase(call: &mut Call<'_, '_>, activities: &[i64]) -> Result<()> {
    for portion in activities.chunks(500) {
        let among = store::placeholders(portion.len());
        let params: Vec<Param<'_>> = portion.iter().map(|id| Param::from(*id)).collect();
        let sql = format!("SELECT id FROM crm_activity WHERE files IS NOT NULL AND id IN ({among})");
        let with_files = call.tx.all(&sql, &params, |row| row.int(0))?;
        for id in with_files {
            file::delete_all(call.tx, fields::table(), id)?;
        }
        for id in portion {
            kept::forget_notes(call.tx, kept::ACTIVITY, *id)?;
        }
        calllist::forget(call.tx, portion)?;
        for (table, column) in [
            ("crm_activity_communication", "activity_id"),
            ("crm_activity_binding", "activity_id"),
            ("crm_activity", "id"),
        ] {
            call.tx.execute(&format!("DELETE FROM {table} WHERE {column} IN ({among})"), &params)?;
        }
    }
    Ok(())
}
