//! Items and their timelines.

use serde_json::{Value, json};
use testportal::portals;

use crate::{SCOPES, field, item, number, numbers, process, stage};

#[test]
fn items_move_and_the_timeline_tells() {
    for ada in portals(SCOPES) {
        let of = process(&ada, &[]);
        let none = ada.refused("rpa.item.add", json!({"typeId": of, "fields": {}}));
        assert_eq!(none.1, "NOT_ALLOWED", "there are no stages");
        let [begun, done] =
            [("Begun", ""), ("Done", "SUCCESS")].map(|(name, semantic)| stage(&ada, of, name, semantic));
        field(&ada, of, "NAME", "string");
        let name = format!("UF_RPA_{of}_NAME");
        let id = item(&ada, of, json!({&name: "May", "stageId": done, "createdBy": 7}));
        let get = || ada.get("rpa.item.get", json!({"typeId": of, "id": id}))["item"].clone();
        let new = get();
        assert_eq!(
            json!([
                new["stageId"],
                new["previousStageId"],
                new["name"],
                new["typeId"],
                new["createdBy"],
                new[&name]
            ]),
            json!([begun, null, "May", of, 1, "May"])
        );
        assert_eq!((&new["tasksCounter"], &new["users"]["1"]["id"]), (&json!(0), &json!("1")));
        let update =
            |fields: Value| ada.ask("rpa.item.update", json!({"typeId": of, "id": id, "fields": fields}));
        update(json!({&name: "June", "stageId": done})).unwrap();
        let moved = get();
        assert_eq!(
            json!([moved["stageId"], moved["previousStageId"], moved["movedBy"], moved["name"]]),
            json!([done, begun, 1, "June"])
        );
        update(json!({&name: "June"})).unwrap();
        update(json!({&name: "July", "stageId": done})).unwrap();
        let other = process(&ada, &[]);
        for wrong in [999, stage(&ada, other, "Elsewhere", "")] {
            assert_eq!(update(json!({"stageId": wrong})).unwrap_err().code, "NOT_FOUND");
        }
        let told =
            ada.get("rpa.timeline.listForItem", json!({"typeId": of, "itemId": id}))["timeline"].clone();
        let actions: Vec<&Value> = told.as_array().unwrap().iter().map(|one| &one["action"]).collect();
        assert_eq!(actions, ["fields_change", "stage_change", "item_create"]);
        assert_eq!(
            told[1]["data"],
            json!({
                "item": {"name": "June"}, "scope": "rest", "fields": [{"name": name, "title": "NAME"}],
                "stageFrom": {"id": begun, "name": "Begun"}, "stageTo": {"id": done, "name": "Done"},
            })
        );
        ada.get("rpa.item.delete", json!({"typeId": of, "id": id}));
        for (method, key) in
            [("rpa.item.get", "id"), ("rpa.timeline.listForItem", "itemId"), ("rpa.item.delete", "id")]
        {
            assert_eq!(ada.refused(method, json!({"typeId": of, key: id})).1, "NOT_FOUND", "{method}");
        }
        assert_eq!(ada.refused("rpa.item.get", json!({"id": id})).1, "NOT_FOUND", "of no process");
    }
}

#[test]
fn items_are_found_by_documented_filters() {
    for ada in portals(SCOPES) {
        let of = process(&ada, &[]);
        stage(&ada, of, "Begun", "");
        field(&ada, of, "NAME", "string");
        let name = format!("UF_RPA_{of}_NAME");
        let (one, two) = (item(&ada, of, json!({&name: "A"})), item(&ada, of, json!({})));
        let found = |filter: Value| {
            let rows =
                ada.get("rpa.item.list", json!({"typeId": of, "filter": filter, "order": {"id": "DESC"}}));
            assert!(rows["items"][0].get("users").is_none(), "{rows}");
            numbers(&rows["items"])
        };
        assert_eq!(found(json!({})), [two, one]);
        assert_eq!(found(json!({format!("!={name}"): ""})), [one]);
        assert_eq!(found(json!({"logic": "or", "0": {"=id": one}, "1": {"=updatedBy": "9"}})), [one]);
        assert_eq!(found(json!({"=movedBy": 1, ">createdTime": "2020-03-19T02:00:00+02:00"})), [two, one]);
        assert_eq!(found(json!({"tasks": "no_tasks"})), [two, one]);
        assert_eq!(found(json!({"tasks": "has_tasks"})), [0; 0]);
        let unknown = json!({"typeId": of, "filter": {"nonsense": 1}});
        assert_eq!(ada.refused("rpa.item.list", unknown).1, "INVALID_ARG_VALUE");
    }
}

