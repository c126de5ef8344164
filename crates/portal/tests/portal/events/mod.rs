//! Every event that is declared, made to happen through the front door.

// What is skipped must be said in a test's output.
#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod booking;
mod calendar;
mod crm;
mod feed;
mod groups;
mod invoices;
mod people;
mod sale;
mod tasks;
mod telephony;

use portal::Moment;
use portal::access::{Act, Level, roles};
use portal::meta::Meta;
use portal::modules;
use portal::user::{self, NewUser};
use serde_json::{Value, json};
use testportal::{Bench, Hook, NOW, input, portals};

use self::crm::{add, pipeline};
use self::people::sign_in;

/// Makes an event happen once, and gives the data that it should have: all text, as a form has it.
type Recipe = Box<dyn Fn(&Hook) -> Value>;

/// The same for one of several events, by the end of its name.
type Make = fn(&Hook, &str) -> Value;

/// How to make an event happen, as the module says to which it belongs; `None` for an event that this test does not know.
fn recipe(event: &str) -> Option<Recipe> {
    let modules = [
        booking::recipe,
        calendar::recipe,
        feed::recipe,
        groups::recipe,
        invoices::recipe,
        people::recipe,
        sale::recipe,
        tasks::recipe,
        telephony::recipe,
        crm::recipe,
    ];
    modules.iter().find_map(|module| module(event))
}

/// A recipe for an event whose name begins so.
fn of(event: &str, beginning: &str, make: Make) -> Option<Recipe> {
    let end = event.strip_prefix(beginning)?.to_owned();
    Some(Box::new(move |portal| make(portal, &end)))
}

/// Names and nesting alone: a form has nothing but text.
fn shape(data: &Value) -> Value {
    match data {
        Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), shape(value))).collect(),
        Value::Array(members) => members.iter().take(1).map(shape).collect(),
        _ => json!("text"),
    }
}

/// The events that people choose. Those that a module tells its own handlers, as bots', are tested with it.
fn chosen() -> impl Iterator<Item = &'static engine::event::Event> {
    modules().events().filter(|event| !event.addressed)
}

#[test]
fn every_declared_event_happens_and_has_the_data_of_its_example() {
    for portal in portals("crm,task,user,userfieldconfig,sonet_group,booking,calendar,log,sale,telephony") {
        for event in chosen() {
            let recipe = recipe(&event.name).unwrap_or_else(|| panic!("no recipe for {}", event.name));
            let listening = portal.told(input(&[&event.name]));
            let expected = recipe(&portal);
            assert_eq!(portal.raised(listening), [(event.name.clone(), expected.clone())]);
            assert_eq!(shape(&expected), shape(&event.data), "{}", event.name);
        }
    }
}

#[test]
fn every_event_is_described() {
    let described =
        portal::describe::registry_json(portal::texts::Language::English, &portal::method::Version::ALL);
    let described = described["events"].as_array().unwrap();
    assert_eq!(described.len(), chosen().count());
    for event in described {
        let about = event["about"].as_str().unwrap();
        assert!(about.ends_with('.') && event["data"].is_object(), "{event}");
    }
}

/// What an event carries although the documentation's example lacks it: handlers written for other CRM events look
/// for the ID in `FIELDS`.
fn undocumented(event: &str) -> &'static [&'static str] {
    if event.starts_with("ONCRMTIMELINECOMMENT") { &["FIELDS"] } else { &[] }
}

/// The catalogue is not part of this repository; where it lies beside it, the declarations are compared with it.
#[test]
fn events_are_declared_as_they_are_documented() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/catalogue/events.json");
    let Ok(catalogue) = std::fs::read_to_string(path) else {
        eprintln!("skipped: there is no {path}");
        return;
    };
    let catalogue: Vec<Value> = serde_json::from_str(&catalogue).unwrap();
    for event in chosen() {
        let documented = catalogue.iter().find(|documented| documented["event"] == event.name.as_str());
        let documented = documented.unwrap_or_else(|| panic!("{} is not documented", event.name));
        // The pages of workgroups shorten the scope's name.
        let scope = if event.scope == "sonet_group" { "sonet" } else { event.scope };
        assert_eq!(documented["scope"], json!([scope]), "{}", event.name);
        let mut declared = shape(&event.data);
        declared
            .as_object_mut()
            .unwrap()
            .retain(|name, _| !undocumented(&event.name).contains(&name.as_str()));
        if event.name == "ONTASKCOMMENTADD" {
            // Told among the fields, though the example lacks it.
            declared["FIELDS_AFTER"].as_object_mut().unwrap().remove("MESSAGE_ID");
        }
        // Some pages have no example.
        if documented["data_example"].is_object() {
            assert_eq!(shape(&documented["data_example"]), declared, "{}", event.name);
        }
    }
}

