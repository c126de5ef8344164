//! Product rows: what is sold to the owner, a lead or a deal. The owner's sum follows them.

use store::{Param, Row, Tx};
use wire::Text;

use super::Entity;
use super::price::{DiscountType, Prices, cents};
use crate::error::Result;

/// Rows that one owner may have: a bound that no offer reaches.
pub const MAX_ROWS: usize = 1000;

/// One row.
#[derive(Clone, Debug, PartialEq)]
pub struct ProductRow {
    /// Its number; 0 for a row that is not stored yet.
    pub id: i64,
    /// The owner's entity, `L` or `D`.
    pub owner_type: Text,
    /// The owner.
    pub owner_id: i64,
    /// The product in the catalogue; 0 for one that is written by hand.
    pub product_id: i64,
    /// The product.
    pub product_name: String,
    /// For how much, each.
    pub prices: Prices,
    /// How many.
    pub quantity: f64,
    /// Percent; nothing means that no tax is charged.
    pub tax_rate: Option<f64>,
    /// Whether people enter the price with tax.
    pub tax_included: bool,
    /// In which unit, by its international code.
    pub measure_code: i64,
    /// The name of the unit.
    pub measure_name: String,
    /// Its place among the owner's.
    pub sort: i64,
    /// Its id in an outside system.
    pub xml_id: String,
    /// The type of the product; 1 is an ordinary one.
    pub kind: i64,
    /// The warehouse.
    pub store_id: Option<i64>,
}

const COLUMNS: &str = "owner_type, owner_id, product_id, product_name, price, price_exclusive, price_netto, price_brutto, \
     quantity, discount_type_id, discount_rate, discount_sum, tax_rate, tax_included, measure_code, measure_name, sort, \
     xml_id, type, store_id, customized";

/// The rows of an owner, by place.
pub fn load(tx: &mut Tx<'_>, owner: &Entity, owner_id: i64) -> Result<Vec<ProductRow>> {
    let condition = "WHERE owner_type = ? AND owner_id = ? ORDER BY sort, id";
    query(tx, condition, &[owner.prefix.into(), owner_id.into()])
}

/// The rows with these ids, in their order.
pub fn by_ids(tx: &mut Tx<'_>, ids: &[i64]) -> Result<Vec<ProductRow>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let params: Vec<Param<'_>> = ids.iter().map(|id| Param::from(*id)).collect();
    let mut rows = query(tx, &format!("WHERE id IN ({})", store::placeholders(ids.len())), &params)?;
    rows.sort_by_key(|row| ids.iter().position(|id| *id == row.id));
    Ok(rows)
}

fn query(tx: &mut Tx<'_>, condition: &str, params: &[Param<'_>]) -> Result<Vec<ProductRow>> {
    let mut rows = Vec::new();
    tx.query(&format!("SELECT id, {COLUMNS} FROM crm_product_row {condition}"), params, |row| {
        rows.push(read(row)?);
        Ok(())
    })?;
    Ok(rows)
}

fn read(row: &Row<'_>) -> std::result::Result<ProductRow, store::Error> {
    Ok(ProductRow {
        id: row.int(0)?,
        owner_type: Text::new(row.text(1)?),
        owner_id: row.int(2)?,
        product_id: row.int(3)?,
        product_name: row.text(4)?.to_owned(),
        prices: Prices {
            price: row.real(5)?,
            exclusive: row.real(6)?,
            netto: row.real(7)?,
            brutto: row.real(8)?,
            discount: DiscountType::parse(row.int(10)?).unwrap_or(DiscountType::Percentage),
            rate: row.real(11)?,
            sum: row.real(12)?,
        },
        quantity: row.real(9)?,
        tax_rate: row.opt_real(13)?,
        tax_included: row.text(14)? == "Y",
        measure_code: row.int(15)?,
        measure_name: row.text(16)?.to_owned(),
        sort: row.int(17)?,
        xml_id: row.text(18)?.to_owned(),
        kind: row.int(19)?,
        store_id: row.opt_int(20)?,
    })
}

