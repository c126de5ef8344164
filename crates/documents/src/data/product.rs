//! The products of an item as lists for tables, with taxes and totals.

use std::collections::BTreeMap;

use engine::access::Act;
use engine::call::Call;
use engine::entity::Entity;
use engine::error::Result;
use engine::noun::{self, Row};
use rust_decimal::Decimal;

use super::money::{Currency, rounded};
use super::{Data, Datum, Field, List, camel};

/// What an item sells, in sum.
#[derive(Clone, Debug)]
pub struct Products {
    /// The currency.
    pub currency: String,
    /// The sum, with two digits behind the point.
    pub total: String,
    /// How many rows there are.
    pub rows: usize,
}

/// Adds the products of an item to its data; `amount` is what the item is said to be worth.
pub fn add(
    call: &mut Call<'_, '_>,
    data: &mut Data,
    entity: &Entity,
    id: i64,
    currency: &Currency,
    amount: Decimal,
) -> Result<Products> {
    let rows = rows(call, entity, id)?;
    let (mut products, mut taxes) = (list("PRODUCTS.PRODUCT", PRODUCT), list("TAXES.TAX", TAX));
    index(&mut products, "PRODUCTS");
    let mut by_rate: BTreeMap<Decimal, Decimal> = BTreeMap::new();
    let (mut total, mut exclusive, mut quantity) = (Decimal::ZERO, Decimal::ZERO, Decimal::ZERO);
    for (at, row) in rows.iter().enumerate() {
        let line = Line::of(row);
        total += line.sum();
        exclusive += line.exclusive_sum();
        quantity += line.quantity;
        *by_rate.entry(line.rate.normalize()).or_default() += line.sum() - line.exclusive_sum();
        let mut values = line.values(row, currency);
        values.insert("ProductsIndex".to_owned(), Datum::Text((at + 1).to_string()));
        products.rows.push(values);
    }
    for (rate, tax) in by_rate.iter().filter(|(rate, _)| !rate.is_zero()) {
        let values = [
            ("TITLE", format!("{rate}%")),
            ("RATE", rate.to_string()),
            ("VALUE", currency.written(*tax)),
            ("VALUE_RAW", rounded(*tax, 2).to_string()),
        ];
        taxes.rows.push(coded("TAXES.TAX", values.into_iter()));
    }
    if rows.is_empty() {
        (total, exclusive) = (amount, amount);
    }
    let totals = [
        currency.written(total),
        rounded(total, 2).to_string(),
        currency.written(exclusive),
        currency.written(total - exclusive),
        quantity.normalize().to_string(),
        rows.len().to_string(),
    ];
    for ((code, title), text) in TOTAL.iter().zip(totals) {
        let value = Datum::Text(text);
        data.fields.insert(camel(code), Field { value, ..field(title, code) });
    }
    data.lists.extend([products, taxes]);
    Ok(Products { currency: currency.code.clone(), total: rounded(total, 2).to_string(), rows: rows.len() })
}

fn rows(call: &mut Call<'_, '_>, entity: &Entity, id: i64) -> Result<Vec<Row>> {
    let known = call.core.modules.noun("crm.productRow").map(|shape| shape.noun);
    let Some(noun) = known.filter(|_| entity.has_products) else { return Ok(Vec::new()) };
    let scope = noun.grant(call, Act::Read)?;
    let mut rows = noun::rows(
        call,
        noun,
        &scope,
        &[("ownerType", entity.prefix.to_string().into()), ("ownerId", id.into())],
    )?;
    rows.sort_by_key(|row| (row.int("sort").unwrap_or(0), row.number));
    Ok(rows)
}

/// A row in numbers.
struct Line {
    price: Decimal,
    exclusive: Decimal,
    quantity: Decimal,
    rate: Decimal,
}

impl Line {
    fn of(row: &Row) -> Self {
        let number = |name: &str| {
            let real = || Decimal::from_f64_retain(row.real(name)?);
            row.decimal(name).or_else(real).map(|number| number.round_dp(6)).unwrap_or_default()
        };
        let (price, rate) = (number("price"), number("taxRate"));
        let exclusive = number("priceExclusive");
        let exclusive = if exclusive.is_zero() { price } else { exclusive };
        Line { price, exclusive, quantity: number("quantity"), rate }
    }

