//! `tasks.task.list`: filters, order, pages.

use serde_json::{Value as Json, json};
use testportal::portals;

use crate::stages::group;
use crate::task;

#[test]
fn lists_are_filtered_by_fields_people_states_and_groups_of_conditions() {
    for portal in portals("task") {
        let ines = portal.employee("ines@example.com", "task");
        task(
            &portal,
            json!({"TITLE": "Desks 100%", "DEADLINE": "2026-06-01T11:00:00+00:00", "TAGS": ["office"]}),
        );
        task(
            &portal,
            json!({"TITLE": "Chairs", "STATUS": 5, "DEADLINE": "2026-05-01", "UF_CRM_TASK": ["D_10"]}),
        );
        task(&portal, json!({"TITLE": "Lamps", "PARENT_ID": 1, "ACCOMPLICES": [ines.user], "PRIORITY": 2}));
        task(&ines, json!({"TITLE": "Paint", "RESPONSIBLE_ID": 1, "DEADLINE": "2026-06-02T06:00:00+00:00"}));
        task(&ines, json!({"TITLE": "Walls", "AUDITORS": [1], "STATUS": 6, "STAGE_ID": 7}));
        let ids = |filter: Json| {
            let asked = json!({"filter": filter, "order": {"id": "asc"}, "select": ["ID"]});
            let listed = portal.get("tasks.task.list", asked)["tasks"].clone();
            let ids = listed.as_array().unwrap().iter().map(|task| task["id"].as_str().unwrap().to_owned());
            ids.collect::<Vec<_>>().join(",")
        };
        let own = ines.user.to_string();
        for (filter, found) in [
            (json!({}), "1,2,3,4,5"),
            (json!({"TITLE": "00%"}), "1"),
            (json!({"%TITLE": "a"}), "2,3,4,5"),
            (json!({"!TITLE": "a"}), "1"),
            (json!({"ID": [1, "3"]}), "1,3"),
            (json!({"!ID": [1, 3]}), "2,4,5"),
            (json!({">ID": 3}), "4,5"),
            (json!({"REAL_STATUS": [2, 6]}), "1,3,4,5"),
            (json!({"<REAL_STATUS": 5}), "1,3,4"),
            (json!({"STATUS": -1}), "1"),
            (json!({"STATUS": [-2]}), "4"),
            (json!({"!STATUS": [5, -1]}), "3,4,5"),
            (json!({"<DEADLINE": "2026-06-01T12:00:00+00:00"}), "1,2"),
            (json!({"DEADLINE": ""}), "3,5"),
            (json!({"!DEADLINE": false}), "1,2,4"),
            (json!({"PARENT_ID": 1}), "3"),
            (json!({"PARENT_ID": 0}), "1,2,4,5"),
            (json!({"ONLY_ROOT_TASKS": "Y"}), "1,2,4,5"),
            (json!({"ACCOMPLICE": own}), "3"),
            (json!({"!ACCOMPLICE": own}), "1,2,4,5"),
            (json!({"AUDITOR": [1]}), "5"),
            (json!({"MEMBER": own}), "3,4,5"),
            (json!({"DOER": [own]}), "3,5"),
            (json!({"CREATED_BY": own, "RESPONSIBLE_ID": 1}), "4"),
            (json!({"TAG": "office"}), "1"),
            (json!({"UF_CRM_TASK": "D_10"}), "2"),
            (json!({"UF_CRM_TASK": ["D_10", "D_11"]}), "2"),
            (json!({"!UF_CRM_TASK": false}), "2"),
            (json!({"STAGE_ID": [0, 7], "PRIORITY": 1}), "1,2,4,5"),
            (json!({"::LOGIC": "OR", "ID": 1, "TITLE": "Walls"}), "1,5"),
            (
                json!({"RESPONSIBLE_ID": 1, "::SUBFILTER-1": {"::LOGIC": "OR", "TAG": "office", "::SUBFILTER-2": {"STATUS": 5, "ID": 2}}}),
                "1,2",
            ),
            (json!({"NO_SUCH": 1}), "1,2,3,4,5"),
            (json!({"MEMBER": "x"}), ""),
            (json!({"!MEMBER": own}), "1,2"),
            (json!({"MEMBER": [own, 1], "DOER": own}), "3,5"),
            (json!({"MEMBER": own, "AUDITOR": 1, "DOER": [1, own], "ACCOMPLICE": own}), ""),
            (json!({"::LOGIC": "OR", "MEMBER": own, "ID": 1}), "1,3,4,5"),
            (json!({"MEMBER": own, "::SUBFILTER-1": {"::LOGIC": "OR", "DOER": 1, "ID": 5}}), "3,4,5"),
        ] {
            assert_eq!(ids(filter.clone()), found, "{filter}");
        }
    }
}

