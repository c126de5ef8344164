//! What is asked.

use super::super::part::{Bar, Question, Who};
use super::rows::{ITEMS, code, last_name, origin, phone, product_rows};
use serde_json::{Value, json};

/// Everything.
pub(super) fn questions() -> Vec<Question> {
    [of_contacts(), of_deals(), of_items()].concat()
}

/// What is asked of the items of a smart process.
fn of_items() -> Vec<Question> {
    let list = |name, params| Question {
        name,
        who: Who::Admin,
        method: "crm.item.list",
        params,
        found: |reply| reply["result"]["items"].as_array().is_some_and(|rows| !rows.is_empty()),
        bar: Bar::Read,
    };
    let one = |name, method, params, bar| Question {
        name,
        who: Who::Admin,
        method,
        params,
        found: |reply| reply["result"]["item"]["id"].is_u64(),
        bar,
    };
    vec![
        one("item: get", "crm.item.get", |id, _| json!({"entityTypeId": ITEMS, "id": id}), Bar::Read),
        list(
            "item: list by xmlId, with total",
            |id, _| json!({"entityTypeId": ITEMS, "filter": {"xmlId": origin(id)}}),
        ),
        list(
            "item: list by stageId, newest first",
            |_, _| json!({"entityTypeId": ITEMS, "filter": {"stageId": "DT1030_2:NEW"}, "order": {"id": "DESC"}, "start": -1}),
        ),
        list(
            "item: newest first, with total",
            |_, _| json!({"entityTypeId": ITEMS, "order": {"createdTime": "DESC"}}),
        ),
        list(
            "item: page at 90 % of all, with total",
            |_, rows| json!({"entityTypeId": ITEMS, "order": {"id": "ASC"}, "start": rows * 9 / 10}),
        ),
        one(
            "item: add",
            "crm.item.add",
            |id, _| json!({"entityTypeId": ITEMS, "fields": {"title": "New", "xmlId": origin(id)}}),
            Bar::Write,
        ),
        one(
            "item: update",
            "crm.item.update",
            |id, _| json!({"entityTypeId": ITEMS, "id": id, "fields": {"title": "Changed"}}),
            Bar::Write,
        ),
    ]
}

/// What is asked of deals and their product rows.
fn of_deals() -> Vec<Question> {
    let list = |name, params| Question {
        name,
        who: Who::Admin,
        method: "crm.deal.list",
        params,
        found: is_full,
        bar: Bar::Read,
    };
    let write = |name, method, params| Question {
        name,
        who: Who::Admin,
        method,
        params,
        found: is_done,
        bar: Bar::Write,
    };
    vec![
        Question {
            name: "deal: get",
            who: Who::Admin,
            method: "crm.deal.get",
            params: |id, _| json!({"id": id}),
            found: |reply| reply["result"]["OPPORTUNITY"].is_string(),
            bar: Bar::Read,
        },
        list("deal: list by CONTACT_ID, with total", |id, _| json!({"filter": {"CONTACT_ID": id}})),
        list("deal: list by STAGE_ID, newest first", |_, _| {
            page(json!({"STAGE_ID": "EXECUTING"}), json!({"ID": "DESC"}))
        }),
        list("deal: list by STAGE_ID from an ID on", |_, rows| {
            page(json!({">ID": rows / 2, "STAGE_ID": "EXECUTING"}), json!({"ID": "ASC"}))
        }),
        list("deal: newest first, with total", |_, _| json!({"order": {"DATE_CREATE": "DESC"}})),
        list(
            "deal: page at 90 % of all, with total",
            |_, rows| json!({"order": {"ID": "ASC"}, "start": rows * 9 / 10}),
        ),
        Question {
            name: "deal: its product rows",
            who: Who::Admin,
            method: "crm.deal.productrows.get",
            params: |id, _| json!({"id": id}),
            found: |reply| reply["result"].as_array().is_some_and(|rows| rows.len() == 3),
            bar: Bar::Read,
        },
        Question {
            name: "item.productrow.list of a deal",
            who: Who::Admin,
            method: "crm.item.productrow.list",
            params: |id, _| json!({"filter": {"=ownerType": "D", "=ownerId": id}}),
            found: |reply| reply["result"]["productRows"].as_array().is_some_and(|rows| rows.len() == 3),
            bar: Bar::Read,
        },
        write("deal: add", "crm.deal.add", |id, _| json!({"fields": {"TITLE": "New", "CONTACT_ID": id}})),
        write(
            "deal: move to a stage",
            "crm.deal.update",
            |id, _| json!({"id": id, "fields": {"STAGE_ID": "PREPARATION"}}),
        ),
        write(
            "deal: set its product rows",
            "crm.deal.productrows.set",
            |id, _| json!({"id": id, "rows": product_rows()}),
        ),
    ]
}

