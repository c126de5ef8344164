//! Invoices of the older kind of another portal, with their rows and the details of the payers.

use engine::copy::{At, Copying, Paging, Put, Step, Target};
use engine::entity::{Entity, Naming};
use engine::error::Result;
use serde_json::json;
use wire::{Map, Value};

use super::rows::ROW;
use super::{STATUSES, TYPE_ID, payer};

/// The lists.
pub fn steps(invoices: &Entity) -> Vec<Step> {
    const INVOICE: &[Put] = &[Put::param("id")];
    let list = Step::new("crm.invoice.list", Target::Items(TYPE_ID, Naming::Legacy))
        .with(json!({"select": ["*", "UF_*"]}))
        .paged(Paging::Behind("ID", "ID"));
    let whole = Step::new("crm.invoice.get", Target::With(write))
        .of_each(invoices.table(), INVOICE)
        .at(At::Row)
        .paged(Paging::Whole);
    [vec![list, whole], crate::copy::belonging(invoices)].concat()
}

/// What only an invoice as a whole shows, and what its status means.
fn write(copying: &mut Copying<'_, '_>, invoices: Vec<Map>) -> Result<()> {
    for invoice in invoices {
        let Some(id) = invoice.get("ID").and_then(Value::as_int) else { continue };
        let details = invoice.get("INVOICE_PROPERTIES").filter(|details| details.is_array());
        let details = details.map(|details| serde_json::Value::from(details).to_string());
        let sql = format!(
            "UPDATE crm_invoice SET {} = ?, opened = COALESCE(opened, 'N'), status_semantic_id = COALESCE((SELECT NULLIF(s.semantics, '') \
             FROM crm_status s WHERE s.entity_id = '{STATUSES}' AND s.status_id = crm_invoice.status_id), 'P') WHERE id = ?",
            payer::FIELD.to_ascii_lowercase()
        );
        copying.tx.execute(&sql, &[details.into(), id.into()])?;
        copying.tx.execute(&format!("DELETE FROM {} WHERE invoice_id = ?", ROW.table), &[id.into()])?;
        let rows = invoice
            .get("PRODUCT_ROWS")
            .into_iter()
            .flat_map(Value::each)
            .filter_map(|row| row.clone().into_map());
        let rows = rows.map(|mut row| {
            row.insert("@invoiceId", id);
            row
        });
        copying.noun(&ROW, &ROW.faces[0], rows.collect(), &[])?;
    }
    Ok(copying.tx.number_behind(ROW.table)?)
}
