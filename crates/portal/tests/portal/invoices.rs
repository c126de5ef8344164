//! Invoices (`entityTypeId` 31): what makes them differ from deals and from smart processes.

use serde_json::{Value, json};
use store::Tx;
use testportal::{Hook, NOW, portals};

const TYPE: i64 = 31;

fn add(hook: &Hook, fields: Value) -> Value {
    let given = Value::from_iter([("entityTypeId", json!(TYPE)), ("fields", fields)]);
    hook.get("crm.item.add", given)["item"].clone()
}

fn get(hook: &Hook, id: &Value) -> Value {
    hook.get("crm.item.get", json!({"entityTypeId": TYPE, "id": id}))["item"].clone()
}

fn update(hook: &Hook, id: &Value, fields: Value) -> Value {
    let given = Value::from_iter([("entityTypeId", json!(TYPE)), ("id", id.clone()), ("fields", fields)]);
    hook.get("crm.item.update", given)["item"].clone()
}

fn pipeline(hook: &Hook) -> Value {
    hook.get("crm.category.list", json!({"entityTypeId": TYPE}))["categories"][0].clone()
}

#[test]
fn a_new_invoice_has_a_number_a_stage_and_dates() {
    for portal in portals("crm") {
        let own = portal.get("crm.company.add", json!({"fields": {"TITLE": "We", "IS_MY_COMPANY": "Y"}}));
        let deal = portal.get("crm.deal.add", json!({"fields": {"TITLE": "Desks"}}));
        let quote = portal.get("crm.quote.add", json!({"fields": {"TITLE": "Desks"}}));
        let pipeline = pipeline(&portal);
        assert_eq!((&pipeline["isDefault"], &pipeline["entityTypeId"]), (&json!("Y"), &json!(TYPE)));
        let invoice = add(&portal, json!({"parentId2": deal, "parentId7": quote}));
        let id = &invoice["id"];
        let stage = format!("DT31_{}:N", pipeline["id"]);
        for (field, value) in [
            ("title", json!(format!("Invoice #{id}"))),
            ("accountNumber", json!(id.to_string())),
            ("categoryId", pipeline["id"].clone()),
            ("stageId", json!(stage)),
            ("begindate", json!("2026-06-01T00:00:00+00:00")),
            ("closedate", json!("2026-06-08T00:00:00+00:00")),
            ("mycompanyId", own),
            ("parentId2", deal.clone()),
            ("parentId7", quote),
            ("opportunity", json!(0)),
            ("isManualOpportunity", json!("N")),
            ("observers", json!([])),
            ("entityTypeId", json!(TYPE)),
        ] {
            assert_eq!(invoice[field], value, "{field}");
        }
        assert_eq!(add(&portal, json!({"accountNumber": "2026/7"}))["accountNumber"], "2026/7");
        let of_deal = json!({"entityTypeId": TYPE, "filter": {"parentId2": deal}, "select": ["id"]});
        assert_eq!(portal.get("crm.item.list", of_deal)["items"], json!([{"id": id}]));
        portal.get("crm.deal.delete", json!({"id": deal}));
        assert_ne!(get(&portal, id)["parentId2"], deal, "nothing stands under a deal that is gone");
    }
}

