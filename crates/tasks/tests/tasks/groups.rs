//! Tasks of workgroups: who sees them, who may do what, and what becomes of them with the workgroup.

use serde_json::json;
use testportal::portals;

use crate::stages::group;
use crate::task;

#[test]
fn members_see_the_tasks_of_a_workgroup_and_moderators_change_them() {
    for portal in portals("task,sonet_group") {
        let hook = |name: &str| portal.employee(&format!("{name}@example.com"), "task,sonet_group");
        let (owner, moderator, member, guest) =
            (hook("owner"), hook("moderator"), hook("member"), hook("guest"));
        let group = group(&portal, &owner, &[&moderator, &member]);
        let role = json!({"GROUP_ID": group, "USER_ID": moderator.user, "ROLE": "E"});
        owner.get("sonet_group.user.update", role);
        // A member gives a task there, others do not.
        let id = task(&member, json!({"GROUP_ID": group}));
        let given = json!({"fields": {"TITLE": "x", "RESPONSIBLE_ID": guest.user, "GROUP_ID": group}});
        let text = "The workgroup was not found or is not accessible<br>";
        assert_eq!(guest.refused("tasks.task.add", given).2, text);
        let nowhere = json!({"fields": {"TITLE": "x", "RESPONSIBLE_ID": owner.user, "GROUP_ID": 777}});
        assert_eq!(owner.refused("tasks.task.add", nowhere).2, text);

        let other = task(&moderator, json!({"GROUP_ID": group}));
        for (hook, edits) in [(&owner, true), (&moderator, true), (&member, false)] {
            let shown = hook.get("tasks.task.get", json!({"taskId": other}));
            assert_eq!(
                shown["task"]["group"],
                json!({
                    "id": group.to_string(), "name": "Trade fair", "opened": true, "membersCount": 3,
                    "image": "/bitrix/images/socialnetwork/workgroup/folder.png", "additionalData": [],
                })
            );
            assert_eq!(shown["task"]["action"]["edit"], json!(edits), "{}", hook.user);
            assert_eq!(shown["task"]["action"]["remove"], json!(edits));
            let told = hook.get("tasks.task.getaccess", json!({"taskId": other}));
            assert_eq!(told["allowedActions"][hook.user.to_string()]["EDIT"], json!(edits));
            let change = hook.ask(
                "tasks.task.update",
                json!({"taskId": other, "fields": {"TITLE": format!("by {}", hook.user)}}),
            );
            assert_eq!(change.is_ok(), edits);
            let listed = hook.page("tasks.task.list", json!({"filter": {"GROUP_ID": group}})).unwrap();
            assert_eq!(listed.total, Some(2));
            assert_eq!(listed.result["tasks"][0]["group"]["name"], "Trade fair");
        }
        assert_eq!(guest.get("tasks.task.get", json!({"taskId": other})), json!([]));
        assert_eq!(guest.page("tasks.task.list", json!({})).unwrap().total, Some(0));
        assert_eq!(member.refused("tasks.task.delete", json!({"taskId": other})).1, "1048582");
        assert_eq!(moderator.get("tasks.task.delete", json!({"taskId": id})), json!({"task": true}));

        // Whoever leaves does not see them any more.
        owner.get("sonet_group.user.delete", json!({"GROUP_ID": group, "USER_ID": member.user}));
        assert_eq!(member.get("tasks.task.get", json!({"taskId": other})), json!([]));
    }
}

#[test]
fn tasks_of_a_deleted_workgroup_stay_with_their_people() {
    for portal in portals("task,sonet_group") {
        let hook = |name: &str| portal.employee(&format!("{name}@example.com"), "task,sonet_group");
        let (owner, member) = (hook("owner"), hook("member"));
        let group = group(&portal, &owner, &[&member]);
        let stages = owner.get("task.stages.get", json!({"entityId": group}));
        let stage = stages.as_object().unwrap().keys().next_back().unwrap().clone();
        let id = task(&owner, json!({"GROUP_ID": group, "STAGE_ID": stage}));
        owner.get("task.stages.movetask", json!({"id": id, "stageId": stage}));
        owner.get("sonet_group.delete", json!({"GROUP_ID": group}));
        let shown = owner.get("tasks.task.get", json!({"taskId": id}));
        let task = &shown["task"];
        assert_eq!(
            (&task["groupId"], &task["stageId"], &task["group"]),
            (&json!("0"), &json!("0"), &json!([]))
        );
        assert_eq!(member.get("tasks.task.get", json!({"taskId": id})), json!([]));
        let left = owner.read(|tx| Ok(tx.one("SELECT COUNT(*) FROM tasks_stage", &[], |row| row.int(0))?));
        assert_eq!(left, Some(0));
    }
}
