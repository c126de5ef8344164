//! `crm.requisite.link.*`: which requisite and bank details an item uses, the client's and those of the own company.

use engine::access::Act;
use engine::call::Call;
use engine::entity::owner::{Standing, standing};
use engine::entity::{Entity, Kind};
use engine::error::Result;
use engine::method::{self, Method, Param, required, write};
use engine::noun::{
    Access, Face, Faults, Field, Hooks, Id, LEGACY_FAULTS, Noun, Refusal, Row, Verb, add, clear, field, noun,
    rows, update,
};
use serde_json::json;
use store::Tx;
use wire::{Fault, Map, Value};

use super::bankdetail::BANK_DETAIL;
use super::noun::REQUISITE;
use super::rule::{number, undefined};
use crate::SCOPE;
use crate::owned::{ByOwner, Code};

static ITEMS: ByOwner = ByOwner {
    fields: &["entityTypeId", "entityId"],
    code: Code::Number,
    may_own: |entity: &Entity| !matches!(entity.name.as_ref(), "lead" | "contact" | "company"),
};

/// Links of items to requisites.
pub static LINK: Noun = Noun {
    key: &["entityTypeId", "entityId"],
    access: Access::Rule(&ITEMS),
    fields: &[
        field("entityTypeId", Kind::Integer, "Kind of the item").required().immutable().sample("2"),
        field("entityId", Kind::Integer, "Item").required().immutable().indexed().sample("1"),
        used("requisiteId", "Requisite of the client"),
        used("bankDetailId", "Bank details of the client"),
        used("mcRequisiteId", "Requisite of the own company"),
        used("mcBankDetailId", "Bank details of the own company"),
    ],
    faces: &[FACE],
    hooks: &Links,
    ..noun("crm.requisite.link", "crm_requisite_link", SCOPE, ["link to requisites", "links to requisites"])
};

const fn used(name: &'static str, title: &'static str) -> Field {
    field(name, Kind::Integer, title).required().indexed().sample("0")
}

const FACE: Face = Face {
    verbs: &[(Verb::Get, "get"), (Verb::List, "list"), (Verb::Fields, "fields")],
    id: Id::Params(&["entityTypeId", "entityId"]),
    params: &[(&[Verb::Get], KIND), (&[Verb::Get], ITEM)],
    about: &[
        (Verb::Get, "Returns which requisites and bank details an item uses."),
        (Verb::List, "Lists which requisites and bank details items use, 50 per page."),
    ],
    order: &[("entityTypeId", wire::order::Direction::Asc), ("entityId", wire::order::Direction::Asc)],
    faults: Faults { missing: Refusal::Coded("", "Not found"), invalid: undefined, ..LEGACY_FAULTS },
    ..Face::legacy("crm.requisite.link")
};

const KIND: Param =
    required("entityTypeId", method::Kind::Id, "Kind of the item: 2 deal, 7 quote, 31 invoice")
        .or_complain("entityTypeId is not defined or invalid.");
const ITEM: Param = required("entityId", method::Kind::Id, "ID of the item")
    .or_complain("entityId is not defined or invalid.");

/// The fields that a link names requisites in.
pub(super) const REQUISITES: [&str; 2] = ["requisite_id", "mc_requisite_id"];
/// The fields that a link names bank details in.
pub(super) const BANK_DETAILS: [&str; 2] = ["bank_detail_id", "mc_bank_detail_id"];

/// Has no link name what is deleted.
pub(super) fn unset(tx: &mut Tx<'_>, columns: [&str; 2], id: i64) -> Result<()> {
    for column in columns {
        let sql = format!("UPDATE crm_requisite_link SET {column} = 0 WHERE {column} = ?");
        tx.execute(&sql, &[id.into()])?;
    }
    Ok(())
}