#[test]
fn stages_have_the_number_of_the_pipeline_and_a_history() {
    for portal in portals("crm") {
        let number = pipeline(&portal)["id"].clone();
        let filter = json!({"filter": {"ENTITY_ID": format!("SMART_INVOICE_STAGE_{number}")}, "order": {"SORT": "ASC"}});
        let stages = portal.get("crm.status.list", filter);
        let stages: Vec<_> = stages
            .as_array()
            .unwrap()
            .iter()
            .map(|row| (row["STATUS_ID"].clone(), row["SEMANTICS"].clone()))
            .collect();
        let stage = |code: &str| json!(format!("DT31_{number}:{code}"));
        let documented = [("N", json!(null)), ("S", json!(null)), ("P", json!("S")), ("D", json!("F"))];
        assert_eq!(stages, documented.map(|(code, meaning)| (stage(code), meaning)));
        let kinds = portal.get("crm.status.entity.types", json!({}));
        let name = format!("SMART_INVOICE_STAGE_{number}");
        let kind = kinds.as_array().unwrap().iter().find(|kind| kind["ID"] == *name).unwrap();
        assert_eq!(
            (&kind["ENTITY_TYPE_ID"], &kind["PREFIX"]),
            (&json!(TYPE), &json!(format!("DT31_{number}")))
        );

        let id = add(&portal, json!({"title": "x"}))["id"].clone();
        let sent = update(&portal, &id, json!({"stageId": stage("S")}));
        assert_eq!((&sent["stageId"], &sent["previousStageId"]), (&stage("S"), &stage("N")));
        update(&portal, &id, json!({"stageId": stage("P")}));
        let history = json!({"entityTypeId": TYPE, "filter": {"OWNER_ID": id}, "order": {"ID": "ASC"}});
        let rows = portal.get("crm.stagehistory.list", history)["items"].clone();
        let rows: Vec<_> = rows
            .as_array()
            .unwrap()
            .iter()
            .map(|row| (row["TYPE_ID"].clone(), row["STAGE_ID"].clone(), row["STAGE_SEMANTIC_ID"].clone()))
            .collect();
        let expected = [(1, "N", "P"), (2, "S", "P"), (3, "P", "S")];
        assert_eq!(rows, expected.map(|(kind, code, meaning)| (json!(kind), stage(code), json!(meaning))));
    }
}

#[test]
fn rows_user_fields_timeline_and_events_are_those_of_items() {
    for portal in portals("crm") {
        let all = [
            "ONCRMDYNAMICITEMADD",
            "ONCRMDYNAMICITEMUPDATE",
            "ONCRMDYNAMICITEMDELETE",
            "ONCRMDYNAMICITEMADD_31",
        ];
        let outbound = portal.both(1, "crm", &all);
        let id = add(&portal, json!({"title": "x"}))["id"].clone();
        let rows = json!([{"productName": "Desk", "price": 110, "quantity": 2, "taxRate": 10}]);
        portal.get("crm.item.productrow.set", json!({"ownerType": "SI", "ownerId": id, "productRows": rows}));
        let invoice = get(&portal, &id);
        assert_eq!((&invoice["opportunity"], &invoice["taxValue"]), (&json!(220), &json!(20)));
        let note = json!({"ENTITY_ID": id, "ENTITY_TYPE": "smart_invoice", "COMMENT": "Sent"});
        portal.get("crm.timeline.comment.add", json!({"fields": note}));
        let todo = json!({"ownerTypeId": TYPE, "ownerId": id, "deadline": "2026-06-02T12:00:00+00:00"});
        portal.get("crm.activity.todo.add", todo);
        portal.get("crm.item.delete", json!({"entityTypeId": TYPE, "id": id}));
        let data = json!({"FIELDS": {"ID": id.to_string(), "ENTITY_TYPE_ID": "31"}});
        let raised: Vec<_> = portal.raised(outbound);
        assert!(raised.iter().all(|(_, told)| *told == data), "{raised:?}");
        let names: Vec<&str> = raised.iter().map(|(event, _)| &**event).collect();
        assert_eq!(names, [all[0], all[3], all[1], all[2]], "on {}", portal.engine);
        for table in ["crm_activity", "crm_product_row"] {
            let sql = format!("SELECT COUNT(*) FROM {table}");
            assert_eq!(portal.read(move |tx| Ok(tx.one(&sql, &[], |row| row.int(0))?)), Some(0), "{table}");
        }
    }
}

#[test]
fn a_portal_of_before_gets_the_pipeline_and_rights() {
    for bench in portals("crm") {
        bench.write(|tx: &mut Tx<'_>| {
            for sql in [
                "DELETE FROM crm_status WHERE entity_id LIKE 'SMART_INVOICE_STAGE%'",
                "DELETE FROM crm_category WHERE entity_type_id = 31",
                "DELETE FROM crm_role_permission WHERE entity = 'SMART_INVOICE'",
                "DELETE FROM portal_state WHERE name = 'seed:crm.smartInvoice'",
            ] {
                tx.execute(sql, &[])?;
            }
            Ok(())
        });
        let bench = bench.reopened();
        let number = pipeline(&bench)["id"].clone();
        let at = bench.at(NOW + 60);
        assert_eq!(add(&at, json!({}))["stageId"], format!("DT31_{number}:N"), "on {}", bench.engine);
        let ines = bench.employee("ines@example.com", "crm");
        add(&ines, json!({"title": "Hers"}));
    }
}
