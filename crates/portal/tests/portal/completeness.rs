//! What the documentation shows of answers, key by key, where a program may count on it.

use serde_json::json;

use testportal::portals;

#[test]
fn a_deal_has_the_keys_of_the_documented_item() {
    for portal in portals("crm") {
        let added = portal.get("crm.item.add", json!({"entityTypeId": 2, "fields": {"title": "x"}}));
        let id = added["item"]["id"].clone();
        let read = portal.get("crm.item.get", json!({"entityTypeId": 2, "id": id}));
        let listed = portal.get("crm.item.list", json!({"entityTypeId": 2}));
        for item in [&added["item"], &read["item"], &listed["items"][0]] {
            for key in
                ["orderStage", "isWork", "isWon", "isLose", "receivedAmount", "lostAmount", "hasProducts"]
            {
                assert_eq!(item.get(key), Some(&json!(null)), "{key}");
            }
        }
        // They are no fields that could be set or asked for.
        let fields = portal.get("crm.item.fields", json!({"entityTypeId": 2}));
        assert_eq!(fields["fields"].get("isWon"), None);
    }
}

#[test]
fn links_are_described_with_what_they_lead_to() {
    for portal in portals("crm") {
        let of = |entity: &str| portal.get(&format!("crm.{entity}.fields"), json!({}));
        for (entity, field, target) in [
            ("deal", "COMPANY_ID", 4),
            ("deal", "LEAD_ID", 1),
            ("deal", "QUOTE_ID", 7),
            ("lead", "COMPANY_ID", 4),
            ("contact", "LEAD_ID", 1),
            ("company", "LEAD_ID", 1),
        ] {
            let described = of(entity)[field].clone();
            assert_eq!(described["settings"], json!({"parentEntityTypeId": target}), "{entity} {field}");
            assert_eq!(described.get("isDeprecated"), None);
        }
        for (entity, field) in [("deal", "CONTACT_ID"), ("lead", "CONTACT_ID"), ("contact", "COMPANY_ID")] {
            let described = of(entity)[field].clone();
            assert_eq!(described["isDeprecated"], true, "{entity} {field}");
            assert_eq!(described.get("settings"), None);
        }
        let item = portal.get("crm.item.fields", json!({"entityTypeId": 2}))["fields"].clone();
        assert_eq!(item["contactId"]["isDeprecated"], true);
        assert_eq!(item["companyId"]["settings"], json!({"parentEntityTypeId": 4}));
        assert_eq!(item["contactIds"].get("settings"), None);
        assert_eq!(item["contactIds"]["upperName"], "CONTACT_IDS");
        let row = portal.get("crm.item.productrow.fields", json!({}))["fields"].clone();
        assert_eq!(
            (&row["id"]["upperName"], &row["ownerType"]["upperName"]),
            (&json!("ID"), &json!("OWNER_TYPE"))
        );
        let category = portal.get("crm.category.fields", json!({"entityTypeId": 2}))["fields"].clone();
        assert_eq!(category["isDefault"]["upperName"], "IS_DEFAULT");
        for method in ["crm.productrow.fields", "crm.dealcategory.fields", "crm.status.fields"] {
            let legacy = portal.get(method, json!({}))["ID"].clone();
            assert_eq!(
                (legacy["type"].as_str(), legacy.get("upperName")),
                (Some("integer"), None),
                "{method}"
            );
        }
        let last = of("company")["LAST_COMMUNICATION_TIME"].clone();
        assert_eq!((&last["type"], &last["isReadOnly"]), (&json!("string"), &json!(true)));
    }
}

#[test]
fn a_company_that_is_missing_is_named() {
    for portal in portals("crm") {
        let missing = (400, String::new(), "Company is not found".to_owned());
        let update = json!({"id": 999, "fields": {"TITLE": "x"}});
        assert_eq!(portal.refused("crm.company.update", update), missing);
        assert_eq!(portal.refused("crm.company.delete", json!({"id": 999})), missing);
        assert_eq!(portal.refused("crm.company.get", json!({"id": 999})).2, "Not found");
    }
}

#[test]
fn bookings_of_resources_are_a_type_of_user_fields() {
    for portal in portals("crm") {
        let types = portal.get("crm.userfield.types", json!({}));
        assert!(types.as_array().unwrap().iter().any(|known| known["ID"] == "resourcebooking"));
        let settings = json!({
            "FULL_DAY": "Y", "SELECTED_RESOURCES": [{"type": "resource", "id": 7, "title": "Hall", "x": 1}, 3],
            "RESOURCES": "x", "RESOURCE_LIMIT": 2
        });
        let field = json!({"FIELD_NAME": "ROOM", "USER_TYPE_ID": "resourcebooking", "MULTIPLE": "Y", "SETTINGS": settings});
        let id = portal.get("crm.lead.userfield.add", json!({"fields": field}));
        let shown = portal.get("crm.lead.userfield.get", json!({"id": id}))["SETTINGS"].clone();
        let empty = json!({"type": "", "id": "", "title": ""});
        let hall = json!({"type": "resource", "id": "7", "title": "Hall"});
        assert_eq!(shown["SELECTED_RESOURCES"], json!([hall, empty]));
        assert_eq!(shown["RESOURCES"]["resource"]["SECTIONS"], json!([]));
        assert_eq!((&shown["FULL_DAY"], &shown["RESOURCE_LIMIT"]), (&json!("Y"), &json!(2)));
        assert_eq!(shown["SERVICE_LIST"], json!([]));
        let lead = portal.get("crm.lead.add", json!({"fields": {"TITLE": "x", "UF_CRM_ROOM": [5, "6"]}}));
        let lead = portal.get("crm.lead.get", json!({"id": lead}));
        assert_eq!(lead["UF_CRM_ROOM"], json!(["5", "6"]));
        let fields = portal.get("crm.lead.fields", json!({}));
        assert_eq!(fields["UF_CRM_ROOM"]["type"], "resourcebooking");
    }
}
