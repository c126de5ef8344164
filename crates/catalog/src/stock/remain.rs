//! What lies in which store: `catalog.storeproduct.*`, which is only read. Amounts are kept in ten-thousandths, so that
//! sums are exact; products show the sum of theirs.

use store::{Param, Tx};

use crate::{READ, SCOPE, faults};
use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::noun::{Access, Draft, Face, Faults, ID, Noun, Refusal, Row, field, noun};

const FAULTS: Faults = Faults {
    missing: Refusal::Coded("", "Store product does not exist"),
    ..faults(0, "Store product does not exist")
};

/// The digits behind the point of amounts.
pub const DIGITS: u8 = 4;

/// Stock.
pub static REMAIN: Noun = Noun {
    access: Access::Shared,
    fields: &[
        ID,
        field("productId", Kind::Noun("catalog.product"), "Product").read_only(),
        field("storeId", Kind::Noun("catalog.store"), "Store").read_only().indexed(),
        field("amount", Kind::Decimal(DIGITS), "Stock").read_only(),
        field("quantityReserved", Kind::Decimal(DIGITS), "Reserved stock").read_only(),
    ],
    faces: &[Face::controller("catalog.storeproduct", "storeProduct", "storeProducts")
        .verbs(READ)
        .faults(FAULTS)],
    ..noun(
        "catalog.storeProduct",
        "catalog_store_product",
        SCOPE,
        ["stock of a product", "stocks of products"],
    )
};

/// The most that a store holds of a product, and that a document moves of it, in ten-thousandths.
pub const MOST: i64 = 1_000_000_000_000_000_000;

/// Moves stock of a product into a store (out of it, where negative), in ten-thousandths. Gives `false`, and moves nothing,
/// when there is not as much that is not reserved, or no room for more than [`MOST`].
pub fn shift(tx: &mut Tx<'_>, product: i64, store: i64, by: i64) -> Result<bool> {
    if by < 0 {
        let sql = "UPDATE catalog_store_product SET amount = amount + ? \
                   WHERE product_id = ? AND store_id = ? AND amount - COALESCE(quantity_reserved, 0) + ? >= 0";
        return Ok(tx.execute(sql, &[by.into(), product.into(), store.into(), by.into()])? > 0);
    }
    let sql = "INSERT INTO catalog_store_product (product_id, store_id, amount, quantity_reserved) VALUES (?, ?, ?, 0) \
               ON CONFLICT (product_id, store_id) DO UPDATE SET amount = catalog_store_product.amount + excluded.amount \
               WHERE catalog_store_product.amount <= ?";
    Ok(tx.execute(sql, &[product.into(), store.into(), by.into(), (MOST - by).into()])? > 0)
}

/// Brings the quantity of a product in line with what lies in the stores.
pub fn follow(tx: &mut Tx<'_>, product: i64) -> Result<()> {
    let sum = |column: &str| {
        format!(
            "(SELECT CAST(SUM({column}) AS {{real}}) / 10000 FROM catalog_store_product WHERE product_id = catalog_product.id)"
        )
    };
    let sql = format!(
        "UPDATE catalog_product SET quantity = {}, quantity_reserved = {} WHERE id = ?",
        sum("amount"),
        sum("quantity_reserved")
    );
    let sql = tx.dialect().expand(&sql);
    tx.execute(&sql, &[product.into()])?;
    Ok(())
}

/// The quantities of a product follow its stock, once it has some: a request cannot change them then.
pub fn keep(call: &mut Call<'_, '_>, draft: &mut Draft<'_>, old: Option<&Row>) -> Result<()> {
    let Some(old) = old else { return Ok(()) };
    if !draft.is_given("quantity") && !draft.is_given("quantityReserved") {
        return Ok(());
    }
    let sql = "SELECT 1 FROM catalog_store_product WHERE product_id = ? LIMIT 1";
    if call.tx.one(sql, &[Param::from(old.number)], |row| row.int(0))?.is_some() {
        draft.leave("quantity");
        draft.leave("quantityReserved");
    }
    Ok(())
}

/// Deletes the stock of a product that goes itself.
pub fn delete_all(tx: &mut Tx<'_>, product: i64) -> Result<()> {
    tx.execute("DELETE FROM catalog_store_product WHERE product_id = ?", &[product.into()])?;
    Ok(())
}
