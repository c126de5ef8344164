//! What an update changed: who is told of it at all, and who is told the names of the fields, on both engines.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use portal::integration::{self, Fresh};
use portal::outbound::manage::Input;
use portal::outbound::only::Only;
use portal::outbound::trial;
use portal::{Moment, outbound::manage::Actor};
use serde_json::{Value, json};

use testportal::{Bench, NOW, context, input, portals};

fn only(event: &str, fields: &[&str]) -> Only {
    BTreeMap::from([(event.to_owned(), fields.iter().map(|field| (*field).to_owned()).collect())])
}

/// A webhook that is told the names of the fields that updates of these entities change.
fn told(portal: &Bench, events: &[&str]) -> i64 {
    portal.told(Input { tell_changed: true, ..input(events) })
}

/// What the update that was raised last for a webhook changed.
fn last(portal: &Bench, id: i64) -> Vec<String> {
    let (_, data) = portal.raised(id).pop().unwrap();
    names(&data)
}

fn names(data: &Value) -> Vec<String> {
    let names = data["CHANGED"].as_array().cloned().unwrap_or_default();
    names.iter().map(|name| name.as_str().unwrap().to_owned()).collect()
}

/// Some contacts, the first of them number 1.
fn contacts(portal: &Bench, count: usize) {
    (0..count).for_each(|_| _ = portal.get("crm.contact.add", json!({"fields": {"NAME": "Ann"}})));
}

fn id(answer: &Value) -> i64 {
    answer.as_i64().unwrap()
}

#[test]
fn an_update_names_the_fields_that_it_changed_and_no_others() {
    for portal in portals("crm") {
        portal.get(
            "crm.lead.userfield.add",
            json!({"fields": {"FIELD_NAME": "SIZE", "USER_TYPE_ID": "double"}}),
        );
        let hook = told(&portal, &["ONCRMLEADADD", "ONCRMLEADUPDATE", "ONCRMLEADDELETE"]);
        let plain = portal.told(input(&["ONCRMLEADUPDATE"]));
        let fields =
            json!({"TITLE": "Quay", "OPPORTUNITY": 5, "UF_CRM_SIZE": "1.5", "PHONE": [{"VALUE": "1"}]});
        let lead = id(&portal.get("crm.lead.add", json!({"fields": fields})));
        assert_eq!(
            portal.raised(hook),
            [("ONCRMLEADADD".to_owned(), json!({"FIELDS": {"ID": lead.to_string()}}))]
        );
        let phone = portal.get("crm.lead.get", json!({"id": lead}))["PHONE"][0]["ID"].clone();
        let check = |fields: Value, expected: &[&str]| {
            portal.get("crm.lead.update", json!({"id": lead, "fields": fields}));
            assert_eq!(last(&portal, hook), expected, "{fields} on {}", portal.engine);
        };
        // The same in another spelling is the same.
        check(json!({"TITLE": "Quay", "OPPORTUNITY": "5.00", "UF_CRM_SIZE": 1.5}), &[]);
        check(json!({"UNKNOWN": 1}), &[]);
        check(json!({"TITLE": "Pier", "OPPORTUNITY": 5}), &["TITLE"]);
        check(json!({"UF_CRM_SIZE": 2}), &["UF_CRM_SIZE"]);
        check(json!({"PHONE": [{"ID": phone, "VALUE": "1"}]}), &[]);
        check(json!({"PHONE": [{"ID": phone, "VALUE": "2"}]}), &["PHONE"]);
        check(json!({"EMAIL": [{"VALUE": "a@example.com"}]}), &["HAS_EMAIL", "EMAIL"]);
        portal.get("crm.lead.delete", json!({"id": lead}));
        let (event, data) = portal.raised(hook).pop().unwrap();
        assert_eq!((event.as_str(), names(&data).len()), ("ONCRMLEADDELETE", 0));
        let bodies = portal.raised(plain);
        assert!(
            bodies.iter().all(|(_, data)| *data == json!({"FIELDS": {"ID": lead.to_string()}})),
            "{bodies:?}"
        );
        assert_eq!(bodies.len(), 7);
    }
}

