//! Contacts, deals with product rows and items of a smart process written into the database by hand, as copies of those that were added through the
//! door.

use super::super::database::{counts, series};
use serde_json::{Value, json};

/// The type of contacts.
const CONTACTS: i64 = 3;
/// The type of deals.
const DEALS: i64 = 2;
/// Product rows of each deal.
const ROWS: u64 = 3;
/// The type of the items of the smart process.
pub(super) const ITEMS: i64 = 1030;

/// The contact that all others are made from.
pub(super) fn first() -> Value {
    json!({"fields": {
        "NAME": "Name 0", "LAST_NAME": last_name(1), "ORIGIN_ID": origin(1), "UF_CRM_CODE": code(1),
        "PHONE": [{"VALUE": phone(1), "VALUE_TYPE": "WORK"}],
    }})
}

/// The deal that all others are made from.
pub(super) fn first_deal() -> Value {
    json!({"fields": {"TITLE": "Deal 0", "ORIGIN_ID": origin(1), "CONTACT_ID": 1}})
}

/// The product rows of a deal.
pub(super) fn product_rows() -> Value {
    (1..=ROWS)
        .map(|row| json!({"PRODUCT_NAME": format!("Chair {row}"), "PRICE": 10, "QUANTITY": row}))
        .collect()
}

/// The smart process.
pub(super) fn smart_process() -> Value {
    json!({"fields": {
        "title": "Equipment", "entityTypeId": ITEMS, "isStagesEnabled": "Y", "isClientEnabled": "Y",
        "isLinkWithProductsEnabled": "Y",
    }})
}

/// The item that all others are made from.
pub(super) fn first_item() -> Value {
    json!({"entityTypeId": ITEMS, "fields": {"title": "Item 0", "xmlId": origin(1)}})
}

/// A last name that a hundred have.
pub(super) fn last_name(id: u64) -> String {
    format!("Family {}", id / 100)
}

/// The value of a user field that a hundred have.
pub(super) fn code(id: u64) -> String {
    format!("C-{}", id / 100)
}

/// The key in another system, which one has.
pub(super) fn origin(id: u64) -> String {
    format!("origin {id}")
}

/// The phone, which one has.
pub(super) fn phone(id: u64) -> String {
    format!("+{}", 79_000_000_000 + id)
}

/// What makes the rows from one number to another.
pub(super) fn multiply(from: u64, to: u64, _: u64) -> Vec<String> {
    [contacts, phones, deals, contacts_of_deals, rows_of_deals, items].map(|made| made(from, to)).into()
}

/// What goes with so many rows.
pub(super) fn complete(rows: u64) -> Vec<String> {
    vec![
        counts(rows, "crm_contact", &[CONTACTS]),
        counts(rows, "crm_deal", &[DEALS]),
        counts(rows, "crm_dynamic_1030", &[ITEMS]),
    ]
}

fn contacts(from: u64, to: u64) -> String {
    let same = "opened, export, has_phone, has_email, has_imol, created_by_id, modify_by_id, last_activity_time, \
                last_activity_by, webform_id, category_id";
    format!(
        "INSERT INTO crm_contact (id, name, last_name, origin_id, uf_crm_code, assigned_by_id, date_create, \
         date_modify, {same}) {} \
         SELECT n, 'Name ' || (n % 1000), 'Family ' || (n / 100), 'origin ' || n, 'C-' || (n / 100), 1 + n % 20, \
         date_create + n, date_modify + n, {same} FROM s CROSS JOIN (SELECT * FROM crm_contact WHERE id = 1) t",
        series(from, to)
    )
}

fn phones(from: u64, to: u64) -> String {
    format!(
        "INSERT INTO crm_multifield (entity_type_id, item_id, type_id, value_type, value, folded) {} \
         SELECT {CONTACTS}, n, 'PHONE', 'WORK', '+' || (79000000000 + n), CAST(79000000000 + n AS TEXT) FROM s",
        series(from, to)
    )
}

fn deals(from: u64, to: u64) -> String {
    let same = "type_id, category_id, stage_semantic_id, is_new, is_recurring, is_return_customer, is_repeated_approach, currency_id, \
                is_manual_opportunity, tax_value, begindate, closedate, opened, closed, created_by_id, modify_by_id, \
                moved_by_id, moved_time, last_activity_time, last_activity_by, webform_id";
    format!(
        "INSERT INTO crm_deal (id, title, stage_id, opportunity, contact_id, origin_id, assigned_by_id, date_create, \
         date_modify, {same}) {} \
         SELECT n, 'Deal ' || (n % 1000), CASE n % 50 WHEN 0 THEN 'EXECUTING' ELSE 'NEW' END, n * 100, n, 'origin ' || n, \
         1 + n % 20, date_create + n, date_modify + n, {same} FROM s CROSS JOIN (SELECT * FROM crm_deal WHERE id = 1) t",
        series(from, to)
    )
}

fn contacts_of_deals(from: u64, to: u64) -> String {
    format!(
        "INSERT INTO crm_binding (owner_type_id, owner_id, target_type_id, target_id, sort, role_id, is_primary) {} \
         SELECT {DEALS}, n, {CONTACTS}, n, 10, 0, 'Y' FROM s",
        series(from, to)
    )
}

fn rows_of_deals(from: u64, to: u64) -> String {
    let same = "owner_type, product_id, product_name, discount_type_id, tax_included, customized, measure_code, \
                measure_name, sort, xml_id, type, price, price_exclusive, price_netto, price_brutto, quantity, \
                discount_rate, discount_sum";
    format!(
        "INSERT INTO crm_product_row (owner_id, {same}) {} \
         SELECT n, {same} FROM s CROSS JOIN (SELECT * FROM crm_product_row WHERE owner_id = 1) t",
        series(from, to)
    )
}

fn items(from: u64, to: u64) -> String {
    let same = "opened, webform_id, category_id, stage_id, moved_by_id, moved_time, currency_id, opportunity, \
                is_manual_opportunity, created_by_id, modify_by_id, last_activity_time, last_activity_by";
    format!(
        "INSERT INTO crm_dynamic_1030 (id, title, xml_id, assigned_by_id, date_create, date_modify, {same}) {} \
         SELECT n, 'Item ' || (n % 1000), 'origin ' || n, 1 + n % 20, date_create + n, date_modify + n, {same} \
         FROM s CROSS JOIN (SELECT * FROM crm_dynamic_1030 WHERE id = 1) t",
        series(from, to)
    )
}
