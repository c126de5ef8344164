//! `task.elapseditem.*`, the history, subtasks and dependences.

use serde_json::{Value as Json, json};
use testportal::portals;

use crate::task;

#[test]
fn time_is_summed_up_in_the_task() {
    for portal in portals("task") {
        let (ines, otto) =
            (portal.employee("ines@example.com", "task"), portal.employee("otto@example.com", "task"));
        let id = task(&portal, json!({"RESPONSIBLE_ID": ines.user, "AUDITORS": [otto.user]}));
        let fields = json!({"SECONDS": 3600, "COMMENT_TEXT": "Phone", "USER_ID": otto.user});
        let own = ines.get("task.elapseditem.add", json!({"TASKID": id, "ARFIELDS": fields}));
        let other = portal.get("task.elapseditem.add", json!([id, fields]));
        let one = ines.get("task.elapseditem.get", json!([id, own]));
        let whole = json!([{
            "ID": own.to_string(), "TASK_ID": id, "USER_ID": ines.user.to_string(), "COMMENT_TEXT": "Phone",
            "SECONDS": "3600", "MINUTES": "60", "SOURCE": "2", "CREATED_DATE": "2026-06-01T12:00:00+00:00",
            "DATE_START": "2026-06-01T12:00:00+00:00", "DATE_STOP": "2026-06-01T12:00:00+00:00",
        }]);
        assert_eq!(one, whole);
        let spent = || {
            portal.get("tasks.task.get", json!({"taskId": id, "select": ["TIME_SPENT_IN_LOGS"]}))["task"]["timeSpentInLogs"].clone()
        };
        assert_eq!(spent(), "7200");
        // Others' time is not theirs to change, and who looks on spends none.
        let refused = ines.refused("task.elapseditem.update", json!([id, other, {"SECONDS": 1}]));
        assert_eq!((refused.1.as_str(), refused.2.as_str()), ("ERROR_CORE", "ACTION_NOT_ALLOWED"));
        assert_eq!(
            otto.refused("task.elapseditem.add", json!([id, {"SECONDS": 1, "COMMENT_TEXT": ""}])).2,
            "ACTION_NOT_ALLOWED"
        );
        assert_eq!(ines.get("task.elapseditem.update", json!([id, own, {"SECONDS": 60}])), json!(null));
        assert_eq!(otto.get("task.elapseditem.delete", json!([id, other])), json!(null));
        assert_eq!(spent(), "60");
        assert_eq!(portal.refused("task.elapseditem.get", json!([99, own])).2, "Task not found");
        for (action, may) in [(1, true), (2, true), (3, true), (4, false)] {
            assert_eq!(ines.get("task.elapseditem.isActionAllowed", json!([id, own, action])), json!(may));
        }
    }
}

#[test]
fn records_of_time_are_listed_for_one_task_or_for_all() {
    for portal in portals("task") {
        let ids = [task(&portal, json!({})), task(&portal, json!({}))];
        for number in 1..=5 {
            let fields = json!({"SECONDS": number * 60, "COMMENT_TEXT": "x", "CREATED_DATE": format!("2026-05-0{number}")});
            portal.get("task.elapseditem.add", json!([ids[number % 2], fields]));
        }
        let list = |params: Json| {
            let page = portal.page("task.elapseditem.getlist", params).unwrap();
            let shown =
                page.result.as_array().unwrap().iter().map(|one| one["ID"].as_str().unwrap().to_owned());
            (shown.collect::<Vec<_>>().join(","), page.total.unwrap())
        };
        assert_eq!(list(json!([ids[0], {"ID": "asc"}])), ("2,4".to_owned(), 2));
        assert_eq!(
            list(json!([{"SECONDS": "desc"}, {">=CREATED_DATE": "2026-05-03"}])),
            ("5,4,3".to_owned(), 3)
        );
        let paged = json!({"TASKID": "", "ORDER": {"ID": "asc"}, "FILTER": {}, "SELECT": ["ID"], "PARAMS": {"NAV_PARAMS": {"nPageSize": 2, "iNumPage": 2}}});
        assert_eq!(list(paged), ("3,4".to_owned(), 5));
        let wrong = portal.refused("task.elapseditem.getlist", json!([ids[0], {"NAME": "asc"}])).2;
        assert!(wrong.contains("must not contain key \"NAME\""), "{wrong}");
    }
}

