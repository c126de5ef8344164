//! Rows as requests write them and as answers show them, in both styles.

use wire::{Fault, Map, Value};

use engine::entity::price::{DiscountType, Given};
use engine::entity::productrow::{MAX_ROWS, ProductRow};
use engine::entity::{Entity, Naming, number};
use engine::error::Result;
use engine::input::{int, named, yes_no};

/// Units that need no name.
const MEASURES: [(i64, &str); 5] = [(796, "pcs"), (6, "m"), (112, "l"), (163, "g"), (166, "kg")];

/// Sums beyond this are no sums of money.
const MAX_NUMBER: f64 = 1e15;

/// Longer names and ids are cut.
const TEXT_LENGTH: usize = 255;

/// The row that a request describes; what it leaves out comes from `old`, or is the usual.
pub(super) fn read(
    fields: &Map,
    naming: Naming,
    owner: (&Entity, i64),
    old: Option<&ProductRow>,
) -> Result<ProductRow> {
    let given = Reader { fields, naming };
    let tax_rate = if given.has("TAX_RATE") {
        given.number("TAX_RATE")?.filter(|rate| (0.0..=1000.0).contains(rate))
    } else {
        old.and_then(|old| old.tax_rate)
    };
    let measure_code = given.int("MEASURE_CODE").or(old.map(|old| old.measure_code)).unwrap_or(MEASURES[0].0);
    let measure_name = given
        .text("MEASURE_NAME")
        .or_else(|| old.filter(|old| old.measure_code == measure_code).map(|old| old.measure_name.clone()));
    let usual = MEASURES.iter().find(|(code, _)| *code == measure_code).map_or("", |(_, name)| name);
    Ok(ProductRow {
        id: old.map_or(0, |old| old.id),
        owner_type: owner.0.prefix.into(),
        owner_id: owner.1,
        product_id: given.int("PRODUCT_ID").or(old.map(|old| old.product_id)).unwrap_or(0),
        product_name: given
            .text("PRODUCT_NAME")
            .or(old.map(|old| old.product_name.clone()))
            .unwrap_or_default(),
        prices: given.price(tax_rate, old)?.complete().map_err(|missing| incomplete(naming, missing))?,
        quantity: given.number("QUANTITY")?.or(old.map(|old| old.quantity)).unwrap_or(1.0),
        tax_rate,
        tax_included: given.flag("TAX_INCLUDED").or(old.map(|old| old.tax_included)).unwrap_or(false),
        measure_code,
        measure_name: measure_name.unwrap_or_else(|| usual.to_owned()),
        sort: given.int("SORT").or(old.map(|old| old.sort)).unwrap_or(0),
        xml_id: given.text("XML_ID").or(old.map(|old| old.xml_id.clone())).unwrap_or_default(),
        kind: old.map_or(1, |old| old.kind),
        store_id: old.and_then(|old| old.store_id),
    })
}

/// The older methods join such messages with line breaks, also when there is one.
fn incomplete(naming: Naming, missing: &'static str) -> Fault {
    if naming.is_legacy() { Fault::core(format!("{missing}<br>")) } else { Fault::new(400, "0", missing) }
}

/// The rows of a list in a request; members that are no arrays are passed over. Rows with an id are changes of that row.
pub(super) fn read_all(
    list: &Value,
    naming: Naming,
    owner: (&Entity, i64),
    old: &[ProductRow],
) -> Result<Vec<ProductRow>> {
    if list.items().count() > MAX_ROWS {
        return Err(Fault::core("Too many product rows.").into());
    }
    let mut rows = Vec::new();
    for fields in list.items().filter_map(|given| given.clone().into_map()) {
        let (fields, id) = match naming {
            Naming::Legacy => (fields, "ID"),
            Naming::Item | Naming::ItemOriginalUf => (named(fields, super::described()), "id"),
        };
        let id = int(&fields, id);
        let mut row = read(&fields, naming, owner, None)?;
        // An id that is none of the owner's, or was used above, is that of a new row.
        let own = |id: &i64| {
            old.iter().any(|row| row.id == *id) && !rows.iter().any(|row: &ProductRow| row.id == *id)
        };
        row.id = id.filter(own).unwrap_or(0);
        rows.push(row);
    }
    Ok(rows)
}

/// The members of a row under the names of a style.
struct Reader<'m> {
    fields: &'m Map,
    naming: Naming,
}

