//! Custom fields of stock documents.

use serde_json::{Value as Json, json};
use testportal::{Hook, portals};

const SCOPES: &str = "catalog,userfieldconfig";

fn document(hook: &Hook, kind: &str) -> i64 {
    let fields = json!({"docType": kind, "currency": "USD", "responsibleId": 1});
    hook.get("catalog.document.add", json!({"fields": fields}))["document"]["id"].as_i64().unwrap()
}

/// A custom field of documents of a type, as requests call it.
fn field(hook: &Hook, kind: &str, name: &str) -> String {
    let field = json!({
        "entityId": format!("CAT_STORE_DOCUMENT_{kind}"), "fieldName": format!("UF_CAT_STORE_DOCUMENT_{kind}_{name}"),
        "userTypeId": "string",
    });
    let made = hook.get("userfieldconfig.add", json!({"moduleId": "catalog", "field": field}));
    format!("field{}", made["field"]["id"].as_str().unwrap())
}

fn list(hook: &Hook, filter: &Json, select: &Json) -> Json {
    hook.get("catalog.userfield.document.list", json!({"filter": filter, "select": select}))["documents"]
        .clone()
}

#[test]
fn documents_have_the_custom_fields_of_their_type() {
    for portal in portals(SCOPES) {
        let (first, other) = (document(&portal, "A"), document(&portal, "D"));
        let origin = field(&portal, "A", "ORIGIN");
        let reason = field(&portal, "D", "REASON");
        let second = document(&portal, "A");
        let update = |id: i64, kind: &str, name: &str, value: &str| {
            let params = json!({"documentId": id, "fields": {"documentType": kind, name: value}});
            portal.get("catalog.userfield.document.update", params)["document"].clone()
        };
        let changed = update(first, "A", &origin, "Harbour");
        assert_eq!(changed, json!({"documentId": first, "documentType": "A", &origin: "Harbour"}));
        assert_eq!(update(first, "A", &reason, "x"), changed, "no field of receipts");
        update(second, "A", &origin, "Airport");
        update(other, "D", &reason, "Broken");
        let all = json!(["documentType", "documentId", origin, reason]);
        let rows = list(&portal, &json!({"documentType": "A"}), &all);
        assert_eq!(rows, json!([changed, {"documentId": second, "documentType": "A", &origin: "Airport"}]));
        let starts = |value: &str| {
            let filter =
                Json::from_iter([("documentType", json!("A")), (&*format!("%{origin}"), json!(value))]);
            list(&portal, &filter, &json!(["documentType", "documentId"]))
        };
        assert_eq!(starts("port"), json!([{"documentId": second, "documentType": "A"}]));
        let by_id =
            list(&portal, &json!({"documentType": "D", "documentId": other}), &json!(["documentType", "*"]));
        assert_eq!(by_id, json!([{"documentId": other, "documentType": "D", &reason: "Broken"}]));
        assert_eq!(list(&portal, &json!({"documentType": "X"}), &all), json!([]));
        let newest = portal.get(
            "catalog.userfield.document.list",
            json!({"filter": {"documentType": "A"}, "select": all, "order": {&origin: "ASC"}}),
        );
        assert_eq!(newest["documents"][0]["documentId"], second);
        // They go with the document.
        portal.get("catalog.document.delete", json!({"id": first}));
        assert_eq!(list(&portal, &json!({"documentType": "A"}), &all).as_array().unwrap().len(), 1);
    }
}

#[test]
fn values_are_changed_by_whoever_may_change_the_document() {
    for portal in portals(SCOPES) {
        let id = document(&portal, "A");
        let origin = field(&portal, "A", "ORIGIN");
        let ines = portal.employee("ines@example.com", SCOPES);
        let list = |params: Json| portal.refused("catalog.userfield.document.list", params);
        let text = "The documentType field is not specified in the select parameter";
        assert_eq!(
            list(json!({"select": ["documentId"], "filter": {"documentType": "A"}})),
            (400, "0".into(), text.into())
        );
        let text = "The documentType field is not specified in the filter parameter";
        assert_eq!(list(json!({"select": ["documentType"], "filter": {"documentId": id}})).2, text);
        let update =
            |id: i64, kind: &str| json!({"documentId": id, "fields": {"documentType": kind, &origin: "x"}});
        let method = "catalog.userfield.document.update";
        let missing = "The specified document does not exist";
        assert_eq!(portal.refused(method, update(9_999, "A")).2, missing);
        assert_eq!(portal.refused(method, update(id, "D")).2, missing, "of another type");
        assert_eq!(ines.refused(method, update(id, "A")).2, "Access Denied");
        let field = json!({"moduleId": "catalog", "field": {"entityId": "CAT_STORE_DOCUMENT_A", "fieldName": "UF_X", "userTypeId": "string"}});
        assert_eq!(ines.refused("userfieldconfig.add", field.clone()).2, "You cannot create custom fields");
        let without = portal.hook_of(1, "userfieldconfig");
        assert!(without.refused("userfieldconfig.add", field).2.contains("more scopes"));
    }
}
