//! Rights on everything that the CRM keeps: with each level of role an employee meets exactly what it opens, by every way
//! that leads to it. What belongs to an item follows the item.

use portal::access::{Act, Level};
use portal::modules;
use portal::noun::Access;
use portal::user::{self, NewUser};
use serde_json::{Map, Value, json};
use testportal::{Bench, portals};

use crate::roles::{Staff, everybody_may, staff};

mod probes;

use probes::{COMPANY, CONTACT, DEAL, INVOICE, added, probes};

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

/// Everybody whose items there are, and whether they are open.
fn people(bench: &Bench, staff: &Staff) -> [(&'static str, i64, &'static str); 5] {
    let colleague = bench.write(|tx| {
        let new = NewUser { email: "jan@example.com".into(), departments: vec![2], ..NewUser::default() };
        match user::find_by_email(tx, "jan@example.com")? {
            Some(known) => Ok(known.id),
            None => user::create(tx, &new, portal::Moment(testportal::NOW * 1_000_000)),
        }
    });
    [
        ("own", staff.ines.user, "N"),
        ("colleague", colleague, "N"),
        ("below", staff.otto.user, "N"),
        ("elsewhere", staff.mira.user, "N"),
        ("open", staff.mira.user, "Y"),
    ]
}

/// The items of a type, one of each person, added by the methods for items of any type.
fn items_of(bench: &Bench, staff: &Staff, type_id: i64) -> Map<String, Value> {
    if type_id == SMART_TYPE
        && bench.ask("crm.type.getByEntityTypeId", json!({"entityTypeId": type_id})).is_err()
    {
        let made =
            bench.get("crm.type.add", json!({"fields": {"title": "Projects", "isStagesEnabled": "Y"}}));
        assert_eq!(made["type"]["entityTypeId"], type_id);
    }
    let of = |(person, user, opened): (&str, i64, &str)| {
        let fields = json!({
            name_of(type_id): format!("secret of {person}"), "assignedById": user, "opened": opened,
        });
        let added = bench.get("crm.item.add", json!({"entityTypeId": type_id, "fields": fields}));
        (person.to_owned(), added["item"]["id"].clone())
    };
    people(bench, staff).into_iter().map(of).collect()
}

/// The number of the first smart process.
const SMART_TYPE: i64 = 1030;

/// What the items of a type are called by.
fn name_of(type_id: i64) -> &'static str {
    if type_id == 3 { "name" } else { "title" }
}

