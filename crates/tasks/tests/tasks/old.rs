//! The old spelling: `task.item.*`, and user fields.

use serde_json::json;
use testportal::portals;

#[test]
fn the_old_spelling_reads_and_writes_the_same_tasks() {
    for portal in portals("task") {
        let ines = portal.employee("ines@example.com", "task");
        let fields = json!({"TITLE": "Desks", "RESPONSIBLE_ID": ines.user, "DESCRIPTION": "[B]Oak[/B]"});
        assert_eq!(portal.get("task.item.add", json!([fields])), json!(1));
        let data = portal.get("task.item.getdata", json!({"TASKID": 1}));
        assert_eq!(
            (&data["TITLE"], &data["REAL_STATUS"], &data["CREATED_BY_LAST_NAME"]),
            (&json!("Desks"), &json!("2"), &json!("Berg"))
        );
        assert_eq!(ines.get("task.item.startexecution", json!({"taskId": 1})), json!(null));
        assert_eq!(portal.get("tasks.task.get", json!({"taskId": 1}))["task"]["status"], "3");
        assert_eq!(
            portal.get("task.item.update", json!({"taskId": 1, "fields": {"TIME_ESTIMATE": 113}})),
            json!(null)
        );
        let denied = "TASKS_ERROR_EXCEPTION_#4; Action is not allowed; 4/TE/ACTION_NOT_ALLOWED<br>";
        assert_eq!(ines.refused("task.item.update", json!([1, {"TITLE": "x"}])).2, denied);
        assert_eq!(ines.refused("task.item.approve", json!([1])).2, denied);
        assert_eq!(ines.refused("task.item.delete", json!([1])).2, denied);
        assert_eq!(
            portal.refused("task.item.add", json!([{"TITLE": "x"}])).2,
            "Responsible person not specified<br>"
        );
        for (format, text) in [(1, "[B]Oak[/B]"), (2, "<b>Oak</b>"), (3, "Oak")] {
            assert_eq!(portal.get("task.item.getdescription", json!([1, format])), json!(text));
        }
        assert_eq!(ines.get("task.item.isactionallowed", json!([1, 17])), json!(true));
        assert_eq!(ines.get("task.item.isactionallowed", json!([1, 9])), json!(false));
        let names = ines.get("task.item.getallowedtaskactionsasstrings", json!([1]));
        assert!(names.as_array().unwrap().contains(&json!("ACTION_PAUSE")), "{names}");
        let list = portal.page("task.item.list", json!([{"ID": "asc"}, {"RESPONSIBLE_ID": ines.user}, {"NAV_PARAMS": {"nPageSize": 1}}, ["ID", "TITLE"]])).unwrap();
        assert_eq!((&list.result, list.total), (&json!([{"ID": "1", "TITLE": "Desks"}]), Some(1)));
        assert_eq!(
            portal.get("task.items.getlist", json!([{"ID": "asc"}, {"ID": 1}, ["TITLE"]])),
            json!([{"ID": "1", "TITLE": "Desks"}])
        );
        assert_eq!(ines.get("task.item.addtofavorite", json!({"TASK_ID": 1, "PARAMS": {}})), json!(true));
        assert_eq!(ines.get("task.planner.getlist", json!({})), json!([1]));
        assert_eq!(portal.get("task.item.delete", json!([1])), json!(null));
        let missing = "TASKS_ERROR_EXCEPTION_#1; Task not found or not accessible; 1/TE/TASK_NOT_FOUND_OR_NOT_ACCESSIBLE<br>";
        assert_eq!(portal.refused("task.item.getdata", json!([1])).2, missing);
    }
}

#[test]
fn user_fields_are_kept_filtered_and_shown_when_they_are_named() {
    for portal in portals("task") {
        let ines = portal.employee("ines@example.com", "task");
        let add = |name: &str, kind: &str| {
            portal.ask(
                "task.item.userfield.add",
                json!({"PARAMS": {"FIELD_NAME": name, "USER_TYPE_ID": kind, "LABEL": name}}),
            )
        };
        let id = add("AUTO_1", "string").unwrap();
        add("UF_WEIGHT", "double").unwrap();
        for (name, kind, text) in [
            ("X", "", "The 'USER_TYPE_ID' field is not found"),
            ("X", "enumeration", "Invalid user type specified."),
            ("", "string", "The 'FIELD_NAME' field is not found"),
            ("UF_AUTO_1", "string", "The field UF_AUTO_1 for the object TASKS_TASK already exists."),
        ] {
            let fault = add(name, kind).unwrap_err();
            assert_eq!((&*fault.code, &*fault.message), ("ERROR_CORE", text));
        }
        let refused = ines.refused("task.item.userfield.delete", json!([id]));
        assert_eq!((refused.1.as_str(), refused.2.as_str()), ("ERROR_CORE", "Access denied"));
        let fields = json!({"TITLE": "x", "RESPONSIBLE_ID": 1, "UF_AUTO_1": "north", "ufWeight": "12,5"});
        let added = portal.get("tasks.task.add", json!({"fields": fields}))["task"].clone();
        assert!(added.get("ufAuto1").is_none(), "{added}");
        let select = json!(["ID", "UF_AUTO_1", "UF_WEIGHT"]);
        let got = portal.get("tasks.task.list", json!({"filter": {"UF_AUTO_1": "north"}, "select": select}))
            ["tasks"]
            .clone();
        assert_eq!((&got[0]["ufAuto1"], &got[0]["ufWeight"]), (&json!("north"), &json!("12.5")), "{got}");
        let listed = ines.page("task.item.userfield.getlist", json!({"ORDER": {"ID": "asc"}})).unwrap();
        let names: Vec<&str> = listed
            .result
            .as_array()
            .unwrap()
            .iter()
            .map(|field| field["FIELD_NAME"].as_str().unwrap())
            .collect();
        assert_eq!(
            names,
            ["UF_CRM_TASK", "UF_TASK_WEBDAV_FILES", "UF_MAIL_MESSAGE", "UF_AUTO_1", "UF_WEIGHT"]
        );
        assert_eq!(portal.get("task.item.userfield.update", json!([id, {"MANDATORY": "Y"}])), json!(true));
        let refused =
            portal.refused("tasks.task.add", json!({"fields": {"TITLE": "x", "RESPONSIBLE_ID": 1}}));
        assert_eq!(refused.1, "ERROR_CORE");
        assert_eq!(portal.get("task.item.userfield.delete", json!({"ID": id})), json!(true));
        let gone = portal.refused("task.item.userfield.get", json!([id]));
        assert_eq!(
            (gone.1.as_str(), gone.2.as_str()),
            ("ERROR_NOT_FOUND", "The entity with ID '1' is not found")
        );
    }
}
