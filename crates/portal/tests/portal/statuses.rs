//! `crm.status.*`: dictionaries and stages.

use serde_json::{Value, json};
use testportal::portals;

fn source(code: &str) -> Value {
    json!({"fields": {"ENTITY_ID": "SOURCE", "STATUS_ID": code, "NAME": "Podcast", "SORT": "15", "COLOR": "#ffffff"}})
}

#[test]
fn an_entry_is_added_read_changed_and_deleted() {
    for portal in portals("crm") {
        let id = portal.get("crm.status.add", source("POD"));
        let shown = json!({
            "ID": id.to_string(), "ENTITY_ID": "SOURCE", "STATUS_ID": "POD", "NAME": "Podcast", "NAME_INIT": "",
            "SORT": "15", "SYSTEM": "N", "CATEGORY_ID": null, "COLOR": null, "SEMANTICS": null,
        });
        assert_eq!(portal.get("crm.status.get", json!({"id": id})), shown);
        // The order of a dictionary is that of its places.
        let items = portal.get("crm.status.entity.items", json!({"entityId": "SOURCE"}));
        assert_eq!(items[1], json!({"NAME": "Podcast", "SORT": 15, "STATUS_ID": "POD"}));

        let changes = json!({"id": id, "fields": {"NAME": "Broadcast", "SORT": 500, "STATUS_ID": "OTHER", "ENTITY_ID": "STATUS"}});
        assert_eq!(portal.get("crm.status.update", changes), json!(true));
        let changed = portal.get("crm.status.get", json!({"ID": id}));
        assert_eq!((&changed["NAME"], &changed["SORT"]), (&json!("Broadcast"), &json!("500")));
        assert_eq!((&changed["STATUS_ID"], &changed["ENTITY_ID"]), (&json!("POD"), &json!("SOURCE")));

        assert_eq!(portal.get("crm.status.delete", json!({"id": id})), json!(true));
        let gone = portal.refused("crm.status.get", json!({"id": id}));
        assert_eq!(gone, (400, String::new(), "Status is not found.".into()));
    }
}

#[test]
fn a_list_filters_sorts_and_counts() {
    for portal in portals("crm") {
        let all = portal.page("crm.status.list", json!({})).unwrap();
        let count = all.result.as_array().unwrap().len();
        // More than a page: dictionaries come whole.
        assert!(count > 50);
        assert_eq!((all.total, all.next), (Some(count as i64), None));

        let deal =
            json!({"filter": {"ENTITY_ID": "DEAL_STAGE", "!SEMANTICS": ""}, "order": {"SORT": "DESC"}});
        let final_stages = portal.get("crm.status.list", deal);
        let brief =
            |stage: &Value| json!([stage["STATUS_ID"], stage["SEMANTICS"], stage["EXTRA"]["SEMANTICS"]]);
        let stages: Vec<Value> = final_stages.as_array().unwrap().iter().map(brief).collect();
        assert_eq!(
            json!(stages),
            json!([["APOLOGY", "F", "apology"], ["LOSE", "F", "failure"], ["WON", "S", "success"]])
        );
        let some = json!({"filter": {"@STATUS_ID": ["WEB", "CALL"], "ENTITY_ID": "SOURCE", "SYSTEM": "Y"}});
        assert_eq!(portal.get("crm.status.list", some)[0]["STATUS_ID"], "CALL");
    }
}

#[test]
fn stages_have_rules_of_their_own() {
    for portal in portals("crm") {
        let stage = |code: &str, sort: i64, semantics: &str| json!({"fields": {"ENTITY_ID": "DEAL_STAGE", "STATUS_ID": code, "NAME": code, "SORT": sort, "SEMANTICS": semantics}});
        let id = portal.get("crm.status.add", stage("DECISION", 45, ""));
        let shown = portal.get("crm.status.get", json!({"id": id}));
        assert_eq!(shown["EXTRA"], json!({"SEMANTICS": "process", "COLOR": "#ACE9FB"}));
        let lost = portal.get("crm.status.add", stage("SILENT", 90, "F"));
        assert_eq!(portal.get("crm.status.get", json!({"id": lost}))["EXTRA"]["SEMANTICS"], "apology");

        for (code, sort, semantics) in [("LATE", 60, ""), ("SECOND", 20, "S")] {
            let (_, code, text) = portal.refused("crm.status.add", stage(code, sort, semantics));
            assert!(
                code.is_empty() && text.starts_with("Cannot create more stages after the final stage"),
                "{text}"
            );
        }
        // Deals use it at once, and while they do it stays.
        let deal = portal.get("crm.deal.add", json!({"fields": {"TITLE": "x", "STAGE_ID": "DECISION"}}));
        assert_eq!(portal.get("crm.deal.get", json!({"id": deal}))["STAGE_ID"], "DECISION");
        let used = portal.refused("crm.status.delete", json!({"id": id}));
        assert_eq!(used.2, "There are active items in this status.");
        portal.get("crm.deal.update", json!({"id": deal, "fields": {"STAGE_ID": "NEW"}}));
        assert_eq!(portal.get("crm.status.delete", json!({"id": id})), json!(true));
    }
}

