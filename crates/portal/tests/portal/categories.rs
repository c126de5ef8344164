//! `crm.category.*` and `crm.dealcategory.*`: pipelines of deals.

use serde_json::{Value, json};
use testportal::{Hook, portals};

fn add(portal: &Hook, fields: Value) -> Value {
    let given = Value::from_iter([("entityTypeId", json!(2)), ("fields", fields)]);
    portal.get("crm.category.add", given)["category"].clone()
}

#[test]
fn a_pipeline_is_added_read_changed_and_deleted() {
    for portal in portals("crm") {
        let made = add(&portal, json!({"name": "Repairs", "sort": 200}));
        let id = made["id"].as_i64().unwrap();
        let shown = json!({
            "id": id, "name": "Repairs", "sort": 200, "entityTypeId": 2, "isDefault": "N", "originId": "", "originatorId": "",
        });
        assert_eq!(made, shown);
        let same = json!({"entityTypeId": 2, "id": id});
        assert_eq!(portal.get("crm.category.get", same.clone())["category"], shown);
        let page = portal.page("crm.category.list", json!({"entityTypeId": "2"})).unwrap();
        assert_eq!(page.total, Some(2));
        let names: Vec<&Value> =
            page.result["categories"].as_array().unwrap().iter().map(|one| &one["name"]).collect();
        assert_eq!(names, ["Repairs", "General"]);
        let general = json!({"id": 0, "name": "General", "sort": 300, "entityTypeId": 2, "isDefault": "Y"});
        assert_eq!(page.result["categories"][1], general);

        let changes = json!({"entityTypeId": 2, "id": id, "fields": {"name": "Service"}});
        let changed = portal.get("crm.category.update", changes);
        assert_eq!(
            (&changed["category"]["name"], &changed["category"]["sort"]),
            (&json!("Service"), &json!(200))
        );
        assert_eq!(portal.get("crm.category.delete", same.clone()), json!(null));
        let gone = portal.refused("crm.category.get", same);
        assert_eq!(gone, (400, "NOT_FOUND".into(), "Element not found".into()));
    }
}

#[test]
fn a_pipeline_has_stages_of_its_own() {
    for portal in portals("crm") {
        let id = add(&portal, json!({"name": "Repairs"}))["id"].as_i64().unwrap();
        let dictionary = format!("DEAL_STAGE_{id}");
        let stages = portal
            .get("crm.status.list", json!({"filter": {"ENTITY_ID": dictionary}, "order": {"SORT": "ASC"}}));
        assert_eq!(stages.as_array().unwrap().len(), 8);
        assert_eq!(stages[0]["STATUS_ID"], format!("C{id}:NEW"));
        assert_eq!(stages[0]["CATEGORY_ID"], id.to_string());
        assert_eq!(stages[6]["EXTRA"]["SEMANTICS"], "failure");

        // A stage that is added gets the pipeline's prefix.
        let fields =
            json!({"ENTITY_ID": dictionary, "STATUS_ID": "DECISION", "NAME": "Decision", "SORT": 45});
        let added = portal.get("crm.status.add", json!({"fields": fields}));
        let shown = portal.get("crm.status.get", json!({"id": added}));
        assert_eq!(shown["STATUS_ID"], format!("C{id}:DECISION"));

        let types = portal.get("crm.status.entity.types", json!({}));
        let own = types.as_array().unwrap().iter().find(|one| one["ID"] == dictionary.as_str()).unwrap();
        let expected = json!({
            "ID": dictionary, "NAME": "Repairs deal stages", "PARENT_ID": "DEAL_STAGE", "PREFIX": format!("C{id}"),
            "FIELD_ATTRIBUTE_SCOPE": format!("category_{id}"), "ENTITY_TYPE_ID": 2, "CATEGORY_ID": id.to_string(),
            "SEMANTIC_INFO": {
                "START_FIELD": format!("C{id}:NEW"), "FINAL_SUCCESS_FIELD": format!("C{id}:WON"),
                "FINAL_UNSUCCESS_FIELD": format!("C{id}:LOSE"), "FINAL_SORT": 0,
            },
        });
        assert_eq!(own, &expected);

        let deal = portal.get("crm.deal.add", json!({"fields": {"TITLE": "x", "CATEGORY_ID": id}}));
        let deal = portal.get("crm.deal.get", json!({"id": deal}));
        assert_eq!(
            (&deal["STAGE_ID"], &deal["CATEGORY_ID"]),
            (&json!(format!("C{id}:NEW")), &json!(id.to_string()))
        );
    }
}

