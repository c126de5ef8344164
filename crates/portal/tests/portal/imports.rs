//! `crm.item.import` and `crm.item.batchImport`: items from elsewhere, with their history.

use portal::access::{Act, Level, roles};
use portal::meta::Meta;
use serde_json::{Value, json};
use testportal::{input, portals};

#[test]
fn an_item_keeps_the_history_that_it_had() {
    for portal in portals("crm") {
        let otto = portal.employee("otto@example.com", "crm").user;
        let listening = portal.told(input(&["ONCRMDEALADD"]));
        let fields = json!({
            "title": "Old", "createdTime": "2024-01-10T09:00:00+00:00", "updatedTime": "2024-02-01T09:00:00+00:00",
            "movedTime": "2024-01-15T09:00:00+00:00", "createdBy": otto, "updatedBy": otto, "movedBy": otto,
        });
        let made = portal.get("crm.item.import", json!({"entityTypeId": 2, "fields": fields}));
        let id = made["item"]["id"].as_i64().unwrap();
        assert_eq!(made, json!({"item": {"id": id}}));
        let deal = portal.get("crm.item.get", json!({"entityTypeId": 2, "id": id}))["item"].clone();
        for name in ["createdTime", "updatedTime", "movedTime", "createdBy", "updatedBy", "movedBy", "title"]
        {
            assert_eq!(deal[name], fields[name], "{name}");
        }
        let history =
            portal.get("crm.stagehistory.list", json!({"entityTypeId": 2, "filter": {"OWNER_ID": id}}));
        assert_eq!(history["items"][0]["CREATED_TIME"], fields["createdTime"]);
        assert_eq!(portal.raised(listening).len(), 1);
    }
}

#[test]
fn times_stand_in_their_order() {
    for portal in portals("crm") {
        let import = |fields: Value| json!({"entityTypeId": 2, "fields": fields});
        portal.get("crm.item.import", import(json!({"createdTime": "2024-01-10T09:00:00+00:00"})));
        for fields in [
            json!({"createdTime": "2024-01-10T08:00:00+00:00"}),
            json!({"createdTime": "2026-06-01T12:00:01+00:00"}),
            json!({"createdTime": "2024-02-01T00:00:00+00:00", "updatedTime": "2024-01-31T00:00:00+00:00"}),
            json!({"updatedTime": "2026-06-02T00:00:00+00:00"}),
            json!({"createdTime": "2024-02-01T00:00:00+00:00", "movedTime": "2024-01-31T00:00:00+00:00"}),
        ] {
            let refused = portal.refused("crm.item.import", import(fields.clone()));
            assert_eq!(refused.1, "CRM_FIELD_ERROR_VALUE_NOT_VALID", "{fields}");
        }
        // An add does not take them.
        let added = portal.get("crm.item.add", import(json!({"createdTime": "2024-05-01T00:00:00+00:00"})));
        assert_eq!(added["item"]["createdTime"], "2026-06-01T12:00:00+00:00");
    }
}

#[test]
fn the_right_to_import_is_asked_for() {
    for portal in portals("crm") {
        let employee = portal.employee("otto@example.com", "crm");
        let fields = json!({"title": "x", "createdTime": "2024-01-10T09:00:00+00:00", "createdBy": 1});
        let params = json!({"entityTypeId": 2, "fields": fields});
        // Managers import what is their own, and its history is theirs to make.
        let made = employee.get("crm.item.import", params.clone())["item"]["id"].clone();
        let deal = employee.get("crm.item.get", json!({"entityTypeId": 2, "id": made}))["item"].clone();
        assert_eq!(
            (&deal["createdTime"], &deal["createdBy"]),
            (&json!("2026-06-01T12:00:00+00:00"), &json!(employee.user))
        );
        portal.write(|tx| {
            let manager = roles::find(tx, "Manager")?.unwrap_or_default();
            roles::allow(tx, manager, "DEAL", Act::Import, Level::None)?;
            Meta::outdate(tx)
        });
        assert_eq!(employee.refused("crm.item.import", params).1, "ACCESS_DENIED");
        employee.get("crm.item.add", json!({"entityTypeId": 2, "fields": {"title": "x"}}));
    }
}

#[test]
fn each_of_many_is_imported_or_refused_by_itself() {
    for portal in portals("crm") {
        let data = json!([{"title": "a"}, {"title": "b", "currencyId": "nothing"}, {"title": "c"}]);
        let answer = portal.get("crm.item.batchImport", json!({"entityTypeId": 2, "data": data}));
        let items = answer["items"].as_array().unwrap();
        assert_eq!((&items[0], &items[2]), (&json!({"item": {"id": 1}}), &json!({"item": {"id": 2}})));
        assert_eq!(items[1]["error"], "CRM_FIELD_ERROR_VALUE_NOT_VALID");
        let listed = portal.page("crm.item.list", json!({"entityTypeId": 2})).unwrap();
        assert_eq!(listed.total, Some(2));
        let many: Vec<Value> = (0..21).map(|_| json!({"title": "x"})).collect();
        let refused = portal.refused("crm.item.batchImport", json!({"entityTypeId": 2, "data": many}));
        let text = "You cannot import more than 20 items";
        assert_eq!(refused, (400, "MAX_IMPORT_BATCH_SIZE_EXCEEDED".into(), text.into()));
        let unknown = portal.refused("crm.item.batchImport", json!({"entityTypeId": 77, "data": []}));
        assert_eq!(unknown.1, "NOT_FOUND");
    }
}
