//! Ways that lead to what belongs to an item of the CRM, or to the item itself.

use serde_json::{Value, json};
use testportal::Hook;

/// A method that lists rows, and the parameters that lead to those of an item, which may name its row.
type List = (&'static str, fn(&Value, &Value) -> Value);

/// A call about a row of an item: the method and its parameters.
type Way = fn(&Value, &Value) -> (&'static str, Value);

/// A way to something that belongs to an item, or to the item itself.
pub struct Probe {
    /// The noun that it is about, or what the rows are where that is no noun.
    pub name: &'static str,
    /// The code of the items in roles, and how their methods are called.
    pub of: (&'static str, &'static str),
    /// Adds a row for the item with that id, as an administrator; gives its key.
    pub add: fn(&Hook, &Value) -> Value,
    /// Lists the rows of one item, of which there is one.
    pub list: Option<List>,
    /// Reads one row.
    pub get: Option<Way>,
    /// Changes one row, which stays.
    pub update: Option<Way>,
    /// Deletes one row.
    pub delete: Option<Way>,
}

pub const DEAL: (&str, &str) = ("DEAL", "deal");
pub const COMPANY: (&str, &str) = ("COMPANY", "company");
pub const CONTACT: (&str, &str) = ("CONTACT", "contact");
pub const INVOICE: (&str, &str) = ("INVOICE", "invoice");
pub const SMART_INVOICE: (&str, &str) = ("SMART_INVOICE", "31");
/// Items of the first smart process.
pub const SMART: (&str, &str) = ("DYNAMIC_1030", "1030");

/// A probe of nothing.
fn probe(of: (&'static str, &'static str)) -> Probe {
    Probe { name: "", of, add: |_, id| id.clone(), list: None, get: None, update: None, delete: None }
}

pub fn added(hook: &Hook, method: &str, fields: Value) -> Value {
    hook.get(method, Value::from_iter([("fields", fields)]))
}

fn requisite(hook: &Hook, company: &Value) -> Value {
    let fields = json!({"ENTITY_TYPE_ID": 4, "ENTITY_ID": company, "PRESET_ID": 1, "NAME": "x"});
    added(hook, "crm.requisite.add", fields)
}

pub fn probes() -> Vec<Probe> {
    vec![
        Probe {
            name: "crm.productRow",
            of: DEAL,
            add: |hook, deal| {
                let row = json!({"ownerType": "D", "ownerId": deal, "productName": "x", "price": 1});
                added(hook, "crm.item.productrow.add", row)["productRow"]["id"].clone()
            },
            list: Some((
                "crm.productrow.list",
                |deal, _| json!({"filter": {"OWNER_TYPE": "D", "OWNER_ID": deal}}),
            )),
            get: Some(|_, id| ("crm.item.productrow.get", json!({"id": id}))),
            update: Some(|_, id| ("crm.item.productrow.update", json!({"id": id, "fields": {"price": 2}}))),
            delete: Some(|_, id| ("crm.item.productrow.delete", json!({"id": id}))),
        },
        Probe {
            name: "crm.deal.recurring",
            add: |hook, deal| {
                hook.get("crm.deal.update", json!({"id": deal, "fields": {"IS_RECURRING": "Y"}}));
                added(hook, "crm.deal.recurring.add", json!({"DEAL_ID": deal, "ACTIVE": "N"}))
            },
            list: Some(("crm.deal.recurring.list", |deal, _| json!({"filter": {"DEAL_ID": deal}}))),
            get: Some(|_, id| ("crm.deal.recurring.get", json!({"id": id}))),
            update: Some(|_, id| {
                ("crm.deal.recurring.update", json!({"id": id, "fields": {"LIMIT_REPEAT": 3}}))
            }),
            ..probe(DEAL)
        },
        Probe {
            name: "crm.requisite",
            of: COMPANY,
            add: requisite,
            list: Some((
                "crm.requisite.list",
                |company, _| json!({"filter": {"ENTITY_TYPE_ID": 4, "ENTITY_ID": company}}),
            )),
            get: Some(|_, id| ("crm.requisite.get", json!({"id": id}))),
            update: Some(|_, id| ("crm.requisite.update", json!({"id": id, "fields": {"NAME": "y"}}))),
            delete: Some(|_, id| ("crm.requisite.delete", json!({"id": id}))),
        },
        Probe {
            name: "crm.requisite.bankdetail",
            of: COMPANY,
            add: |hook, company| {
                let fields = json!({"ENTITY_ID": requisite(hook, company), "NAME": "x", "RQ_BANK_NAME": company.to_string()});
                added(hook, "crm.requisite.bankdetail.add", fields)
            },
            list: Some((
                "crm.requisite.bankdetail.list",
                |company, _| json!({"filter": {"RQ_BANK_NAME": company.to_string()}}),
            )),
            get: Some(|_, id| ("crm.requisite.bankdetail.get", json!({"id": id}))),
            update: Some(|_, id| {
                ("crm.requisite.bankdetail.update", json!({"id": id, "fields": {"NAME": "y"}}))
            }),
            delete: Some(|_, id| ("crm.requisite.bankdetail.delete", json!({"id": id}))),
        },
        Probe {
            name: "crm.address",
            add: |hook, company| {
                let requisite = requisite(hook, company);
                let key = json!({"TYPE_ID": 1, "ENTITY_TYPE_ID": 8, "ENTITY_ID": requisite, "CITY": "x"});
                added(hook, "crm.address.add", key);
                requisite
            },
            list: Some((
                "crm.address.list",
                |company, _| json!({"filter": {"ANCHOR_TYPE_ID": 4, "ANCHOR_ID": company}}),
            )),
            update: Some(|_, id| {
                let fields = json!({"TYPE_ID": 1, "ENTITY_TYPE_ID": 8, "ENTITY_ID": id, "CITY": "y"});
                ("crm.address.update", json!({"fields": fields}))
            }),
            delete: Some(|_, id| {
                let fields = json!({"TYPE_ID": 1, "ENTITY_TYPE_ID": 8, "ENTITY_ID": id});
                ("crm.address.delete", json!({"fields": fields}))
            }),
            ..probe(COMPANY)
        },
        Probe {
            name: "crm.requisite.link",
            of: DEAL,
            add: |hook, deal| {
                let fields = link(deal);
                hook.get("crm.requisite.link.register", json!({"fields": fields}));
                deal.clone()
            },
            list: Some((
                "crm.requisite.link.list",
                |deal, _| json!({"filter": {"ENTITY_TYPE_ID": 2, "ENTITY_ID": deal}}),
            )),
            get: Some(|deal, _| ("crm.requisite.link.get", json!({"entityTypeId": 2, "entityId": deal}))),
            update: Some(|deal, _| ("crm.requisite.link.register", json!({"fields": link(deal)}))),
            delete: Some(|deal, _| {
                ("crm.requisite.link.unregister", json!({"entityTypeId": 2, "entityId": deal}))
            }),
        },
        Probe {
            name: "activity",
            of: DEAL,
            add: |hook, deal| {
                let todo = json!({"ownerTypeId": 2, "ownerId": deal, "deadline": "2026-07-01", "title": "x"});
                hook.get("crm.activity.todo.add", todo)["id"].clone()
            },
            list: Some((
                "crm.activity.list",
                |deal, _| json!({"filter": {"OWNER_TYPE_ID": 2, "OWNER_ID": deal}}),
            )),
            get: Some(|_, id| ("crm.activity.get", json!({"id": id}))),
            update: Some(|_, id| ("crm.activity.update", json!({"id": id, "fields": {"SUBJECT": "y"}}))),
            delete: Some(|_, id| ("crm.activity.delete", json!({"id": id}))),
        },
        Probe {
            name: "timeline comment",
            add: |hook, deal| {
                let fields = json!({"ENTITY_ID": deal, "ENTITY_TYPE": "deal", "COMMENT": "x"});
                added(hook, "crm.timeline.comment.add", fields)
            },
            get: Some(|_, id| ("crm.timeline.comment.get", json!({"id": id}))),
            update: Some(|_, id| {
                ("crm.timeline.comment.update", json!({"id": id, "fields": {"COMMENT": "y"}}))
            }),
            delete: Some(|_, id| ("crm.timeline.comment.delete", json!({"id": id}))),
            ..probe(DEAL)
        },
        Probe {
            name: "stage history",
            add: |_, deal| deal.clone(),
            list: Some((
                "crm.stagehistory.list",
                |deal, _| json!({"entityTypeId": 2, "filter": {"OWNER_ID": deal}}),
            )),
            ..probe(DEAL)
        },
        Probe {
            name: "stage history of invoices",
            add: |_, invoice| invoice.clone(),
            list: Some((
                "crm.stagehistory.list",
                |id, _| json!({"entityTypeId": 31, "filter": {"OWNER_ID": id}}),
            )),
            ..probe(SMART_INVOICE)
        },
        Probe {
            name: "stage history of a smart process",
            add: |_, item| item.clone(),
            list: Some((
                "crm.stagehistory.list",
                |id, _| json!({"entityTypeId": 1030, "filter": {"OWNER_ID": id}}),
            )),
            ..probe(SMART)
        },
        Probe {
            name: "crm.invoice.row",
            add: |_, invoice| invoice.clone(),
            list: Some(("crm.invoice.list", |invoice, _| json!({"filter": {"ID": invoice}}))),
            get: Some(|invoice, _| ("crm.invoice.get", json!({"id": invoice}))),
            update: Some(|invoice, _| {
                let rows = json!([{"ID": 0, "PRODUCT_NAME": "y", "PRICE": 2}]);
                ("crm.invoice.update", json!({"id": invoice, "fields": {"PRODUCT_ROWS": rows}}))
            }),
            ..probe(INVOICE)
        },
        Probe {
            name: "crm.invoice.recurring",
            of: INVOICE,
            add: |hook, invoice| {
                hook.get("crm.invoice.update", json!({"id": invoice, "fields": {"IS_RECURRING": "Y"}}));
                added(hook, "crm.invoice.recurring.add", json!({"INVOICE_ID": invoice, "ACTIVE": "N"}))
            },
            list: Some((
                "crm.invoice.recurring.list",
                |invoice, _| json!({"filter": {"INVOICE_ID": invoice}}),
            )),
            get: Some(|_, id| ("crm.invoice.recurring.get", json!({"id": id}))),
            update: Some(|_, id| {
                ("crm.invoice.recurring.update", json!({"id": id, "fields": {"LIMIT_REPEAT": 3}}))
            }),
            delete: Some(|_, id| ("crm.invoice.recurring.delete", json!({"id": id}))),
        },
        Probe {
            name: "crm.calllist.member",
            add: |hook, contact| {
                hook.get("crm.calllist.add", json!({"ENTITY_TYPE": "CONTACT", "ENTITIES": [contact]}))
            },
            get: Some(|_, id| ("crm.calllist.items.get", json!({"LIST_ID": id}))),
            ..probe(CONTACT)
        },
        Probe {
            name: "crm.tracking.item",
            add: |_, contact| contact.clone(),
            update: Some(|contact, _| {
                let items = json!([{"TYPE": "CONTACT", "ID": contact}]);
                ("crm.tracking.trace.add", json!({"TRACE": "{\"tags\":{}}", "ENTITIES": items}))
            }),
            ..probe(CONTACT)
        },
        Probe {
            name: "links to contacts",
            add: |hook, deal| {
                let contact = added(hook, "crm.contact.add", json!({"NAME": "x"}));
                hook.get("crm.deal.contact.add", json!({"id": deal, "fields": {"CONTACT_ID": contact}}));
                contact
            },
            get: Some(|deal, _| ("crm.deal.contact.items.get", json!({"id": deal}))),
            update: Some(|deal, contact| {
                ("crm.deal.contact.items.set", json!({"id": deal, "items": [{"CONTACT_ID": contact}]}))
            }),
            delete: Some(|deal, contact| {
                ("crm.deal.contact.delete", json!({"id": deal, "fields": {"CONTACT_ID": contact}}))
            }),
            ..probe(DEAL)
        },
        Probe {
            name: "links to companies",
            add: |hook, contact| {
                let company = added(hook, "crm.company.add", json!({"TITLE": "x"}));
                hook.get(
                    "crm.contact.company.add",
                    json!({"id": contact, "fields": {"COMPANY_ID": company}}),
                );
                company
            },
            get: Some(|contact, _| ("crm.contact.company.items.get", json!({"id": contact}))),
            update: Some(|contact, company| {
                ("crm.contact.company.items.set", json!({"id": contact, "items": [{"COMPANY_ID": company}]}))
            }),
            delete: Some(|contact, company| {
                ("crm.contact.company.delete", json!({"id": contact, "fields": {"COMPANY_ID": company}}))
            }),
            ..probe(CONTACT)
        },
        Probe {
            name: "bindings of an activity",
            add: |hook, deal| todo(hook, 2, deal),
            get: Some(|_, id| ("crm.activity.binding.list", json!({"activityId": id}))),
            ..probe(DEAL)
        },
        Probe {
            name: "bindings of a comment",
            add: |hook, deal| comment(hook, "deal", deal),
            list: Some(("crm.timeline.bindings.list", |_, id| json!({"filter": {"OWNER_ID": id}}))),
            ..probe(DEAL)
        },
        Probe {
            name: "note",
            add: |hook, deal| {
                let comment = comment(hook, "deal", deal);
                hook.get("crm.timeline.note.save", note(deal, &comment, Some("x")));
                comment
            },
            get: Some(|deal, id| ("crm.timeline.note.get", note(deal, id, None))),
            update: Some(|deal, id| ("crm.timeline.note.save", note(deal, id, Some("y")))),
            delete: Some(|deal, id| ("crm.timeline.note.delete", note(deal, id, None))),
            ..probe(DEAL)
        },
        Probe {
            name: "pin",
            add: |hook, deal| comment(hook, "deal", deal),
            update: Some(|deal, id| {
                ("crm.timeline.item.pin", json!({"id": id, "ownerTypeId": 2, "ownerId": deal}))
            }),
            ..probe(DEAL)
        },
        Probe {
            name: "log message",
            add: |hook, deal| {
                let fields = json!({
                    "entityTypeId": 2, "entityId": deal, "title": "x", "text": "x", "iconCode": "call",
                });
                added(hook, "crm.timeline.logmessage.add", fields)["logMessage"]["id"].clone()
            },
            get: Some(|_, id| ("crm.timeline.logmessage.get", json!({"id": id}))),
            ..probe(DEAL)
        },
        Probe {
            name: "document",
            add: |hook, deal| {
                let sample = hook.get("crm.documentgenerator.template.list", json!({}))["templates"].clone();
                let template = sample.as_object().and_then(|all| all.keys().next().cloned());
                let template = template.map_or_else(|| document_template(hook), |id| json!(id));
                let about = json!({"templateId": template, "entityTypeId": 2, "entityId": deal});
                hook.get("crm.documentgenerator.document.add", about)["document"]["id"].clone()
            },
            get: Some(|_, id| ("crm.documentgenerator.document.get", json!({"id": id}))),
            ..probe(DEAL)
        },
        Probe {
            name: "product row of an invoice",
            add: |hook, invoice| {
                let row = json!({"ownerType": "SI", "ownerId": invoice, "productName": "x", "price": 1});
                added(hook, "crm.item.productrow.add", row)["productRow"]["id"].clone()
            },
            list: Some((
                "crm.item.productrow.list",
                |invoice, _| json!({"filter": {"=ownerType": "SI", "=ownerId": invoice}}),
            )),
            get: Some(|_, id| ("crm.item.productrow.get", json!({"id": id}))),
            update: Some(|_, id| ("crm.item.productrow.update", json!({"id": id, "fields": {"price": 2}}))),
            delete: Some(|_, id| ("crm.item.productrow.delete", json!({"id": id}))),
            ..probe(SMART_INVOICE)
        },
        Probe {
            name: "activity of a smart process",
            add: |hook, item| todo(hook, 1030, item),
            list: Some((
                "crm.activity.list",
                |item, _| json!({"filter": {"OWNER_TYPE_ID": 1030, "OWNER_ID": item}}),
            )),
            get: Some(|_, id| ("crm.activity.get", json!({"id": id}))),
            update: Some(|_, id| ("crm.activity.update", json!({"id": id, "fields": {"SUBJECT": "y"}}))),
            delete: Some(|_, id| ("crm.activity.delete", json!({"id": id}))),
            ..probe(SMART)
        },
        Probe {
            name: "timeline comment of a smart process",
            add: |hook, item| comment(hook, "dynamic_1030", item),
            get: Some(|_, id| ("crm.timeline.comment.get", json!({"id": id}))),
            update: Some(|_, id| {
                ("crm.timeline.comment.update", json!({"id": id, "fields": {"COMMENT": "y"}}))
            }),
            delete: Some(|_, id| ("crm.timeline.comment.delete", json!({"id": id}))),
            ..probe(SMART)
        },
    ]
}

fn todo(hook: &Hook, owner_type: i64, owner: &Value) -> Value {
    let todo = json!({"ownerTypeId": owner_type, "ownerId": owner, "deadline": "2026-07-01", "title": "x"});
    hook.get("crm.activity.todo.add", todo)["id"].clone()
}

fn comment(hook: &Hook, kind: &str, item: &Value) -> Value {
    let fields = json!({"ENTITY_ID": item, "ENTITY_TYPE": kind, "COMMENT": "x"});
    added(hook, "crm.timeline.comment.add", fields)
}

fn note(deal: &Value, comment: &Value, text: Option<&str>) -> Value {
    let mut note = json!({"ownerTypeId": 2, "ownerId": deal, "itemType": 1, "itemId": comment});
    if let Some(text) = text {
        note["text"] = json!(text);
    }
    note
}

fn document_template(hook: &Hook) -> Value {
    let sample = &portal::modules().find("crm.documentgenerator.template.add").unwrap().examples[0].params;
    let mut fields = sample["fields"].clone();
    fields["entityTypeId"] = json!(["2"]);
    fields["users"] = json!(["UA"]);
    added(hook, "crm.documentgenerator.template.add", fields)["template"]["id"].clone()
}

fn link(deal: &Value) -> Value {
    json!({
        "ENTITY_TYPE_ID": 2, "ENTITY_ID": deal, "REQUISITE_ID": 0, "BANK_DETAIL_ID": 0, "MC_REQUISITE_ID": 0,
        "MC_BANK_DETAIL_ID": 0,
    })
}