impl Reader<'_> {
    fn value(&self, code: &str) -> Option<&Value> {
        let field = super::described().by_code(code)?;
        self.fields.get(self.naming.name(field)?)
    }

    fn has(&self, code: &str) -> bool {
        self.value(code).is_some()
    }

    fn number(&self, code: &str) -> Result<Option<f64>> {
        let Some(field) = super::described().by_code(code) else { return Ok(None) };
        let Some(value) = self.value(code) else { return Ok(None) };
        match number::real(field, value)? {
            Some(number) if number.abs() > MAX_NUMBER => Err(number::out_of_range(field).into()),
            number => Ok(number),
        }
    }

    fn int(&self, code: &str) -> Option<i64> {
        self.value(code).and_then(Value::as_int)
    }

    fn flag(&self, code: &str) -> Option<bool> {
        self.value(code).and_then(Value::as_flag)
    }

    fn text(&self, code: &str) -> Option<String> {
        let text = self.value(code)?.text()?;
        Some(text.trim().chars().take(TEXT_LENGTH).collect())
    }

    /// The price with what is known of it from before. The older methods take the price without tax as well.
    fn price(&self, tax_rate: Option<f64>, old: Option<&ProductRow>) -> Result<Given> {
        let exclusive = self.number("PRICE_EXCLUSIVE")?.filter(|_| self.naming.is_legacy());
        let old = old.map(|old| &old.prices);
        let kept = old.filter(|_| exclusive.is_none()).map(|old| old.price);
        Ok(Given {
            price: self.number("PRICE")?.or(kept),
            exclusive,
            tax_rate,
            discount: self
                .int("DISCOUNT_TYPE_ID")
                .and_then(DiscountType::parse)
                .or(old.map(|old| old.discount)),
            rate: self.number("DISCOUNT_RATE")?.or(old.map(|old| old.rate)),
            sum: self.number("DISCOUNT_SUM")?.or(old.map(|old| old.sum)),
        })
    }
}

/// A row as the older methods show it: 28 members, ids as text, amounts as numbers (protocol F).
pub(super) fn show_legacy(row: &ProductRow) -> Value {
    let prices = &row.prices;
    let mut map = Map::with_capacity(28);
    map.push("ID", row.id.to_string());
    map.push("OWNER_ID", row.owner_id.to_string());
    map.push("OWNER_TYPE", row.owner_type.clone());
    map.push("PRODUCT_ID", row.product_id);
    map.push("PRODUCT_NAME", row.product_name.as_str());
    map.push("ORIGINAL_PRODUCT_NAME", (row.product_id != 0).then_some(row.product_name.as_str()));
    map.push("PRODUCT_DESCRIPTION", Value::Null);
    map.push("PRICE", show(prices.price));
    map.push("PRICE_EXCLUSIVE", show(prices.exclusive));
    map.push("PRICE_NETTO", show(prices.netto));
    map.push("PRICE_BRUTTO", show(prices.brutto));
    map.push("PRICE_ACCOUNT", format!("{:.2}", prices.price));
    map.push("QUANTITY", show(row.quantity));
    map.push("DISCOUNT_TYPE_ID", prices.discount.id());
    map.push("DISCOUNT_RATE", show(prices.rate));
    map.push("DISCOUNT_SUM", show(prices.sum));
    map.push("TAX_RATE", row.tax_rate.map(show));
    map.push("TAX_INCLUDED", yes_no(row.tax_included));
    map.push("CUSTOMIZED", "Y");
    map.push("MEASURE_CODE", row.measure_code);
    map.push("MEASURE_NAME", row.measure_name.as_str());
    map.push("SORT", row.sort);
    map.push("XML_ID", row.xml_id.as_str());
    map.push("TYPE", row.kind);
    map.push("STORE_ID", row.store_id);
    map.push("RESERVE_ID", Value::Null);
    map.push("DATE_RESERVE_END", Value::Null);
    map.push("RESERVE_QUANTITY", Value::Null);
    Value::Map(map)
}

/// A row as `crm.item.productrow.*` shows it.
pub(super) fn show_item(row: &ProductRow) -> Value {
    let prices = &row.prices;
    let mut map = Map::with_capacity(23);
    map.push("id", row.id);
    map.push("ownerId", row.owner_id);
    map.push("ownerType", row.owner_type.clone());
    map.push("productId", row.product_id);
    map.push("productName", row.product_name.as_str());
    map.push("price", show(prices.price));
    map.push("priceAccount", show(prices.price));
    map.push("priceExclusive", show(prices.exclusive));
    map.push("priceNetto", show(prices.netto));
    map.push("priceBrutto", show(prices.brutto));
    map.push("quantity", show(row.quantity));
    map.push("discountTypeId", prices.discount.id());
    map.push("discountRate", show(prices.rate));
    map.push("discountSum", show(prices.sum));
    map.push("taxRate", row.tax_rate.map(show));
    map.push("taxIncluded", yes_no(row.tax_included));
    map.push("customized", "Y");
    map.push("measureCode", row.measure_code);
    map.push("measureName", row.measure_name.as_str());
    map.push("sort", row.sort);
    map.push("xmlId", row.xml_id.as_str());
    map.push("type", row.kind);
    map.push("storeId", row.store_id);
    Value::Map(map)
}

/// A number as PHP prints it: whole ones without a point.
fn show(number: f64) -> Value {
    if number.fract() == 0.0 && number.abs() <= MAX_NUMBER {
        Value::Int(number as i64)
    } else {
        Value::Float(number)
    }
}