/// The methods that the face does not have.
pub(super) fn methods() -> Vec<Method> {
    let members = LINK.fields.iter().map(|field| Param {
        name: field.upper_name().into(),
        ..required("", method::Kind::Int, field.title)
    });
    vec![
        write("crm.requisite.link.register", SCOPE, register)
            .about("Says which requisites and bank details an item uses, instead of those it used before.")
            .param(required("fields", method::Kind::Fields, "The item, and what it uses; 0 for nothing").with_members(members.collect()))
            .example(
                json!({"fields": {
                    "ENTITY_TYPE_ID": 2, "ENTITY_ID": 1, "REQUISITE_ID": 1, "BANK_DETAIL_ID": 0, "MC_REQUISITE_ID": 0,
                    "MC_BANK_DETAIL_ID": 0,
                }}),
                json!(true),
            ),
        write("crm.requisite.link.unregister", SCOPE, unregister)
            .destroys()
            .about("Has an item use no requisites any more.")
            .param(KIND)
            .param(ITEM)
            .example(json!({"entityTypeId": 2, "entityId": 1}), json!(true)),
    ]
}

fn register(call: &mut Call<'_, '_>) -> Result<Value> {
    let fields = call.fields("fields");
    let (kind, id) = (number(&fields, "ENTITY_TYPE_ID")?, number(&fields, "ENTITY_ID")?);
    let item = item(call, kind, id, "ENTITY_TYPE_ID")?;
    let mut used = [0; 4];
    for (at, field) in LINK.fields[2..].iter().enumerate() {
        let name = field.upper_name();
        let given = fields.get_any_case(&name).and_then(Value::as_int).filter(|id| *id >= 0);
        used[at] = given.ok_or_else(|| undefined(&name))?;
    }
    let [requisite, bank, own, own_bank] = used;
    let parties = parties(call, &item, id)?;
    CLIENT.check(call, requisite, bank, &parties.clients)?;
    OWN.check(call, own, own_bank, &parties.own)?;

    let scope = LINK.grant(call, Act::Update)?;
    let there = rows(call, &LINK, &scope, &[("entityTypeId", kind.into()), ("entityId", id.into())])?;
    if there.is_empty() {
        add(call, &LINK, &FACE, &fields)?;
    } else {
        update(call, &LINK, &FACE, &[kind.into(), id.into()], &fields)?;
    }
    Ok(true.into())
}

fn unregister(call: &mut Call<'_, '_>) -> Result<Value> {
    let (kind, id) = (call.id("entityTypeId"), call.id("entityId"));
    item(call, kind, id, "entityTypeId")?;
    clear(call, &LINK, &[("entityTypeId", kind.into()), ("entityId", id.into())])?;
    Ok(true.into())
}

/// The kind of the item that a request names, which the caller may change.
fn item(call: &mut Call<'_, '_>, kind: i64, id: i64, name: &str) -> Result<std::sync::Arc<Entity>> {
    let entity = ITEMS.kind(call, &kind.into()).ok_or_else(|| undefined(name))?;
    match standing(call, &entity, id, Act::Update)? {
        Standing::Allowed => Ok(entity),
        Standing::Denied | Standing::Missing => Err(LEGACY_FAULTS.unwritable.fault().into()),
    }
}

/// Who takes part in the business of an item: contacts (3) and companies (4) by number.
#[derive(Default)]
struct Parties {
    clients: Vec<(i64, i64)>,
    own: Vec<(i64, i64)>,
}

fn parties(call: &mut Call<'_, '_>, item: &Entity, id: i64) -> Result<Parties> {
    let columns = [("CONTACT_ID", 3), ("COMPANY_ID", 4), ("MYCOMPANY_ID", 4)];
    // Those of invoices of the older kind are called as if they were custom fields.
    let field = |code: &str| item.field(code).or_else(|| item.field(&format!("UF_{code}")));
    let known: Vec<_> =
        columns.into_iter().filter_map(|(code, kind)| Some((code, kind, field(code)?.column()))).collect();
    let mut parties = Parties::default();
    if known.is_empty() {
        return Ok(parties);
    }
    let list: Vec<&str> = known.iter().map(|(.., column)| *column).collect();
    let sql = format!("SELECT {} FROM {} WHERE id = ?", list.join(", "), item.table());
    call.tx.one(&sql, &[id.into()], |row| {
        for (at, (code, kind, _)) in known.iter().enumerate() {
            let Some(party) = row.opt_int(at)?.filter(|id| *id > 0) else { continue };
            let side = if *code == "MYCOMPANY_ID" { &mut parties.own } else { &mut parties.clients };
            side.push((*kind, party));
        }
        Ok(())
    })?;
    Ok(parties)
}

