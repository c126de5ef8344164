//! Scrum: backlogs, epics, sprints and where tasks stand.

use std::thread;

use serde_json::{Value as Json, json};
use testportal::{Hook, portals};

use crate::task;

const SCOPES: &str = "task,sonet_group,disk";

/// A scrum of this user, who is its master.
fn scrum(hook: &Hook) -> i64 {
    let fields = json!({"NAME": "Shop", "PROJECT": "Y", "SCRUM_MASTER_ID": hook.user});
    hook.get("sonet_group.create", fields).as_i64().unwrap()
}

fn call(hook: &Hook, method: &str, params: Json) -> Json {
    hook.get(&format!("tasks.api.scrum.{method}"), params)
}

fn refused(hook: &Hook, method: &str, params: Json) -> (String, String) {
    let (status, code, text) = hook.refused(&format!("tasks.api.scrum.{method}"), params);
    assert_eq!(status, 400, "{method} {text}");
    (code, text)
}

fn fault(code: &str, text: &str) -> (String, String) {
    (code.to_owned(), text.to_owned())
}

fn sprint(hook: &Hook, group: i64, name: &str) -> i64 {
    call(hook, "sprint.add", json!({"fields": {"groupId": group, "name": name}}))["id"].as_i64().unwrap()
}

#[test]
fn epics_keep_what_they_are_given_and_list_by_upper_case_names() {
    for portal in portals(SCOPES) {
        let group = scrum(&portal);
        let fields =
            json!({"name": " Checkout ", "groupId": group, "description": "Text", "color": "#bbecf1"});
        let epic = call(&portal, "epic.add", json!({"fields": fields}));
        let whole = json!({
            "id": 1, "groupId": group, "name": "Checkout", "description": "Text", "createdBy": 1, "modifiedBy": 1,
            "color": "#bbecf1",
        });
        assert_eq!(epic, whole);
        call(&portal, "epic.add", json!({"fields": {"name": "Basket", "groupId": group}}));
        let params = json!({
            "filter": {"GROUP_ID": group, ">=ID": 1, "%NAME": "check"}, "order": {"NAME": "desc"},
            "select": ["ID", "NAME", "CREATED_BY"],
        });
        assert_eq!(
            call(&portal, "epic.list", params),
            json!([{"id": 1, "name": "Checkout", "createdBy": 1}])
        );
        let both = call(&portal, "epic.list", json!({"order": {"NAME": "asc"}}));
        assert_eq!((&both[0]["name"], &both[0]["description"]), (&json!("Basket"), &json!("")));
        let changed = call(&portal, "epic.update", json!({"id": 1, "fields": {"color": "#000000"}}));
        assert_eq!((&changed["name"], &changed["color"]), (&json!("Checkout"), &json!("#000000")));
        assert_eq!(call(&portal, "epic.delete", json!({"id": 1})), json!([]));
        assert_eq!(refused(&portal, "epic.get", json!({"id": 1})), fault("0", "Epic not found"));
        let nameless = refused(&portal, "epic.add", json!({"fields": {"groupId": group}}));
        assert_eq!(nameless, fault("0", "Name is not found"));
        for group in [json!(null), json!(999), portal.get("sonet_group.create", json!({"NAME": "Plain"}))] {
            let fields = json!({"name": "x", "groupId": group});
            let none = refused(&portal, "epic.add", json!({"fields": fields}));
            assert_eq!(none, fault("0", "Group is not found"));
        }
        let none = refused(&portal, "epic.get", json!({}));
        assert_eq!(none, fault("100", "Could not find value for parameter {id}"));
        let fields = call(&portal, "epic.getFields", json!({}));
        assert_eq!(fields["fields"]["files"], json!({"type": "array"}));
        assert_eq!(fields["fields"].as_object().unwrap().len(), 7);
    }
}

