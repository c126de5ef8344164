//! Variants of products: they lie in a catalogue of their own and name their product, `{value, valueId}` on the wire.

use std::borrow::Cow;

use store::Param;
use wire::{Fault, Map, Value};

use super::faces::{LONE_VARIANT, OFFERS, SIMPLE, VARIANT, WITH_VARIANTS, WITHOUT_VARIANTS};
use engine::call::Call;
use engine::error::Result;
use engine::noun::{Draft, Face, Row};

/// The product of a variant as a request gives it.
pub(super) fn read(given: &mut Cow<'_, Map>) {
    if let Some(value) = given.get("parentId").and_then(|parent| parent.get("value")).cloned() {
        given.to_mut().insert("parentId", value);
    }
}

/// A variant lies in the catalogue of variants, and is of a product that has some, or gets its first one.
pub(super) fn prepare(call: &mut Call<'_, '_>, draft: &mut Draft<'_>, old: Option<&Row>) -> Result<()> {
    if let (None, Some(catalog)) = (old, draft.int("iblockId")) {
        let sql = "SELECT id FROM catalog_catalog WHERE product_iblock_id = ?";
        if let Some(variants) = call.tx.one(sql, &[catalog.into()], |row| row.int(0))? {
            draft.set("iblockId", variants);
        }
    }
    let Some(parent) = draft.int("parentId") else { return Ok(()) };
    draft.set("type", if parent == 0 { LONE_VARIANT } else { VARIANT });
    let sql = "SELECT type FROM catalog_product WHERE id = ?";
    let kind = call.tx.one(sql, &[parent.into()], |row| row.opt_int(0))?.flatten();
    // Whether there is such a product at all is checked with all links.
    match kind.is_none_or(|kind| [SIMPLE, WITH_VARIANTS, WITHOUT_VARIANTS].contains(&kind)) {
        true => Ok(()),
        false => Err(Fault::numbered(400, 0, "Only a product may have variants").into()),
    }
}

/// The first variant makes its product one that has some.
pub(super) fn follow(call: &mut Call<'_, '_>, row: &Row) -> Result<()> {
    if let Some(parent) = row.int("parentId") {
        let sql = "UPDATE catalog_product SET type = ? WHERE id = ? AND type IN (?, ?)";
        let kinds = [WITH_VARIANTS, parent, SIMPLE, WITHOUT_VARIANTS];
        call.tx.execute(sql, &kinds.map(Param::from))?;
    }
    Ok(())
}

/// Variants alone show their product.
pub(super) fn show(face: &Face, row: &Row, map: &mut Map) {
    if face.path != OFFERS.path {
        map.remove("parentId");
    } else if let (Some(shown), Some(parent)) = (map.get_mut("parentId"), row.int("parentId")) {
        let mut value = Map::with_capacity(2);
        value.push("value", parent.to_string());
        value.push("valueId", (row.number << 24).to_string());
        *shown = Value::Map(value);
    }
}
