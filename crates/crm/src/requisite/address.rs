//! `crm.address.*`: addresses of requisites and leads, one of a type for each.

use engine::access::Act;
use engine::call::Call;
use engine::entity::{Entity, Kind};
use engine::error::Result;
use engine::noun::{
    Access, Answer, Draft, EventData, Events, Face, Faults, Field, Hooks, Id, Noun, Refusal, Row, Saved,
    Verb, add, field, noun, rows,
};
use store::Param;
use wire::{Fault, Map};

use super::noun::REQUISITE;
use super::rule::{faults, has_requisites, number, undefined};
use super::{lines, text};
use crate::SCOPE;
use crate::owned::{ByOwner, Code};

/// Addresses are for those who may have whom they belong to in the end: the contact or company behind a requisite, or the lead.
static ANCHORS: ByOwner =
    ByOwner { fields: &["anchorTypeId", "anchorId"], code: Code::Number, may_own: is_anchor };

/// Whether items of that kind have addresses.
pub(super) fn is_anchor(entity: &Entity) -> bool {
    has_requisites(entity) || is_direct(entity)
}

/// Whether addresses of such items are always without a requisite between.
fn is_direct(entity: &Entity) -> bool {
    entity.name == "lead"
}

/// Addresses.
pub static ADDRESS: Noun = Noun {
    key: &["typeId", "entityTypeId", "entityId"],
    example: "1,8,1",
    access: Access::Rule(&ANCHORS),
    fields: &[
        key("typeId", "Type of the address").sample("11"),
        key("entityTypeId", "Kind of the owner: 8 requisite, 1 lead").sample("8"),
        key("entityId", "Owner").indexed().sample("1"),
        text("address1", "Street and house").upper("ADDRESS_1").sample("4 Peace Avenue"),
        text("address2", "Flat or office").upper("ADDRESS_2"),
        text("city", "City").sample("Hamburg"),
        text("postalCode", "Postal code").sample("20457"),
        text("region", "District"),
        text("province", "State or province"),
        text("country", "Country"),
        text("countryCode", "Country code"),
        field("locAddrId", Kind::Integer, "ID of the location"),
        field("anchorTypeId", Kind::Integer, "Kind of the lead, contact or company behind it").read_only(),
        field("anchorId", Kind::Integer, "Lead, contact or company behind it").read_only().indexed(),
    ],
    faces: &[Face {
        verbs: &[
            (Verb::Add, "add"),
            (Verb::Update, "update"),
            (Verb::List, "list"),
            (Verb::Delete, "delete"),
            (Verb::Fields, "fields"),
        ],
        id: Id::Fields,
        added: Answer::True,
        faults: Faults {
            missing: Refusal::Coded("", "TypeAddress not found."),
            taken: Refusal::Coded("", "TypeAddress exists."),
            ..faults("")
        },
        ..Face::legacy("crm.address")
    }],
    events: Some(Events {
        verbs: ["REGISTER", "REGISTER", "UNREGISTER"],
        data: EventData::FieldsMembers(&["typeId", "entityTypeId", "entityId", "anchorId", "anchorTypeId"]),
        ..Events::new("ONCRMADDRESS")
    }),
    hooks: &Addresses,
    ..noun(lines::NOUN, "crm_address", SCOPE, ["address", "addresses"])
};

const fn key(name: &'static str, title: &'static str) -> Field {
    field(name, Kind::Integer, title).required().immutable()
}

/// The types that an address may have.
const TYPES: std::ops::RangeInclusive<i64> = 1..=12;

/// What an address says, beside whose it is.
const LINES: [&str; 8] =
    ["address1", "address2", "city", "postalCode", "region", "province", "country", "countryCode"];

struct Addresses;

impl Hooks for Addresses {
    /// The key must be whole. An address of a contact or company is the one that its fields show, or one of its first requisite.
    fn admit(&self, call: &mut Call<'_, '_>, face: &Face, verb: Verb) -> Result<()> {
        if !matches!(verb, Verb::Add | Verb::Update | Verb::Delete) {
            return Ok(());
        }
        let mut fields = call.fields("fields");
        if !TYPES.contains(&number(&fields, "TYPE_ID")?) {
            return Err(undefined("TYPE_ID").into());
        }
        let kind = number(&fields, "ENTITY_TYPE_ID")?;
        let of_item = call.entity(kind).is_some_and(|entity| has_requisites(&entity));
        if kind != super::TYPE_ID && !of_item && !call.entity(kind).is_some_and(|entity| is_direct(&entity)) {
            return Err(undefined("ENTITY_TYPE_ID").into());
        }
        let owner = number(&fields, "ENTITY_ID")?;
        if of_item && !has_own(call, kind, owner, number(&fields, "TYPE_ID")?)? {
            let first = first_requisite(call, kind, owner)?;
            let id = match first {
                Some(id) => id,
                None if verb == Verb::Add => holder(call, kind, owner)?,
                None => return Err(face.faults.missing.fault().into()),
            };
            fields.insert("ENTITY_TYPE_ID", super::TYPE_ID);
            fields.insert("ENTITY_ID", id);
            call.params.insert("fields", fields);
        }
        Ok(())
    }