/// Writes a row: a new one when it has no id. Gives its id.
pub fn save(tx: &mut Tx<'_>, row: &ProductRow) -> Result<i64> {
    let mut params = params(row);
    if row.id == 0 {
        let placeholders = store::placeholders(params.len());
        let sql = format!("INSERT INTO crm_product_row ({COLUMNS}) VALUES ({placeholders})");
        return Ok(tx.insert(&sql, &params)?);
    }
    let sets: Vec<String> = COLUMNS.split(", ").map(|column| format!("{} = ?", column.trim())).collect();
    params.push(row.id.into());
    tx.execute(&format!("UPDATE crm_product_row SET {} WHERE id = ?", sets.join(", ")), &params)?;
    Ok(row.id)
}

/// The values of [`COLUMNS`].
fn params(row: &ProductRow) -> Vec<Param<'_>> {
    let prices = &row.prices;
    vec![
        row.owner_type.as_str().into(),
        row.owner_id.into(),
        row.product_id.into(),
        row.product_name.as_str().into(),
        prices.price.into(),
        prices.exclusive.into(),
        prices.netto.into(),
        prices.brutto.into(),
        row.quantity.into(),
        prices.discount.id().into(),
        prices.rate.into(),
        prices.sum.into(),
        row.tax_rate.into(),
        (if row.tax_included { "Y" } else { "N" }).into(),
        row.measure_code.into(),
        row.measure_name.as_str().into(),
        row.sort.into(),
        row.xml_id.as_str().into(),
        row.kind.into(),
        row.store_id.into(),
        // Every row may be edited by hand; Bitrix24 gave up telling them apart.
        "Y".into(),
    ]
}

/// Makes these the owner's rows: those with an id of the owner's stay under it, the other old ones go.
pub fn replace(tx: &mut Tx<'_>, owner: &Entity, owner_id: i64, rows: &mut [ProductRow]) -> Result<()> {
    let old: Vec<i64> = load(tx, owner, owner_id)?.iter().map(|row| row.id).collect();
    for row in rows.iter_mut().filter(|row| !old.contains(&row.id)) {
        row.id = 0;
    }
    for gone in old.iter().filter(|id| !rows.iter().any(|row| row.id == **id)) {
        delete(tx, *gone)?;
    }
    for row in rows {
        row.id = save(tx, row)?;
    }
    Ok(())
}

/// Deletes a row.
pub fn delete(tx: &mut Tx<'_>, id: i64) -> Result<()> {
    tx.execute("DELETE FROM crm_product_row WHERE id = ?", &[id.into()])?;
    Ok(())
}

/// Deletes all rows of an owner that goes itself.
pub fn delete_all(tx: &mut Tx<'_>, owner: &Entity, owner_id: i64) -> Result<()> {
    let sql = "DELETE FROM crm_product_row WHERE owner_type = ? AND owner_id = ?";
    tx.execute(sql, &[owner.prefix.into(), owner_id.into()])?;
    Ok(())
}

/// Brings the owner's sum and tax in line with its rows. A sum that was set by hand
/// (`IS_MANUAL_OPPORTUNITY`) stays.
pub fn follow(tx: &mut Tx<'_>, owner: &Entity, owner_id: i64) -> Result<()> {
    let sql = "SELECT SUM(price * quantity), SUM((price - price_exclusive) * quantity) \
               FROM crm_product_row WHERE owner_type = ? AND owner_id = ?";
    let sums = tx.one(sql, &[owner.prefix.into(), owner_id.into()], |row| {
        Ok((row.opt_real(0)?.unwrap_or(0.0), row.opt_real(1)?.unwrap_or(0.0)))
    })?;
    let (sum, tax) = sums.unwrap_or_default();
    let mut sets =
        "opportunity = CASE WHEN is_manual_opportunity = 'Y' THEN opportunity ELSE ? END".to_owned();
    let mut params: Vec<Param<'_>> = vec![cents(sum).into()];
    if owner.has("TAX_VALUE") {
        sets.push_str(", tax_value = ?");
        params.push(cents(tax).into());
    }
    params.push(owner_id.into());
    tx.execute(&format!("UPDATE {} SET {sets} WHERE id = ?", owner.table()), &params)?;
    Ok(())
}

/// The same after a change of the owner itself, whose sum means nothing to it while it has no rows.
pub fn follow_any(tx: &mut Tx<'_>, owner: &Entity, owner_id: i64) -> Result<()> {
    let sql = "SELECT id FROM crm_product_row WHERE owner_type = ? AND owner_id = ? LIMIT 1";
    match tx.one(sql, &[owner.prefix.into(), owner_id.into()], |row| row.int(0))? {
        Some(_) => follow(tx, owner, owner_id),
        None => Ok(()),
    }
}
