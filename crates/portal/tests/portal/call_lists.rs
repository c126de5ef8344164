//! Call lists, traces of visitors, triggers and other small families of the CRM.

use serde_json::{Value, json};
use testportal::{Hook, portals};

fn contact(hook: &Hook) -> Value {
    hook.get("crm.contact.add", json!({"fields": {"NAME": "Ada"}}))
}

#[test]
fn a_call_list_keeps_who_is_called_and_its_activity() {
    for portal in portals("crm") {
        let [one, two, three] = [(); 3].map(|()| contact(&portal));
        let given = json!({"ENTITY_TYPE": "CONTACT", "ENTITIES": [one, two, 999], "WEBFORM_ID": 5});
        let list = portal.get("crm.calllist.add", given);
        let shown = portal.get("crm.calllist.get", json!({"ID": list}));
        for (name, value) in [
            ("ID", json!(list.to_string())),
            ("CREATED_BY_ID", json!("1")),
            ("WEBFORM_ID", json!("5")),
            ("ENTITY_TYPE_ID", json!("3")),
            ("ENTITY_TYPE", json!("CONTACT")),
        ] {
            assert_eq!(shown[name], value, "{name}");
        }
        let created = shown["DATE_CREATE"].as_str().unwrap();
        assert!(created.starts_with("2026-06-01 ") && created.len() == 19, "{created}");
        let items =
            |filter: Value| portal.get("crm.calllist.items.get", json!({"LIST_ID": list, "FILTER": filter}));
        let member = |id: &Value| json!({"ID": id, "STATUS": "IN_WORK", "ENTITY_TYPE": 3});
        assert_eq!(items(json!({})), json!([member(&one), member(&two)]));
        assert_eq!(items(json!({"STATUS": "SUCCESS"})), json!([]));
        let update = json!({"LIST_ID": list, "ENTITY_TYPE": "CONTACT", "ENTITIES": [two, three]});
        assert_eq!(portal.get("crm.calllist.update", update), true);
        assert_eq!(items(json!({})), json!([member(&two), member(&three)]));
        let listed = json!({"SELECT": ["ID", "CREATED_BY_ID"], "FILTER": {"ENTITY_TYPE_ID": 3}});
        let expected = json!([{"ID": list.to_string(), "CREATED_BY_ID": "1"}]);
        assert_eq!(portal.get("crm.calllist.list", listed), expected);
        let statuses = portal.get("crm.calllist.statuslist", json!({}));
        assert_eq!((&statuses[0]["STATUS_ID"], &statuses[0]["SORT"]), (&json!("IN_WORK"), &json!(10)));
        portal.get("crm.contact.delete", json!({"id": three}));
        assert_eq!(items(json!({})), json!([member(&two)]));
        // The list goes with its activity.
        let subject =
            json!({"filter": {"SUBJECT": format!("Call list #{list}")}, "select": ["ID", "PROVIDER_ID"]});
        let activity = portal.get("crm.activity.list", subject);
        assert_eq!(activity[0]["PROVIDER_ID"], "CALL_LIST");
        portal.get("crm.activity.delete", json!({"id": activity[0]["ID"]}));
        let gone = portal.refused("crm.calllist.get", json!({"ID": list}));
        assert_eq!((gone.1.as_str(), gone.2.as_str()), ("LIST_ID_ERROR", "Incorrect list id"));
    }
}

#[test]
fn call_lists_refuse_in_their_words_and_show_only_what_one_may_see() {
    for portal in portals("crm") {
        let one = contact(&portal);
        let otto = portal.employee("otto@example.com", "crm");
        let own = contact(&otto);
        let contacts = |ids: Value| json!({"ENTITY_TYPE": "CONTACT", "ENTITIES": ids});
        for (params, status, code, text) in [
            (json!({"ENTITIES": [1]}), 400, "ERROR_ARGUMENT", "ENTITY_TYPE is not found"),
            (json!({"ENTITY_TYPE": "CONTACT"}), 400, "ERROR_ARGUMENT", "ENTITIES is not found"),
            (
                json!({"ENTITY_TYPE": "LEAD", "ENTITIES": [1]}),
                400,
                "ENTITY_TYPE_ERROR",
                "Incorrect entity type",
            ),
            (contacts(json!("1")), 400, "ENTITIES_ERROR", "Entities is not array"),
            (contacts(json!(["x"])), 400, "ENTITY_ERROR", "Incorrect entities id"),
            (contacts(json!([one])), 403, "ACCESS_ERROR", "You don't have access to these entities"),
        ] {
            assert_eq!(otto.refused("crm.calllist.add", params), (status, code.to_owned(), text.to_owned()));
        }
        let list = portal.get("crm.calllist.add", contacts(json!([one, own])));
        let mine = otto.get("crm.calllist.add", contacts(json!([one, own])));
        let seen = |hook: &Hook, list: &Value| {
            hook.get("crm.calllist.items.get", json!({"LIST_ID": list})).as_array().unwrap().len()
        };
        assert_eq!((seen(&portal, &list), seen(&otto, &list)), (2, 1));
        assert_eq!(seen(&portal, &mine), 1, "what one may not see is left out");
        let change = json!({"LIST_ID": list, "ENTITY_TYPE": "CONTACT", "ENTITIES": [own]});
        assert_eq!(otto.refused("crm.calllist.update", change).1, "LIST_ID_ERROR", "another's list");
        let hidden = portal.get("crm.calllist.add", contacts(json!([one])));
        assert_eq!(otto.refused("crm.calllist.items.get", json!({"LIST_ID": hidden})).0, 403);
        let company = portal.get("crm.company.add", json!({"fields": {"TITLE": "x"}}));
        let other = json!({"LIST_ID": list, "ENTITY_TYPE": "COMPANY", "ENTITIES": [company]});
        let refused = portal.refused("crm.calllist.update", other);
        assert_eq!(refused.2, "Discrepancy between the type of call participants and incoming type");
        let unknown = portal.refused("crm.calllist.list", json!({"SELECT": ["TITLE"]}));
        assert_eq!(unknown.1, "100");
        assert!(unknown.2.starts_with("Unknown field definition `TITLE` (TITLE) for"), "{}", unknown.2);
        let status = json!({"LIST_ID": list, "FILTER": {"STATUS": "NONE"}});
        assert_eq!(portal.refused("crm.calllist.items.get", status).1, "STATUS_ERROR");
        assert_eq!(
            portal.refused("crm.calllist.items.get", json!({"LIST_ID": 0})).2,
            "List id should be positive"
        );
    }
}

