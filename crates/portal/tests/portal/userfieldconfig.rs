//! `userfieldconfig.*`: the user fields of `crm.*.userfield.*` in the spelling of controllers.

use serde_json::{Value, json};
use testportal::{Bench, portals};

const SCOPES: &str = "crm,userfieldconfig";

fn added(portal: &Bench, field: &Value) -> Value {
    portal.get("userfieldconfig.add", json!({"moduleId": "crm", "field": field}))["field"].clone()
}

fn number(field: &Value) -> i64 {
    field["id"].as_str().unwrap().parse().unwrap()
}

#[test]
fn both_families_have_the_same_fields() {
    for portal in portals(SCOPES) {
        let told = portal.told(testportal::input(&[
            "ONCRMDEALUSERFIELDADD",
            "ONCRMDEALUSERFIELDUPDATE",
            "ONCRMDEALUSERFIELDDELETE",
            "ONCRMDEALUSERFIELDSETENUMVALUES",
        ]));
        let field = added(
            &portal,
            &json!({"entityId": "CRM_DEAL", "fieldName": "UF_CRM_SIZE", "userTypeId": "enumeration", "multiple": "Y",
                "editFormLabel": {"en": "Size"}, "enum": [{"value": "Small", "def": "N", "sort": 100}, {"value": "Large", "def": "Y", "sort": 200}]}),
        );
        let id = number(&field);
        let none = json!({"en": null, "ru": null});
        for (key, value) in [
            ("entityId", json!("CRM_DEAL")),
            ("fieldName", json!("UF_CRM_SIZE")),
            ("xmlId", json!(null)),
            ("sort", json!("100")),
            ("multiple", json!("Y")),
            ("mandatory", json!("N")),
            ("showFilter", json!("N")),
            ("showInList", json!("Y")),
            (
                "settings",
                json!({"DISPLAY": "LIST", "LIST_HEIGHT": 1, "CAPTION_NO_VALUE": "", "SHOW_NO_VALUE": "Y"}),
            ),
            ("languageId", json!({"en": "en", "ru": "ru"})),
            ("editFormLabel", json!({"en": "Size"})),
            ("helpMessage", none),
        ] {
            assert_eq!(field[key], value, "{key}");
        }
        let large = &field["enum"][1];
        assert_eq!(
            json!([large["value"], large["def"], large["sort"], large["userFieldId"]]),
            json!(["Large", "Y", "200", id.to_string()])
        );
        assert_eq!(portal.get("userfieldconfig.get", json!({"moduleId": "crm", "id": id}))["field"], field);
        let legacy = portal.get("crm.deal.userfield.get", json!({"id": id}));
        assert_eq!((&legacy["FIELD_NAME"], &legacy["LIST"][1]["ID"]), (&field["fieldName"], &large["id"]));
        let deal = portal.get("crm.deal.add", json!({"fields": {"TITLE": "x"}}));
        let sizes = portal.get("crm.deal.get", json!({"id": deal}))["UF_CRM_SIZE"].clone();
        assert_eq!(sizes.as_array().unwrap().len(), 1, "{sizes}");
        assert_eq!(sizes[0].to_string().trim_matches('"'), large["id"].as_str().unwrap(), "the default");

        let change = |field: Value| {
            portal.get("userfieldconfig.update", json!({"moduleId": "crm", "id": id, "field": field}))["field"].clone()
        };
        let changed = change(
            json!({"mandatory": "Y", "editFormLabel": {"en": "Measure"}, "enum": [{"id": large["id"], "value": "Huge"}]}),
        );
        assert_eq!(
            json!([changed["mandatory"], changed["editFormLabel"], changed["enum"]]),
            json!(["Y", {"en": "Measure"}, field["enum"]]),
            "list values need the type beside them"
        );
        let changed = change(
            json!({"userTypeId": "enumeration", "enum": [{"id": large["id"], "del": "Y"}, {"value": "Huge"}]}),
        );
        let values = changed["enum"].as_array().unwrap().iter().map(|one| one["value"].as_str().unwrap());
        assert_eq!(values.collect::<std::collections::BTreeSet<_>>(), ["Huge", "Small"].into());

        assert_eq!(portal.get("userfieldconfig.delete", json!({"moduleId": "crm", "id": id})), json!(null));
        assert_eq!(
            portal.get("crm.deal.userfield.list", json!({"filter": {"FIELD_NAME": "UF_CRM_SIZE"}})),
            json!([])
        );
        let raised: Vec<String> = portal
            .raised(told)
            .into_iter()
            .map(|(event, _)| event.replace("ONCRMDEALUSERFIELD", ""))
            .collect();
        assert_eq!(raised, ["ADD", "SETENUMVALUES", "UPDATE", "UPDATE", "SETENUMVALUES", "DELETE"]);
    }
}

