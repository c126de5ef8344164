//! Rights on everything that the CRM keeps: with each level of role an employee meets exactly what it opens, by every way
//! that leads to it. What belongs to an item follows the item.

use portal::access::{Act, Level};
use portal::modules;
use portal::noun::Access;
use portal::user::{self, NewUser};
use serde_json::{Map, Value, json};
use testportal::{Bench, Hook, portals};

use crate::roles::{Staff, everybody_may, staff};

/// The persons whose items there are: who asks, one of the same department, one below, one elsewhere, and the same one's item that is open.
const PERSONS: [&str; 5] = ["own", "colleague", "below", "elsewhere", "open"];

/// Whose items each level opens to the first of them.
fn opened(level: Level) -> &'static [&'static str] {
    match level {
        Level::None => &[],
        Level::Own => &["own"],
        Level::Department => &["own", "colleague"],
        Level::SubDepartments => &["own", "colleague", "below"],
        Level::Open => &["own", "open"],
        Level::All => &PERSONS,
    }
}

/// A method that lists rows, and the filter that leads to those of an item.
type List = (&'static str, fn(&Value) -> Value);

/// A call about a row of an item: the method and its parameters.
type Way = fn(&Value, &Value) -> (&'static str, Value);

/// A way to something that belongs to an item, or to the item itself.
struct Probe {
    /// The noun that it is about, or what the rows are where that is no noun.
    name: &'static str,
    /// The code of the items in roles, and how their methods are called.
    of: (&'static str, &'static str),
    /// Adds a row for the item with that id, as an administrator; gives its key.
    add: fn(&Hook, &Value) -> Value,
    /// Lists the rows: the method, and the filter that leads to the rows of one item.
    list: Option<List>,
    /// Reads one row.
    get: Option<Way>,
    /// Changes one row, which stays.
    update: Option<Way>,
    /// Deletes one row.
    delete: Option<Way>,
}

const DEAL: (&str, &str) = ("DEAL", "deal");
const COMPANY: (&str, &str) = ("COMPANY", "company");
const CONTACT: (&str, &str) = ("CONTACT", "contact");
const INVOICE: (&str, &str) = ("INVOICE", "invoice");

fn added(hook: &Hook, method: &str, fields: Value) -> Value {
    hook.get(method, Value::from_iter([("fields", fields)]))
}

fn requisite(hook: &Hook, company: &Value) -> Value {
    let fields = json!({"ENTITY_TYPE_ID": 4, "ENTITY_ID": company, "PRESET_ID": 1, "NAME": "x"});
    added(hook, "crm.requisite.add", fields)
}

fn probes() -> Vec<Probe> {
    vec![
        Probe {
            name: "crm.productRow",
            of: DEAL,
            add: |hook, deal| {
                let row = json!({"ownerType": "D", "ownerId": deal, "productName": "x", "price": 1});
                added(hook, "crm.item.productrow.add", row)["productRow"]["id"].clone()
            },
            list: Some(("crm.productrow.list", |deal| json!({"OWNER_TYPE": "D", "OWNER_ID": deal}))),
            get: Some(|_, id| ("crm.item.productrow.get", json!({"id": id}))),
            update: Some(|_, id| ("crm.item.productrow.update", json!({"id": id, "fields": {"price": 2}}))),
            delete: Some(|_, id| ("crm.item.productrow.delete", json!({"id": id}))),
        },
        Probe {
            name: "crm.deal.recurring",
            of: DEAL,
            add: |hook, deal| {
                hook.get("crm.deal.update", json!({"id": deal, "fields": {"IS_RECURRING": "Y"}}));
                added(hook, "crm.deal.recurring.add", json!({"DEAL_ID": deal, "ACTIVE": "N"}))
            },
            list: Some(("crm.deal.recurring.list", |deal| json!({"DEAL_ID": deal}))),
            get: Some(|_, id| ("crm.deal.recurring.get", json!({"id": id}))),
            update: Some(|_, id| {
                ("crm.deal.recurring.update", json!({"id": id, "fields": {"LIMIT_REPEAT": 3}}))
            }),
            delete: None,
        },
        Probe {
            name: "crm.requisite",
            of: COMPANY,
            add: requisite,
            list: Some(("crm.requisite.list", |company| json!({"ENTITY_TYPE_ID": 4, "ENTITY_ID": company}))),
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
                |company| json!({"RQ_BANK_NAME": company.to_string()}),
            )),
            get: Some(|_, id| ("crm.requisite.bankdetail.get", json!({"id": id}))),
            update: Some(|_, id| {
                ("crm.requisite.bankdetail.update", json!({"id": id, "fields": {"NAME": "y"}}))
            }),
            delete: Some(|_, id| ("crm.requisite.bankdetail.delete", json!({"id": id}))),
        },
        Probe {
            name: "crm.address",
            of: COMPANY,
            add: |hook, company| {
                let requisite = requisite(hook, company);
                let key = json!({"TYPE_ID": 1, "ENTITY_TYPE_ID": 8, "ENTITY_ID": requisite, "CITY": "x"});
                added(hook, "crm.address.add", key);
                requisite
            },
            list: Some(("crm.address.list", |company| json!({"ANCHOR_TYPE_ID": 4, "ANCHOR_ID": company}))),
            get: None,
            update: Some(|_, id| {
                let fields = json!({"TYPE_ID": 1, "ENTITY_TYPE_ID": 8, "ENTITY_ID": id, "CITY": "y"});
                ("crm.address.update", json!({"fields": fields}))
            }),
            delete: Some(|_, id| {
                let fields = json!({"TYPE_ID": 1, "ENTITY_TYPE_ID": 8, "ENTITY_ID": id});
                ("crm.address.delete", json!({"fields": fields}))
            }),
        },
        Probe {
            name: "crm.requisite.link",
            of: DEAL,
            add: |hook, deal| {
                let fields = link(deal);
                hook.get("crm.requisite.link.register", json!({"fields": fields}));
                deal.clone()
            },
            list: Some(("crm.requisite.link.list", |deal| json!({"ENTITY_TYPE_ID": 2, "ENTITY_ID": deal}))),
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
            list: Some(("crm.activity.list", |deal| json!({"OWNER_TYPE_ID": 2, "OWNER_ID": deal}))),
            get: Some(|_, id| ("crm.activity.get", json!({"id": id}))),
            update: Some(|_, id| ("crm.activity.update", json!({"id": id, "fields": {"SUBJECT": "y"}}))),
            delete: Some(|_, id| ("crm.activity.delete", json!({"id": id}))),
        },
        Probe {
            name: "timeline comment",
            of: DEAL,
            add: |hook, deal| {
                let fields = json!({"ENTITY_ID": deal, "ENTITY_TYPE": "deal", "COMMENT": "x"});
                added(hook, "crm.timeline.comment.add", fields)
            },
            list: None,
            get: Some(|_, id| ("crm.timeline.comment.get", json!({"id": id}))),
            update: Some(|_, id| {
                ("crm.timeline.comment.update", json!({"id": id, "fields": {"COMMENT": "y"}}))
            }),
            delete: Some(|_, id| ("crm.timeline.comment.delete", json!({"id": id}))),
        },
        Probe {
            name: "stage history",
            of: DEAL,
            add: |_, deal| deal.clone(),
            list: None,
            get: None,
            update: None,
            delete: None,
        },
        Probe {
            name: "crm.invoice.row",
            of: INVOICE,
            add: |_, invoice| invoice.clone(),
            list: Some(("crm.invoice.list", |invoice| json!({"ID": invoice}))),
            get: Some(|invoice, _| ("crm.invoice.get", json!({"id": invoice}))),
            update: Some(|invoice, _| {
                let rows = json!([{"ID": 0, "PRODUCT_NAME": "y", "PRICE": 2}]);
                ("crm.invoice.update", json!({"id": invoice, "fields": {"PRODUCT_ROWS": rows}}))
            }),
            delete: None,
        },
        Probe {
            name: "crm.invoice.recurring",
            of: INVOICE,
            add: |hook, invoice| {
                hook.get("crm.invoice.update", json!({"id": invoice, "fields": {"IS_RECURRING": "Y"}}));
                added(hook, "crm.invoice.recurring.add", json!({"INVOICE_ID": invoice, "ACTIVE": "N"}))
            },
            list: Some(("crm.invoice.recurring.list", |invoice| json!({"INVOICE_ID": invoice}))),
            get: Some(|_, id| ("crm.invoice.recurring.get", json!({"id": id}))),
            update: Some(|_, id| {
                ("crm.invoice.recurring.update", json!({"id": id, "fields": {"LIMIT_REPEAT": 3}}))
            }),
            delete: Some(|_, id| ("crm.invoice.recurring.delete", json!({"id": id}))),
        },
        Probe {
            name: "crm.calllist.member",
            of: CONTACT,
            add: |hook, contact| {
                hook.get("crm.calllist.add", json!({"ENTITY_TYPE": "CONTACT", "ENTITIES": [contact]}))
            },
            list: None,
            get: Some(|_, id| ("crm.calllist.items.get", json!({"LIST_ID": id}))),
            update: None,
            delete: None,
        },
        Probe {
            name: "crm.tracking.item",
            of: CONTACT,
            add: |_, contact| contact.clone(),
            list: None,
            get: None,
            update: Some(|contact, _| {
                let items = json!([{"TYPE": "CONTACT", "ID": contact}]);
                ("crm.tracking.trace.add", json!({"TRACE": "{\"tags\":{}}", "ENTITIES": items}))
            }),
            delete: None,
        },
    ]
}