#[test]
fn the_history_tells_who_changed_what() {
    for portal in portals("task") {
        let ines = portal.employee("ines@example.com", "task");
        let id = task(&portal, json!({"RESPONSIBLE_ID": ines.user}));
        ines.get("tasks.task.start", json!({"taskId": id}));
        portal.get(
            "tasks.task.update",
            json!({"taskId": id, "fields": {"TITLE": "Chairs", "TAGS": ["a", "b"]}}),
        );
        let told = |params: Json| {
            let list = portal.get("tasks.task.history.list", params)["list"].clone();
            let one = |entry: &Json| {
                format!(
                    "{} {} {}",
                    entry["field"].as_str().unwrap(),
                    entry["value"]["from"],
                    entry["value"]["to"]
                )
            };
            list.as_array().unwrap().iter().map(one).collect::<Vec<_>>()
        };
        let all = [
            "TAGS \"\" \"a,b\"",
            "TITLE \"Desks\" \"Chairs\"",
            "STATUS \"2\" \"3\"",
            "REAL_STATUS \"2\" \"3\"",
            "NEW \"\" \"\"",
        ];
        assert_eq!(told(json!({"taskId": id})), all);
        assert_eq!(told(json!({"taskId": id, "filter": {"FIELD": "TITLE"}})), [all[1]]);
        assert_eq!(told(json!({"taskId": id, "order": {"ID": "asc"}}))[0], all[4]);
        assert_eq!(told(json!({"taskId": 99})).len(), 0);
        let user = portal.get("tasks.task.history.list", json!({"taskId": id}))["list"][0]["user"].clone();
        assert_eq!(
            user,
            json!({"id": 1, "name": "Ada", "lastName": "Berg", "secondName": "", "login": "admin@localhost"})
        );
        let foreign = portal.employee("otto@example.com", "task");
        assert_eq!(foreign.refused("tasks.task.history.list", json!({"taskId": id})).2, "Access denied.");
        assert_eq!(portal.get("task.logitem.list", json!([id])).as_array().unwrap().len(), 5);
    }
}

#[test]
fn a_task_may_follow_those_below_it() {
    for portal in portals("task") {
        let ines = portal.employee("ines@example.com", "task");
        let parameters = json!([{"CODE": 1, "VALUE": "Y"}, {"CODE": 2, "VALUE": "Y"}]);
        let above = task(&portal, json!({"SE_PARAMETER": parameters}));
        // Who does what is below need not see what is above.
        let below = |deadline: &str| {
            task(
                &portal,
                json!({"PARENT_ID": above, "RESPONSIBLE_ID": ines.user, "DEADLINE": deadline, "ALLOW_CHANGE_DEADLINE": "Y"}),
            )
        };
        let (first, second) = (below("2026-07-01T00:00:00+00:00"), below("2026-06-15T00:00:00+00:00"));
        let shown = || portal.get("tasks.task.get", json!({"taskId": above}))["task"].clone();
        assert_eq!(shown()["deadline"], "2026-07-01T00:00:00+00:00");
        ines.get(
            "tasks.task.update",
            json!({"taskId": second, "fields": {"DEADLINE": "2026-08-01T00:00:00+00:00"}}),
        );
        assert_eq!(shown()["deadline"], "2026-08-01T00:00:00+00:00");
        ines.get("tasks.task.complete", json!({"taskId": first}));
        assert_eq!(shown()["status"], "2");
        ines.get("tasks.task.complete", json!({"taskId": second}));
        assert_eq!(shown()["status"], "5");
    }
}

#[test]
fn planned_tasks_are_linked_once_and_in_no_ring() {
    for portal in portals("task") {
        let planned = json!({"START_DATE_PLAN": "2026-07-01", "END_DATE_PLAN": "2026-07-02"});
        (0..3).for_each(|_| _ = task(&portal, planned.clone()));
        task(&portal, json!({}));
        let link = |from: i64, to: i64| {
            let params = json!({"taskIdFrom": from, "taskIdTo": to, "linkType": 2});
            portal.ask("task.dependence.add", params).map_err(|fault| fault.code.into_owned())
        };
        assert_eq!(link(1, 2), Ok(json!([])));
        assert_eq!(link(2, 3), Ok(json!([])));
        for (from, to) in [(1, 2), (3, 1), (1, 1), (1, 4)] {
            assert_eq!(link(from, to), Err("ILLEGAL_NEW_LINK".to_owned()), "{from} {to}");
        }
        assert_eq!(link(1, 99), Err("ACTION_NOT_ALLOWED".to_owned()));
        assert_eq!(portal.get("task.dependence.delete", json!({"taskIdFrom": 1, "taskIdTo": 2})), json!([]));
        let again = portal.refused("task.dependence.delete", json!({"taskIdFrom": 1, "taskIdTo": 2}));
        assert_eq!(
            (again.1.as_str(), again.2.as_str()),
            ("ILLEGAL_NEW_LINK", "The dependency between tasks does not exist")
        );
    }
}
