//! What product rows mean to their owner, a lead or a deal: its sum follows them, and they go with it.

use store::{Param, Tx};

use super::Entity;
use super::number::cents;
use crate::error::Result;

/// Deletes all rows of an owner that goes itself.
pub fn delete_all(tx: &mut Tx<'_>, owner: &Entity, owner_id: i64) -> Result<()> {
    let sql = "DELETE FROM crm_product_row WHERE owner_type = ? AND owner_id = ?";
    tx.execute(sql, &[(&*owner.prefix).into(), owner_id.into()])?;
    Ok(())
}

/// Brings the owner's sum and tax in line with its rows. A sum that was set by hand
/// (`IS_MANUAL_OPPORTUNITY`) stays.
pub fn follow(tx: &mut Tx<'_>, owner: &Entity, owner_id: i64) -> Result<()> {
    let sql = "SELECT SUM(price * quantity), SUM((price - price_exclusive) * quantity) \
               FROM crm_product_row WHERE owner_type = ? AND owner_id = ?";
    let sums = tx.one(sql, &[(&*owner.prefix).into(), owner_id.into()], |row| {
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
    match tx.one(sql, &[(&*owner.prefix).into(), owner_id.into()], |row| row.int(0))? {
        Some(_) => follow(tx, owner, owner_id),
        None => Ok(()),
    }
}
