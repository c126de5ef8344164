//! Tasks, as the rules of stages raise them.

use serde_json::{Value, json};
use testportal::portals;

use crate::{SCOPES, item, numbers, process, stage};

#[test]
fn a_rule_raises_tasks_for_items_that_come_to_its_stage() {
    for ada in portals(SCOPES) {
        let [ines, otto] = ["ines", "otto"].map(|who| ada.employee(&format!("{who}@x.de"), SCOPES));
        let of = process(&ada, &[("UA", "ITEMS_CREATE")]);
        let [begun, check] = ["Begun", "Check"].map(|name| stage(&ada, of, name, ""));
        let rule = json!({
            "name": "Check", "moduleId": "rpa", "entity": "Bitrix\\Rpa\\Integration\\Bizproc\\Document\\Item",
            "documentType": format!("{of}:{check}"), "taskName": "Check it", "taskUsers": [ines.user.to_string()],
        });
        ada.get("bizproc.recorder.template.add", json!({"fields": rule}));
        let shown = ada.get("rpa.stage.get", json!({"id": check}));
        let robot = shown["tasks"][0]["robotName"].clone();
        assert_eq!(
            json!([shown["robotsCount"], shown["tasks"][0]["title"], shown["tasks"][0]["robotType"]]),
            json!([1, "Check it", "RpaApproveActivity"])
        );
        let rule = json!({"typeId": of, "stageId": check, "robotName": robot});
        let with = |user: Value| {
            let mut params = rule.clone();
            params["userValue"] = user;
            params
        };
        let otto_named = with(json!(format!("Otto [{}]", otto.user)));
        assert_eq!(ines.refused("rpa.task.addUser", otto_named.clone()).1, "ACCESS_DENIED");
        assert_eq!(ada.refused("rpa.task.addUser", with(json!("Nobody [999]"))).1, "INVALID_ARG_VALUE");
        ada.get("rpa.task.addUser", otto_named);
        let people = ada.get("rpa.stage.get", json!({"id": check}))["tasks"][0]["users"].clone();
        assert_eq!(people.as_array().unwrap().len(), 2, "{people}");

        let id = item(&ines, of, json!({}));
        let named = json!({"typeId": of, "id": id});
        assert_eq!(ines.get("rpa.item.getTasks", named.clone())["tasks"], json!([]));
        ines.get("rpa.item.update", json!({"typeId": of, "id": id, "fields": {"stageId": check}}));
        let tasks = ines.get("rpa.item.getTasks", named.clone())["tasks"].clone();
        let task = tasks.as_array().unwrap().iter().find(|one| one["userId"] == otto.user).unwrap().clone();
        assert_eq!((tasks.as_array().unwrap().len(), &task["data"]["isMine"]), (2, &json!(false)));
        let item = ines.get("rpa.item.get", named.clone())["item"].clone();
        assert_eq!(json!([item["tasksCounter"], item["tasksFaces"]["completed"]]), json!([1, []]));
        let mine = |filter: &str| json!({"typeId": of, "filter": {"tasks": filter}});
        assert_eq!(numbers(&otto.get("rpa.item.list", mine("has_tasks"))["items"]), [id]);
        assert_eq!(otto.get("rpa.item.list", mine("no_tasks"))["items"], json!([]));

        let press = |name: &str| json!({"taskId": task["id"], name: "Y"});
        assert_eq!(ines.refused("rpa.task.do", press("approve")).1, "NOT_FOUND", "it is not hers");
        assert_eq!(otto.refused("rpa.task.do", press("review")).1, "NOT_ALLOWED");
        assert_eq!(otto.refused("rpa.task.do", json!({"taskId": 999, "approve": "Y"})).1, "NOT_FOUND");
        let done = otto.get("rpa.task.do", press("approve"));
        assert_eq!(done["item"]["tasksFaces"]["completed"], json!([otto.user]));
        assert_eq!(otto.get("rpa.item.list", mine("has_tasks"))["items"], json!([]));
        assert_eq!(otto.refused("rpa.task.do", press("approve")).0, 400, "once");
        let told =
            ada.get("rpa.timeline.listForItem", json!({"typeId": of, "itemId": id}))["timeline"][0].clone();
        assert_eq!((&told["action"], &told["data"]["scope"]), (&json!("task_complete"), &json!("task")));
        let document =
            json!(["rpa", "Bitrix\\Rpa\\Integration\\Bizproc\\Document\\Item", format!("{of}:{id}")]);
        let task = &told["data"]["task"];
        assert_eq!((&task["PARAMETERS"]["DOCUMENT_ID"], &task["INCOMPLETE_USERS"]), (&document, &json!([])));

        assert_eq!(ada.get("rpa.task.delete", rule.clone()), json!([]));
        assert_eq!(ada.refused("rpa.task.delete", rule).1, "NOT_FOUND");
        let shown = ada.get("rpa.stage.get", json!({"id": check}));
        assert_eq!(json!([shown["tasks"], shown["robotsCount"]]), json!([[], 0]));
        assert_eq!(ada.get("rpa.item.getTasks", named)["tasks"], json!([]), "its tasks go with it");
        ada.get("rpa.stage.delete", json!({"id": begun}));
    }
}