#[test]
fn records_and_comments_belong_to_who_added_them() {
    for ada in portals(SCOPES) {
        let otto = ada.employee("otto@x.de", SCOPES);
        let of = process(&ada, &[("UA", "ITEMS_CREATE")]);
        stage(&ada, of, "Begun", "");
        let id = item(&ada, of, json!({}));
        let at = |fields: Value| json!({"typeId": of, "itemId": id, "fields": fields});
        let note =
            otto.get("rpa.timeline.add", at(json!({"title": "Printed", "files": [["a.txt", "aGk="]]})));
        let note = note["timeline"].clone();
        assert_eq!(
            json!([
                note["action"],
                note["data"],
                note["userId"],
                note["isFixed"],
                note["title"],
                note["description"]
            ]),
            json!([false, {"scope": "rest"}, otto.user, false, "Printed", ""])
        );
        let said = otto.get(
            "rpa.comment.add",
            at(json!({"description": "<i>[B]Hi[/B]</i>", "files": [["a.txt", "aGk="]]})),
        );
        let said = said["comment"].clone();
        assert_eq!(
            json!([said["action"], said["title"], said["htmlDescription"], said["textDescription"]]),
            json!(["comment", "Comment", "&lt;i&gt;<b>Hi</b>&lt;/i&gt;", "<i>Hi</i>"])
        );
        let file = said["data"]["files"][0].clone();
        let fields = json!({"files": [{"id": file}, ["b.txt", "aGk="]]});
        let changed = otto.get("rpa.comment.update", json!({"id": said["id"], "fields": fields}));
        let files = changed["comment"]["data"]["files"].as_array().unwrap();
        assert!(files.len() == 2 && files[0] == file, "{changed}");

        let (note, said) = (number(&note), number(&said));
        for (method, id) in [("rpa.timeline", note), ("rpa.comment", said)] {
            for verb in ["update", "delete"] {
                let params = json!({"id": id, "fields": {"description": "x"}});
                let (_, code, _) = ada.refused(&format!("{method}.{verb}"), params);
                assert_eq!(code, "ACCESS_DENIED", "{method}.{verb}");
            }
        }
        assert_eq!(
            otto.refused("rpa.timeline.delete", json!({"id": said})).1,
            "NOT_FOUND",
            "a comment is none"
        );
        let system =
            otto.get("rpa.timeline.listForItem", json!({"typeId": of, "itemId": id}))["timeline"][2].clone();
        assert_eq!(system["action"], "item_create");
        assert_eq!(
            ada.refused("rpa.timeline.update", json!({"id": system["id"], "fields": {}})).1,
            "NOT_FOUND"
        );
        let pinned = ada.get("rpa.timeline.updateIsFixed", json!({"id": note, "isFixed": "Y"}));
        assert_eq!(
            (&pinned["timeline"]["isFixed"], &pinned["timeline"]["title"]),
            (&json!(true), &json!("Printed"))
        );
        assert_eq!(ada.refused("rpa.timeline.updateIsFixed", json!({"id": note})).1, "INVALID_ARG_VALUE");
        assert_eq!(otto.get("rpa.timeline.delete", json!({"id": note})), json!([]));
        assert_eq!(otto.get("rpa.comment.delete", json!({"id": said})), json!([]));
        assert_eq!(
            otto.refused("rpa.comment.add", json!({"typeId": of, "itemId": 999, "fields": {}})).1,
            "NOT_FOUND"
        );
    }
}