#[test]
fn what_a_change_brings_about_is_named_too() {
    for portal in portals("crm") {
        contacts(&portal, 3);
        let hook = told(&portal, &["ONCRMDEALUPDATE"]);
        let deal = id(&portal.get("crm.deal.add", json!({"fields": {"TITLE": "Quay", "CONTACT_IDS": [1]}})));
        let check = |method: &str, params: Value, expected: &[&str]| {
            portal.get(method, params.clone());
            assert_eq!(last(&portal, hook), expected, "{method} {params} on {}", portal.engine);
        };
        let rows = |price: i64| json!({"id": deal, "rows": [{"PRODUCT_NAME": "Chair", "PRICE": price, "QUANTITY": 3}]});
        check("crm.deal.productrows.set", rows(80), &["OPPORTUNITY", "PRODUCT_ROWS"]);
        check("crm.deal.productrows.set", rows(80), &[]);
        let row = &portal.get("crm.deal.productrows.get", json!({"id": deal}))[0]["ID"];
        let renamed = json!({"id": row, "fields": {"productName": "Desk"}});
        check("crm.item.productrow.update", renamed, &["PRODUCT_ROWS"]);
        let item = |fields: Value| json!({"entityTypeId": 2, "id": deal, "fields": fields});
        check("crm.item.update", item(json!({"contactIds": [1]})), &[]);
        check("crm.item.update", item(json!({"contactIds": [2, 1]})), &["CONTACT_ID", "CONTACT_IDS"]);
        let link = json!({"id": deal, "fields": {"CONTACT_ID": 3}});
        check("crm.deal.contact.add", link.clone(), &["CONTACT_IDS"]);
        check("crm.deal.contact.delete", link, &["CONTACT_IDS"]);
        portal.get("crm.deal.update", json!({"id": deal, "fields": {"STAGE_ID": "WON"}}));
        let won = last(&portal, hook);
        let moved = ["STAGE_ID", "STAGE_SEMANTIC_ID", "CLOSED"];
        assert!(moved.iter().all(|name| won.iter().any(|told| told == name)), "{won:?}");
    }
}

#[test]
fn a_file_is_changed_by_another_file() {
    for portal in portals("crm") {
        portal.get(
            "crm.contact.userfield.add",
            json!({"fields": {"FIELD_NAME": "SCAN", "USER_TYPE_ID": "file"}}),
        );
        let hook = told(&portal, &["ONCRMCONTACTUPDATE"]);
        let file = json!({"fileData": ["a.txt", "aGVsbG8="]});
        let fields = json!({"NAME": "Ann", "UF_CRM_SCAN": file});
        let contact = id(&portal.get("crm.contact.add", json!({"fields": fields})));
        let kept = portal.get("crm.contact.get", json!({"id": contact}))["UF_CRM_SCAN"]["id"].clone();
        portal.get("crm.contact.update", json!({"id": contact, "fields": {"UF_CRM_SCAN": {"id": kept}}}));
        assert_eq!(last(&portal, hook), [""; 0], "{}", portal.engine);
        portal.get("crm.contact.update", json!({"id": contact, "fields": {"UF_CRM_SCAN": file}}));
        assert_eq!(last(&portal, hook), ["UF_CRM_SCAN"], "{}", portal.engine);
    }
}

#[test]
fn a_noun_names_its_fields() {
    for portal in portals("crm") {
        let hook = portal.told(Input {
            only: only("ONCRMCURRENCYUPDATE", &["AMOUNT"]),
            tell_changed: true,
            ..input(&["ONCRMCURRENCYUPDATE"])
        });
        portal.get("crm.currency.update", json!({"id": "EUR", "fields": {"SORT": 777}}));
        assert_eq!(portal.raised(hook), [], "{}", portal.engine);
        portal.get("crm.currency.update", json!({"id": "EUR", "fields": {"SORT": 777, "AMOUNT": 12.5}}));
        assert_eq!(last(&portal, hook), ["AMOUNT"], "{}", portal.engine);
    }
}