#[test]
fn lists_are_sorted_and_paged() {
    for portal in portals("task") {
        for (title, more) in [
            ("b", json!({"DEADLINE": "2026-07-01"})),
            ("a", json!({})),
            ("c", json!({"DEADLINE": "2026-06-01", "STATUS": 5})),
        ] {
            let mut fields = json!({"TITLE": title});
            fields.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            task(&portal, fields);
        }
        portal.get("tasks.task.favorite.add", json!({"taskId": 1}));
        let titles = |order: Json| {
            let listed = portal.get("tasks.task.list", json!({"order": order}))["tasks"].clone();
            listed
                .as_array()
                .unwrap()
                .iter()
                .map(|task| task["title"].as_str().unwrap().to_owned())
                .collect::<String>()
        };
        for (order, found) in [
            (json!({}), "cab"),
            (json!({"TITLE": "desc"}), "cba"),
            (json!({"DEADLINE": "asc"}), "cba"),
            (json!({"deadline": "DESC"}), "bca"),
            (json!({"FAVORITE": "desc", "ID": "asc"}), "bac"),
            (json!({"STATUS_COMPLETE": "asc", "TITLE": "asc"}), "abc"),
            (json!({"RESPONSIBLE_LAST_NAME": "asc"}), "bac"),
        ] {
            assert_eq!(titles(order.clone()), found, "{order}");
        }
        let refused = portal.refused("tasks.task.list", json!({"order": {"NO_SUCH": "asc"}}));
        assert_eq!(refused, (400, "0".to_owned(), "Invalid sorting key".to_owned()));
        (0..52).for_each(|_| _ = task(&portal, json!({})));
        let first = portal.page("tasks.task.list", json!({"order": {"ID": "asc"}})).unwrap();
        assert_eq!((first.total, first.next), (Some(55), Some(50)));
        let second = portal.page("tasks.task.list", json!({"order": {"ID": "asc"}, "start": 50})).unwrap();
        assert_eq!((second.result["tasks"].as_array().unwrap().len(), second.next), (5, None));
        let shown = &second.result["tasks"][0];
        assert!(
            shown.get("action").is_none() && shown["subStatus"] == "2" && shown["creator"]["id"] == "1",
            "{shown}"
        );
        let timed = json!({"filter": {"ID": 3}, "select": ["ID"], "params": {"WITH_TIMER_INFO": "Y", "WITH_PARSED_DESCRIPTION": true}});
        let named = json!({"filter": {"ID": 3}, "select": ["ID", "subStatus", "DEADLINE"]});
        let named = portal.get("tasks.task.list", named)["tasks"][0].clone();
        assert_eq!((&named["subStatus"], &named["lengthDeadline"]), (&json!("5"), &json!("1")));
        let timed = portal.get("tasks.task.list", timed)["tasks"][0].clone();
        assert_eq!(
            (&timed["timeElapsed"], &timed["timerIsRunningForCurrentUser"]),
            (&json!(null), &json!("N"))
        );
        assert!(timed.get("parsedDescription").is_some() && timed.get("title").is_none());
    }
}