#[test]
fn traces_lead_to_items_that_one_may_change() {
    for portal in portals("crm") {
        let lead = portal.get("crm.lead.add", json!({"fields": {"TITLE": "x"}}));
        let otto = portal.employee("otto@example.com", "crm");
        let own = otto.get("crm.lead.add", json!({"fields": {"TITLE": "y"}}));
        let trace = "{\"url\":\"https://shop.example\",\"tags\":{\"list\":{\"utm_source\":\"maps\"}}}";
        let to = |ids: &[&Value]| {
            let items: Vec<Value> = ids.iter().map(|id| json!({"TYPE": "LEAD", "ID": id})).collect();
            json!({"TRACE": trace, "ENTITIES": items})
        };
        let add = "crm.tracking.trace.add";
        for (params, text) in [
            (json!({}), "Parameter `TRACE` required."),
            (json!({"TRACE": "{"}), "Can not parse JSON in parameter `TRACE`."),
            (
                json!({"TRACE": trace, "ENTITIES": [{"TYPE": "ORDER", "ID": 1}]}),
                "Wrong TYPE in parameter `ENTITIES`. Allowed types: COMPANY,CONTACT,DEAL,LEAD,QUOTE",
            ),
            (
                json!({"TRACE": trace, "ENTITIES": [{"TYPE": "LEAD", "ID": "x"}]}),
                "Wrong ID in parameter `ENTITIES`.",
            ),
        ] {
            assert_eq!(portal.refused(add, params), (400, "ERROR_CORE".to_owned(), text.to_owned()));
        }
        let denied = format!("You have no access to entity LEAD with ID {lead}.");
        assert_eq!(otto.refused(add, to(&[&lead])).2, denied);
        let shared = portal.get(add, to(&[&lead, &own]));
        let left = || {
            let [traces, items] = ["crm_trace", "crm_trace_item"].map(|table| {
                let sql = format!("SELECT COUNT(*) FROM {table}");
                portal.read(move |tx| Ok(tx.one(&sql, &[], |row| row.int(0))?.unwrap()))
            });
            (traces, items)
        };
        assert_eq!(left(), (1, 2));
        // What leads to another's item stays for that.
        assert_eq!(otto.get("crm.tracking.trace.delete", json!({"id": shared})), json!(null));
        assert_eq!(left(), (1, 1));
        assert_eq!(portal.get("crm.tracking.trace.delete", json!({"id": shared})), json!(null));
        assert_eq!(left(), (0, 0));
        portal.get(add, to(&[&lead]));
        portal.get("crm.lead.delete", json!({"id": lead}));
        assert_eq!(left(), (1, 0));
        assert_eq!(portal.refused("crm.tracking.trace.delete", json!({})).2, "Parameter `id` required.");
    }
}

#[test]
fn triggers_need_an_item_that_one_may_change() {
    for portal in portals("crm") {
        let deal = portal.get("crm.deal.add", json!({"fields": {"TITLE": "x"}}));
        let otto = portal.employee("otto@example.com", "crm");
        let fire = |hook: &Hook, target: &str| {
            hook.ask("crm.automation.trigger", json!({"target": target, "code": "a"}))
        };
        assert_eq!(fire(&portal, &format!("DEAL_{deal}")).unwrap(), true);
        for (target, text) in [
            ("", "Target is not set."),
            ("DEAL", "Incorrect target format."),
            ("DEAL_x", "Incorrect target format."),
            ("CAR_1", "Target is not found."),
        ] {
            assert_eq!(fire(&portal, target).unwrap_err().message, text);
        }
        assert_eq!(fire(&otto, &format!("DEAL_{deal}")).unwrap_err().code, "ACCESS_DENIED");
        assert_eq!(portal.get("crm.settings.mode.get", json!({})), 1);
        let fields = portal.get("crm.multifield.fields", json!({}));
        assert_eq!(
            (&fields["ID"]["isReadOnly"], &fields["VALUE"]["isReadOnly"]),
            (&json!(true), &json!(false))
        );
    }
}