#[test]
fn only_changes_of_chosen_fields_are_told_and_everything_that_is_no_update() {
    for portal in portals("crm") {
        contacts(&portal, 1);
        let events = ["ONCRMLEADADD", "ONCRMLEADUPDATE", "ONCRMLEADDELETE", "ONCRMCONTACTUPDATE"];
        let chosen = only("oncrmleadupdate", &["status_id", "PHONE"]);
        let hook = portal.told(Input { only: chosen, ..input(&events) });
        let lead = id(&portal.get("crm.lead.add", json!({"fields": {"TITLE": "Quay"}})));
        let update = |fields: Value| portal.get("crm.lead.update", json!({"id": lead, "fields": fields}));
        update(json!({"TITLE": "Pier"}));
        update(json!({"TITLE": "Mole", "STATUS_ID": "IN_PROCESS"}));
        update(json!({"STATUS_ID": "IN_PROCESS"}));
        // In a batch each update is judged by itself.
        portal.get(
            "batch",
            json!({"cmd": [
                format!("crm.lead.update?id={lead}&fields[COMMENTS]=x"),
                format!("crm.lead.update?id={lead}&fields[PHONE][0][VALUE]=1"),
                "crm.contact.update?id=1&fields[POST]=Boss",
            ]}),
        );
        portal.get("crm.lead.delete", json!({"id": lead}));
        let told: Vec<String> = portal.raised(hook).into_iter().map(|(event, _)| event).collect();
        let expected =
            ["ONCRMLEADADD", "ONCRMLEADUPDATE", "ONCRMLEADUPDATE", "ONCRMCONTACTUPDATE", "ONCRMLEADDELETE"];
        assert_eq!(told, expected, "{}", portal.engine);
        // Bodies stay as they are documented.
        assert!(portal.raised(hook).iter().all(|(_, data)| names(data).is_empty()));
    }
}

#[test]
fn the_choice_is_kept_changed_and_refused_with_reasons() {
    for portal in portals("crm") {
        let events = ["ONCRMLEADADD", "ONCRMLEADUPDATE"];
        let wrong = |only: Only| {
            let refused = portal.try_told(1, Input { only, ..input(&events) });
            refused.unwrap_err().into_fault().message.into_owned()
        };
        assert_eq!(wrong(only("ONCRMLEADUPDATE", &["STAGE"])), "ONCRMLEADUPDATE has no field \"STAGE\".");
        let text = wrong(only("ONCRMLEADADD", &["TITLE"]));
        assert_eq!(text, "ONCRMLEADADD does not tell of changed fields, so none can be chosen.");
        let hook = portal.told(Input { only: only("ONCRMLEADUPDATE", &["TITLE"]), ..input(&events) });
        let lead = id(&portal.get("crm.lead.add", json!({"fields": {"TITLE": "Quay"}})));
        let change = |only: Only| {
            let (core, fresh) = (portal.portal.core().clone(), Fresh::random());
            portal.write(move |tx| {
                let found = integration::of_outbound(tx, hook)?.unwrap();
                let outbound = found.outbound.as_ref().unwrap().input();
                let outbound = Some(Input { only: only.clone(), tell_changed: true, ..outbound });
                let input = integration::Input { outbound, ..found.input() };
                let options = integration::SaveOptions::default();
                integration::update(
                    tx,
                    context(&core, 1, Moment(NOW * 1_000_000)),
                    found.id,
                    &input,
                    options,
                    &fresh,
                )?;
                Ok(integration::find(tx, found.id)?.unwrap().outbound.unwrap().only)
            })
        };
        let comments = only("ONCRMLEADUPDATE", &["COMMENTS"]);
        assert_eq!(change(comments.clone()), comments, "{}", portal.engine);
        portal.get("crm.lead.update", json!({"id": lead, "fields": {"TITLE": "Pier"}}));
        portal.get("crm.lead.update", json!({"id": lead, "fields": {"COMMENTS": "x"}}));
        assert_eq!(last(&portal, hook), ["COMMENTS"], "{}", portal.engine);
        assert_eq!(portal.raised(hook).len(), 2);
        assert_eq!(change(Only::new()), Only::new());
        portal.get("crm.lead.update", json!({"id": lead, "fields": {"TITLE": "Mole"}}));
        assert_eq!(last(&portal, hook), ["TITLE"], "{}", portal.engine);
        // A test event has what a real one would have.
        let core = portal.portal.core().clone();
        let actor = Actor { user_id: 1, is_admin: true };
        portal.write(move |tx| {
            trial::send(tx, &core, hook, "ONCRMLEADUPDATE", actor, Moment(NOW * 1_000_000)).map(drop)
        });
        assert_eq!(last(&portal, hook).len(), 1);
    }
}