    fn prepare(
        &self,
        call: &mut Call<'_, '_>,
        face: &Face,
        draft: &mut Draft<'_>,
        old: Option<&Row>,
    ) -> Result<()> {
        copy(call, face, draft, old)?;
        if old.is_some() {
            return Ok(());
        }
        let (kind, id) = (draft.int("entityTypeId"), draft.int("entityId"));
        let (Some(kind), Some(id)) = (kind, id) else { return Ok(()) };
        let anchor = match kind {
            super::TYPE_ID => owner_of(call, id)?,
            lead => Some((lead, id)),
        };
        let (kind, id) = anchor.ok_or_else(|| undefined("ENTITY_ID"))?;
        draft.set("anchorTypeId", kind);
        draft.set("anchorId", id);
        Ok(())
    }

    /// Every address is a location of its own.
    fn saved(&self, call: &mut Call<'_, '_>, _: &Face, saved: &Saved<'_>) -> Result<()> {
        if saved.old.is_none() {
            let sql = "UPDATE crm_address SET loc_addr_id = id WHERE id = ?";
            call.tx.execute(sql, &[saved.row.number.into()])?;
        }
        reflect(call, saved.row)
    }

    fn deleted(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        reflect(call, row)
    }
}

/// Whoever it belongs to in the end shows it in fields of his own.
fn reflect(call: &mut Call<'_, '_>, row: &Row) -> Result<()> {
    let number = |name: &str| row.int(name).unwrap_or(0);
    match call.entity(number("anchorTypeId")) {
        Some(anchor) => lines::reflect(call.tx, &anchor, number("anchorId"), number("typeId")),
        None => Ok(()),
    }
}

/// Whether a contact or company has an address of that type without a requisite between.
fn has_own(call: &mut Call<'_, '_>, kind: i64, owner: i64, type_id: i64) -> Result<bool> {
    let sql = "SELECT id FROM crm_address WHERE entity_type_id = ? AND entity_id = ? AND type_id = ?";
    let params = [kind.into(), owner.into(), type_id.into()];
    Ok(call.tx.one(sql, &params, |row| row.int(0))?.is_some())
}

/// Takes over what the location says that a request names, unless it says something itself.
fn copy(call: &mut Call<'_, '_>, _: &Face, draft: &mut Draft<'_>, old: Option<&Row>) -> Result<()> {
    let named = draft.int("locAddrId");
    draft.leave("locAddrId");
    let Some(named) = named.filter(|id| *id > 0 && old.is_none_or(|old| old.int("locAddrId") != Some(*id)))
    else {
        return Ok(());
    };
    if LINES.iter().any(|name| draft.text(name).is_some()) {
        return Ok(());
    }
    let scope = ADDRESS.grant(call, Act::Read)?;
    if let Some(other) = rows(call, &ADDRESS, &scope, &[("locAddrId", named.into())])?.first() {
        LINES.iter().for_each(|name| draft.set(name, other.get(name).clone()));
    }
    Ok(())
}

/// The contact or company whose requisite that is.
fn owner_of(call: &mut Call<'_, '_>, requisite: i64) -> Result<Option<(i64, i64)>> {
    let sql = "SELECT entity_type_id, entity_id FROM crm_requisite WHERE id = ?";
    Ok(call.tx.one(sql, &[requisite.into()], |row| Ok((row.int(0)?, row.int(1)?)))?)
}

/// The first requisite of a contact or company.
pub(super) fn first_requisite(call: &mut Call<'_, '_>, kind: i64, owner: i64) -> Result<Option<i64>> {
    let sql = "SELECT MIN(id) FROM crm_requisite WHERE entity_type_id = ? AND entity_id = ?";
    let params: [Param<'_>; 2] = [kind.into(), owner.into()];
    Ok(call.tx.one(sql, &params, |row| row.opt_int(0))?.flatten())
}

/// A requisite that does nothing but hold the address of a contact or company.
pub(super) fn holder(call: &mut Call<'_, '_>, kind: i64, owner: i64) -> Result<i64> {
    let sql = "SELECT id, name FROM crm_requisite_preset WHERE active = 'Y' ORDER BY sort, id LIMIT 1";
    let preset =
        call.tx.one(sql, &[], |row| Ok((row.int(0)?, row.opt_text(1)?.unwrap_or_default().to_owned())))?;
    let (preset, name) = preset.ok_or_else(|| Fault::crm("There is no requisite template."))?;
    let mut fields = Map::with_capacity(5);
    fields.push("ENTITY_TYPE_ID", kind);
    fields.push("ENTITY_ID", owner);
    fields.push("PRESET_ID", preset);
    fields.push("NAME", name);
    fields.push("ADDRESS_ONLY", "Y");
    Ok(add(call, &REQUISITE, &REQUISITE.faces[0], &fields)?.number)
}
