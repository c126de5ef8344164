//! One task: add, get, update, delete.

use serde_json::json;
use testportal::portals;

use crate::task;

fn core(text: &str) -> (u16, String, String) {
    (400, "ERROR_CORE".to_owned(), text.to_owned())
}

#[test]
fn what_is_given_comes_back_in_camel_case_as_text() {
    for portal in portals("task") {
        let ines = portal.employee("ines@example.com", "task");
        let fields = json!({
            "title": "Desks", "RESPONSIBLE_ID": ines.user.to_string(), "PRIORITY": "2", "DEADLINE": "2026-07-01T18:00:00+00:00",
            "AUDITORS": [1, 99], "tags": "office, urgent", "UF_CRM_TASK": ["D_10", "D_10", "X_1", "T88_3"],
            "START_DATE_PLAN": "2026-06-02T08:00:00+00:00", "DURATION_PLAN": 3, "ALLOW_TIME_TRACKING": true,
            "SE_PARAMETER": [{"CODE": 3, "VALUE": "Y"}],
        });
        let added = portal.get("tasks.task.add", json!({"fields": fields}))["task"].clone();
        assert_eq!(
            (&added["id"], &added["status"], &added["groupId"]),
            (&json!("1"), &json!("2"), &json!("0"))
        );
        assert_eq!(
            (&added["closedBy"], &added["deadline"]),
            (&json!(null), &json!("2026-07-01T18:00:00+00:00"))
        );
        assert_eq!(added["endDatePlan"], "2026-06-05T08:00:00+00:00");
        assert_eq!((&added["auditors"], &added["accomplicesData"]), (&json!(["1"]), &json!([])));
        assert_eq!((&added["auditorsData"]["1"]["name"], &added["group"]), (&json!("Ada Berg"), &json!([])));
        assert_eq!(added["responsible"]["id"], ines.user.to_string());
        assert!(added.get("ufCrmTask").is_none() && added["guid"].as_str().unwrap().len() == 38, "{added}");
        let select = json!(["TITLE", "TAGS", "uf_crm_task", "SE_PARAMETER"]);
        let got = portal.get("tasks.task.get", json!({"taskId": "1", "select": select}))["task"].clone();
        let names: Vec<&str> = got.as_object().unwrap().keys().map(String::as_str).collect();
        let all = [
            "id",
            "title",
            "favorite",
            "tags",
            "seParameter",
            "ufCrmTask",
            "ufTaskWebdavFiles",
            "ufMailMessage",
            "group",
            "action",
        ];
        let (mut names, mut all) = (names, all.to_vec());
        names.sort_unstable();
        all.sort_unstable();
        assert_eq!(names, all);
        assert_eq!((&got["ufCrmTask"], &got["ufMailMessage"]), (&json!(["D_10", "T88_3"]), &json!(null)));
        assert_eq!(
            got["tags"],
            json!({"1": {"id": 1, "title": "office"}, "2": {"id": 2, "title": "urgent"}})
        );
    }
}

#[test]
fn what_is_wrong_is_said_all_at_once() {
    for portal in portals("task") {
        let empty = portal.refused("tasks.task.add", json!({"fields": {"DESCRIPTION": "x"}}));
        assert_eq!(empty, core("Task title is not specified<br>Responsible person not specified<br>"));
        let none = portal.refused("tasks.task.add", json!({}));
        assert_eq!(
            (none.1.as_str(), none.2.as_str()),
            ("100", "Could not find value for parameter {fields} (internal error)")
        );
        let (above, below) = (task(&portal, json!({})), "2");
        task(&portal, json!({"PARENT_ID": above}));
        for (fields, text) in [
            (
                json!({"RESPONSIBLE_ID": 99}),
                "The user specified in the \"Responsible\" field was not found<br>",
            ),
            (json!({"STATUS": 7}), "Incorrect status<br>"),
            (json!({"TITLE": " "}), "Task title is not specified<br>"),
            (json!({"PARENT_ID": 99}), "The task specified in the \"Parent Task\" field was not found<br>"),
            (json!({"PARENT_ID": 1}), "Cannot bind the node to itself<br>"),
            (json!({"PARENT_ID": below}), "Creating cyclic links in tasks is prohibited<br>"),
            (
                json!({"START_DATE_PLAN": "2026-07-02", "END_DATE_PLAN": "2026-07-01"}),
                "The end date specified in the scheduling is earlier than the start date<br>",
            ),
        ] {
            let asked = json!({"taskId": above, "fields": fields});
            assert_eq!(portal.refused("tasks.task.update", asked.clone()), core(text), "{asked}");
        }
        for (id, code, text) in [
            (json!("x"), "0", "wrong task id"),
            (json!(-1), "0", "wrong task id"),
            (
                json!(""),
                "100",
                "CTaskItem All parameters in the constructor must have real class type (internal error)",
            ),
        ] {
            for method in
                ["tasks.task.get", "tasks.task.delete", "tasks.task.start", "tasks.task.favorite.add"]
            {
                let refused = portal.refused(method, json!({"taskId": id}));
                assert_eq!(refused, (400, code.to_owned(), text.to_owned()), "{method} {id}");
            }
        }
    }
}