#[test]
fn files_of_an_epic_are_read_by_the_members_of_its_group() {
    for portal in portals(SCOPES) {
        let group = scrum(&portal);
        let [member, other] = ["m@x.de", "o@x.de"].map(|email| portal.employee(email, SCOPES));
        portal.get("sonet_group.user.add", json!({"GROUP_ID": group, "USER_ID": member.user}));
        let storages = portal.get("disk.storage.getlist", json!({"filter": {"ENTITY_TYPE": "user"}}));
        let own = storages.as_array().unwrap().iter().find(|row| row["ENTITY_ID"] == "1").unwrap().clone();
        let file =
            json!({"id": own["ID"], "data": {"NAME": "plan.txt"}, "fileContent": ["plan.txt", "aGVsbG8="]});
        let file = portal.get("disk.storage.uploadfile", file)["ID"].clone();
        let file = file.as_str().map_or_else(|| file.to_string(), str::to_owned);
        let fields = json!({"name": "Files", "groupId": group, "files": [format!("n{file}")]});
        let epic = call(&portal, "epic.add", json!({"fields": fields}))["id"].clone();
        let shown = call(&member, "epic.get", json!({"id": epic}))["files"].clone();
        assert_eq!(
            (&shown["FIELD_NAME"], shown["VALUE"].as_array().map(Vec::len)),
            (&json!("UF_SCRUM_EPIC_FILES"), Some(1))
        );
        let attached = json!({"id": shown["VALUE"][0]});
        assert_eq!(member.get("disk.attachedObject.get", attached.clone())["NAME"], "plan.txt");
        assert_eq!(other.refused("disk.attachedObject.get", attached.clone()).0, 400);
        call(&portal, "epic.update", json!({"id": epic, "fields": {"files": []}}));
        assert_eq!(call(&member, "epic.get", json!({"id": epic}))["files"]["VALUE"], json!([]));
        assert_eq!(portal.refused("disk.attachedObject.get", attached).0, 400);
    }
}

#[test]
fn scrums_are_for_their_members() {
    for portal in portals(SCOPES) {
        let group = scrum(&portal);
        let [member, other] = ["m@x.de", "o@x.de"].map(|email| portal.employee(email, SCOPES));
        portal.get("sonet_group.user.add", json!({"GROUP_ID": group, "USER_ID": member.user}));
        call(&member, "backlog.add", json!({"fields": {"groupId": group, "createdBy": member.user}}));
        let epic =
            call(&member, "epic.add", json!({"fields": {"groupId": group, "name": "x"}}))["id"].clone();
        let sprint = sprint(&member, group, "One");
        let task = task(&portal, json!({"GROUP_ID": group, "AUDITORS": [other.user]}));
        let denied = fault("0", "Access denied");
        for (method, params) in [
            ("backlog.get", json!({"id": group})),
            ("backlog.update", json!({"id": 1, "fields": {"modifiedBy": 1}})),
            ("backlog.delete", json!({"id": 1})),
            ("epic.add", json!({"fields": {"groupId": group, "name": "x"}})),
            ("epic.get", json!({"id": epic})),
            ("epic.update", json!({"id": epic, "fields": {"name": "y"}})),
            ("epic.delete", json!({"id": epic})),
            ("sprint.add", json!({"fields": {"groupId": group, "name": "x"}})),
            ("sprint.get", json!({"sprintId": sprint})),
            ("sprint.update", json!({"id": sprint, "fields": {"name": "y"}})),
            ("sprint.start", json!({"id": sprint})),
            ("sprint.complete", json!({"id": group})),
            ("sprint.delete", json!({"id": sprint})),
            ("task.get", json!({"id": task})),
            ("task.update", json!({"id": task, "fields": {"storyPoints": "1"}})),
        ] {
            assert_eq!(refused(&other, method, params), denied, "{method}");
        }
        assert_eq!(call(&other, "epic.list", json!({})), json!([]));
        assert_eq!(call(&other, "sprint.list", json!({})), json!([]));
        assert_eq!(call(&member, "sprint.get", json!({"sprintId": sprint}))["name"], "One");
        // Nobody moves what is theirs into a scrum that they do not belong to.
        let own = scrum(&other);
        let mine = call(&other, "epic.add", json!({"fields": {"groupId": own, "name": "x"}}))["id"].clone();
        let moved = refused(&other, "epic.update", json!({"id": mine, "fields": {"groupId": group}}));
        assert_eq!(moved, denied);
    }
}

