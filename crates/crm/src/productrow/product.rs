//! What a row takes from the product that it is of: its name and its unit, unless it has its own.

use std::collections::HashMap;

use engine::access::Act;
use engine::call::Call;
use engine::error::Result;
use engine::noun::{self, Draft, Face, Noun, Row};
use store::Param;
use wire::Fault;

/// Requires the product that a request names to be there, and completes the row from it. Rows are copies: one of a product
/// that is gone may be written again.
pub(super) fn take(
    call: &mut Call<'_, '_>,
    face: &Face,
    draft: &mut Draft<'_>,
    old: Option<&Row>,
) -> Result<()> {
    let named = draft.int("productId").filter(|id| *id != 0);
    let Some(id) = named else { return Ok(()) };
    if listed(call, "catalog.product").is_none() || old.is_some_and(|old| old.int("productId") == Some(id)) {
        return Ok(());
    }
    match complete(call, draft, id)? {
        Some(_) => Ok(()),
        None => require_old(call, face, draft, old, id),
    }
}

/// Completes a row from the product that it is of, and gives that; `None` where there is none.
pub fn complete(call: &mut Call<'_, '_>, draft: &mut Draft<'_>, id: i64) -> Result<Option<Row>> {
    let Some(products) = listed(call, "catalog.product") else { return Ok(None) };
    let scope = products.grant(call, Act::Read)?;
    let Some(product) = noun::one(call, products, &scope, id)? else { return Ok(None) };
    if draft.text("productName").is_none_or(str::is_empty) {
        draft.set("productName", product.text("name").to_owned());
    }
    let unit = product.int("measure").filter(|_| draft.int("measureCode").is_none());
    if let (Some(unit), Some(units)) = (unit, listed(call, "catalog.measure")) {
        let scope = units.grant(call, Act::Read)?;
        if let Some(unit) = noun::one(call, units, &scope, unit)? {
            draft.set("measureCode", unit.get("code").clone());
            if draft.text("measureName").is_none_or(str::is_empty) {
                draft.set("measureName", unit.text("symbol").to_owned());
            }
        }
    }
    Ok(Some(product))
}

/// The products that rows are of, by their numbers. Whoever sees a row is told what its product is called, as in the real system.
pub(super) fn of(call: &mut Call<'_, '_>, rows: &[Row]) -> Result<HashMap<i64, Row>> {
    let Some(products) = listed(call, "catalog.product") else { return Ok(HashMap::new()) };
    noun::again_all(call, products, rows.iter().filter_map(|row| row.int("productId")))
}

fn listed(call: &Call<'_, '_>, name: &str) -> Option<&'static Noun> {
    call.core.modules.noun(name).map(|shape| shape.noun)
}

/// A product that is not there may be named by an owner that has a row of it.
fn require_old(
    call: &mut Call<'_, '_>,
    face: &Face,
    draft: &Draft<'_>,
    old: Option<&Row>,
    product: i64,
) -> Result<()> {
    let sql =
        "SELECT id FROM crm_product_row WHERE owner_type = ? AND owner_id = ? AND product_id = ? LIMIT 1";
    let params =
        [draft.after(old, "ownerType").clone(), draft.after(old, "ownerId").clone(), Param::from(product)];
    match call.tx.one(sql, &params, |row| row.int(0))? {
        Some(_) => Ok(()),
        None if face.naming.is_legacy() => Err(Fault::core("Product is not found").into()),
        None => Err(Fault::new(400, "0", "Product is not found").into()),
    }
}