/// The items of a kind, one of each person.
fn items(bench: &Bench, staff: &Staff, kind: &str) -> Map<String, Value> {
    if let Ok(type_id) = kind.parse() {
        return items_of(bench, staff, type_id);
    }
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
    people(bench, staff).into_iter().map(of).collect()
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
fn every_level_opens_its_items_of_any_type_and_their_history() {
    for bench in portals("crm,department") {
        let staff = staff(&bench);
        for (code, type_id) in [
            ("LEAD", 1),
            ("DEAL", 2),
            ("CONTACT", 3),
            ("COMPANY", 4),
            ("QUOTE", 7),
            ("SMART_INVOICE", 31),
            ("DYNAMIC_1030", SMART_TYPE),
        ] {
            let items = items_of(&bench, &staff, type_id);
            for level in Level::ALL {
                may(&bench, code, &Act::ALL, level);
                let reach = reach(level, code);
                let of = |more: Value| {
                    let mut params = json!({"entityTypeId": type_id});
                    params.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
                    params
                };
                let ids: Vec<&Value> = items.values().collect();
                let page = staff.ines.page("crm.item.list", of(json!({"filter": {"@id": ids}}))).unwrap();
                assert_eq!(page.total, Some(reach.len() as i64), "{code} {level:?}");
                for (person, id) in &items {
                    let is_open = reach.contains(&person.as_str());
                    let said = format!("{code} of {person} with {level:?} on {}", bench.engine);
                    let found = staff.ines.ask("crm.item.get", of(json!({"id": id})));
                    assert_eq!(found.is_ok(), is_open, "{said}");
                    assert!(found.is_ok() || !format!("{found:?}").contains("secret"), "{said}");
                    let secret = json!({name_of(type_id): format!("secret of {person}"), "id": id});
                    let page = staff.ines.page("crm.item.list", of(json!({"filter": secret}))).unwrap();
                    assert_eq!(page.total, Some(i64::from(is_open)), "{said}");
                    let cmd = json!({
                        "get": format!("crm.item.get?entityTypeId={type_id}&id={id}"),
                        "list": format!("crm.item.list?entityTypeId={type_id}&filter[id]={id}"),
                    });
                    let batch = staff.ines.get("batch", json!({"cmd": cmd}));
                    assert_eq!(batch["result"]["get"].is_object(), is_open, "{said}: {batch}");
                    assert_eq!(batch["result_total"]["list"], i64::from(is_open), "{said}: {batch}");
                    let update =
                        of(json!({"id": id, "fields": {"opened": if person == "open" { "Y" } else { "N" }}}));
                    assert_eq!(staff.ines.ask("crm.item.update", update).is_ok(), is_open, "{said}");
                    if !is_open {
                        assert!(staff.ines.ask("crm.item.delete", of(json!({"id": id}))).is_err(), "{said}");
                    }
                }
            }
            may(&bench, code, &Act::ALL, Level::All);
        }
    }
}

/// Ways to a link that leads to a file of an item: a contact's picture, a file in a field, in a comment, of an activity.
#[test]
fn files_are_shown_to_those_who_may_read_what_has_them() {
    const FILE: [&str; 2] = ["a.txt", "aGVsbG8="];
    for bench in portals("crm,department") {
        let staff = staff(&bench);
        let field = json!({"FIELD_NAME": "DOC", "USER_TYPE_ID": "file"});
        added(&bench, "crm.contact.userfield.add", field);
        let items = items(&bench, &staff, "contact");
        let mut ways = Vec::new();
        for (person, id) in &items {
            let fields =
                json!({"PHOTO": {"fileData": ["a.png", "aGVsbG8="]}, "UF_CRM_DOC": {"fileData": FILE}});
            bench.get("crm.contact.update", json!({"id": id, "fields": fields}));
            let comment = json!({"ENTITY_ID": id, "ENTITY_TYPE": "contact", "COMMENT": "x", "FILES": [FILE]});
            let comment = added(&bench, "crm.timeline.comment.add", comment);
            let activity = json!({
                "OWNER_TYPE_ID": 3, "OWNER_ID": id, "TYPE_ID": 4, "SUBJECT": "x", "RESPONSIBLE_ID": 1, "FILES": [{"fileData": FILE}],
                "COMMUNICATIONS": [{"VALUE": "a@example.com", "ENTITY_ID": id, "ENTITY_TYPE_ID": 3}],
            });
            let activity = added(&bench, "crm.activity.add", activity);
            let select = json!(["ID", "PHOTO", "UF_CRM_DOC"]);
            ways.push((person, "crm.contact.get", json!({"id": id})));
            ways.push((person, "crm.contact.list", json!({"filter": {"ID": id}, "select": select})));
            ways.push((person, "crm.item.get", json!({"entityTypeId": 3, "id": id})));
            ways.push((person, "crm.timeline.comment.get", json!({"id": comment})));
            let of = json!({"ENTITY_TYPE": "contact", "ENTITY_ID": id});
            ways.push((
                person,
                "crm.timeline.comment.list",
                json!({"filter": of, "select": ["ID", "FILES"]}),
            ));
            ways.push((person, "crm.activity.get", json!({"id": activity})));
            let of = json!({"ID": activity});
            ways.push((person, "crm.activity.list", json!({"filter": of, "select": ["ID", "FILES"]})));
            ways.push((person, "batch", json!({"cmd": [format!("crm.contact.get?id={id}")]})));
        }
        for level in Level::ALL {
            may(&bench, "CONTACT", &Act::ALL, level);
            let reach = reach(level, "contact");
            for (person, method, params) in &ways {
                let answer = format!("{:?}", staff.ines.ask(method, params.clone()));
                let leads = answer.contains("/rest/download/") || answer.contains("show_file");
                let is_open = reach.contains(&person.as_str());
                assert_eq!(leads, is_open, "{method} {params} with {level:?} on {}: {answer}", bench.engine);
            }
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
                    if let Some((method, params)) = probe.list {
                        let seen = staff.ines.page(method, params(id, row));
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