#[test]
fn a_task_that_somebody_sees_for_several_reasons_is_listed_once() {
    for portal in portals("task,sonet_group") {
        let hook = |name: &str| portal.employee(&format!("{name}@example.com"), "task,sonet_group");
        let (ines, jon, other) = (hook("ines"), hook("jon"), hook("other"));
        let group = group(&portal, &jon, &[&ines]);
        // For all reasons at once, for one each, and for none.
        let all = json!({"RESPONSIBLE_ID": ines.user, "ACCOMPLICES": [ines.user], "AUDITORS": [ines.user], "GROUP_ID": group});
        task(&ines, all);
        task(&jon, json!({"RESPONSIBLE_ID": ines.user, "DEADLINE": "2026-07-01"}));
        task(&ines, json!({"RESPONSIBLE_ID": jon.user, "DEADLINE": "2026-06-01", "PRIORITY": 2}));
        task(&jon, json!({"ACCOMPLICES": [ines.user], "STATUS": 5}));
        task(&jon, json!({"AUDITORS": [ines.user], "DEADLINE": "2026-08-01"}));
        task(&jon, json!({"GROUP_ID": group}));
        task(&jon, json!({}));
        portal.get("tasks.task.delete", json!({"taskId": task(&other, json!({}))}));
        let listed = |filter: &Json, order: &Json, start: i64| {
            let asked = json!({"filter": filter, "order": order, "select": ["ID"], "start": start});
            let page = ines.page("tasks.task.list", asked).unwrap();
            let tasks = page.result["tasks"].as_array().unwrap().clone();
            let ids: Vec<_> = tasks.iter().map(|task| task["id"].as_str().unwrap()).collect();
            (ids.join(","), page.total)
        };
        for (filter, order, found) in [
            (json!({}), json!({"ID": "asc"}), "1,2,3,4,5,6"),
            (json!({}), json!({"ID": "desc"}), "6,5,4,3,2,1"),
            (json!({}), json!({"DEADLINE": "asc"}), "3,2,5,1,4,6"),
            (json!({}), json!({"PRIORITY": "desc", "SORTING": "asc"}), "3,6,5,4,2,1"),
            (json!({"MEMBER": ines.user}), json!({"ID": "asc"}), "1,2,3,4,5"),
            (json!({"MEMBER": [ines.user, jon.user]}), json!({"ID": "asc"}), "1,2,3,4,5,6"),
            (json!({"DOER": jon.user}), json!({"ID": "asc"}), "3,4,5,6"),
            (json!({"GROUP_ID": group}), json!({"ID": "desc"}), "6,1"),
            (json!({"!REAL_STATUS": 5, "MEMBER": ines.user}), json!({"ACTIVITY_DATE": "desc"}), "5,3,2,1"),
        ] {
            let total = i64::try_from(found.split(',').count()).unwrap();
            assert_eq!(listed(&filter, &order, 0), (found.to_owned(), Some(total)), "{filter} {order}");
            assert_eq!(listed(&filter, &order, -1).0, found, "{filter} {order}");
        }
        let head = portal.get("tasks.task.list", json!({"filter": {"MEMBER": ines.user}, "select": ["ID"]}));
        assert_eq!(head["tasks"].as_array().unwrap().len(), 5);
    }
}

#[test]
fn many_tasks_are_paged_and_counted_for_whom_they_are() {
    const MANY: i64 = 5_200;
    for portal in portals("task") {
        let ines = portal.employee("ines@example.com", "task");
        task(&portal, json!({"TITLE": "Hidden", "DEADLINE": "2026-01-01"}));
        let first = task(&ines, json!({"TITLE": "First", "DEADLINE": "2026-02-01"})).parse::<i64>().unwrap();
        let user = ines.user;
        portal.write(move |tx| {
            let series = format!(
                "WITH RECURSIVE s(n) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT n + 1 FROM s WHERE n < {})",
                MANY - 1
            );
            let same = "responsible_id, created_by, status, created_date, changed_date, activity_date";
            // The last ones are due first.
            let tasks = format!(
                "INSERT INTO tasks_task (id, title, deadline, {same}) {series} SELECT {first} + n, 'Task', deadline + {MANY} - n, {same} \
                 FROM s CROSS JOIN (SELECT * FROM tasks_task WHERE id = {first}) t"
            );
            let members = format!(
                "INSERT INTO tasks_member (task_id, user_id, role) SELECT id, {user}, 'R' FROM tasks_task WHERE id > {first}"
            );
            for sql in [tasks, members] {
                tx.execute(&sql, &[])?;
            }
            Ok(())
        });
        let page = |filter: Json, start: i64| {
            let asked =
                json!({"filter": filter, "order": {"DEADLINE": "asc"}, "select": ["ID"], "start": start});
            let page = ines.page("tasks.task.list", asked).unwrap();
            let ids = page.result["tasks"].as_array().unwrap().iter();
            let ids =
                ids.map(|task| task["id"].as_str().unwrap().parse::<i64>().unwrap()).collect::<Vec<_>>();
            (ids, page.total, page.next)
        };
        let last = first + MANY - 1;
        // `start` places behind the first come those that were added last.
        let due = |from: i64, to: i64| {
            (from..to).map(|at| if at == 0 { first } else { last + 1 - at }).collect::<Vec<_>>()
        };
        assert_eq!(page(json!({}), 0), (due(0, 50), Some(MANY), Some(50)));
        assert_eq!(page(json!({}), 100), (due(100, 150), Some(MANY), Some(150)));
        assert_eq!(page(json!({}), 5_150), (due(5_150, MANY), Some(MANY), None));
        assert_eq!(page(json!({}), 6_000), (vec![], Some(MANY), None));
        let few = json!({">ID": last - 120});
        let due = |from: i64, to: i64| due(from + 1, to + 1);
        assert_eq!(page(few.clone(), 0), (due(0, 50), Some(120), Some(50)));
        assert_eq!(page(few.clone(), 100), (due(100, 120), Some(120), None));
        assert_eq!(page(few.clone(), 150), (vec![], Some(120), None));
        assert_eq!(page(few, -1).1, None, "nobody counts");
    }
}
