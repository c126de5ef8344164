//! What becomes of that which a workgroup has when it is deleted.

use serde_json::{Value as Json, json};
use testportal::{Bench, Hook, portals};

const SCOPES: &str = "sonet_group,socialnetwork,im,task,disk,lists";

fn count(bench: &Bench, sql: &'static str, of: i64) -> i64 {
    bench.read(move |tx| Ok(tx.one(sql, &[of.into()], |row| row.int(0))?.unwrap_or(0)))
}

fn storage(hook: &Hook, group: i64) -> Option<Json> {
    let storages = hook.get("disk.storage.getList", json!({}));
    let of = |one: &&Json| one["ENTITY_TYPE"] == "group" && one["ENTITY_ID"] == json!(group.to_string());
    storages.as_array().unwrap().iter().find(of).cloned()
}

#[test]
fn the_drive_of_a_deleted_group_is_out_of_reach_and_then_gone() {
    for ada in portals(SCOPES) {
        let (ines, otto) = (ada.employee("ines@x.de", SCOPES), ada.employee("otto@x.de", SCOPES));
        let group = ines.get("sonet_group.create", json!({"NAME": "Stand"})).as_i64().unwrap();
        let drive = storage(&ines, group).unwrap();
        assert_eq!(drive["NAME"], "Stand");
        ines.get("sonet_group.update", json!({"GROUP_ID": group, "NAME": "Fair"}));
        assert_eq!(storage(&ines, group).unwrap()["NAME"], "Fair");
        let folder =
            ines.get("disk.storage.addFolder", json!({"id": drive["ID"], "data": {"NAME": "Plans"}}));
        let asked = json!({"id": folder["ID"], "data": {"NAME": "a.txt"}, "fileContent": ["a.txt", "VHdlbnR5IGNoYWlycw=="]});
        let file = ines.get("disk.folder.uploadFile", asked)["ID"].clone();
        ines.get(
            "disk.folder.shareToUser",
            json!({"id": folder["ID"], "userId": otto.user, "taskName": "disk_access_read"}),
        );
        otto.get("disk.file.get", json!({"id": file}));
        ines.get("sonet_group.delete", json!({"GROUP_ID": group}));
        for who in [&ines, &otto, &*ada] {
            assert_eq!(storage(who, group), None);
            who.refused("disk.file.get", json!({"id": file}));
            who.refused("disk.file.restore", json!({"id": file}));
            who.refused("disk.folder.restore", json!({"id": folder["ID"]}));
        }
        let storage: i64 = drive["ID"].as_str().unwrap().parse().unwrap();
        let left = "SELECT COUNT(*) FROM disk_object WHERE storage_id = ?";
        assert_eq!(count(&ada, left, storage), 3);
        ada.work("disk.trash", 1);
        assert_eq!(count(&ada, left, storage), 0);
    }
}

#[test]
fn the_lists_of_a_deleted_group_go_with_all_their_elements() {
    for ada in portals(SCOPES) {
        let ines = ada.employee("ines@x.de", SCOPES);
        let group = ines.get("sonet_group.create", json!({"NAME": "Stand"})).as_i64().unwrap();
        let of = |more: Json| {
            let mut params = json!({"IBLOCK_TYPE_ID": "lists_socnet", "IBLOCK_CODE": "tools"});
            params.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            params
        };
        let list = ines
            .get("lists.add", of(json!({"FIELDS": {"NAME": "Tools"}, "SOCNET_GROUP_ID": group})))
            .as_i64()
            .unwrap();
        for n in 0..103 {
            let element = json!({"ELEMENT_CODE": format!("e{n}"), "FIELDS": {"NAME": "Drill"}});
            ines.get("lists.element.add", of(element));
        }
        ines.get("sonet_group.delete", json!({"GROUP_ID": group}));
        assert_eq!(ines.get("lists.get", json!({"IBLOCK_TYPE_ID": "lists_socnet"})), json!([]));
        ines.refused("lists.element.get", of(json!({})));
        ada.work("lists.gone", 1);
        assert_eq!(count(&ada, "SELECT COUNT(*) FROM lists_element WHERE list_id = ?", list), 0);
        assert_eq!(count(&ada, "SELECT COUNT(*) FROM lists_list WHERE id = ?", list), 0);
        assert_eq!(count(&ada, "SELECT COUNT(*) FROM lists_field WHERE list_id = ?", list), 0);
    }
}

#[test]
fn the_tasks_of_a_deleted_group_stay_and_belong_to_none() {
    for ada in portals(SCOPES) {
        let ines = ada.employee("ines@x.de", SCOPES);
        let group = ines.get("sonet_group.create", json!({"NAME": "Stand"})).as_i64().unwrap();
        let flow = ines.get(
            "tasks.flow.Flow.create",
            json!({"flowData": {
                "name": "Questions", "groupId": group, "plannedCompletionTime": 60, "distributionType": "queue",
                "responsibleList": [["user", ines.user.to_string()]],
            }}),
        );
        let task = ines.get("tasks.task.add", json!({"fields": {"TITLE": "Answer", "FLOW_ID": flow["id"]}}));
        let id = task["task"]["id"].clone();
        let stages = ines.get("task.stages.get", json!({"entityId": group}));
        let last = stages.as_object().unwrap().keys().next_back().unwrap().clone();
        ines.get("task.stages.movetask", json!({"id": id, "stageId": last}));
        let template = json!({"fields": {"TITLE": "Report", "RESPONSIBLE_ID": ines.user, "GROUP_ID": group}});
        let template = ines.get("tasks.template.add", template);
        ines.get("sonet_group.delete", json!({"GROUP_ID": group}));
        let left = ines.get("tasks.task.get", json!({"taskId": id}))["task"].clone();
        assert_eq!(
            (&left["groupId"], &left["stageId"], &left["flowId"]),
            (&json!("0"), &json!("0"), &json!(null))
        );
        ines.refused("tasks.flow.Flow.get", json!({"flowId": flow["id"]}));
        let left = ines.get("tasks.template.get", json!({"templateId": template}));
        assert_eq!(left["GROUP_ID"], "0");
    }
}
