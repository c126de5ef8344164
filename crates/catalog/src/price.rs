//! Prices of products: `catalog.price.*`. A product has one of each price type.

use std::collections::HashMap;

use rust_decimal::Decimal;
use serde_json::json;
use wire::{Fault, Map, Value};

use super::product::copy_base_price;
use super::{SCOPE, faults};
use engine::access::Act;
use engine::call::Call;
use engine::entity::{Kind, codec};
use engine::error::Result;
use engine::method::{self, Method, required, write};
use engine::noun::{
    self, Access, Draft, Face, Faults, Hooks, ID, Noun, Refusal, Row, Saved, Stamp, field, noun,
};

const FAULTS: Faults =
    Faults { missing: Refusal::Coded("", "Price does not exist"), ..faults(0, "Price does not exist") };

const FACE: Face = Face::controller("catalog.price", "price", "prices").faults(FAULTS);

/// Prices.
pub static PRICE: Noun = Noun {
    access: Access::Shared,
    fields: &[
        ID,
        field("productId", Kind::Noun("catalog.product"), "Product")
            .required()
            .immutable()
            .indexed()
            .sample("1"),
        field("catalogGroupId", Kind::Noun("catalog.priceType"), "Price type")
            .required()
            .immutable()
            .sample("2"),
        field("price", Kind::Decimal(2), "Price").required().sample("80.5"),
        field("priceScale", Kind::Double, "Price in the base currency").computed(),
        field("currency", Kind::String, "Currency").required().sample("EUR"),
        field("quantityFrom", Kind::Integer, "From this quantity"),
        field("quantityTo", Kind::Integer, "Up to this quantity"),
        field("extraId", Kind::Integer, "Markup"),
        field("timestampX", Kind::DateTime, "Changed").stamped(Stamp::Changed),
    ],
    faces: &[FACE],
    hooks: &Prices,
    ..noun("catalog.price", "catalog_price", SCOPE, ["price", "prices"])
};

/// The methods beyond those of its face.
pub fn methods() -> Vec<Method> {
    vec![
        write("catalog.price.modify", SCOPE, modify)
            .controller()
            .destroys()
            .about("Replaces all prices of a product and returns them.")
            .param(required("fields", method::Kind::Fields, "Values by field").with_members(vec![
                required("product", method::Kind::Fields, "ID of the product, and its prices"),
            ]))
            .example(
                json!({"fields": {"product": {"id": 2, "prices": [{"catalogGroupId": 2, "price": 570, "currency": "EUR"}]}}}),
                json!({"prices": [{"price": 570}]}),
            ),
    ]
}

/// Prices of types that are not named go; the others are changed or added.
fn modify(call: &mut Call<'_, '_>) -> Result<Value> {
    let product = call.fields("fields").get("product").cloned().unwrap_or_default();
    let id = product.get("id").and_then(Value::as_int);
    let Some((id, prices)) = id.zip(product.get("prices").filter(|prices| prices.is_array())) else {
        return Err(Fault::numbered(400, 0, "Required fields: product.id, product.prices").into());
    };
    let given: Vec<Map> = prices.items().filter_map(|price| price.clone().into_map()).collect();
    let group = |price: &Map| price.get("catalogGroupId").and_then(Value::as_int);
    let scope = PRICE.grant(call, Act::Update)?;
    let mut old = noun::rows(call, &PRICE, &scope, &[("productId", id.into())])?;
    let mut rows = Vec::with_capacity(given.len());
    for mut price in given {
        price.insert("productId", id);
        let place = old.iter().position(|old| old.int("catalogGroupId") == group(&price));
        rows.push(match place.map(|at| old.remove(at)) {
            Some(old) => noun::update(call, &PRICE, &FACE, &[old.number.into()], &price)?,
            None => noun::add(call, &PRICE, &FACE, &price)?,
        });
    }
    for gone in old {
        noun::delete(call, &PRICE, &FACE, &[gone.number.into()])?;
    }
    Ok(Value::under("prices", noun::listed(call, &PRICE, &FACE, &rows)?))
}

struct Prices;

impl Hooks for Prices {
    fn prepare(
        &self,
        call: &mut Call<'_, '_>,
        _: &Face,
        draft: &mut Draft<'_>,
        old: Option<&Row>,
    ) -> Result<()> {
        if draft.text("currency").is_some_and(|code| !call.meta.has_currency(code)) {
            return Err(Fault::numbered(400, 0, "Validate price error. Currency is wrong").into());
        }
        if old.is_some() {
            return Ok(());
        }
        let (Some(product), Some(group)) = (draft.int("productId"), draft.int("catalogGroupId")) else {
            return Ok(());
        };
        let known = "SELECT id FROM catalog_price_type WHERE id = ?";
        if call.tx.one(known, &[group.into()], |row| row.int(0))?.is_none() {
            return Err(Fault::numbered(400, 0, "Validate price error. Catalog price group is wrong").into());
        }
        let same = "SELECT id FROM catalog_price WHERE product_id = ? AND catalog_group_id = ?";
        match call.tx.one(same, &[product.into(), group.into()], |row| row.int(0))? {
            Some(_) => Err(Fault::numbered(400, 0, SINGLE).into()),
            None => Ok(()),
        }
    }

    fn saved(&self, call: &mut Call<'_, '_>, _: &Face, saved: &Saved<'_>) -> Result<()> {
        copy_base_price(call.tx, saved.row.int("productId"))
    }

    fn deleted(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        copy_base_price(call.tx, row.int("productId"))
    }

    /// What a price is worth in the base currency, by the rates.
    fn show(
        &self,
        call: &mut Call<'_, '_>,
        _: &Face,
        rows: &[Row],
        shown: &mut [Map],
        _: bool,
    ) -> Result<()> {
        let mut rates: HashMap<String, Option<Decimal>> = HashMap::new();
        for (row, map) in rows.iter().zip(shown) {
            let currency = row.text("currency");
            let rate = match rates.get(currency) {
                Some(known) => *known,
                None => rate(call, currency)?,
            };
            rates.insert(currency.to_owned(), rate);
            let scaled = row.decimal("price").zip(rate).and_then(|(price, rate)| price.checked_mul(rate));
            map.insert("priceScale", scaled.map_or(Value::Null, |sum| codec::plain_number(sum.round_dp(2))));
        }
        Ok(())
    }
}

/// What a unit of a currency is worth in the base currency.
fn rate(call: &mut Call<'_, '_>, currency: &str) -> Result<Option<Decimal>> {
    let currencies = call.core.modules.noun_named("crm.currency");
    let scope = currencies.grant(call, Act::Read)?;
    let found = noun::by_key(call, currencies, &scope, &currency.into())?;
    Ok(found.and_then(|row| row.decimal("amount")?.checked_div(row.int("amountCnt")?.into())))
}

/// A product has one price of a type.
const SINGLE: &str =
    "Validate price error. Catalog product is allowed has only single price without ranges in price group";