    fn sum(&self) -> Decimal {
        rounded(self.price * self.quantity, 2)
    }

    fn exclusive_sum(&self) -> Decimal {
        rounded(self.exclusive * self.quantity, 2)
    }

    fn values(&self, row: &Row, currency: &Currency) -> BTreeMap<String, Datum> {
        let raw = |sum: Decimal| rounded(sum, 2).to_string();
        let values = [
            ("NAME", row.text("productName").to_owned()),
            ("QUANTITY", self.quantity.normalize().to_string()),
            ("MEASURE_NAME", row.text("measureName").to_owned()),
            ("MEASURE_CODE", row.int("measureCode").map_or_else(String::new, |code| code.to_string())),
            ("PRICE", currency.written(self.price)),
            ("PRICE_RAW", raw(self.price)),
            ("PRICE_SUM", currency.written(self.sum())),
            ("PRICE_RAW_SUM", raw(self.sum())),
            ("PRICE_EXCLUSIVE", currency.written(self.exclusive)),
            ("PRICE_EXCLUSIVE_SUM", currency.written(self.exclusive_sum())),
            ("TAX_RATE", self.rate.normalize().to_string()),
            ("TAX_VALUE_SUM", currency.written(self.sum() - self.exclusive_sum())),
        ];
        coded("PRODUCTS.PRODUCT", values.into_iter())
    }
}

/// Fields of products with their titles.
const PRODUCT: &[(&str, &str)] = &[
    ("NAME", "Product name"),
    ("QUANTITY", "Quantity"),
    ("MEASURE_NAME", "Unit"),
    ("MEASURE_CODE", "Unit code"),
    ("PRICE", "Price"),
    ("PRICE_RAW", "Price, as a number"),
    ("PRICE_SUM", "Sum"),
    ("PRICE_RAW_SUM", "Sum, as a number"),
    ("PRICE_EXCLUSIVE", "Price without tax"),
    ("PRICE_EXCLUSIVE_SUM", "Sum without tax"),
    ("TAX_RATE", "Tax, %"),
    ("TAX_VALUE_SUM", "Tax"),
];

/// Totals with their titles.
const TOTAL: [(&str, &str); 6] = [
    ("TOTAL_SUM", "Total"),
    ("TOTAL_RAW", "Total, as a number"),
    ("TOTAL_BEFORE_TAX", "Total without tax"),
    ("TOTAL_TAX", "Tax"),
    ("TOTAL_QUANTITY", "Quantity"),
    ("TOTAL_ROWS", "Number of products"),
];

/// The titles of all these.
pub fn titles() -> impl Iterator<Item = &'static str> {
    PRODUCT.iter().chain(TAX).chain(&TOTAL).map(|(_, title)| *title).chain(["Products"])
}

/// Fields of taxes with their titles.
const TAX: &[(&str, &str)] =
    &[("TITLE", "Tax"), ("RATE", "Tax, %"), ("VALUE", "Tax"), ("VALUE_RAW", "Tax, as a number")];

fn list(chain: &str, fields: &[(&str, &str)]) -> List {
    let declared = fields.iter().map(|(code, title)| {
        let chain = format!("{chain}.{code}");
        (camel(&chain), field(title, &chain))
    });
    List { fields: declared.collect(), rows: Vec::new() }
}

fn index(list: &mut List, chain: &str) {
    let chain = format!("{chain}.INDEX");
    list.fields.insert(camel(&chain), field("Number", &chain));
}

fn field(title: &str, chain: &str) -> Field {
    Field {
        title: title.to_owned(),
        group: vec![super::DOCUMENT.to_owned(), "Products".to_owned()],
        chain: format!("this.SOURCE.{chain}"),
        ..Field::default()
    }
}

fn coded<'a>(chain: &str, values: impl Iterator<Item = (&'a str, String)>) -> BTreeMap<String, Datum> {
    values.map(|(code, text)| (camel(&format!("{chain}.{code}")), Datum::of(text))).collect()
}