#[test]
fn a_scrum_has_one_backlog_which_goes_when_it_is_empty() {
    for portal in portals(SCOPES) {
        let (group, second) = (scrum(&portal), scrum(&portal));
        assert_eq!(refused(&portal, "backlog.get", json!({"id": group})), fault("0", "Backlog not found"));
        assert_eq!(refused(&portal, "backlog.get", json!({"id": 999})), fault("0", "Group id not found"));
        let fields = json!({"fields": {"groupId": group, "createdBy": 1}});
        let added = call(&portal, "backlog.add", fields.clone());
        assert_eq!(added, json!({"id": 1, "groupId": group, "createdBy": 1, "modifiedBy": 0}));
        assert_eq!(refused(&portal, "backlog.add", fields), fault("0", "Backlog already added"));
        let nobody = json!({"fields": {"groupId": second, "createdBy": 99}});
        assert_eq!(refused(&portal, "backlog.add", nobody), fault("0", "createdBy user not found"));
        // A task of another scrum makes the backlog there.
        let task = task(&portal, json!({"GROUP_ID": second}));
        let there = call(&portal, "backlog.get", json!({"id": second}));
        let item = call(&portal, "task.get", json!({"id": task}));
        assert_eq!(
            (&item["entityId"], &item["storyPoints"], &item["epicId"]),
            (&there["id"], &json!(""), &json!(0))
        );
        let taken = refused(&portal, "backlog.update", json!({"id": 1, "fields": {"groupId": second}}));
        assert_eq!(taken, fault("0", "The target group already has a backlog"));
        let full = json!({"id": there["id"], "fields": {"groupId": group}});
        assert_eq!(
            refused(&portal, "backlog.update", full),
            fault("0", "It is forbidden move a backlog with items")
        );
        let full = refused(&portal, "backlog.delete", json!({"id": there["id"]}));
        assert_eq!(full, fault("0", "It is forbidden remove a backlog with items"));
        assert_eq!(refused(&portal, "backlog.delete", json!({})), fault("0", "Backlog id not found"));
        assert_eq!(call(&portal, "backlog.delete", json!({"id": 1})), json!([]));
        assert_eq!(refused(&portal, "backlog.delete", json!({"id": 1})), fault("0", "Backlog not found"));
        portal.get("tasks.task.delete", json!({"taskId": task}));
        assert_eq!(call(&portal, "backlog.delete", json!({"id": there["id"]})), json!([]));
    }
}

#[test]
fn a_sprint_starts_once_and_hands_what_is_not_done_to_the_backlog() {
    for portal in portals(SCOPES) {
        let group = scrum(&portal);
        let (first, second) = (sprint(&portal, group, "One"), sprint(&portal, group, "Two"));
        let tasks: Vec<String> = (0..3).map(|_| task(&portal, json!({"GROUP_ID": group}))).collect();
        for task in &tasks {
            let fields = json!({"entityId": first, "storyPoints": "5"});
            assert_eq!(call(&portal, "task.update", json!({"id": task, "fields": fields})), json!(true));
        }
        let found = portal.get("tasks.task.list", json!({"filter": {"SPRINT_ID": first}}));
        assert_eq!(found["tasks"].as_array().map(Vec::len), Some(3));
        assert_eq!(call(&portal, "sprint.start", json!({"id": first}))["status"], "active");
        let again = refused(&portal, "sprint.start", json!({"id": first}));
        assert_eq!(again, fault("0", "Sprint must be planned"));
        let two = fault("0", "Unable to add two active sprint");
        assert_eq!(refused(&portal, "sprint.start", json!({"id": second})), two);
        let active = json!({"status": "active", "groupId": group, "name": "Three"});
        assert_eq!(refused(&portal, "sprint.add", json!({"fields": active})), two);
        portal.get("tasks.task.complete", json!({"taskId": tasks[0]}));
        let done = call(&portal, "sprint.complete", json!({"id": group}));
        assert_eq!((&done["id"], &done["status"]), (&json!(first), &json!("completed")));
        let backlog = call(&portal, "backlog.get", json!({"id": group}))["id"].clone();
        let stands = |task: &String| call(&portal, "task.get", json!({"id": task}))["entityId"].clone();
        assert_eq!(stands(&tasks[0]), json!(first));
        assert_eq!((stands(&tasks[1]), stands(&tasks[2])), (backlog.clone(), backlog.clone()));
        let found =
            portal.get("tasks.task.list", json!({"filter": {"BACKLOG_ID": backlog}, "select": ["ID"]}));
        assert_eq!(found["tasks"].as_array().map(Vec::len), Some(2));
        assert_eq!(refused(&portal, "sprint.complete", json!({"id": group})), fault("0", "Sprint not found"));
        let over = json!({"id": tasks[1], "fields": {"entityId": first}});
        assert_eq!(refused(&portal, "task.update", over), fault("0", "Item not created"));
        call(&portal, "sprint.start", json!({"id": second}));
        let listed = json!({"filter": {"GROUP_ID": group, "STATUS": "active"}, "select": ["ID", "STATUS"]});
        assert_eq!(call(&portal, "sprint.list", listed), json!([{"id": second, "status": "active"}]));
        call(&portal, "task.update", json!({"id": tasks[1], "fields": {"entityId": second}}));
        assert_eq!(call(&portal, "sprint.delete", json!({"id": second})), json!([]));
        assert_eq!(stands(&tasks[1]), backlog);
    }
}

