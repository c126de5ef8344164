//! Stores, where goods lie: `catalog.store.*`.

use store::Tx;
use wire::Fault;

use crate::{SCOPE, faults};
use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::moment::Moment;
use engine::noun::{Access, Face, Hooks, ID, Noun, Row, Seed, Stamp, field, noun};
use engine::texts::{Locale, Topic};

/// Stores.
pub static STORE: Noun = Noun {
    example: "3",
    access: Access::Shared,
    fields: &[
        ID,
        field("title", Kind::String, "Name").sample("Main store"),
        field("active", Kind::Char, "Active").default("Y"),
        field("address", Kind::String, "Address").required().sample("Main St. 52"),
        field("description", Kind::Text, "Description"),
        field("gpsN", Kind::Double, "Latitude").sample("54.71411"),
        field("gpsS", Kind::Double, "Longitude").sample("21.56675"),
        field("imageId", Kind::File, "Picture"),
        field("dateCreate", Kind::DateTime, "Added").stamped(Stamp::Created),
        field("dateModify", Kind::DateTime, "Changed").stamped(Stamp::Changed),
        field("userId", Kind::User, "Added by").described_as("integer").stamped(Stamp::CreatedBy),
        field("modifiedBy", Kind::User, "Changed by").described_as("integer").stamped(Stamp::ChangedBy),
        field("phone", Kind::String, "Phone"),
        field("schedule", Kind::String, "Opening hours"),
        field("xmlId", Kind::String, "External ID").indexed(),
        field("sort", Kind::Integer, "Sort order").default("100"),
        field("email", Kind::String, "E-mail"),
        field("issuingCenter", Kind::Char, "Hands out orders").default("N"),
        field("code", Kind::String, "Code").indexed().sample("store_1"),
    ],
    faces: &[Face::controller("catalog.store", "store", "stores")
        .faults(faults(201_100_000_000, "The store does not exist"))],
    hooks: &Stores,
    ..noun("catalog.store", "catalog_store", SCOPE, ["store", "stores"])
};

struct Stores;

impl Hooks for Stores {
    /// A store that documents name, or in which something lies, stays.
    fn deleting(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        let named = "SELECT 1 FROM catalog_document_element WHERE store_from = ? OR store_to = ? LIMIT 1";
        let filled = "SELECT 1 FROM catalog_store_product WHERE store_id = ? AND amount <> 0 LIMIT 1";
        let (id, has) = (row.number, |row: &store::Row<'_>| row.int(0));
        let is_used = call.tx.one(named, &[id.into(), id.into()], has)?.is_some()
            || call.tx.one(filled, &[id.into()], has)?.is_some();
        if is_used {
            return Err(
                Fault::numbered(400, 0, "The store has stock or documents and cannot be deleted").into()
            );
        }
        call.tx.execute("DELETE FROM catalog_store_product WHERE store_id = ?", &[id.into()])?;
        Ok(())
    }
}

/// The store of a new portal.
pub const SEED: Seed = Seed { name: "catalog.store", names: || vec![TITLE], seed };

/// Its name.
const TITLE: &str = "Warehouse";

fn seed(tx: &mut Tx<'_>, language: Locale, now: Moment) -> Result<()> {
    let sql = "INSERT INTO catalog_store (title, active, address, sort, issuing_center, date_create, date_modify, \
               user_id, modified_by) VALUES (?, 'Y', '-', 100, 'N', ?, ?, 1, 1)";
    tx.execute(
        sql,
        &[language.text(Topic::Names, TITLE).into(), now.seconds().into(), now.seconds().into()],
    )?;
    Ok(())
}