fn link(deal: &Value) -> Value {
    json!({
        "ENTITY_TYPE_ID": 2, "ENTITY_ID": deal, "REQUISITE_ID": 0, "BANK_DETAIL_ID": 0, "MC_REQUISITE_ID": 0,
        "MC_BANK_DETAIL_ID": 0,
    })
}

/// The items of a kind, one of each person.
fn items(bench: &Bench, staff: &Staff, kind: &str) -> Map<String, Value> {
    let colleague = bench.write(|tx| {
        let new = NewUser { email: "jan@example.com".into(), departments: vec![2], ..NewUser::default() };
        match user::find_by_email(tx, "jan@example.com")? {
            Some(known) => Ok(known.id),
            None => user::create(tx, &new, portal::Moment(testportal::NOW * 1_000_000)),
        }
    });
    let people = [
        ("own", staff.ines.user, "N"),
        ("colleague", colleague, "N"),
        ("below", staff.otto.user, "N"),
        ("elsewhere", staff.mira.user, "N"),
        ("open", staff.mira.user, "Y"),
    ];
    let client = bench.get("crm.company.add", json!({"fields": {"TITLE": "Client", "OPENED": "N"}}));
    let of = |(person, user, opened): (&str, i64, &str)| {
        let mut fields = json!({
            "TITLE": person, "NAME": person, "ASSIGNED_BY_ID": user, "OPENED": opened, "COMMENTS": format!("secret of {person}"),
        });
        if kind == "invoice" {
            fields = json!({
                "ORDER_TOPIC": person, "RESPONSIBLE_ID": user, "PERSON_TYPE_ID": 2, "PAY_SYSTEM_ID": 1,
                "UF_COMPANY_ID": client, "PRODUCT_ROWS": [{"PRODUCT_NAME": "x", "PRICE": 1}],
                "COMMENTS": format!("secret of {person}"),
            });
        }
        (person.to_owned(), added(bench, &format!("crm.{kind}.add"), fields))
    };
    people.into_iter().map(of).collect()
}

