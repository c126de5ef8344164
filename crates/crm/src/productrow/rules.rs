//! What makes up a row: its prices follow from one of them, its unit has a name, and its owner's sum follows.

use std::collections::HashMap;

use engine::call::Call;
use engine::entity::{codec, describe, number};
use engine::error::Result;
use engine::input::{int, named, text};
use engine::noun::{Draft, Face, Hooks, Row, Saved, Verb};
use engine::texts::Locale;
use rust_decimal::Decimal;
use store::Param;
use wire::{Map, Value};

use super::price::{DiscountType, Given};
use super::{OWNERS, ROW, SCALE, owners, product, refusal, require_few};

/// Units that need no name.
const MEASURES: [(i64, &str); 5] = [(796, "pcs"), (6, "m"), (112, "l"), (163, "g"), (166, "kg")];

pub(super) struct Rules;

impl Hooks for Rules {
    /// A new row's owner is there, may be changed, and has room.
    fn admit(&self, call: &mut Call<'_, '_>, face: &Face, verb: Verb) -> Result<()> {
        if verb != Verb::Add {
            return Ok(());
        }
        let fields = named(call.fields("fields"), &call.core.modules.shape(&ROW).table);
        let absent = |name: &str| (face.faults.required)(&[name.to_owned()]);
        let code = text(&fields, "ownerType").ok_or_else(|| absent("ownerType"))?;
        let id = int(&fields, "ownerId").ok_or_else(|| absent("ownerId"))?;
        let owner = owners::changeable(call, &code, id)?;
        let sql = "SELECT COUNT(*) FROM crm_product_row WHERE owner_type = ? AND owner_id = ?";
        let rows = call.tx.one(sql, &[(&*owner.prefix).into(), id.into()], |row| row.int(0))?;
        require_few(rows.map_or(0, |rows| usize::try_from(rows).unwrap_or(usize::MAX)).saturating_add(1))
    }

    fn prepare(
        &self,
        call: &mut Call<'_, '_>,
        face: &Face,
        draft: &mut Draft<'_>,
        old: Option<&Row>,
    ) -> Result<()> {
        old.map_or(Ok(()), |old| owners::require_change_of(call, old))?;
        product::take(call, face, draft, old)?;
        complete(draft, old);
        price(draft, old, face)
    }

    fn saved(&self, call: &mut Call<'_, '_>, _: &Face, saved: &Saved<'_>) -> Result<()> {
        let changed = saved.old.is_none_or(|old| !old.holds_the_same(saved.row));
        follow(call, saved.row, changed)
    }

    fn deleting(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        owners::require_change_of(call, row)
    }

    fn deleted(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        follow(call, row, true)
    }

    /// Ids of the older methods are text.
    fn show(
        &self,
        call: &mut Call<'_, '_>,
        face: &Face,
        rows: &[Row],
        shown: &mut [Map],
        _: bool,
    ) -> Result<()> {
        let is_older = face.naming.is_legacy();
        let products = if is_older { product::of(call, rows)? } else { HashMap::new() };
        for (row, map) in rows.iter().zip(shown) {
            let price = row.decimal("price").unwrap_or_default();
            if is_older {
                show_older(map, price, row.int("productId").and_then(|id| products.get(&id)));
            } else {
                map.insert("priceAccount", codec::plain_number(price));
                map.insert("xmlId", row.text("xmlId"));
            }
        }
        Ok(())
    }

    fn describe(&self, _: &Face, fields: &mut Map, _: Locale) {
        for name in ["priceExclusive", "PRICE_EXCLUSIVE"] {
            describe::correct(fields, name, "isReadOnly", true);
        }
    }
}

/// What the older methods show beyond the fields, 28 members in all (protocol F).
fn show_older(map: &mut Map, price: Decimal, product: Option<&Row>) {
    for name in ["ID", "OWNER_ID"] {
        let text = map.get(name).and_then(Value::text).unwrap_or_default().into_owned();
        map.insert(name, text);
    }
    map.insert("ORIGINAL_PRODUCT_NAME", product.map(|product| product.text("name")));
    let described = product.map(|product| product.text("detailText")).filter(|text| !text.is_empty());
    map.insert("PRODUCT_DESCRIPTION", described);
    let mut account = number::cents(price);
    account.rescale(2);
    map.push("PRICE_ACCOUNT", account.to_string());
    for name in ["RESERVE_ID", "DATE_RESERVE_END", "RESERVE_QUANTITY"] {
        map.push(name, Value::Null);
    }
}

fn follow(call: &mut Call<'_, '_>, row: &Row, changed: bool) -> Result<()> {
    match OWNERS.owner(call, row) {
        Some((owner, id)) => owners::follow(call, &owner, id, changed),
        None => Ok(()),
    }
}

/// What a request leaves out is the usual.
fn complete(draft: &mut Draft<'_>, old: Option<&Row>) {
    let code = draft.int_after(old, "measureCode").unwrap_or(MEASURES[0].0);
    if old.is_none() {
        draft.set("measureCode", code);
    }
    let kept = |old: &&Row| old.int("measureCode") == Some(code);
    if !draft.is_given("measureName") && old.filter(kept).is_none() {
        let usual = MEASURES.iter().find(|(known, _)| *known == code).map_or("", |(_, name)| name);
        draft.set("measureName", usual);
    }
    for name in ["productName", "measureName"] {
        if draft.is_given(name) || old.is_none() {
            draft.name(name);
            draft.set_if_empty(name, "");
        }
    }
    // Every row may be edited by hand; Bitrix24 gave up telling them apart.
    draft.set("customized", "Y");
}

/// All forms of the price, with what is known of it from before. The older methods take the price without tax as well.
fn price(draft: &mut Draft<'_>, old: Option<&Row>, face: &Face) -> Result<()> {
    let is_older = face.naming.is_legacy();
    let known = |name: &str| draft.decimal(None, name).or_else(|| old?.decimal(name));
    let within = |rate: &Decimal| (Decimal::ZERO..=Decimal::ONE_THOUSAND).contains(rate);
    let exclusive = draft.decimal(None, "priceExclusive").filter(|_| is_older);
    let discount = draft.int("discountTypeId").and_then(DiscountType::parse);
    let parts = Given {
        price: if exclusive.is_some() { draft.decimal(None, "price") } else { known("price") },
        exclusive,
        tax_rate: draft.decimal(old, "taxRate").filter(within),
        discount: discount.or_else(|| DiscountType::parse(old?.int("discountTypeId")?)),
        rate: known("discountRate"),
        sum: known("discountSum"),
    };
    // The older methods join such messages with line breaks, also when there is one.
    let end = if is_older { "<br>" } else { "" };
    let prices = parts.complete().map_err(|missing| refusal(face, format!("{missing}{end}")))?;
    draft.set("taxRate", parts.tax_rate.and_then(|rate| codec::smallest_units(rate, SCALE)));
    draft.set("discountTypeId", parts.discount.unwrap_or_default() as i64);
    for (name, value) in prices {
        draft.set_decimal(name, value);
        if let Some(field) = draft.table.field(name).filter(|_| draft.get(name) == Some(&Param::Null)) {
            return Err(number::out_of_range(field).into());
        }
    }
    Ok(())
}
