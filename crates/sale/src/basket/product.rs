//! What a product of the catalogue brings into a basket.

use engine::access::Act;
use engine::call::Call;
use engine::error::Result;
use engine::noun::{self, Draft, Noun, Row};
use rust_decimal::Decimal;
use store::Param;
use wire::Fault;

use crate::kit::units;
use crate::order::totals::cents;

/// The types of products that an item tells of: a set, and a service.
const TYPES: [(i64, i64); 2] = [(2, 1), (7, 2)];

/// The product of an item.
///
/// # Errors
/// Those of the store.
pub fn of(call: &mut Call<'_, '_>, id: i64) -> Result<Option<Row>> {
    match id {
        1.. => noun::foreign(call, "catalog.product", id),
        _ => Ok(None),
    }
}

/// Gives a new item what the catalogue knows of its product. Whatever is not in the catalogue has a price of its own.
pub(super) fn fill(call: &mut Call<'_, '_>, draft: &mut Draft<'_>) -> Result<()> {
    let Some(id) = draft.int("productId") else { return Ok(()) };
    if id == 0 {
        draft.set("customPrice", "Y");
        return Ok(());
    }
    let product = of(call, id)?.filter(|product| product.text("active") == "Y");
    let product = product
        .ok_or_else(|| Fault::numbered(400, 200_140_400_007, "basket item is not saved - bad data"))?;
    draft.set_if_empty("name", product.text("name").to_owned());
    draft.set_if_empty(
        "productXmlId",
        match product.text("xmlId") {
            "" => id.to_string(),
            xml_id => xml_id.to_owned(),
        },
    );
    draft.set_if_empty("weight", product.get("weight").clone());
    let size = ["width", "height", "length"].map(|name| product.real(name));
    draft.set_if_empty("dimensions", serialized(size));
    let of_type = product.int("type").and_then(|kind| TYPES.iter().find(|(of, _)| *of == kind));
    draft.set_if_empty("type", of_type.map(|(_, kind)| *kind));
    measure(call, draft, &product)?;
    vat(call, draft, &product)?;
    price(call, draft, id)
}

fn measure(call: &mut Call<'_, '_>, draft: &mut Draft<'_>, product: &Row) -> Result<()> {
    let Some(measure) = product.int("measure") else { return Ok(()) };
    if let Some(measure) = noun::foreign(call, "catalog.measure", measure)? {
        draft.set_if_empty("measureCode", measure.int("code").map(|code| code.to_string()));
        draft.set_if_empty("measureName", measure.text("symbol").to_owned());
    }
    Ok(())
}

fn vat(call: &mut Call<'_, '_>, draft: &mut Draft<'_>, product: &Row) -> Result<()> {
    if draft.is_given("vatRate") {
        return Ok(());
    }
    draft.set("vatIncluded", product.get("vatIncluded").clone());
    let Some(vat) = product.int("vatId") else { return Ok(()) };
    let rate = noun::foreign(call, "catalog.vat", vat)?.and_then(|vat| match vat.get("rate") {
        Param::Real(rate) => Decimal::from_f64_retain(*rate),
        _ => vat.decimal("rate"),
    });
    if let Some(rate) = rate {
        draft.set("vatRate", Param::from(units(rate / Decimal::ONE_HUNDRED)?));
    }
    Ok(())
}

/// The catalogue's price in the currency of the order, unless the item has a price of its own. A product without a price
/// keeps that of the request.
fn price(call: &mut Call<'_, '_>, draft: &mut Draft<'_>, product: i64) -> Result<()> {
    if draft.text("customPrice") == Some("Y") {
        return Ok(());
    }
    let currency = draft.text("currency").unwrap_or_default().to_owned();
    let Some(price) = found(call, product, &currency)? else { return Ok(()) };
    for (name, value) in [("price", price), ("basePrice", price), ("discountPrice", Decimal::ZERO)] {
        draft.set(name, Param::from(units(value)?));
    }
    Ok(())
}

/// The base price, another one in that currency, or the base price converted.
fn found(call: &mut Call<'_, '_>, product: i64, currency: &str) -> Result<Option<Decimal>> {
    let Some(noun) = call.core.modules.noun("catalog.price").map(|shape| shape.noun) else {
        return Ok(None);
    };
    let scope = noun.grant(call, Act::Read)?;
    let mut prices = noun::rows(call, noun, &scope, &[("productId", product.into())])?;
    let base = base_type(call)?;
    prices.sort_by_key(|row| row.int("catalogGroupId") != base);
    if let Some(row) = prices.iter().find(|row| row.text("currency") == currency) {
        return Ok(row.decimal("price"));
    }
    let Some((price, of)) =
        prices.first().and_then(|row| Some((row.decimal("price")?, row.text("currency"))))
    else {
        return Ok(None);
    };
    let (from, to) = (rate(call, of)?, rate(call, currency)?);
    let converted = from.zip(to).and_then(|(from, to)| price.checked_mul(from)?.checked_div(to));
    Ok(converted.map(cents))
}

fn base_type(call: &mut Call<'_, '_>) -> Result<Option<i64>> {
    let Some(noun) = call.core.modules.noun("catalog.priceType").map(|shape| shape.noun) else {
        return Ok(None);
    };
    let scope = noun.grant(call, Act::Read)?;
    let found = noun::rows(call, noun, &scope, &[("base", "Y".into())])?;
    Ok(found.first().map(|row| row.number))
}

/// What a unit of a currency is worth in the base currency.
fn rate(call: &mut Call<'_, '_>, currency: &str) -> Result<Option<Decimal>> {
    let Some(noun): Option<&'static Noun> = call.core.modules.noun("crm.currency").map(|shape| shape.noun)
    else {
        return Ok(None);
    };
    let scope = noun.grant(call, Act::Read)?;
    let found = noun::by_key(call, noun, &scope, &currency.into())?;
    Ok(found.and_then(|row| row.decimal("amount")?.checked_div(row.int("amountCnt")?.into())))
}

/// Dimensions in millimetres, in the form that orders have on the wire.
fn serialized(size: [Option<f64>; 3]) -> String {
    let mut text = "a:3:{".to_owned();
    for (name, value) in ["WIDTH", "HEIGHT", "LENGTH"].into_iter().zip(size) {
        let value = value.map_or_else(|| "N;".to_owned(), |value| format!("i:{};", value.round()));
        text.push_str(&format!("s:{}:\"{name}\";{value}", name.len()));
    }
    text + "}"
}