/// One side of a link, in the words of its refusals.
struct Side {
    requisite: &'static str,
    bank: &'static str,
    of_requisite: &'static str,
    is_own: bool,
}

const CLIENT: Side =
    Side { requisite: "Requisite", bank: "BankDetail", of_requisite: "Requisite", is_own: false };
const OWN: Side = Side {
    requisite: "Requisite of your company",
    bank: "BankDetail of your company",
    of_requisite: "Requisite of your company",
    is_own: true,
};

impl Side {
    /// The requisite is there and belongs to one of these, and the bank details belong to it.
    fn check(
        &self,
        call: &mut Call<'_, '_>,
        requisite: i64,
        bank: i64,
        parties: &[(i64, i64)],
    ) -> Result<()> {
        if requisite > 0 {
            let owner = owner_of(call, requisite)?.ok_or_else(|| not_found(self.requisite, requisite))?;
            let belongs = parties.contains(&owner)
                || (self.is_own && parties.is_empty() && is_own_company(call, owner)?);
            if !belongs {
                let expected = parties.iter().find(|party| party.0 == owner.0).or(parties.first());
                return Err(self.unassigned(requisite, *expected.unwrap_or(&(4, 0))).into());
            }
        }
        if bank > 0 {
            let of = bank_of(call, bank)?.ok_or_else(|| not_found(self.bank, bank))?;
            if of != requisite {
                let text = format!(
                    "The {} with ID '{bank}' is not assigned to {} with ID '{requisite}'",
                    self.bank, self.of_requisite
                );
                return Err(Fault::crm(text).into());
            }
        }
        Ok(())
    }

    fn unassigned(&self, requisite: i64, (kind, id): (i64, i64)) -> Fault {
        let party = match (self.is_own, kind) {
            (true, _) => "your company",
            (false, 3) => "Contact",
            (false, _) => "Company",
        };
        Fault::crm(format!("The Requisite with ID '{requisite}' is not assigned to {party} with ID '{id}'"))
    }
}

fn not_found(what: &str, id: i64) -> Fault {
    Fault::crm(format!("The {what} with ID '{id}' is not found"))
}

/// The owner of a requisite that the caller may read.
fn owner_of(call: &mut Call<'_, '_>, id: i64) -> Result<Option<(i64, i64)>> {
    let scope = REQUISITE.grant(call, Act::Read)?;
    let row = engine::noun::one(call, &REQUISITE, &scope, id)?;
    Ok(row.map(|row| (row.int("entityTypeId").unwrap_or(0), row.int("entityId").unwrap_or(0))))
}

/// The requisite of bank details that the caller may read.
fn bank_of(call: &mut Call<'_, '_>, id: i64) -> Result<Option<i64>> {
    let scope = BANK_DETAIL.grant(call, Act::Read)?;
    let row = engine::noun::one(call, &BANK_DETAIL, &scope, id)?;
    Ok(row.map(|row| row.int("entityId").unwrap_or(0)))
}

/// Whether that is a company of one's own. An item that names none may use any of them.
fn is_own_company(call: &mut Call<'_, '_>, (kind, id): (i64, i64)) -> Result<bool> {
    let sql = "SELECT 1 FROM crm_company WHERE id = ? AND is_my_company = 'Y'";
    Ok(kind == 4 && call.tx.one(sql, &[id.into()], |row| row.int(0))?.is_some())
}

struct Links;

impl Hooks for Links {
    /// Alone, a link says the item's number as a number.
    fn show(
        &self,
        _: &mut Call<'_, '_>,
        _: &Face,
        rows: &[Row],
        shown: &mut [Map],
        whole: bool,
    ) -> Result<()> {
        for (row, map) in rows.iter().zip(shown).filter(|_| whole) {
            map.insert("ENTITY_TYPE_ID", row.int("entityTypeId"));
            map.insert("ENTITY_ID", row.int("entityId"));
        }
        Ok(())
    }
}
