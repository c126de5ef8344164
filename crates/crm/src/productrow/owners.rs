//! What rows mean to their owner: it is locked before they change, and its sum follows them.

use std::sync::Arc;

use engine::access::Act;
use engine::call::Call;
use engine::entity::compare::{Before, Beyond};
use engine::entity::owner::{standing, touch};
use engine::entity::{Entity, codec};
use engine::error::Result;
use engine::noun::{self, Field, Row};
use rust_decimal::Decimal;
use store::{Param, Tx};
use wire::Fault;

use super::{ITEM, OWNERS, ROW, SCALE, of};
use crate::owner::missing;

/// The owner that a request names by a code, when the caller may change it.
pub(super) fn changeable(call: &mut Call<'_, '_>, code: &str, id: i64) -> Result<Arc<Entity>> {
    let Some(owner) = OWNERS.kind(call, &code.into()) else {
        let text = format!("Entity type {code} is not supported");
        return Err(Fault::new(400, "ENTITY_TYPE_NOT_SUPPORTED", text).into());
    };
    require_change(call, &owner, id)?;
    Ok(owner)
}

pub(super) fn require_change(call: &mut Call<'_, '_>, owner: &Entity, id: i64) -> Result<()> {
    standing(call, owner, id, Act::Update)?.require(ITEM.faults.unwritable.fault(), missing())
}

/// The same for the owner of a row.
pub(super) fn require_change_of(call: &mut Call<'_, '_>, row: &Row) -> Result<()> {
    let owner = OWNERS.owner(call, row);
    owner.map_or(Ok(()), |(owner, id)| require_change(call, &owner, id))
}

/// Has the owner follow rows that were written, and tells of it.
pub(super) fn follow(call: &mut Call<'_, '_>, owner: &Entity, id: i64, changed: bool) -> Result<()> {
    let before = Before::of(call, owner, id, Beyond { products: changed, ..Beyond::default() })?;
    follow_sum(call.tx, owner, id)?;
    touch(call, owner, id, before)
}

/// Deletes all rows of an owner that goes itself.
pub fn delete_all(tx: &mut Tx<'_>, owner: &Entity, owner_id: i64) -> Result<()> {
    let sql = "DELETE FROM crm_product_row WHERE owner_type = ? AND owner_id = ?";
    tx.execute(sql, &[(&*owner.prefix).into(), owner_id.into()])?;
    Ok(())
}

/// Gives an owner the rows of another one, whose sum it follows.
pub fn hand_over(tx: &mut Tx<'_>, owner: &Entity, from: i64, into: i64) -> Result<()> {
    let sql = "UPDATE crm_product_row SET owner_id = ? WHERE owner_type = ? AND owner_id = ?";
    match tx.execute(sql, &[into.into(), owner.prefix.as_ref().into(), from.into()])? {
        0 => Ok(()),
        _ => follow_sum(tx, owner, into),
    }
}

/// Brings the owner's sum and tax in line with its rows. A sum that was set by hand
/// (`IS_MANUAL_OPPORTUNITY`) stays.
fn follow_sum(tx: &mut Tx<'_>, owner: &Entity, owner_id: i64) -> Result<()> {
    let (sum, tax) = sums(tx, owner, owner_id)?;
    let mut sets =
        "opportunity = CASE WHEN is_manual_opportunity = 'Y' THEN opportunity ELSE ? END".to_owned();
    let mut params: Vec<Param<'_>> = vec![amount(sum).into()];
    if owner.has("TAX_VALUE") {
        sets.push_str(", tax_value = ?");
        params.push(amount(tax).into());
    }
    params.push(owner_id.into());
    tx.execute(&format!("UPDATE {} SET {sets} WHERE id = ?", owner.table()), &params)?;
    Ok(())
}

/// What the rows of an owner cost together, and the tax in that: exactly.
fn sums(tx: &mut Tx<'_>, owner: &Entity, owner_id: i64) -> Result<(Decimal, Decimal)> {
    let sql =
        "SELECT price, price_exclusive, quantity FROM crm_product_row WHERE owner_type = ? AND owner_id = ?";
    let (mut sum, mut tax) = (Decimal::ZERO, Decimal::ZERO);
    tx.query(sql, &[(&*owner.prefix).into(), owner_id.into()], |row| {
        let [price, exclusive, quantity] =
            [row.int(0)?, row.int(1)?, row.int(2)?].map(|units| Decimal::new(units, SCALE.into()));
        sum = sum.saturating_add(price.saturating_mul(quantity));
        tax = tax.saturating_add((price - exclusive).saturating_mul(quantity));
        Ok(())
    })?;
    Ok((sum, tax))
}

/// A sum as items keep it: in cents, as far as they go.
fn amount(sum: Decimal) -> i64 {
    let most = if sum.is_sign_negative() { i64::MIN } else { i64::MAX };
    codec::smallest_units(sum, 2).unwrap_or(most)
}

/// The same after a change of the owner itself, whose sum means nothing to it while it has no rows.
pub fn follow_any(call: &mut Call<'_, '_>, owner: &Entity, owner_id: i64) -> Result<()> {
    let has_rows = noun::has(call, &ROW, &of(owner, owner_id))?;
    if has_rows { follow_sum(call.tx, owner, owner_id) } else { Ok(()) }
}

/// Gives an owner rows like those of another one of its kind, whose sums it has already.
pub fn copy(call: &mut Call<'_, '_>, owner: &Entity, from: i64, to: i64) -> Result<()> {
    let copied =
        ROW.fields.iter().filter(|field| !field.computed && !["id", "ownerId"].contains(&field.name));
    let columns = copied.map(Field::column).collect::<Vec<_>>().join(", ");
    let to_owner = call.tx.dialect().expand("CAST(? AS {int})");
    let sql = format!(
        "INSERT INTO crm_product_row (owner_id, {columns}) SELECT {to_owner}, {columns} FROM crm_product_row \
         WHERE owner_type = ? AND owner_id = ? ORDER BY sort, id"
    );
    call.tx.execute(&sql, &[to.into(), (&*owner.prefix).into(), from.into()])?;
    Ok(())
}