/// What a level opens of a kind of items: invoices of the older kind are never open to everybody.
fn reach(level: Level, kind: &str) -> Vec<&'static str> {
    let all = opened(level).iter().copied();
    all.filter(|person| !(kind == "invoice" && *person == "open" && level == Level::Open)).collect()
}

fn may(bench: &Bench, code: &'static str, acts: &'static [Act], level: Level) {
    everybody_may(bench, code, acts, level);
}

#[test]
fn every_level_opens_its_items_to_get_list_filters_batch_and_changes() {
    const KINDS: [(&str, &str); 6] = [("LEAD", "lead"), DEAL, CONTACT, COMPANY, ("QUOTE", "quote"), INVOICE];
    for bench in portals("crm,department") {
        let staff = staff(&bench);
        for (code, kind) in KINDS {
            let items = items(&bench, &staff, kind);
            for level in Level::ALL {
                may(&bench, code, &Act::ALL, level);
                let reach = reach(level, kind);
                let list = format!("crm.{kind}.list");
                let ids: Vec<&Value> = items.values().collect();
                let page = staff.ines.page(&list, json!({"filter": {"ID": ids}, "select": ["ID"]})).unwrap();
                assert_eq!(page.total, Some(reach.len() as i64), "{kind} {level:?}");
                assert_eq!(page.result.as_array().unwrap().len(), reach.len(), "{kind} {level:?}");
                for (person, id) in &items {
                    let is_open = reach.contains(&person.as_str());
                    let said = format!("{kind} of {person} with {level:?} on {}", bench.engine);
                    let get = format!("crm.{kind}.get");
                    let found = staff.ines.ask(&get, json!({"id": id}));
                    assert_eq!(found.is_ok(), is_open, "{said}");
                    assert!(found.is_ok() || !format!("{found:?}").contains("secret"), "{said}");
                    // A filter by a hidden value neither shows nor counts what has it.
                    let sought = json!({"filter": {"COMMENTS": format!("secret of {person}"), "ID": id}});
                    let page = staff.ines.page(&list, sought).unwrap();
                    assert_eq!(page.total, Some(i64::from(is_open)), "{said}");
                    let cmd =
                        json!({"get": format!("{get}?id={id}"), "list": format!("{list}?filter[ID]={id}")});
                    let batch = staff.ines.get("batch", json!({"cmd": cmd}));
                    assert_eq!(batch["result"]["get"].is_object(), is_open, "{said}: {batch}");
                    assert_eq!(batch["result_total"]["list"], i64::from(is_open), "{said}: {batch}");
                    let update = json!({"id": id, "fields": {"COMMENTS": format!("secret of {person}")}});
                    assert_eq!(
                        staff.ines.ask(&format!("crm.{kind}.update"), update).is_ok(),
                        is_open,
                        "{said}"
                    );
                    if !is_open {
                        let denied = staff.ines.ask(&format!("crm.{kind}.delete"), json!({"id": id}));
                        assert!(denied.is_err(), "{said}");
                    }
                }
            }
            may(&bench, code, &Act::ALL, Level::All);
        }
    }
}