fn of_contacts() -> Vec<Question> {
    let list = |name, params| Question {
        name,
        who: Who::Admin,
        method: "crm.contact.list",
        params,
        found: is_full,
        bar: Bar::Read,
    };
    let write = |name, method, params| Question {
        name,
        who: Who::Admin,
        method,
        params,
        found: is_done,
        bar: Bar::Write,
    };
    vec![
        Question {
            name: "get",
            who: Who::Admin,
            method: "crm.contact.get",
            params: |id, _| json!({"id": id}),
            found: |reply| reply["result"]["ID"].is_string(),
            bar: Bar::Read,
        },
        list("list by ID", |id, _| page(json!({"=ID": id}), json!({}))),
        list("list from an ID on", |id, _| page(json!({">=ID": id}), json!({"ID": "ASC"}))),
        list("list by ORIGIN_ID, with total", |id, _| json!({"filter": {"ORIGIN_ID": origin(id)}})),
        list("list by ASSIGNED_BY_ID", |id, _| {
            page(json!({"ASSIGNED_BY_ID": 1 + id % 20}), json!({"ID": "DESC"}))
        }),
        list("list by user field, with total", |id, _| json!({"filter": {"UF_CRM_CODE": code(id)}})),
        list("list by LAST_NAME, with total", |id, _| json!({"filter": {"LAST_NAME": last_name(id)}})),
        list("list in order of LAST_NAME", |_, _| page(json!({}), json!({"LAST_NAME": "ASC"}))),
        list("newest first", |_, _| page(json!({}), json!({"DATE_CREATE": "DESC"}))),
        list("newest first, with total", |_, _| json!({"order": {"DATE_CREATE": "DESC"}})),
        list(
            "page at 90 % of all, with total",
            |_, rows| json!({"order": {"ID": "ASC"}, "start": rows * 9 / 10}),
        ),
        Question {
            name: "findbycomm by phone",
            who: Who::Admin,
            method: "crm.duplicate.findbycomm",
            params: |id, _| json!({"type": "PHONE", "values": [phone(id)], "entity_type": "CONTACT"}),
            found: |reply| reply["result"]["CONTACT"].is_array(),
            bar: Bar::Read,
        },
        write("add", "crm.contact.add", |id, _| {
            json!({"fields": {"NAME": "New", "LAST_NAME": last_name(id), "UF_CRM_CODE": code(id),
                "PHONE": [{"VALUE": phone(id), "VALUE_TYPE": "WORK"}]}})
        }),
        write("update", "crm.contact.update", |id, _| json!({"id": id, "fields": {"POST": "Captain"}})),
        Question {
            name: "list by a part of LAST_NAME",
            who: Who::Admin,
            method: "crm.contact.list",
            params: |_, rows| page(json!({"%LAST_NAME": format!("y {}", rows / 200)}), json!({})),
            found: is_full,
            bar: Bar::Shown,
        },
    ]
}

/// A first page without a total.
#[allow(clippy::needless_pass_by_value, reason = "reads well with json! at the call")]
fn page(filter: Value, order: Value) -> Value {
    json!({"filter": filter, "order": order, "start": -1})
}

fn is_full(reply: &Value) -> bool {
    reply["result"].as_array().is_some_and(|rows| !rows.is_empty())
}

fn is_done(reply: &Value) -> bool {
    reply["result"] == true || reply["result"].as_u64().is_some()
}