#[test]
fn what_is_in_use_or_the_default_stays() {
    for portal in portals("crm") {
        let general = portal.refused("crm.category.delete", json!({"entityTypeId": 2, "id": 0}));
        assert_eq!(general, (400, "0".into(), "Default deal category cannot be deleted".into()));

        let made = add(&portal, json!({"name": "Repairs", "isDefault": "Y"}));
        assert_eq!(made["isDefault"], "Y");
        let id = made["id"].as_i64().unwrap();
        let general = portal.get("crm.category.get", json!({"entityTypeId": 2, "id": 0}));
        assert_eq!(general["category"]["isDefault"], "N");
        let deal = portal.get("crm.deal.add", json!({"fields": {"TITLE": "x"}}));
        assert_eq!(portal.get("crm.deal.get", json!({"id": deal}))["CATEGORY_ID"], id.to_string());
        let default = portal.refused("crm.category.delete", json!({"entityTypeId": 2, "id": id}));
        assert_eq!(default, (400, "BX_ERROR".into(), "This funnel is the default funnel".into()));

        portal.get("crm.category.update", json!({"entityTypeId": 2, "id": 0, "fields": {"isDefault": "Y"}}));
        let used = portal.refused("crm.category.delete", json!({"entityTypeId": 2, "id": id}));
        assert_eq!(used, (400, "0".into(), "Deals related to the funnel Repairs found".into()));
        portal.get("crm.deal.delete", json!({"id": deal}));
        portal.get("crm.category.delete", json!({"entityTypeId": 2, "id": id}));
        let stages = json!({"filter": {"ENTITY_ID": format!("DEAL_STAGE_{id}")}});
        assert_eq!(portal.get("crm.status.list", stages), json!([]));
    }
}

#[test]
fn what_is_wrong_is_named() {
    for portal in portals("crm") {
        let list = |id: Value| portal.refused("crm.category.list", json!({"entityTypeId": id}));
        assert_eq!(list(json!(1036)), (400, "NOT_FOUND".into(), "SPA not found".into()));
        let lead = (400, "ENTITY_TYPE_NOT_SUPPORTED".into(), "Entity type LEAD is not supported".into());
        assert_eq!(list(json!(1)), lead);
        let (_, code, text) = portal.refused("crm.category.list", json!({}));
        assert_eq!(
            (code.as_str(), text.as_str()),
            ("100", "Could not find value for parameter {entityTypeId}")
        );
        let nameless = json!({"entityTypeId": 2, "fields": {"sort": 1}});
        let required = (400, "0".to_owned(), "Field 'NAME' is required".to_owned());
        assert_eq!(portal.refused("crm.category.add", nameless), required);
        let employee = portal.employee("ines@example.com", "crm");
        let denied =
            employee.refused("crm.category.add", json!({"entityTypeId": 2, "fields": {"name": "x"}}));
        assert_eq!(denied, (400, "ACCESS_DENIED".into(), "Access denied".into()));
        assert_eq!(employee.get("crm.category.list", json!({"entityTypeId": 2}))["categories"][0]["id"], 0);
        assert_eq!(
            portal.get("crm.category.fields", json!({"entityTypeId": 2}))["fields"]["isDefault"]["type"],
            "boolean"
        );
    }
}

#[test]
fn the_older_methods_see_the_same_pipelines() {
    for portal in portals("crm") {
        let id = portal.get("crm.dealcategory.add", json!({"fields": {"NAME": "Repairs", "SORT": "20"}}));
        let shown = json!({
            "ID": id.to_string(), "CREATED_DATE": "2026-06-01T12:00:00+00:00", "NAME": "Repairs", "IS_LOCKED": "N", "SORT": "20",
        });
        assert_eq!(portal.get("crm.dealcategory.get", json!({"id": id})), shown);
        let page = portal.page("crm.dealcategory.list", json!({"filter": {"%NAME": "pair"}})).unwrap();
        assert_eq!((page.result, page.total, page.next), (json!([shown]), Some(1), None));
        let none = portal.page("crm.dealcategory.list", json!({"filter": {">SORT": 20}})).unwrap();
        assert_eq!((none.result, none.total), (json!([]), Some(0)));
        assert_eq!(portal.get("crm.dealcategory.status", json!({"id": id})), format!("DEAL_STAGE_{id}"));
        let stages = portal.get("crm.dealcategory.stage.list", json!({"id": id}));
        assert_eq!(stages[0], json!({"NAME": "New", "SORT": 10, "STATUS_ID": format!("C{id}:NEW")}));
        assert_eq!(portal.get("crm.dealcategory.stage.list", json!({"id": 77})), json!([]));

        portal.get("crm.dealcategory.update", json!({"id": id, "fields": {"NAME": "Service"}}));
        assert_eq!(portal.get("crm.dealcategory.get", json!({"id": id}))["NAME"], "Service");
        portal.get("crm.dealcategory.default.set", json!({"NAME": "Sales"}));
        assert_eq!(portal.get("crm.dealcategory.default.get", json!({}))["NAME"], "Sales");
        assert_eq!(portal.get("crm.dealcategory.delete", json!({"id": id})), json!(true));
        let gone = portal.refused("crm.dealcategory.get", json!({"id": id}));
        assert_eq!(gone, (400, String::new(), "Not found".into()));
        let employee = portal.employee("ines@example.com", "crm");
        let denied = employee.refused("crm.dealcategory.add", json!({"fields": {"NAME": "x"}}));
        assert_eq!(denied.2, "Access denied.");
    }
}
