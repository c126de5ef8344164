//! What a row takes from the product that it is of: its name and its unit, unless it has its own.

use std::collections::HashMap;

use engine::call::Call;
use engine::error::Result;
use engine::noun::{self, Draft, Face, Row};

use super::{OWNERS, ROW, refusal};

const PRODUCTS: &str = "catalog.product";

/// Requires the product that a request names to be there, and completes the row from it. Rows are copies: one of a product
/// that is gone may be written again, and named by an owner that has a row of it.
pub(super) fn take(
    call: &mut Call<'_, '_>,
    face: &Face,
    draft: &mut Draft<'_>,
    old: Option<&Row>,
) -> Result<()> {
    let is_of = |id| old.is_some_and(|old| old.int("productId") == Some(id));
    let Some(id) = draft.int("productId").filter(|id| *id != 0 && !is_of(*id)) else { return Ok(()) };
    if call.core.modules.noun(PRODUCTS).is_none() || complete(call, draft, id)?.is_some() {
        return Ok(());
    }
    let [kind, owner] = OWNERS.fields.map(|name| (name, draft.after(old, name).clone()));
    match noun::has(call, &ROW, &[kind, owner, ("productId", id.into())])? {
        true => Ok(()),
        false => Err(refusal(face, "Product is not found")),
    }
}

/// Completes a row from the product that it is of, and gives that; `None` where there is none.
pub fn complete(call: &mut Call<'_, '_>, draft: &mut Draft<'_>, id: i64) -> Result<Option<Row>> {
    let Some(product) = noun::foreign(call, PRODUCTS, id)? else { return Ok(None) };
    draft.set_if_empty("productName", product.text("name").to_owned());
    let unit = product.int("measure").filter(|_| draft.int("measureCode").is_none());
    if let Some(unit) = unit
        && let Some(unit) = noun::foreign(call, "catalog.measure", unit)?
    {
        draft.set("measureCode", unit.get("code").clone());
        draft.set_if_empty("measureName", unit.text("symbol").to_owned());
    }
    Ok(Some(product))
}

/// The products that rows are of, by their numbers. Whoever sees a row is told what its product is called, as in the real system.
pub(super) fn of(call: &mut Call<'_, '_>, rows: &[Row]) -> Result<HashMap<i64, Row>> {
    match call.core.modules.noun(PRODUCTS).map(|shape| shape.noun) {
        Some(products) => noun::again_all(call, products, rows.iter().filter_map(|row| row.int("productId"))),
        None => Ok(HashMap::new()),
    }
}