#[test]
fn of_sprints_that_start_at_once_one_is_active() {
    for portal in portals(SCOPES) {
        let group = scrum(&portal);
        let sprints: Vec<i64> = (0..4).map(|at| sprint(&portal, group, &format!("Sprint {at}"))).collect();
        let starts = sprints.iter().map(|id| {
            let (hook, params) = ((*portal).clone(), json!({"id": id}));
            thread::spawn(move || hook.ask("tasks.api.scrum.sprint.start", params).is_ok())
        });
        let starts: Vec<_> = starts.collect();
        let started = starts.into_iter().map(|start| start.join().unwrap());
        assert_eq!(started.filter(|started| *started).count(), 1);
        let active = json!({"filter": {"GROUP_ID": group, "STATUS": "active"}});
        assert_eq!(call(&portal, "sprint.list", active).as_array().map(Vec::len), Some(1));
        // Nor do tasks that come at once make two backlogs.
        let second = scrum(&portal);
        let adds: Vec<_> = (0..4)
            .map(|_| {
                let hook = (*portal).clone();
                thread::spawn(move || task(&hook, json!({"GROUP_ID": second})))
            })
            .collect();
        let stand = |task: String| call(&portal, "task.get", json!({"id": task}))["entityId"].clone();
        let stands: Vec<Json> = adds.into_iter().map(|add| stand(add.join().unwrap())).collect();
        assert!(stands.iter().all(|entity| *entity == stands[0]), "{stands:?}");
    }
}

#[test]
fn dates_of_a_sprint_come_as_text_or_as_seconds() {
    for portal in portals(SCOPES) {
        let group = scrum(&portal);
        let fields = json!({"groupId": group, "name": "One", "dateStart": 1_780_300_800, "dateEnd": "2026-06-15T08:00:00+00:00"});
        let sprint = call(&portal, "sprint.add", json!({"fields": fields}));
        assert_eq!(sprint["dateStart"], "2026-06-01T08:00:00+00:00");
        assert_eq!((&sprint["entityType"], &sprint["goal"]), (&json!("sprint"), &json!("")));
        for (fields, text) in [
            (json!({"dateStart": "soonest"}), "Incorrect dateStart format"),
            (json!({"dateEnd": "never"}), "Incorrect dateEnd format"),
            (json!({"status": "paused"}), "Incorrect sprint status"),
        ] {
            let params = json!({"id": sprint["id"], "fields": fields});
            assert_eq!(refused(&portal, "sprint.update", params), fault("0", text));
        }
        assert_eq!(call(&portal, "sprint.get", json!({"id": sprint["id"]})), sprint);
    }
}

#[test]
fn a_task_leaves_its_scrum_with_its_group() {
    for portal in portals(SCOPES) {
        let group = scrum(&portal);
        let task = task(&portal, json!({"GROUP_ID": group}));
        let epic =
            call(&portal, "epic.add", json!({"fields": {"groupId": group, "name": "x"}}))["id"].clone();
        let foreign = call(&portal, "epic.add", json!({"fields": {"groupId": scrum(&portal), "name": "x"}}));
        let given = |epic: &Json| json!({"id": task, "fields": {"epicId": epic}});
        let none = refused(&portal, "task.update", given(&foreign["id"]));
        assert_eq!(none, fault("0", "Epic not found"));
        call(&portal, "task.update", given(&epic));
        call(&portal, "epic.delete", json!({"id": epic}));
        assert_eq!(call(&portal, "task.get", json!({"id": task}))["epicId"], 0);
        portal.get("tasks.task.update", json!({"taskId": task, "fields": {"GROUP_ID": 0}}));
        assert_eq!(refused(&portal, "task.get", json!({"id": task})), fault("0", "Task not found"));
        let left =
            portal.get("tasks.task.list", json!({"filter": {"ID": task}, "select": ["ID", "BACKLOG_ID"]}));
        assert_eq!(left["tasks"][0]["backlogId"], json!(null));
    }
}