/// What was raised by some calls, in order; the webhook listens to everything.
fn raised_by(portal: &Bench, calls: impl FnOnce()) -> Vec<String> {
    let events: Vec<&str> = modules().events().map(|event| event.name.as_str()).collect();
    let listening = portal.told(input(&events));
    calls();
    let raised = portal.raised(listening).into_iter().map(|(event, _)| event).collect();
    portal.forget(listening);
    raised
}

#[test]
fn what_changes_by_another_door_is_told_all_the_same() {
    for portal in portals("crm,user") {
        let (lead, deal) = (add(&portal, "lead"), add(&portal, "deal"));
        let (contact, company) = (add(&portal, "contact"), add(&portal, "company"));
        let row = json!({"ownerId": deal, "ownerType": "D", "productName": "Chair", "price": 80});
        let row_id =
            portal.get("crm.item.productrow.add", json!({"fields": row}))["productRow"]["id"].clone();
        let to_contact = json!({"CONTACT_ID": contact});
        let doors = [
            ("crm.deal.contact.add", json!({"id": deal, "fields": to_contact}), "ONCRMDEALUPDATE"),
            ("crm.deal.contact.delete", json!({"id": deal, "fields": to_contact}), "ONCRMDEALUPDATE"),
            ("crm.deal.contact.items.set", json!({"id": deal, "items": [to_contact]}), "ONCRMDEALUPDATE"),
            ("crm.deal.contact.items.delete", json!({"id": deal}), "ONCRMDEALUPDATE"),
            ("crm.lead.contact.add", json!({"id": lead, "fields": to_contact}), "ONCRMLEADUPDATE"),
            ("crm.company.contact.add", json!({"id": company, "fields": to_contact}), "ONCRMCOMPANYUPDATE"),
            ("crm.contact.company.items.delete", json!({"id": contact}), "ONCRMCONTACTUPDATE"),
            ("crm.lead.productrows.set", json!({"id": lead, "rows": []}), "ONCRMLEADUPDATE"),
            ("crm.item.productrow.add", json!({"fields": row}), "ONCRMDEALUPDATE"),
            ("crm.item.productrow.update", json!({"id": row_id, "fields": {"price": 90}}), "ONCRMDEALUPDATE"),
            ("crm.item.productrow.delete", json!({"id": row_id}), "ONCRMDEALUPDATE"),
            (
                "crm.item.productrow.set",
                json!({"ownerId": deal, "ownerType": "D", "productRows": [{"productName": "Desk", "price": 1}]}),
                "ONCRMDEALUPDATE",
            ),
            ("crm.item.add", json!({"entityTypeId": 3, "fields": {"name": "x"}}), "ONCRMCONTACTADD"),
            (
                "crm.item.update",
                json!({"entityTypeId": 4, "id": company, "fields": {"title": "y"}}),
                "ONCRMCOMPANYUPDATE",
            ),
            ("crm.item.delete", json!({"entityTypeId": 1, "id": lead}), "ONCRMLEADDELETE"),
        ];
        for (method, params, event) in doors {
            let raised = raised_by(&portal, || _ = portal.get(method, params));
            assert_eq!(raised, [event], "{method}");
        }
    }
}

