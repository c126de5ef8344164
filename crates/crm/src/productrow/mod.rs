//! Product rows of leads and deals: `crm.item.productrow.*` and the older methods.

mod form;
mod item;
mod legacy;

use std::sync::{Arc, LazyLock};

use super::{SCOPE, owner};
use engine::call::Call;
use engine::entity::compare::{Before, Beyond};
use engine::entity::table::{self, Within};
use engine::entity::{Entity, Field, Kind, Place};
use engine::error::Result;
use engine::method::Method;

/// The methods of both styles.
pub fn methods() -> Vec<Method> {
    let mut methods = item::methods();
    methods.extend(legacy::methods());
    methods
}

/// An owner as it stands before its rows change.
fn before(call: &mut Call<'_, '_>, owner: &Entity, id: i64) -> Result<Before> {
    Before::of(call, owner, id, Beyond { products: true, ..Beyond::default() })
}

/// The rows' table, as filters and the `fields` methods see it.
fn described() -> &'static Entity {
    static TABLE: LazyLock<Entity> =
        LazyLock::new(|| table::described("crm_product_row", "Product row", fields()));
    &TABLE
}

fn fields() -> Vec<Field> {
    let computed = |code, title| Field::new(code, Kind::Double, title).read_only();
    let legacy =
        |code, title| Field::new(code, Kind::String, title).read_only().at(Place::Nowhere).legacy_only();
    vec![
        Field::new("ID", Kind::Integer, "ID").read_only(),
        Field::new("OWNER_ID", Kind::Integer, "Owner").required().immutable(),
        Field::new("OWNER_TYPE", Kind::String, "Owner type").required().immutable(),
        Field::new("PRODUCT_ID", Kind::Integer, "Product").required(),
        Field::new("PRODUCT_NAME", Kind::String, "Product name"),
        legacy("ORIGINAL_PRODUCT_NAME", "Product name in the catalogue"),
        legacy("PRODUCT_DESCRIPTION", "Description in the catalogue"),
        Field::new("PRICE", Kind::Double, "Price with discount and tax"),
        computed("PRICE_EXCLUSIVE", "Price with discount, without tax"),
        computed("PRICE_NETTO", "Price without discount and tax"),
        computed("PRICE_BRUTTO", "Price without discount, with tax"),
        Field::new("QUANTITY", Kind::Double, "Quantity"),
        Field::new("DISCOUNT_TYPE_ID", Kind::Integer, "Discount type: 1 amount, 2 percent"),
        Field::new("DISCOUNT_RATE", Kind::Double, "Discount, %"),
        Field::new("DISCOUNT_SUM", Kind::Double, "Discount amount"),
        Field::new("TAX_RATE", Kind::Double, "Tax, %"),
        Field::new("TAX_INCLUDED", Kind::Char, "Tax is included in the price"),
        Field::new("CUSTOMIZED", Kind::Char, "Changed manually"),
        Field::new("MEASURE_CODE", Kind::Integer, "Unit code"),
        Field::new("MEASURE_NAME", Kind::String, "Unit"),
        Field::new("SORT", Kind::Integer, "Sort index"),
        Field::new("XML_ID", Kind::String, "External ID").legacy_only(),
        Field::new("TYPE", Kind::Integer, "Product type").read_only(),
        Field::new("STORE_ID", Kind::Integer, "Warehouse").read_only(),
    ]
}

/// The entity that a code of owners means, `L` or `D`, when it can have rows.
fn owner(call: &Call<'_, '_>, code: &str) -> Option<Arc<Entity>> {
    let known = super::entities().into_iter().find(|entity| entity.has_products && entity.prefix == code)?;
    call.entity(known.type_id)
}

/// The condition that leaves the rows of those owners that the caller may read.
fn readable(call: &Call<'_, '_>) -> Option<Within> {
    let entities = crate::entities();
    let owners = entities.iter().filter(|entity| entity.has_products);
    owner::readable(call, owners, ("t.owner_type", "t.owner_id"), |entity| entity.prefix.into())
}
