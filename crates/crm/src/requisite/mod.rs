//! Requisites of contacts and companies: what they are called in contracts, their bank details and addresses, the
//! templates that say which fields a requisite has, and which of them an item uses.

mod address;
mod bankdetail;
mod country;
pub mod lines;
mod link;
mod noun;
mod preset;
mod preset_field;
mod rule;
mod seed;

use engine::call::Call;
use engine::entity::{Entity, Kind};
use engine::error::Result;
use engine::method::Method;
use engine::noun::{Field, Noun, clear, field};
use store::Tx;

pub use seed::SEED;

/// The number of requisites among owners of addresses and bank details, and of their user fields.
const TYPE_ID: i64 = 8;

const fn text(name: &'static str, title: &'static str) -> Field {
    field(name, Kind::String, title)
}

/// Everything here that is rows of a table.
pub fn nouns() -> Vec<&'static Noun> {
    vec![
        &noun::REQUISITE,
        &preset::PRESET,
        &preset_field::FIELD,
        &bankdetail::BANK_DETAIL,
        &address::ADDRESS,
        &link::LINK,
    ]
}

/// The methods beyond those of the nouns' faces.
pub fn methods() -> Vec<Method> {
    let mut methods = vec![country::method(), preset_field::available()];
    methods.extend(link::methods());
    methods
}

/// Removes what belonged to an item that is deleted.
pub fn forget(call: &mut Call<'_, '_>, entity: &Entity, id: i64) -> Result<()> {
    let item = [("entityTypeId", entity.type_id.into()), ("entityId", id.into())];
    if rule::has_requisites(entity) {
        clear(call, &noun::REQUISITE, &item)?;
    }
    if address::is_anchor(entity) {
        clear(call, &address::ADDRESS, &item)?;
    }
    clear(call, &link::LINK, &item)
}

/// Gives an item the requisites and addresses of another one, and the links that it lacks.
pub fn hand_over(tx: &mut Tx<'_>, entity: &Entity, from: i64, into: i64) -> Result<()> {
    let params = [into.into(), entity.type_id.into(), from.into()];
    let lacking = |table: &str, same: &str| {
        format!(
            "UPDATE {table} SET entity_id = ? WHERE entity_type_id = ? AND entity_id = ? AND NOT EXISTS \
             (SELECT 1 FROM {table} o WHERE o.entity_type_id = {table}.entity_type_id AND o.entity_id = ?{same})"
        )
    };
    let with_into = [&params[..], &[into.into()]].concat();
    tx.execute("UPDATE crm_requisite SET entity_id = ? WHERE entity_type_id = ? AND entity_id = ?", &params)?;
    tx.execute(&lacking("crm_address", " AND o.type_id = crm_address.type_id"), &with_into)?;
    tx.execute(&lacking("crm_requisite_link", ""), &with_into)?;
    // What a requisite leads to stands with the address, too; one that stays behind goes with its owner.
    let anchors = "UPDATE crm_address SET anchor_id = ? WHERE anchor_type_id = ? AND anchor_id = ? \
                   AND (entity_type_id <> anchor_type_id OR entity_id <> anchor_id)";
    tx.execute(anchors, &params)?;
    lines::reflect_all(tx, entity, into)
}