#[test]
fn what_belongs_to_an_item_is_open_as_the_item_is() {
    for bench in portals("crm,department") {
        let staff = staff(&bench);
        for probe in probes() {
            let (code, kind) = probe.of;
            let items = items(&bench, &staff, kind);
            let rows: Vec<(&String, &Value, Value)> =
                items.iter().map(|(person, id)| (person, id, (probe.add)(&bench, id))).collect();
            for level in Level::ALL {
                may(&bench, code, &Act::ALL, level);
                let reach = reach(level, kind);
                for (person, id, row) in &rows {
                    let is_open = reach.contains(&person.as_str());
                    let said =
                        format!("{} of {person}'s {kind} with {level:?} on {}", probe.name, bench.engine);
                    if let Some((method, filter)) = probe.list {
                        let seen = staff.ines.page(method, json!({"filter": filter(id)}));
                        let count = seen.map_or(0, |page| page.total.unwrap_or_default());
                        assert_eq!(count, i64::from(is_open), "{said}");
                    }
                    for way in [probe.get, probe.update].into_iter().flatten() {
                        let (method, params) = way(id, row);
                        let done = staff.ines.ask(method, params.clone());
                        assert_eq!(done.is_ok(), is_open, "{said}: {method} {params} {done:?}");
                    }
                    if let Some((method, params)) = probe.delete.map(|way| way(id, row)).filter(|_| !is_open)
                    {
                        assert!(staff.ines.ask(method, params).is_err(), "{said}: {method}");
                    }
                }
            }
            // Whoever may read but not change reads, and changes nothing.
            may(&bench, code, &Act::ALL, Level::None);
            may(&bench, code, &[Act::Read], Level::All);
            let (_, id, row) = &rows[0];
            if let Some((method, params)) = probe.get.map(|way| way(id, row)) {
                staff.ines.get(method, params);
            }
            for way in [probe.update, probe.delete].into_iter().flatten() {
                let (method, params) = way(id, row);
                assert!(staff.ines.ask(method, params).is_err(), "{}: {method} by a reader", probe.name);
            }
            may(&bench, code, &Act::ALL, Level::All);
            // And with every right what is deleted is gone.
            if let Some((method, params)) = probe.delete.map(|way| way(id, row)) {
                staff.ines.get(method, params);
            }
        }
    }
}

/// Nouns whose rules are tested elsewhere, and where; those of items are tested here, those for everybody, all readers and
/// administrators in `nouns`.
const ELSEWHERE: [(&str, &str); 8] = [
    ("crm.calllist", "call_lists"),
    ("crm.category", "categories"),
    ("crm.details.configuration", "cards"),
    ("crm.requisite.preset", "requisites"),
    ("crm.requisite.preset.field", "requisites"),
    ("crm.status", "statuses"),
    ("crm.tracking.trace", "call_lists"),
    ("crm.type", "types"),
];

#[test]
fn no_noun_is_without_a_test_of_its_rights() {
    let probed: Vec<&str> = probes().iter().map(|probe| probe.name).collect();
    let elsewhere: Vec<&str> = ELSEWHERE.iter().map(|(name, _)| *name).collect();
    let is_general =
        |access: &Access| matches!(access, Access::Shared | Access::Administrators | Access::Everybody);
    let nouns = modules().nouns().iter().map(|shape| shape.noun).filter(|noun| noun.name.starts_with("crm."));
    let untested: Vec<&str> = nouns
        .filter(|noun| {
            !probed.contains(&noun.name) && !elsewhere.contains(&noun.name) && !is_general(&noun.access)
        })
        .map(|noun| noun.name)
        .collect();
    assert!(untested.is_empty(), "without a test of who may what: {untested:?}");
}
