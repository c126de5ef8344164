//! Stock that orders keep and take, as another module's rows say: reservations, and what was shipped.

use engine::call::Call;
use engine::error::Result;
use engine::noun::{Row, Saved, Watch};
use store::Param;
use wire::Fault;

use super::remain::{follow, shift};

/// What happens in the stores when orders reserve and ship.
pub const WATCHES: &[Watch] = &[
    Watch { saved: reserved, deleted: released, ..Watch::new("sale.reservation") },
    Watch { saved: shipped, deleted: returned, ..Watch::new("sale.shippedStock") },
];

/// The product and the store of a row, and how much it says, in ten-thousandths.
fn read(row: &Row) -> (i64, i64, i64) {
    let int = |name: &str| row.int(name).unwrap_or_default();
    (int("productId"), int("storeId"), int("quantity"))
}

fn reserved(call: &mut Call<'_, '_>, saved: &Saved<'_>) -> Result<()> {
    let (product, store, quantity) = read(saved.row);
    let before = saved.old.map_or(0, |old| read(old).2);
    reserve(call, product, store, quantity - before)
}

fn released(call: &mut Call<'_, '_>, row: &Row) -> Result<()> {
    let (product, store, quantity) = read(row);
    reserve(call, product, store, -quantity)
}

/// Keeps so much more of what lies in a store (less, where negative); never more than is there.
fn reserve(call: &mut Call<'_, '_>, product: i64, store: i64, by: i64) -> Result<()> {
    let sql = "UPDATE catalog_store_product SET quantity_reserved = COALESCE(quantity_reserved, 0) + ? \
               WHERE product_id = ? AND store_id = ? AND COALESCE(quantity_reserved, 0) + ? >= 0 \
               AND (? <= 0 OR amount - COALESCE(quantity_reserved, 0) - ? >= 0)";
    let gives_back = by <= 0;
    let by = Param::from(by);
    let params = [by.clone(), product.into(), store.into(), by.clone(), by.clone(), by];
    match call.tx.execute(sql, &params)? {
        // What is no longer in the catalogue has nothing to give back to.
        0 if gives_back => Ok(()),
        0 => Err(lacking(product, store)),
        _ => follow(call.tx, product),
    }
}

fn shipped(call: &mut Call<'_, '_>, saved: &Saved<'_>) -> Result<()> {
    let (product, store, quantity) = read(saved.row);
    let before = saved.old.map_or(0, |old| read(old).2);
    take(call, product, store, quantity - before)
}

fn returned(call: &mut Call<'_, '_>, row: &Row) -> Result<()> {
    let (product, store, quantity) = read(row);
    let sql = "SELECT 1 FROM catalog_product WHERE id = ?";
    match call.tx.one(sql, &[product.into()], |row| row.int(0))? {
        Some(_) => take(call, product, store, -quantity),
        None => Ok(()),
    }
}

/// Takes so much out of a store; puts it there, where negative.
fn take(call: &mut Call<'_, '_>, product: i64, store: i64, quantity: i64) -> Result<()> {
    if quantity != 0 && !shift(call.tx, product, store, -quantity)? {
        return Err(lacking(product, store));
    }
    follow(call.tx, product)
}

fn lacking(product: i64, store: i64) -> engine::Error {
    let text = format!("There is not enough of product #{product} in store #{store}");
    Fault::numbered(400, 0, text).into()
}
