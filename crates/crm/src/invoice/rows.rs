//! The rows of an invoice: what is to be paid for. Prices are exact decimal numbers.

use engine::access::{Act, RowScope};
use engine::call::Call;
use engine::entity::number::cents;
use engine::entity::read::reach;
use engine::entity::{self, Kind, describe};
use engine::error::Result;
use engine::noun::{self, Access, Draft, Face, Field, Grant, Hooks, ID, Noun, Row, Rule, field, noun};
use engine::texts::Locale;
use rust_decimal::Decimal;
use store::Param;
use wire::{Fault, Value};

use super::TYPE_ID;
use crate::SCOPE;
use crate::productrow::{product, require_few};

/// Digits behind the point of prices, quantities and rates.
const SCALE: u8 = 4;

/// The rows.
pub static ROW: Noun = Noun {
    access: Access::Rule(&OfInvoices),
    fields: &[
        ID,
        field("invoiceId", Kind::Integer, "Invoice").indexed().camel_only(),
        field("productId", Kind::Integer, "Product").default("0"),
        field("productName", Kind::String, "Product name"),
        amount("price", "Price"),
        amount("discountPrice", "Discount amount"),
        amount("quantity", "Quantity").default("1"),
        amount("vatRate", "Tax, share of the price"),
        field("vatIncluded", Kind::Char, "Tax is included in the price").default("Y"),
        field("measureCode", Kind::Integer, "Unit code"),
        field("measureName", Kind::String, "Unit"),
        field("catalogXmlId", Kind::String, "External ID of the catalogue").read_only(),
        field("productXmlId", Kind::String, "External ID of the product").read_only(),
    ],
    faces: &[FACE],
    hooks: &Rows,
    ..noun("crm.invoice.row", "crm_invoice_row", SCOPE, ["invoice row", "invoice rows"])
};

const FACE: Face = Face { verbs: &[], ..Face::legacy("crm.invoice.row") };

const fn amount(name: &'static str, title: &'static str) -> Field {
    field(name, Kind::Decimal(SCALE), title).default("0")
}

/// Rows are for those who may have their invoice: whoever adds one writes its rows, too.
struct OfInvoices;

impl Rule for OfInvoices {
    fn grant(&self, call: &mut Call<'_, '_>, act: Act) -> Result<Grant> {
        let Some(invoices) = call.entity(TYPE_ID) else { return Ok(Grant::Nothing) };
        let reach = match act {
            Act::Read => reach(call, &invoices, Act::Read),
            _ => both(reach(call, &invoices, Act::Add), reach(call, &invoices, Act::Update)),
        };
        if reach.is_nothing() {
            return Ok(Grant::Nothing);
        }
        let mut params = Vec::new();
        Ok(match reach.condition(&mut params) {
            None => Grant::All,
            Some(condition) => Grant::Where(
                format!("t.invoice_id IN (SELECT t.id FROM {} t WHERE {condition})", invoices.table()),
                params,
            ),
        })
    }

    fn fields(&self) -> &'static [&'static str] {
        &["invoiceId"]
    }
}

fn both(one: RowScope, other: RowScope) -> RowScope {
    let mut users = [one.users, other.users].concat();
    users.sort_unstable();
    users.dedup();
    RowScope { all: one.all || other.all, open: one.open || other.open, users }
}

struct Rows;

impl Hooks for Rows {
    fn prepare(
        &self,
        call: &mut Call<'_, '_>,
        _: &Face,
        draft: &mut Draft<'_>,
        old: Option<&Row>,
    ) -> Result<()> {
        if let Some(id) = draft.int("productId").filter(|id| *id > 0)
            && let Some(product) = product::complete(call, draft, id)?
        {
            draft.set("productXmlId", product.text("xmlId").to_owned());
        }
        draft.trim("productName");
        if draft.text("productName").is_none() {
            return Err(Fault::crm("The field PRODUCT_NAME is required.").into());
        }
        for name in ["quantity", "vatRate", "discountPrice"] {
            if draft.decimal(old, name).is_some_and(|value| value < Decimal::ZERO) {
                draft.set_decimal(name, Decimal::ZERO);
            }
        }
        if draft.text("vatIncluded").is_none() {
            draft.set("vatIncluded", "Y");
        }
        Ok(())
    }
}

/// What the rows of an invoice cost together, and the tax in that.
pub struct Sums {
    /// With tax.
    pub price: Decimal,
    /// The tax.
    pub tax: Decimal,
}

/// Refuses what cannot be the rows of an invoice.
///
/// # Errors
/// The refusal.
pub fn require(given: Option<&Value>) -> Result<()> {
    match given.map_or(0, |given| given.items().count()) {
        0 => Err(Fault::crm("The field PRODUCT_ROWS is required.").into()),
        rows => require_few(rows),
    }
}

/// Makes these the rows of an invoice: one that names the id of an old row takes its place.
///
/// # Errors
/// The refusal of a row.
pub fn replace(call: &mut Call<'_, '_>, invoice: i64, given: &Value) -> Result<Sums> {
    let rows = noun::replace(call, &ROW, &FACE, &[("invoiceId", invoice.into())], given)?;
    Ok(sums(&rows))
}

/// The rows of an invoice as it shows them.
pub fn shown(call: &mut Call<'_, '_>, invoice: i64) -> Result<Vec<Value>> {
    let scope = ROW.grant(call, Act::Read)?;
    let rows = noun::rows(call, &ROW, &scope, &[("invoiceId", invoice.into())])?;
    noun::listed(call, &ROW, &FACE, &rows)
}

/// Describes them.
pub fn described(language: Locale) -> Value {
    let members = ROW.fields.iter().filter(|field| field.in_upper).map(|field| {
        let described = entity::Field::named(field.upper_name(), String::new(), field.kind, field.title);
        let described = if field.read_only { described.read_only() } else { described };
        (field.upper_name().into(), describe::plain(&described, field.kind.wire_name(), language))
    });
    super::methods::array("Product rows", members.collect(), language)
}

/// Deletes the rows of an invoice that goes itself.
pub fn clear(call: &mut Call<'_, '_>, invoice: i64) -> Result<()> {
    noun::clear(call, &ROW, &[("invoiceId", Param::from(invoice))])
}

fn sums(rows: &[Row]) -> Sums {
    let (mut price, mut tax) = (Decimal::ZERO, Decimal::ZERO);
    for row in rows {
        let [each, quantity, rate] =
            ["price", "quantity", "vatRate"].map(|name| row.decimal(name).unwrap_or_default());
        let cost = each.saturating_mul(quantity);
        let is_within = row.text("vatIncluded") == "Y";
        let part = if is_within { cost * rate / (Decimal::ONE + rate) } else { cost.saturating_mul(rate) };
        tax = tax.saturating_add(part);
        price = price.saturating_add(if is_within { cost } else { cost.saturating_add(part) });
    }
    Sums { price: cents(price), tax: cents(tax) }
}
