//! Conducting stock documents and taking it back: all moves of a document, its sums and its state change in the call's one
//! transaction, or none of them.

use std::collections::{BTreeMap, BTreeSet};

use wire::{Fault, Value};

use super::document::{CANCELLED, CONDUCTED, DOCUMENT, FACE};
use super::remain;
use engine::access::Act;
use engine::call::Call;
use engine::error::Result;
use engine::noun::{self, Row};

/// Ten-thousandths in a unit of an amount.
const UNIT: i128 = 10_000;

/// A product of a document.
struct Line {
    product: i64,
    name: String,
    is_there: bool,
    from: Option<i64>,
    to: Option<i64>,
    /// In ten-thousandths
    amount: i64,
    /// In hundredths
    price: Option<i64>,
}

/// The document with this number, locked.
pub fn find(call: &mut Call<'_, '_>, id: i64) -> Result<Row> {
    noun::find(call, &DOCUMENT, &FACE, Act::Update, &[Value::Int(id)])
}

/// Moves what a document says. Gives the reason when it cannot be done; the call is then to fail.
pub fn conduct(call: &mut Call<'_, '_>, document: &Row) -> Result<Option<String>> {
    if document.text("status") == CONDUCTED {
        return Ok(Some("The document has already been conducted".to_owned()));
    }
    let lines = lines(call, document.number)?;
    if lines.is_empty() {
        return Ok(Some("The document has no products".to_owned()));
    }
    if let Some(said) = apply(call, document, &lines, 1)? {
        return Ok(Some(said));
    }
    if ["A", "S"].contains(&document.text("docType")) {
        for line in &lines {
            buy(call, line, document.text("currency"))?;
        }
    }
    let sum: i128 =
        lines.iter().map(|line| i128::from(line.amount) * i128::from(line.price.unwrap_or(0))).sum();
    let total = i64::try_from((sum + UNIT / 2) / UNIT).unwrap_or(i64::MAX);
    let sql = "UPDATE catalog_document SET total = ? WHERE id = ?";
    call.tx.execute(sql, &[total.into(), document.number.into()])?;
    put(call, document.number, CONDUCTED)?;
    Ok(None)
}

/// Takes back what a document moved. Gives the reason when it cannot be done.
pub fn cancel(call: &mut Call<'_, '_>, document: &Row) -> Result<Option<String>> {
    if document.text("status") != CONDUCTED {
        return Ok(Some("Document has not been conducted yet".to_owned()));
    }
    // Of a product that is gone nothing lies anywhere.
    let mut lines = lines(call, document.number)?;
    lines.retain(|line| line.is_there);
    if let Some(said) = apply(call, document, &lines, -1)? {
        return Ok(Some(said));
    }
    put(call, document.number, CANCELLED)?;
    Ok(None)
}

fn put(call: &mut Call<'_, '_>, document: i64, status: &'static str) -> Result<()> {
    let (now, user) = (call.now.seconds(), call.caller.user_id);
    let sql = "UPDATE catalog_document SET status = ?, date_status = ?, status_by = ?, date_modify = ?, modified_by = ? \
               WHERE id = ?";
    call.tx
        .execute(sql, &[status.into(), now.into(), user.into(), now.into(), user.into(), document.into()])?;
    Ok(())
}

fn lines(call: &mut Call<'_, '_>, document: i64) -> Result<Vec<Line>> {
    let sql = "SELECT e.element_id, e.store_from, e.store_to, e.amount, e.purchasing_price, p.name \
               FROM catalog_document_element e LEFT JOIN catalog_product p ON p.id = e.element_id \
               WHERE e.doc_id = ? ORDER BY e.id";
    let mut lines = Vec::new();
    call.tx.query(sql, &[document.into()], |row| {
        let name = row.opt_text(5)?;
        lines.push(Line {
            product: row.int(0)?,
            is_there: name.is_some(),
            name: name.unwrap_or_default().to_owned(),
            from: row.opt_int(1)?,
            to: row.opt_int(2)?,
            amount: row.opt_int(3)?.unwrap_or(0),
            price: row.opt_int(4)?,
        });
        Ok(())
    })?;
    Ok(lines)
}

impl Line {
    fn named(&self) -> String {
        format!("#{} ({})", self.product, self.name)
    }

    /// The stores between which a document of this type moves it.
    fn route(&self, kind: &str) -> std::result::Result<(Option<i64>, Option<i64>), String> {
        let lacks = |which: &str| Err(format!("No {which} store is given for product {}", self.named()));
        match (kind, self.from, self.to) {
            ("A" | "S", _, None) | ("M", Some(_), None) => lacks("receiving"),
            ("M" | "D", None, _) => lacks("sending"),
            ("R", None, None) => lacks("sending or receiving"),
            ("M", Some(from), Some(to)) if from == to => {
                Err(format!("Product {} cannot be moved within one store", self.named()))
            }
            ("A" | "S", _, to) => Ok((None, to)),
            ("D", from, _) => Ok((from, None)),
            // Goods come back from a customer, or go back to who delivered them.
            ("R", Some(from), _) => Ok((Some(from), None)),
            (_, from, to) => Ok((from, to)),
        }
    }
}

fn incorrect(named: &str) -> String {
    format!("Incorrect quantity of goods {named} in the warehouse accounting document")
}

/// Moves the products of a document, forwards or backwards, each product of each store once and in the same order
/// everywhere, and brings the quantities of products in line.
fn apply(call: &mut Call<'_, '_>, document: &Row, lines: &[Line], sign: i64) -> Result<Option<String>> {
    let mut moves: BTreeMap<(i64, i64), i64> = BTreeMap::new();
    for line in lines {
        if !line.is_there {
            return Ok(Some(format!("Product #{} does not exist", line.product)));
        }
        if line.amount <= 0 || line.amount > remain::MOST {
            return Ok(Some(incorrect(&line.named())));
        }
        let (from, to) = match line.route(document.text("docType")) {
            Ok(route) => route,
            Err(said) => return Ok(Some(said)),
        };
        let by = line.amount * sign;
        for (store, by) in from.map(|store| (store, -by)).into_iter().chain(to.map(|store| (store, by))) {
            let sum: &mut i64 = moves.entry((line.product, store)).or_default();
            *sum = sum.saturating_add(by);
        }
    }
    for ((product, store), by) in &moves {
        if by.abs() > remain::MOST || *by != 0 && !remain::shift(call.tx, *product, *store, *by)? {
            let named =
                lines.iter().find(|line| line.product == *product).map(Line::named).unwrap_or_default();
            return Ok(Some(match *by > 0 {
                true => incorrect(&named),
                false => format!("There is not enough of product {named} in store #{store}"),
            }));
        }
    }
    let products: BTreeSet<i64> = moves.keys().map(|(product, _)| *product).collect();
    products.into_iter().try_for_each(|product| remain::follow(call.tx, product))?;
    Ok(None)
}

/// What a receipt paid is the purchasing price of the product from then on.
fn buy(call: &mut Call<'_, '_>, line: &Line, currency: &str) -> Result<()> {
    let Some(price) = line.price else { return Ok(()) };
    let sql = "UPDATE catalog_product SET purchasing_price = ?, purchasing_currency = ? WHERE id = ?";
    // Products keep it in millionths.
    let price = price.saturating_mul(10_000);
    call.tx.execute(sql, &[price.into(), currency.to_owned().into(), line.product.into()])?;
    Ok(())
}

/// A refusal in the words of the method.
pub fn refused(text: String) -> engine::Error {
    Fault::numbered(400, 0, text).into()
}