#[test]
fn the_board_of_a_sprint_has_its_tasks_from_the_start() {
    for portal in portals(SCOPES) {
        let group = scrum(&portal);
        let other = portal.employee("o@x.de", SCOPES);
        let (first, second) = (sprint(&portal, group, "One"), sprint(&portal, group, "Two"));
        let tasks: Vec<String> = (0..2).map(|_| task(&portal, json!({"GROUP_ID": group}))).collect();
        call(&portal, "task.update", json!({"id": tasks[0], "fields": {"entityId": first}}));
        call(&portal, "sprint.start", json!({"id": first}));
        let stages = call(&portal, "kanban.getStages", json!({"sprintId": first}));
        let types: Vec<&str> =
            stages.as_array().unwrap().iter().map(|stage| stage["type"].as_str().unwrap()).collect();
        assert_eq!(types, ["NEW", "WORK", "FINISH"]);
        assert_eq!((&stages[0]["sort"], &stages[0]["sprintId"]), (&json!("100"), &json!(first.to_string())));
        let stage = |at: usize| stages[at]["id"].clone();
        // The first stage holds the task with which the sprint began.
        let full = fault("0", "Stage has tasks");
        assert_eq!(refused(&portal, "kanban.deleteStage", json!({"stageId": stage(0)})), full);
        let moved = json!({"sprintId": first, "taskId": tasks[0], "stageId": stage(1)});
        assert_eq!(call(&portal, "kanban.addTask", moved), json!(true));
        assert_eq!(refused(&portal, "kanban.deleteStage", json!({"stageId": stage(1)})), full);
        // Empty by now, but a board has stages where tasks begin and where they end.
        let needed = fault("0", "The default stage cannot be deleted");
        assert_eq!(refused(&portal, "kanban.deleteStage", json!({"stageId": stage(0)})), needed);
        // A task of the backlog comes into the sprint with its place on the board, and stays when it is taken off.
        let added = json!({"sprintId": first, "taskId": tasks[1], "stageId": stage(1)});
        call(&portal, "kanban.addTask", added);
        let off = json!({"sprintId": first, "taskId": tasks[1]});
        assert_eq!(call(&portal, "kanban.deleteTask", off), json!(true));
        assert_eq!(call(&portal, "task.get", json!({"id": tasks[1]}))["entityId"], first);
        let fields =
            json!({"sprintId": first, "name": "Review", "type": "WORK", "sort": 250, "color": "#ffffff"});
        let review = call(&portal, "kanban.addStage", json!({"fields": fields}));
        let changed = json!({"stageId": review, "fields": {"name": "Proof"}});
        assert_eq!(call(&portal, "kanban.updateStage", changed), json!(true));
        let stages = call(&portal, "kanban.getStages", json!({"sprintId": first}));
        assert_eq!((&stages[2]["name"], &stages[2]["color"]), (&json!("Proof"), &json!("ffffff")));
        for (method, params, text) in [
            ("kanban.getStages", json!({}), "Sprint id not found"),
            ("kanban.getStages", json!({"sprintId": 999}), "Sprint not found"),
            ("kanban.addStage", json!({"fields": {"sprintId": first}}), "Incorrect name format"),
            ("kanban.updateStage", json!({}), "Stage id not found"),
            ("kanban.updateStage", json!({"stageId": 999}), "Stage not found"),
            (
                "kanban.updateStage",
                json!({"stageId": review, "fields": {"sprintId": second}}),
                "Incorrect sprintId value",
            ),
            ("kanban.addTask", json!({"sprintId": first}), "TaskId id not found"),
            ("kanban.addTask", json!({"sprintId": first, "taskId": tasks[0]}), "StageId id not found"),
            (
                "kanban.addTask",
                json!({"sprintId": first, "taskId": 999}),
                "Task not found. The task must be with GROUP_ID",
            ),
            (
                "kanban.addTask",
                json!({"sprintId": second, "taskId": tasks[0], "stageId": review}),
                "Stage not found",
            ),
        ] {
            assert_eq!(refused(&portal, method, params), fault("0", text), "{method}");
        }
        for (method, params) in [
            ("kanban.getStages", json!({"sprintId": first})),
            ("kanban.addStage", json!({"fields": {"sprintId": first, "name": "x"}})),
            ("kanban.updateStage", json!({"stageId": review, "fields": {"name": "x"}})),
            ("kanban.deleteStage", json!({"stageId": review})),
            ("kanban.deleteTask", json!({"sprintId": first, "taskId": tasks[0]})),
        ] {
            assert_eq!(refused(&other, method, params), fault("0", "Access denied"), "{method}");
        }
        // What is not done leaves the board with its sprint.
        call(&portal, "sprint.complete", json!({"id": group}));
        assert_eq!(call(&portal, "kanban.deleteStage", json!({"stageId": stage(1)})), json!(true));
        call(&portal, "sprint.delete", json!({"id": first}));
        let gone = refused(&portal, "kanban.deleteStage", json!({"stageId": review}));
        assert_eq!(gone, fault("0", "Stage not found"));
    }
}

