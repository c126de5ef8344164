//! `task.checklistitem.*`: trees, people, rights, and parameters by their place.

use serde_json::{Value as Json, json};
use testportal::{Hook, input, portals};

use crate::task;

#[allow(clippy::needless_pass_by_value, reason = "reads well with json! at the call")]
fn add(hook: &Hook, task: &str, fields: Json) -> i64 {
    hook.get("task.checklistitem.add", json!([task, fields])).as_i64().unwrap()
}

fn words(fault: &(u16, String, String)) -> (&str, &str) {
    (fault.1.as_str(), fault.2.as_str())
}

#[test]
fn items_stand_in_trees_and_show_in_the_task() {
    for portal in portals("task") {
        let id = task(&portal, json!({}));
        // Without a checklist there one is made.
        let first = add(&portal, &id, json!({"TITLE": "Measure"}));
        let list = portal.get("task.checklistitem.getlist", json!({"x": id, "y": {"ID": "asc"}}));
        assert_eq!((&list[0]["TITLE"], &list[0]["PARENT_ID"]), (&json!("BX_CHECKLIST_1"), &json!(0)));
        assert_eq!((&list[1]["PARENT_ID"], &list[1]["SORT_INDEX"]), (&json!("1"), &json!("0")));
        assert_eq!((&list[1]["TOGGLED_DATE"], &list[1]["MEMBERS"]), (&json!(""), &json!([])));
        // One above it that is not there makes a checklist, too.
        let other = add(&portal, &id, json!({"TITLE": "Paint", "PARENT_ID": 99}));
        let below = add(&portal, &id, json!({"TITLE": "Walls", "PARENT_ID": other, "IS_IMPORTANT": "Y"}));
        let second = add(&portal, &id, json!({"TITLE": "Order"}));
        assert_eq!(portal.get("task.checklistitem.moveafteritem", json!([id, below, first])), json!(null));
        let shown = portal.get("tasks.task.update", json!({"taskId": id, "fields": {}}))["task"].clone();
        let tree = &shown["checkListTree"]["descendants"];
        let titles = |node: &Json| {
            let below = node["descendants"].as_array().unwrap().iter();
            below
                .map(|item| {
                    format!(
                        "{} {}",
                        item["fields"]["displaySortIndex"].as_str().unwrap(),
                        item["fields"]["title"].as_str().unwrap()
                    )
                })
                .collect::<Vec<_>>()
        };
        assert_eq!(titles(&tree[0]), ["1 Measure", "2 Walls", "3 Order"]);
        assert_eq!((titles(&tree[1]).len(), &shown["checkListCanAdd"]), (0, &json!(true)));
        assert_eq!(shown["checklist"][second.to_string()]["parentId"], "1");
        // What is deleted takes along what is below it.
        assert_eq!(portal.get("task.checklistitem.delete", json!([id, 1])), json!(true));
        let left = portal.get("task.checklistitem.getlist", json!([id]));
        assert_eq!(left.as_array().unwrap().len(), 1, "{left}");
        let gone = portal.refused("task.checklistitem.get", json!([id, first]));
        let text = "TASKS_ERROR_EXCEPTION_#512; Check listitem not found or not accessible; 512/TE/ITEM_NOT_FOUND_OR_NOT_ACCESSIBLE<br>";
        assert_eq!(words(&gone), ("ERROR_CORE", text));
    }
}

