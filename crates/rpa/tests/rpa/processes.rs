//! Processes and their stages.

use serde_json::{Value, json};
use testportal::portals;

use crate::{SCOPES, field, item, number, numbers, process, stage};

#[test]
fn stages_stand_in_their_order_with_one_success() {
    for ada in portals(SCOPES) {
        let of = process(&ada, &[]);
        let done = stage(&ada, of, "Done", "SUCCESS");
        let [failed, first] =
            [("Failed", "FAIL"), ("Begun", "")].map(|(name, semantic)| stage(&ada, of, name, semantic));
        let fields = json!({"name": "Earlier", "typeId": of, "sort": 1, "color": "#ffa900", "code": "e"});
        let earlier = ada.get("rpa.stage.add", json!({"fields": fields}));
        assert_eq!(
            json!([
                earlier["color"],
                earlier["code"],
                earlier["semantic"],
                earlier["isFirst"],
                earlier["robotsCount"]
            ]),
            json!(["FFA900", "e", null, true, 0])
        );
        assert_eq!(earlier["permissions"], json!({"droppable": true, "canMoveFrom": true}));
        let list = |params: Value| ada.get("rpa.stage.listForType", params)["stages"].clone();
        let stages = list(json!({"typeId": of}));
        assert_eq!(numbers(&stages), [number(&earlier), first, failed, done]);
        assert!(stages[0].get("tasks").is_none(), "{stages}");
        assert_eq!((&stages[3]["isSuccess"], &stages[2]["isFail"]), (&json!(true), &json!(true)));
        assert_eq!(ada.refused("rpa.stage.listForType", json!({"typeId": 999})).1, "NOT_FOUND");

        let add = |fields: Value| ada.refused("rpa.stage.add", json!({"fields": fields})).1;
        assert_eq!(add(json!({"name": "x", "typeId": of, "semantic": "SUCCESS"})), "NOT_ALLOWED");
        for unfit in [
            json!({"color": "red"}),
            json!({"semantic": "MAYBE"}),
            json!({"typeId": 999}),
            json!({"name": " "}),
        ] {
            let mut fields = json!({"name": "x", "typeId": of});
            fields.as_object_mut().unwrap().extend(unfit.as_object().unwrap().clone());
            assert_eq!(add(fields), "INVALID_ARG_VALUE", "{unfit}");
        }
        let change =
            |id: i64, fields: Value| ada.ask("rpa.stage.update", json!({"id": id, "fields": fields}));
        assert_eq!(change(done, json!({"semantic": ""})).unwrap_err().code, "NOT_ALLOWED");
        assert_eq!(change(failed, json!({"semantic": "SUCCESS"})).unwrap_err().code, "NOT_ALLOWED");
        let renamed = change(done, json!({"name": "Finished"})).unwrap();
        assert_eq!((&renamed["name"], &renamed["semantic"]), (&json!("Finished"), &json!("SUCCESS")));
        assert_eq!(ada.refused("rpa.stage.delete", json!({"id": done})).1, "NOT_ALLOWED");

        let kept = item(&ada, of, json!({}));
        assert_eq!(ada.refused("rpa.stage.delete", json!({"id": earlier["id"]})).1, "NOT_ALLOWED");
        ada.get("rpa.item.update", json!({"typeId": of, "id": kept, "fields": {"stageId": first}}));
        assert_eq!(ada.get("rpa.stage.delete", json!({"id": earlier["id"]})), json!([]));
        assert_eq!(ada.refused("rpa.stage.get", json!({"id": earlier["id"]})).1, "NOT_FOUND");
    }
}

#[test]
fn a_process_goes_with_all_that_it_has() {
    for ada in portals(SCOPES) {
        let (gone, stays) = (process(&ada, &[("UA", "VIEW")]), process(&ada, &[]));
        for of in [gone, stays] {
            stage(&ada, of, "Begun", "");
            stage(&ada, of, "Done", "SUCCESS");
            field(&ada, of, "PAPER", "file");
            let fields = json!({format!("UF_RPA_{of}_PAPER"): ["a.txt", "aGVsbG8="]});
            assert_eq!(item(&ada, of, fields), 1, "each process counts its own items");
            let files = json!({"description": "x", "files": [["b.txt", "aGk="]]});
            ada.get("rpa.comment.add", json!({"typeId": of, "itemId": 1, "fields": files}));
            ada.get("rpa.fields.setSettings", json!({"typeId": of, "fields": {"kanban": ["id"]}}));
        }
        assert_eq!(ada.get("rpa.type.delete", json!({"id": gone})), json!([]));
        assert_eq!(ada.refused("rpa.type.get", json!({"id": gone})).1, "NOT_FOUND");
        assert_eq!(ada.refused("rpa.item.get", json!({"typeId": gone, "id": 1})).1, "NOT_FOUND");
        assert_eq!(numbers(&ada.get("rpa.type.list", json!({}))["types"]), [stays]);
        let fields = ada.get("userfieldconfig.list", json!({"moduleId": "rpa"}));
        assert_eq!(fields["fields"].as_array().unwrap().len(), 1, "{fields}");
        let left = ada.read(|tx| {
            let count = |table: &str| format!("(SELECT COUNT(*) FROM {table})");
            let tables = ["rpa_stage", "rpa_permission", "rpa_field_setting", "portal_file", "rpa_timeline"]
                .map(count);
            let sql = format!("SELECT {}", tables.join(", "));
            let found =
                tx.one(&sql, &[], |row| (0..5).map(|at| row.int(at)).collect::<Result<Vec<i64>, _>>())?;
            Ok(found.unwrap_or_default())
        });
        // Of the process that stays: two stages, a setting, two files, and what was added and said.
        assert_eq!(left, [2, 0, 1, 2, 2]);
        ada.get("rpa.item.get", json!({"typeId": stays, "id": 1}));
    }
}

#[test]
fn fields_are_shown_where_settings_say() {
    for ada in portals(SCOPES) {
        let of = process(&ada, &[]);
        field(&ada, of, "NAME", "string");
        let (name, begun) = (format!("UF_RPA_{of}_NAME"), stage(&ada, of, "Begun", ""));
        let get = |params: Value| ada.get("rpa.fields.getSettings", params)["fields"].clone();
        assert_eq!(get(json!({"typeId": of})), json!([]));
        let set = json!({"typeId": of, "fields": {"kanban": {"id": true, "movedBy": false, &name: true}}});
        assert_eq!(
            ada.get("rpa.fields.setSettings", set)["fields"],
            json!({"kanban": {"id": true, &name: true}})
        );
        let one = json!({"typeId": of, "visibility": "create", "fields": [name]});
        ada.get("rpa.fields.setVisibilitySettings", one);
        let both = json!({"kanban": {"id": true, &name: true}, "create": {&name: true}});
        assert_eq!(get(json!({"typeId": of})), both);
        assert_eq!(get(json!({"typeId": of, "stageId": begun})), json!([]), "a stage has its own");
        ada.get("rpa.fields.setSettings", json!({"typeId": of, "fields": {}}));
        assert_eq!(get(json!({"typeId": of})), json!([]));
        for unfit in [
            json!({"visibility": "nowhere", "fields": ["id"]}),
            json!({"visibility": "kanban", "fields": ["UF_RPA_NONE"]}),
            json!({"visibility": "kanban", "stageId": 999, "fields": ["id"]}),
        ] {
            let mut params = unfit.clone();
            params["typeId"] = of.into();
            assert_eq!(ada.refused("rpa.fields.setVisibilitySettings", params).0, 400, "{unfit}");
        }
    }
}