#[test]
fn fields_of_all_tables_are_listed_together() {
    for portal in portals(SCOPES) {
        for (object, name) in [("CRM_LEAD", "A"), ("CRM_DEAL", "B"), ("CRM_COMPANY", "C")] {
            added(
                &portal,
                &json!({"entityId": object, "fieldName": name, "userTypeId": "string", "editFormLabel": {"de": name, "en": "E"}}),
            );
        }
        let list = |asked: Value| {
            let mut params = asked;
            params["moduleId"] = "crm".into();
            portal.get("userfieldconfig.list", params)["fields"].clone()
        };
        let names = |fields: &Value| -> Vec<String> {
            fields
                .as_array()
                .unwrap()
                .iter()
                .map(|one| one["fieldName"].as_str().unwrap().replace("UF_CRM_", ""))
                .collect()
        };
        assert_eq!(names(&list(json!({"order": {"fieldName": "DESC"}}))), ["C", "B", "A"]);
        assert_eq!(names(&list(json!({"filter": {"entityId": "CRM_DEAL"}}))), ["B"]);
        assert_eq!(
            names(&list(json!({"filter": {"entityId": ["CRM_DEAL", "CRM_LEAD"]}, "order": {"id": "ASC"}}))),
            ["A", "B"]
        );
        assert_eq!(
            names(&list(json!({"filter": {"!entityId": "CRM_DEAL", "fieldName": "UF_CRM_C"}}))),
            ["C"]
        );
        assert_eq!(list(json!({"filter": {"entityId": "USER"}})), json!([]), "users are no part of the CRM");
        assert_eq!(
            list(json!({"filter": {"entityId": "CRM_LEAD"}, "select": ["fieldName", "editFormLabel"]})),
            json!([{"fieldName": "UF_CRM_A"}]),
            "labels need a language"
        );
        let german =
            list(json!({"filter": {"entityId": "CRM_LEAD"}, "select": {"0": "*", "language": "de"}}));
        assert_eq!(
            json!([german[0]["languageId"], german[0]["editFormLabel"], german[0]["helpMessage"]]),
            json!([{"de": "de"}, {"de": "A"}, null])
        );
        for number in 0..50 {
            added(
                &portal,
                &json!({"entityId": "CRM_DEAL", "fieldName": format!("N{number}"), "userTypeId": "string"}),
            );
        }
        let page = portal.page("userfieldconfig.list", json!({"moduleId": "crm", "start": 50})).unwrap();
        assert_eq!((page.total, page.next), (Some(53), None));
        assert_eq!(page.result["fields"].as_array().unwrap().len(), 3);
    }
}

#[test]
fn refusals_have_texts_and_no_codes() {
    for portal in portals(SCOPES) {
        let field = json!({"entityId": "CRM_LEAD", "fieldName": "A", "userTypeId": "string"});
        let id = number(&added(&portal, &field));
        let says = |hook: &testportal::Hook, verb: &str, params: Value| {
            let (status, code, text) = hook.refused(&format!("userfieldconfig.{verb}"), params);
            assert_eq!((status, code.as_str()), (400, ""), "{text}");
            text
        };
        let of = |id: i64| json!({"moduleId": "crm", "id": id});
        assert_eq!(says(&portal, "getTypes", json!({"moduleId": "sale"})), "No settings for UserFieldAccess");
        assert!(says(&portal, "add", json!({"moduleId": "crm", "field": field})).contains("already exists"));
        let foreign = json!({"entityId": "USER", "fieldName": "A", "userTypeId": "string"});
        assert_eq!(says(&portal, "add", json!({"moduleId": "crm", "field": foreign})), "Access denied");
        let unread = "You do not have permission to view user field settings";
        assert_eq!(says(&portal, "get", of(id + 999)), unread);
        assert_eq!(says(&portal, "delete", of(id + 999)), "You cannot delete the user field");

        let half = portal.hook_of(1, "userfieldconfig");
        assert_eq!(
            says(&half, "list", json!({"moduleId": "crm"})),
            "The current method required more scopes. (crm)"
        );

        let stranger = portal.employee("stranger@example.com", SCOPES);
        assert_eq!(
            says(&stranger, "add", json!({"moduleId": "crm", "field": field})),
            "You cannot create custom fields"
        );
        assert_eq!(says(&stranger, "update", of(id)), "You cannot change the settings of the user field");
        assert_eq!(says(&stranger, "delete", of(id)), "You cannot delete the user field");
    }
}