#[test]
fn items_are_done_once_and_name_people() {
    for portal in portals("task") {
        let ines = portal.employee("ines@example.com", "task");
        let id = task(&portal, json!({}));
        let other = task(&portal, json!({}));
        let members = json!({ines.user.to_string(): {"TYPE": "A"}});
        let item = add(&portal, &id, json!({"TITLE": "Measure", "MEMBERS": members}));
        let shown = ines.get("tasks.task.get", json!({"taskId": id}))["task"].clone();
        assert_eq!(shown["accomplices"], json!([ines.user.to_string()]));
        let got = ines.get("task.checklistitem.get", json!({"TASKID": id, "ITEMID": item}));
        assert_eq!(
            (&got["MEMBERS"][0]["ID"], &got["MEMBERS"][0]["TYPE"]),
            (&json!(ines.user.to_string()), &json!("A"))
        );
        let listening = portal.told(input(&["ONTASKUPDATE"]));
        // The item alone counts.
        assert_eq!(ines.get("task.checklistitem.complete", json!([other, item])), json!(true));
        let got = ines.at(testportal::NOW + 60).get("task.checklistitem.complete", json!([id, item]));
        assert_eq!((got, portal.raised(listening).len()), (json!(true), 1));
        let got = ines.get("task.checklistitem.get", json!([id, item]));
        assert_eq!((&got["IS_COMPLETE"], &got["TOGGLED_BY"]), (&json!("Y"), &json!(ines.user.to_string())));
        assert_eq!(got["TOGGLED_DATE"], "2026-06-01T12:00:00+00:00");
        assert_eq!(portal.get("task.checklistitem.renew", json!([id, 99])), json!(false));
        assert_eq!(
            portal.get("task.checklistitem.update", json!([id, item, {"TITLE": "Weigh", "MEMBERS": {}}])),
            json!(null)
        );
        let got = portal.get("task.checklistitem.get", json!([id, item]));
        assert_eq!(
            (&got["TITLE"], &got["MEMBERS"], &got["IS_COMPLETE"]),
            (&json!("Weigh"), &json!([]), &json!("Y"))
        );
    }
}

#[test]
fn who_only_looks_on_changes_no_checklist() {
    for portal in portals("task") {
        let (ines, otto) =
            (portal.employee("ines@example.com", "task"), portal.employee("otto@example.com", "task"));
        let id = task(&portal, json!({"AUDITORS": [ines.user]}));
        let item = add(&portal, &id, json!({"TITLE": "Measure"}));
        for hook in [&ines, &otto] {
            let refused = hook.refused("task.checklistitem.add", json!([id, {"TITLE": "x"}]));
            let text = "TASKS_ERROR_EXCEPTION_#8; Adding item: action not allowed; 8/TE/ACTION_FAILED_TO_BE_PROCESSED<br>";
            assert_eq!(words(&refused), ("ERROR_CORE", text));
            assert_eq!(hook.get("task.checklistitem.isactionallowed", json!([id, item, 2])), json!(false));
            assert_eq!(hook.get("task.checklistitem.complete", json!([id, item])), json!(false));
        }
        assert_eq!(ines.get("task.checklistitem.getlist", json!([id])).as_array().unwrap().len(), 2);
        assert!(otto.refused("task.checklistitem.getlist", json!([id])).2.contains("#8; Action failed;"));
        for (action, may) in [(1, true), (5, true), (6, false)] {
            assert_eq!(
                portal.get("task.checklistitem.isactionallowed", json!([id, item, action])),
                json!(may)
            );
        }
    }
}

#[test]
fn parameters_count_by_their_place_and_wrong_ones_are_told() {
    for portal in portals("task") {
        let id = task(&portal, json!({}));
        for (method, params, text) in [
            (
                "add",
                json!({"foreign": "x", "TASKID": id}),
                "Param #0 (taskId) for method ctaskchecklistitem::add() expected to be of type \"integer\", but given something else.",
            ),
            (
                "add",
                json!([id]),
                "Param #1 (arFields) expected by method ctaskchecklistitem::add(), but not given.",
            ),
            (
                "add",
                json!([id, {"NAME": "x"}]),
                "Param #1 (arFields) for method ctaskchecklistitem::add() must not contain key \"NAME\".",
            ),
            (
                "get",
                json!({"TASKID": id}),
                "Param #1 (itemId) expected by method ctaskchecklistitem::get(), but not given.",
            ),
            (
                "getlist",
                json!([id, {"IS_COMPLETED": "asc"}]),
                "Param #1 (arOrder) for method ctaskchecklistitem::getlist() must not contain key \"IS_COMPLETED\".",
            ),
        ] {
            let refused = portal.refused(&format!("task.checklistitem.{method}"), params);
            let whole = format!("TASKS_ERROR_EXCEPTION_#256; {text}; 256/TE/WRONG_ARGUMENTS<br>");
            assert_eq!(words(&refused), ("ERROR_CORE", whole.as_str()));
        }
        let unnamed = portal.refused("task.checklistitem.add", json!([id, {"TITLE": " "}]));
        assert!(unnamed.2.contains("#8; Item name not specified;"));
        let manifest = portal.get("task.checklistitem.getmanifest", json!({}));
        assert_eq!(manifest["REST: available methods"]["get"]["mandatoryParamsCount"], 2);
    }
}
