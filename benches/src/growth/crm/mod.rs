//! Contacts, deals with three product rows each, and items of a smart process.

mod questions;
mod rows;

use serde_json::json;

use super::answer;
use super::part::{Hooks, Part};

pub(super) const PART: Part = Part {
    name: "crm",
    rows: "contacts, deals and items",
    first,
    multiply: rows::multiply,
    complete: rows::complete,
    tables: &["crm_contact", "crm_deal", "crm_dynamic_1030"],
    questions: questions::questions,
};

fn first(hooks: &Hooks) -> Result<(), String> {
    let hook = &hooks.admin;
    let field = json!({"fields": {"FIELD_NAME": "UF_CRM_CODE", "USER_TYPE_ID": "string"}});
    answer(hook, "crm.contact.userfield.add", &field)?;
    answer(hook, "crm.contact.add", &rows::first())?;
    answer(hook, "crm.deal.add", &rows::first_deal())?;
    answer(hook, "crm.deal.productrows.set", &json!({"id": 1, "rows": rows::product_rows()}))?;
    answer(hook, "crm.type.add", &rows::smart_process())?;
    answer(hook, "crm.item.add", &rows::first_item()).map(drop)
}