#[test]
fn what_is_wrong_is_named() {
    for portal in portals("crm") {
        let add = |fields: Value| portal.refused("crm.status.add", json!({"fields": fields}));
        let crm = |text: &str| (400, String::new(), text.to_owned());
        assert_eq!(add(json!({"NAME": "x"})), crm("The field ENTITY_ID is required."));
        assert_eq!(add(json!({"ENTITY_ID": "SOURCE", "NAME": "x"})), crm("The field STATUS_ID is required."));
        assert_eq!(
            add(json!({"ENTITY_ID": "SOURCE", "STATUS_ID": "x"})),
            crm("The field Title is required.")
        );
        let unknown = json!({"ENTITY_ID": "DEAL_STAGE_77", "STATUS_ID": "x", "NAME": "x"});
        assert_eq!(add(unknown), crm("Specified entity type is not supported."));
        let taken = json!({"ENTITY_ID": "SOURCE", "STATUS_ID": "WEB", "NAME": "x"});
        assert_eq!(add(taken), (400, "ERROR_CORE".into(), "The specified status ID already exists.".into()));
        let long = json!({"ENTITY_ID": "SOURCE", "STATUS_ID": "x".repeat(51), "NAME": "x"});
        assert_eq!(add(long), crm("Error on creating status."));
        assert_eq!(portal.refused("crm.status.add", json!({})), crm("Parameter 'fields' must be array."));
        assert_eq!(portal.refused("crm.status.get", json!({"id": 9999})), crm("Status is not found."));
        assert_eq!(portal.refused("crm.status.get", json!({"id": "x"})), crm("Invalid identifier."));
        let items = portal.refused("crm.status.entity.items", json!({"entityId": "NOPE"}));
        assert_eq!(items, crm("The parameter entityId is not defined or invalid."));
        let empty = json!({"id": 1, "fields": {"NAME": " "}});
        assert_eq!(portal.refused("crm.status.update", empty), crm("Error on updating status."));
    }
}

#[test]
fn entries_of_the_system_go_only_by_force() {
    for portal in portals("crm") {
        let query = json!({"filter": {"ENTITY_ID": "INDUSTRY", "SYSTEM": "Y"}});
        let id = portal.get("crm.status.list", query)[0]["ID"].clone();
        let (_, _, text) = portal.refused("crm.status.delete", json!({"id": id}));
        assert!(text.contains("FORCED"), "{text}");
        let forced = json!({"id": id, "params": {"FORCED": "Y"}});
        assert_eq!(portal.get("crm.status.delete", forced), json!(true));
    }
}

#[test]
fn only_administrators_change_dictionaries() {
    for portal in portals("crm") {
        let employee = portal.employee("ines@example.com", "crm");
        let denied = (400, String::new(), "Access denied.".to_owned());
        assert_eq!(employee.refused("crm.status.add", source("POD")), denied);
        assert_eq!(employee.refused("crm.status.update", json!({"id": 1, "fields": {"NAME": "x"}})), denied);
        assert_eq!(employee.refused("crm.status.delete", json!({"id": 1})), denied);
        assert_eq!(employee.get("crm.status.get", json!({"id": 1}))["STATUS_ID"], "NEW");
    }
}

#[test]
fn dictionaries_say_what_their_stages_mean() {
    for portal in portals("crm") {
        let types = portal.get("crm.status.entity.types", json!({}));
        let find = |id: &str| types.as_array().unwrap().iter().find(|one| one["ID"] == id).cloned().unwrap();
        assert_eq!(find("SOURCE"), json!({"ID": "SOURCE", "NAME": "Sources"}));
        let leads = json!({
            "ID": "STATUS", "NAME": "Lead stages", "ENTITY_TYPE_ID": 1,
            "SEMANTIC_INFO": {"START_FIELD": "NEW", "FINAL_SUCCESS_FIELD": "CONVERTED", "FINAL_UNSUCCESS_FIELD": "JUNK", "FINAL_SORT": 0},
        });
        assert_eq!(find("STATUS"), leads);
        assert_eq!(find("DEAL_STAGE")["CATEGORY_ID"], 0);
        let fields = portal.get("crm.status.fields", json!({}));
        assert_eq!(fields["SEMANTICS"]["type"], "char");
        assert_eq!(fields["EXTRA"]["type"], "crm_status_extra");
        assert_eq!(fields.as_object().unwrap().len(), 11);
    }
}
