//! The base price of a product. It is a row of the prices, and lists of products have a copy of it in theirs, by which they
//! filter and sort.

use store::{Param, Tx};

use engine::call::Call;
use engine::error::Result;
use engine::noun::{Draft, Row, Saved};

/// A price needs a currency: that of the portal for a new product, while a change names it with the price.
pub(super) fn prepare(call: &Call<'_, '_>, draft: &mut Draft<'_>, old: Option<&Row>) {
    let has_price = draft.get("price").is_some_and(|price| *price != Param::Null);
    let has_currency = draft.text("currencyId").is_some();
    match old {
        None if has_price && !has_currency => draft.set("currencyId", call.meta.base_currency().to_owned()),
        None => {}
        Some(_) if draft.is_given("price") && !has_currency => {
            draft.leave("price");
            draft.leave("currencyId");
        }
        Some(old) if has_currency && !has_price && !draft.is_given("price") && old.int("price").is_none() => {
            draft.leave("currencyId");
        }
        Some(_) => {}
    }
}

/// Brings the row of the prices in line with a product that was written.
pub(super) fn follow(call: &mut Call<'_, '_>, saved: &Saved<'_>) -> Result<()> {
    let of = |row: &Row| (row.get("price").clone(), row.get("currencyId").clone());
    let (price, currency) = of(saved.row);
    if saved.old.map_or((Param::Null, Param::Null), of) == (price.clone(), currency.clone()) {
        return Ok(());
    }
    let Some(group) = base_group(call.tx)? else { return Ok(()) };
    let id = saved.row.number;
    if price == Param::Null {
        let sql = "DELETE FROM catalog_price WHERE product_id = ? AND catalog_group_id = ?";
        call.tx.execute(sql, &[id.into(), group.into()])?;
        return Ok(());
    }
    let now = call.now.seconds();
    let sql = "UPDATE catalog_price SET price = ?, currency = ?, timestamp_x = ? \
               WHERE product_id = ? AND catalog_group_id = ?";
    let params = [price.clone(), currency.clone(), now.into(), id.into(), group.into()];
    if call.tx.execute(sql, &params)? == 0 {
        let sql = "INSERT INTO catalog_price (price, currency, timestamp_x, product_id, catalog_group_id) \
                   VALUES (?, ?, ?, ?, ?)";
        call.tx.execute(sql, &params)?;
    }
    Ok(())
}

/// The price type of base prices.
fn base_group(tx: &mut Tx<'_>) -> Result<Option<i64>> {
    Ok(tx.one("SELECT id FROM catalog_price_type WHERE base = 'Y' ORDER BY id", &[], |row| row.int(0))?)
}

/// Brings the copies in line with the prices: of one product, or of all when another price type became the base.
pub(crate) fn copy(tx: &mut Tx<'_>, product: Option<i64>) -> Result<()> {
    let base = |column: &str| {
        format!(
            "(SELECT p.{column} FROM catalog_price p JOIN catalog_price_type g ON g.id = p.catalog_group_id \
             WHERE p.product_id = catalog_product.id AND g.base = 'Y' ORDER BY p.id LIMIT 1)"
        )
    };
    let mut sql =
        format!("UPDATE catalog_product SET price = {}, currency_id = {}", base("price"), base("currency"));
    if product.is_some() {
        sql.push_str(" WHERE id = ?");
    }
    let params: Vec<Param<'_>> = product.into_iter().map(Param::from).collect();
    tx.execute(&sql, &params)?;
    Ok(())
}

/// Deletes the prices of a product that goes itself.
pub(super) fn delete_all(tx: &mut Tx<'_>, product: i64) -> Result<()> {
    tx.execute("DELETE FROM catalog_price WHERE product_id = ?", &[product.into()])?;
    Ok(())
}