#[test]
fn one_call_may_be_told_in_two_ways_and_what_only_follows_in_none() {
    for portal in portals("crm,user,user.userfield") {
        let deal = add(&portal, "deal");
        let category = pipeline(&portal);
        let update = |fields: Value| {
            let params = json!({"entityTypeId": 2, "id": deal, "fields": fields});
            raised_by(&portal, || _ = portal.get("crm.item.update", params))
        };
        let both = ["ONCRMDEALUPDATE", "ONCRMDEALMOVETOCATEGORY"];
        assert_eq!(update(json!({"categoryId": category})), both);
        assert_eq!(update(json!({"categoryId": category, "title": "stays"})), both[..1]);

        let fields = json!({"FIELD_NAME": "SIZE", "USER_TYPE_ID": "enumeration", "LIST": [{"VALUE": "S"}]});
        let mut id = Value::Null;
        let raised =
            raised_by(&portal, || id = portal.get("crm.lead.userfield.add", json!({"fields": fields})));
        assert_eq!(raised, ["ONCRMLEADUSERFIELDADD", "ONCRMLEADUSERFIELDSETENUMVALUES"]);
        let change = |fields: Value| {
            let params = json!({"id": id, "fields": fields});
            raised_by(&portal, || _ = portal.get("crm.lead.userfield.update", params))
        };
        assert_eq!(change(json!({"SORT": 5, "LIST": []})), ["ONCRMLEADUSERFIELDUPDATE"]);
        assert_eq!(
            change(json!({"LIST": [{"VALUE": "M"}]})),
            ["ONCRMLEADUSERFIELDUPDATE", "ONCRMLEADUSERFIELDSETENUMVALUES"]
        );
        let of_users = json!({"fields": {"FIELD_NAME": "DESK", "USER_TYPE_ID": "integer"}});
        assert!(raised_by(&portal, || _ = portal.get("user.userfield.add", of_users)).is_empty());

        let contact = add(&portal, "contact");
        portal.get("crm.deal.contact.add", json!({"id": deal, "fields": {"CONTACT_ID": contact}}));
        let raised = raised_by(&portal, || _ = portal.get("crm.contact.delete", json!({"id": contact})));
        assert_eq!(raised, ["ONCRMCONTACTDELETE"], "the deal that loses its contact is not told");
    }
}

#[test]
fn a_call_that_fails_after_its_change_is_not_told() {
    for portal in portals("crm") {
        portal.write(|tx| {
            let role = roles::find(tx, "Manager")?.expect("a new portal has this role");
            roles::allow(tx, role, "LEAD", Act::Read, Level::None)?;
            Meta::outdate(tx)
        });
        // Whoever may add but not read gets an error for the answer, after the item was added.
        let blind = portal.employee("bo@portal.test", "crm");
        let add = json!({"entityTypeId": 1, "fields": {"title": "unseen"}});
        let raised = raised_by(&portal, || {
            blind.refused("crm.item.add", add.clone());
            blind.get(
                "batch",
                json!({"cmd": {
                    "seen": "crm.deal.add?fields[TITLE]=seen",
                    "unseen": "crm.item.add?entityTypeId=1&fields[title]=unseen",
                }}),
            );
            portal.refused("crm.deal.contact.add", json!({"id": 1, "fields": {"CONTACT_ID": 404}}));
            portal.refused(
                "crm.lead.userfield.add",
                json!({"fields": {
                    "FIELD_NAME": "TWICE", "USER_TYPE_ID": "enumeration",
                    "LIST": [{"VALUE": "a", "XML_ID": "x"}, {"VALUE": "b", "XML_ID": "x"}],
                }}),
            );
        });
        assert_eq!(raised, ["ONCRMDEALADD"]);
        let leads = portal.page("crm.lead.list", json!({})).unwrap();
        assert_eq!(leads.total, Some(0));
    }
}

#[test]
fn the_first_sign_in_alone_is_told() {
    for portal in portals("user") {
        let new = NewUser { email: "otto@example.com".into(), ..NewUser::default() };
        let otto = portal.write(move |tx| user::create(tx, &new, Moment(NOW * 1_000_000)));
        let raised = raised_by(&portal, || {
            sign_in(&portal, 1);
            sign_in(&portal, otto);
            sign_in(&portal, 1);
        });
        assert_eq!(raised, ["ONUSERADD"; 2], "the first administrator's counts like any other");
        let invited = raised_by(&portal, || _ = portal.get("user.add", json!({"EMAIL": "new@example.com"})));
        assert!(invited.is_empty());
    }
}