#[test]
fn a_task_that_one_does_not_see_is_like_none() {
    for portal in portals("task") {
        let (ines, otto) =
            (portal.employee("ines@example.com", "task"), portal.employee("otto@example.com", "task"));
        let id = task(&portal, json!({"RESPONSIBLE_ID": ines.user}));
        for foreign in [&id, "99"] {
            assert_eq!(otto.get("tasks.task.get", json!({"taskId": foreign})), json!([]));
            for method in ["pin", "unpin", "mute", "unmute"] {
                assert_eq!(otto.get(&format!("tasks.task.{method}"), json!({"id": foreign})), json!([]));
            }
            assert_eq!(
                otto.get("tasks.task.getaccess", json!({"taskId": foreign})),
                json!({"allowedActions": []})
            );
            for (method, code, text) in [
                ("tasks.task.delete", "1048582", "No access to delete the task"),
                ("tasks.task.start", "0", "Action on the task is not allowed"),
                ("tasks.task.complete", "0", "Action on the task is not allowed"),
                ("tasks.task.startwatch", "1048584", "a:0:{}"),
                ("tasks.task.favorite.add", "1", "Task not found or not accessible"),
            ] {
                let refused = otto.refused(method, json!({"taskId": foreign}));
                assert_eq!(refused, (400, code.to_owned(), text.to_owned()), "{method}");
            }
            let update = json!({"taskId": foreign, "fields": {"TITLE": "Chairs"}});
            assert_eq!(otto.refused("tasks.task.update", update).1, "0");
        }
        assert_eq!(otto.page("tasks.task.list", json!({})).unwrap().total, Some(0));
        assert_eq!(ines.page("tasks.task.list", json!({})).unwrap().total, Some(1));
        // Whoever gives a task in somebody else's name gives it in the own.
        let fields = json!({"TITLE": "x", "RESPONSIBLE_ID": 1, "CREATED_BY": ines.user});
        let added = otto.get("tasks.task.add", json!({"fields": fields}));
        assert_eq!(added["task"]["createdBy"], otto.user.to_string());
    }
}

#[test]
fn heads_see_the_tasks_of_their_people() {
    for portal in portals("task,department") {
        let (ines, otto) =
            (portal.employee("ines@example.com", "task"), portal.employee("otto@example.com", "task"));
        let id = task(&portal, json!({"RESPONSIBLE_ID": otto.user}));
        assert_eq!(ines.get("tasks.task.get", json!({"taskId": id})), json!([]));
        portal.get("department.update", json!({"ID": 1, "UF_HEAD": ines.user}));
        let seen = ines.get("tasks.task.get", json!({"taskId": id}))["task"].clone();
        assert_eq!((&seen["subordinate"], &seen["action"]["start"]), (&json!("Y"), &json!(true)));
        assert_eq!(ines.get("tasks.task.start", json!({"taskId": id}))["task"]["status"], "3");
    }
}

#[test]
fn what_is_deleted_is_gone_and_what_was_below_it_stays() {
    for portal in portals("task") {
        let (above, below) =
            (task(&portal, json!({})), task(&portal, json!({"PARENT_ID": 1, "TAGS": ["office"]})));
        assert_eq!(portal.get("tasks.task.delete", json!({"taskId": above})), json!({"task": true}));
        assert_eq!(portal.get("tasks.task.get", json!({"taskId": above})), json!([]));
        let left = portal.get("tasks.task.get", json!({"taskId": below}));
        assert_eq!(left["task"]["parentId"], json!(null));
        assert_eq!(task(&portal, json!({})), "3");
    }
}

#[test]
fn fields_are_described_in_the_language_of_the_portal() {
    for portal in portals("task") {
        let fields = portal.get("tasks.task.getFields", json!({}))["fields"].clone();
        assert_eq!(fields["STATUS"]["values"]["4"], "Awaiting control");
        assert_eq!(fields["TITLE"], json!({"title": "Title", "type": "string", "required": true}));
        assert_eq!(fields["DURATION_TYPE"]["values"][3], "days");
        assert_eq!(fields["UF_CRM_TASK"]["type"], "crm");
    }
}
