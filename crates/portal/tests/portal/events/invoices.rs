//! Events of invoices of the older kind.

use serde_json::{Value, json};
use testportal::Hook;

use super::crm::add;
use super::{Recipe, of};

pub fn recipe(event: &str) -> Option<Recipe> {
    match event {
        "ONCRMINVOICERECURRINGADD"
        | "ONCRMINVOICERECURRINGUPDATE"
        | "ONCRMINVOICERECURRINGDELETE"
        | "ONCRMINVOICERECURRINGEXPOSE" => of(event, "ONCRMINVOICERECURRING", recurring_invoice),
        "ONCRMINVOICEADD" | "ONCRMINVOICEUPDATE" | "ONCRMINVOICEDELETE" | "ONCRMINVOICESETSTATUS" => {
            of(event, "ONCRMINVOICE", invoice)
        }
        _ => None,
    }
}

/// Adds an invoice of the older kind.
fn older_invoice(portal: &Hook, is_template: &str) -> Value {
    let fields = json!({
        "ORDER_TOPIC": "x", "PERSON_TYPE_ID": 2, "PAY_SYSTEM_ID": 1, "UF_COMPANY_ID": add(portal, "company"),
        "IS_RECURRING": is_template, "PRODUCT_ROWS": [{"PRODUCT_NAME": "Chair", "PRICE": 80}],
    });
    portal.get("crm.invoice.add", json!({"fields": fields}))
}

fn invoice(portal: &Hook, what: &str) -> Value {
    let id = older_invoice(portal, "N");
    match what {
        "UPDATE" => _ = portal.get("crm.invoice.update", json!({"id": id, "fields": {"COMMENTS": "y"}})),
        "SETSTATUS" => _ = portal.get("crm.invoice.update", json!({"id": id, "fields": {"STATUS_ID": "P"}})),
        "DELETE" => _ = portal.get("crm.invoice.delete", json!({"id": id})),
        _ => {}
    }
    json!({"FIELDS": {"ID": id.to_string()}})
}

fn recurring_invoice(portal: &Hook, what: &str) -> Value {
    let template = older_invoice(portal, "Y");
    let id = portal.get("crm.invoice.recurring.add", json!({"fields": {"INVOICE_ID": template}}));
    let mut told = json!({"ID": id.to_string(), "RECURRING_INVOICE_ID": template.to_string()});
    match what {
        "UPDATE" => {
            portal.get("crm.invoice.recurring.update", json!({"id": id, "fields": {"ACTIVE": "N"}}));
        }
        "DELETE" => {
            portal.get("crm.invoice.recurring.delete", json!({"id": id}));
            told = json!({"ID": id.to_string()});
        }
        "EXPOSE" => {
            let made =
                portal.get("crm.invoice.recurring.expose", json!({"id": id}))["INVOICE_ID"].to_string();
            told["INVOICE_ID"] = made.into();
        }
        _ => {}
    }
    json!({"FIELDS": told})
}