#[test]
fn a_group_that_is_deleted_takes_its_scrum_along() {
    for portal in portals(SCOPES) {
        let group = scrum(&portal);
        let sprint = sprint(&portal, group, "One");
        let epic =
            call(&portal, "epic.add", json!({"fields": {"groupId": group, "name": "x"}}))["id"].clone();
        let task = task(&portal, json!({"GROUP_ID": group}));
        call(&portal, "task.update", json!({"id": task, "fields": {"entityId": sprint, "epicId": epic}}));
        portal.get("sonet_group.delete", json!({"GROUP_ID": group}));
        assert_eq!(call(&portal, "sprint.list", json!({})), json!([]));
        assert_eq!(call(&portal, "epic.list", json!({})), json!([]));
        assert_eq!(refused(&portal, "task.get", json!({"id": task})), fault("0", "Task not found"));
        let left = portal.get("tasks.task.get", json!({"taskId": task, "select": ["GROUP_ID", "SPRINT_ID"]}));
        assert_eq!((&left["task"]["groupId"], &left["task"]["sprintId"]), (&json!("0"), &json!(null)));
    }
}

#[test]
fn what_a_scrum_cannot_hold_is_refused_or_cut() {
    for portal in portals("task,sonet_group") {
        let group = scrum(&portal);
        let id = task(&portal, json!({"GROUP_ID": group}));
        let change = |fields: Json| json!({"id": id, "fields": fields});
        assert_eq!(
            refused(&portal, "task.update", change(json!({"entityId": "abc"}))),
            fault("0", "Item not created")
        );
        assert_eq!(
            refused(&portal, "task.update", change(json!({"entityId": null}))),
            fault("0", "Item not created")
        );
        assert_eq!(
            refused(&portal, "task.update", change(json!({"epicId": "abc"}))),
            fault("0", "Epic not found")
        );
        call(&portal, "task.update", change(json!({"storyPoints": "9".repeat(400)})));
        let kept = call(&portal, "task.get", json!({"id": id}));
        assert_eq!(kept["storyPoints"].as_str().unwrap().len(), 255);
        let sprint = |status: &str| {
            let fields = json!({"groupId": group, "name": "Sprint", "status": status});
            call(&portal, "sprint.add", json!({"fields": fields}))["id"].clone()
        };
        let over = sprint("completed");
        let stages = call(&portal, "kanban.getStages", json!({"sprintId": over}));
        let into = json!({"sprintId": over, "taskId": id, "stageId": stages[0]["id"]});
        assert_eq!(refused(&portal, "kanban.addTask", into), fault("0", "Sprint not found"));
        let stage = |more: Json| {
            let mut fields = json!({"sprintId": over, "name": "Review"});
            fields.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            json!({"fields": fields})
        };
        for color in ["red", "12345", "12345g", "1234567"] {
            let wrong = refused(&portal, "kanban.addStage", stage(json!({"color": color})));
            assert_eq!(wrong, fault("0", "Incorrect color format"), "{color}");
        }
        // Where tasks begin and where they end there is one always.
        let text = "The default stage cannot be deleted";
        for at in [0, 2] {
            let wrong = refused(&portal, "kanban.deleteStage", json!({"stageId": stages[at]["id"]}));
            assert_eq!(wrong, fault("0", text));
        }
        call(&portal, "kanban.addStage", stage(json!({"type": "NEW", "color": "#ABCDEF"})));
        assert_eq!(call(&portal, "kanban.deleteStage", json!({"stageId": stages[0]["id"]})), json!(true));
        let master = json!({"NAME": "Shop", "PROJECT": "Y", "SCRUM_MASTER_ID": 9999});
        assert_eq!(portal.refused("sonet_group.create", master).2, "Incorrect input data");
        let long = json!({"NAME": "x".repeat(300)});
        let group = portal.get("sonet_group.create", long);
        let kept = portal.get("sonet_group.get", json!({"GROUP_ID": group}))[0]["NAME"].clone();
        assert_eq!(kept.as_str().unwrap().len(), 255);
    }
}
