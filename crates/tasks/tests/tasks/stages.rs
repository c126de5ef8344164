//! Stages of boards, and tasks on them.

use serde_json::{Value as Json, json};
use testportal::{Hook, portals};

use crate::task;

/// A workgroup of somebody, with these members beside, whom the administrator adds.
pub fn group(portal: &Hook, owner: &Hook, members: &[&Hook]) -> i64 {
    let made = owner.get("sonet_group.create", json!({"NAME": "Trade fair", "VISIBLE": "Y", "OPENED": "Y"}));
    let group = made.as_i64().or_else(|| made.as_str()?.parse().ok()).unwrap();
    for member in members {
        portal.get("sonet_group.user.add", json!({"GROUP_ID": group, "USER_ID": member.user}));
    }
    group
}

fn stages(hook: &Hook, entity: i64) -> Vec<Json> {
    let stages = hook.get("task.stages.get", json!({"entityId": entity}));
    let mut stages: Vec<Json> = stages.as_object().unwrap().values().cloned().collect();
    stages.sort_by_key(|stage| stage["SORT"].as_str().unwrap().parse::<i64>().unwrap());
    stages
}

fn titles(hook: &Hook, entity: i64) -> Vec<String> {
    stages(hook, entity).iter().map(|stage| stage["TITLE"].as_str().unwrap().to_owned()).collect()
}

fn id(stage: &Json) -> i64 {
    stage["ID"].as_str().unwrap().parse().unwrap()
}

/// The numbers of the tasks that a filter finds, in this order.
fn found(hook: &Hook, filter: &Json, order: &Json) -> Vec<String> {
    let asked = json!({"filter": filter, "order": order, "select": ["ID", "STAGE_ID"]});
    let tasks = hook.get("tasks.task.list", asked);
    tasks["tasks"].as_array().unwrap().iter().map(|task| task["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_board_is_made_when_it_is_first_asked_for_and_its_stages_change() {
    for portal in portals("task,sonet_group") {
        let (ann, bob) = (
            portal.employee("ann@example.com", "task,sonet_group"),
            portal.employee("bob@example.com", "task"),
        );
        let group = group(&portal, &ann, &[]);
        assert_eq!(titles(&ann, group), ["New", "In progress", "Done"]);
        let first = stages(&ann, group).remove(0);
        assert_eq!(
            first,
            json!({
                "ID": first["ID"], "TITLE": "New", "SORT": "100", "COLOR": "00C4FB", "SYSTEM_TYPE": "NEW",
                "ENTITY_ID": group.to_string(), "ENTITY_TYPE": "G", "ADDITIONAL_FILTER": [], "TO_UPDATE": [],
                "TO_UPDATE_ACCESS": null,
            })
        );
        let fields =
            json!({"TITLE": "Waiting", "COLOR": "#FFAAEE", "AFTER_ID": first["ID"], "ENTITY_ID": group});
        let waiting = ann.get("task.stages.add", json!({"fields": fields})).as_i64().unwrap();
        assert_eq!(titles(&ann, group), ["New", "Waiting", "In progress", "Done"]);
        assert_eq!(stages(&ann, group)[1]["COLOR"], "FFAAEE");
        let front = ann.get("task.stages.add", json!({"fields": {"TITLE": "Ideas", "ENTITY_ID": group}}));
        assert_eq!(titles(&ann, group)[0], "Ideas");
        let change = json!({"id": waiting, "fields": {"TITLE": "On hold", "AFTER_ID": 0}});
        assert_eq!(ann.get("task.stages.update", change), json!(true));
        assert_eq!(titles(&ann, group), ["On hold", "Ideas", "New", "In progress", "Done"]);

        // The first one and those that every board has stay.
        let delete = |stage: i64| ann.ask("task.stages.delete", json!({"id": stage}));
        assert_eq!(delete(waiting).unwrap_err().code, "CANT_DELETE_FIRST");
        assert_eq!(delete(id(&first)).unwrap_err().code, "IS_SYSTEM");
        assert_eq!(delete(front.as_i64().unwrap()), Ok(json!(true)));
        assert_eq!(delete(front.as_i64().unwrap()).unwrap_err().code, "NOT_FOUND");

        // Whoever does not belong to the workgroup has no say, and an administrator only on request.
        for hook in [&bob, &*portal] {
            assert_eq!(hook.refused("task.stages.get", json!({"entityId": group})).1, "ACCESS_DENIED");
            let add = json!({"fields": {"TITLE": "x", "ENTITY_ID": group}});
            assert_eq!(hook.refused("task.stages.add", add).1, "ACCESS_DENIED");
            let update = json!({"id": waiting, "fields": {"TITLE": "x"}});
            assert_eq!(hook.refused("task.stages.update", update).1, "ACCESS_DENIED");
            assert_eq!(hook.refused("task.stages.delete", json!({"id": waiting})).1, "ACCESS_DENIED");
        }
        let asked = json!({"entityId": group, "isAdmin": true});
        assert_eq!(portal.get("task.stages.get", asked.clone()).as_object().unwrap().len(), 4);
        assert_eq!(bob.refused("task.stages.get", asked).1, "ACCESS_DENIED");
        let nowhere = json!({"entityId": 777, "isAdmin": true});
        assert_eq!(portal.refused("task.stages.get", nowhere).1, "ACCESS_DENIED");
        let untitled = json!({"fields": {"TITLE": " ", "ENTITY_ID": group}});
        assert_eq!(ann.refused("task.stages.add", untitled).1, "EMPTY_TITLE");

        // Nobody else's plan is open, not to administrators either.
        assert_eq!(titles(&ann, 0), ["Not planned", "Will be done this week"]);
        let own = id(&stages(&ann, 0)[1]);
        for hook in [&bob, &*portal] {
            let update = json!({"id": own, "fields": {"TITLE": "x"}, "isAdmin": true});
            assert_eq!(hook.refused("task.stages.update", update).1, "ACCESS_DENIED");
        }
        let can = |hook: &Hook, kind: &str, owner: i64| {
            hook.get("task.stages.canmovetask", json!({"entityId": owner, "entityType": kind}))
        };
        assert_eq!(can(&ann, "U", ann.user), json!(true));
        assert_eq!(can(&ann, "U", bob.user), json!(false));
        assert_eq!((can(&ann, "G", group), can(&bob, "G", group)), (json!(true), json!(false)));
    }
}

#[test]
fn tasks_move_on_the_board_of_their_workgroup() {
    for portal in portals("task,sonet_group") {
        let hook = |name: &str| portal.employee(&format!("{name}@example.com"), "task,sonet_group");
        let (ann, bob, eve) = (hook("ann"), hook("bob"), hook("eve"));
        let group = group(&portal, &ann, &[&bob]);
        let [new, work, done]: [i64; 3] =
            stages(&ann, group).iter().map(id).collect::<Vec<_>>().try_into().unwrap();
        let tasks: Vec<String> = (0..4).map(|_| task(&ann, json!({"GROUP_ID": group}))).collect();
        let [a, b, c, d] = [0, 1, 2, 3].map(|at| tasks[at].clone());
        let step = |hook: &Hook, task: &str, stage: i64, more: Json| {
            let mut asked = json!({"id": task, "stageId": stage});
            asked.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            hook.ask("task.stages.movetask", asked)
        };
        // A member moves a task that is somebody else's.
        assert_eq!(step(&bob, &a, work, json!({})), Ok(json!(true)));
        let shown = ann.get("tasks.task.get", json!({"taskId": a, "select": ["STAGE_ID", "STATUS"]}));
        assert_eq!(
            (&shown["task"]["stageId"], &shown["task"]["status"]),
            (&json!(work.to_string()), &json!("2"))
        );
        let history =
            ann.get("tasks.task.history.list", json!({"taskId": a, "filter": {"FIELD": "STAGE_ID"}}));
        assert_eq!(history["list"][0]["value"]["to"], json!(work.to_string()), "{history}");
        // Those that were never moved stand on the first one.
        let by = json!({"SORTING": "ASC"});
        let on = |stages: Json| found(&ann, &json!({"GROUP_ID": group, "STAGE_ID": stages}), &by);
        assert_eq!(on(json!([0, new])), [d.clone(), c.clone(), b.clone()]);
        assert_eq!(on(json!(work)), std::slice::from_ref(&a));
        // In front of, and behind others.
        step(&ann, &b, work, json!({"before": a})).unwrap();
        assert_eq!(on(json!(work)), [b.clone(), a.clone()]);
        step(&ann, &c, work, json!({"after": b})).unwrap();
        assert_eq!(on(json!(work)), [b.clone(), c.clone(), a.clone()]);
        step(&ann, &d, work, json!({})).unwrap();
        assert_eq!(on(json!(work)), [d.clone(), b.clone(), c.clone(), a.clone()]);
        step(&ann, &d, work, json!({"after": a})).unwrap();
        assert_eq!(on(json!(work)), [b.clone(), c.clone(), a.clone(), d.clone()]);
        step(&ann, &d, new, json!({})).unwrap();
        assert_eq!(on(json!(new)), std::slice::from_ref(&d));

        // Refusals.
        assert_eq!(step(&ann, &a, 777, json!({})).unwrap_err().code, "NOT_FOUND");
        assert_eq!(step(&ann, "777", work, json!({})).unwrap_err().code, "TASK_NOT_FOUND");
        assert_eq!(step(&eve, &a, work, json!({})).unwrap_err().code, "TASK_NOT_FOUND");
        let own = task(&eve, json!({}));
        assert_eq!(step(&eve, &own, work, json!({})).unwrap_err().code, "ACCESS_DENIED_MOVE");
        assert_eq!(ann.refused("task.stages.delete", json!({"id": done})).1, "IS_SYSTEM");
        let fields = json!({"TITLE": "Waiting", "AFTER_ID": work, "ENTITY_ID": group});
        let waiting = ann.get("task.stages.add", json!({"fields": fields})).as_i64().unwrap();
        step(&ann, &a, waiting, json!({})).unwrap();
        assert_eq!(ann.refused("task.stages.delete", json!({"id": waiting})).1, "NOT_EMPTY");

        // A stage of another board is none for a task; in another workgroup it begins anew.
        let other = crate::stages::group(&portal, &ann, &[]);
        let change = |fields: Json| ann.get("tasks.task.update", json!({"taskId": a, "fields": fields}));
        let foreign = id(&stages(&ann, other)[1]);
        assert_eq!(change(json!({"STAGE_ID": foreign}))["task"]["stageId"], waiting.to_string());
        assert_eq!(change(json!({"STAGE_ID": work}))["task"]["stageId"], work.to_string());
        assert_eq!(change(json!({"GROUP_ID": other}))["task"]["stageId"], "0");
        assert_eq!(change(json!({"GROUP_ID": group, "STAGE_ID": done}))["task"]["stageId"], done.to_string());
    }
}

#[test]
fn a_plan_is_a_persons_own() {
    for portal in portals("task,sonet_group") {
        let (ann, bob) =
            (portal.employee("ann@example.com", "task"), portal.employee("bob@example.com", "task"));
        let [open, week]: [i64; 2] = stages(&ann, 0).iter().map(id).collect::<Vec<_>>().try_into().unwrap();
        let bobs = id(&stages(&bob, 0)[1]);
        let tasks: Vec<String> = (0..3).map(|_| task(&ann, json!({"ACCOMPLICES": [bob.user]}))).collect();
        let on = |hook: &Hook, stage: i64| found(hook, &json!({"STAGE_ID": stage}), &json!({"ID": "ASC"}));
        assert_eq!((on(&ann, open), on(&ann, week).len()), (tasks.clone(), 0));
        let step = |hook: &Hook, stage: i64| {
            hook.ask("task.stages.movetask", json!({"id": tasks[1], "stageId": stage}))
        };
        assert_eq!(step(&ann, week), Ok(json!(true)));
        assert_eq!(
            (on(&ann, open), on(&ann, week)),
            (vec![tasks[0].clone(), tasks[2].clone()], vec![tasks[1].clone()])
        );
        // It is nobody else's plan, and the task itself does not change.
        assert_eq!((on(&bob, bobs).len(), on(&bob, week).len()), (0, 0));
        assert_eq!(step(&bob, week).unwrap_err().code, "ACCESS_DENIED_MOVE");
        step(&bob, bobs).unwrap();
        assert_eq!((on(&ann, week), on(&bob, bobs)), (vec![tasks[1].clone()], vec![tasks[1].clone()]));
        let shown = ann.get("tasks.task.get", json!({"taskId": tasks[1]}));
        assert_eq!(shown["task"]["stageId"], "0");
        step(&ann, open).unwrap();
        assert_eq!(on(&ann, open), tasks);
        // Deleted tasks are gone from it.
        ann.get("tasks.task.delete", json!({"taskId": tasks[1]}));
        assert_eq!(on(&bob, bobs).len(), 0);
    }
}

#[test]
fn a_plan_keeps_the_order_that_its_person_gave_it() {
    for portal in portals("task") {
        let ann = portal.employee("ann@example.com", "task");
        let [open, week]: [i64; 2] = stages(&ann, 0).iter().map(id).collect::<Vec<_>>().try_into().unwrap();
        let due = |day: u8| format!("2030-01-0{day}T10:00:00+00:00");
        let [first, second, third]: [String; 3] =
            [3, 1, 2].map(|day| task(&ann, json!({"DEADLINE": due(day)})));
        let on = |stage: i64| {
            found(&ann, &json!({"STAGE_ID": stage}), &json!({"SORTING": "ASC", "DEADLINE": "ASC"}))
        };
        let step = |task: &str, stage: i64, beside: Json| {
            let mut asked = json!({"id": task, "stageId": stage});
            asked.as_object_mut().unwrap().extend(beside.as_object().unwrap().clone());
            assert_eq!(ann.get("task.stages.movetask", asked), true);
        };
        // What nobody moved stands by its deadline, and keeps its place when others are moved past it.
        assert_eq!(on(open), [&second, &third, &first].map(String::clone));
        step(&first, open, json!({"before": third}));
        assert_eq!(on(open), [&second, &first, &third].map(String::clone));
        step(&second, open, json!({"after": third}));
        assert_eq!(on(open), [&first, &third, &second].map(String::clone));
        step(&third, week, json!({}));
        step(&first, week, json!({"after": third}));
        step(&second, week, json!({"before": first}));
        assert_eq!(on(week), [&third, &second, &first].map(String::clone));
        let backwards = found(&ann, &json!({"STAGE_ID": week}), &json!({"SORTING": "DESC"}));
        assert_eq!(backwards, [&first, &second, &third].map(String::clone));
        // The order is of the plan alone: elsewhere tasks stand as they did.
        let all = found(&ann, &json!({}), &json!({"SORTING": "ASC"}));
        assert_eq!(all, [&third, &second, &first].map(String::clone));
    }
}

#[test]
fn colors_are_six_digits_and_titles_short() {
    for portal in portals("task") {
        let add = |color: &str| {
            let fields = json!({"TITLE": "x".repeat(300), "COLOR": color});
            let id = portal.get("task.stages.add", json!({"fields": fields})).to_string();
            portal.get("task.stages.get", json!({"entityId": 0}))[id].clone()
        };
        for (given, kept) in [("#FFAAEE", "FFAAEE"), ("red", "00C4FB"), ("1234567", "00C4FB")] {
            let stage = add(given);
            assert_eq!((&stage["COLOR"], stage["TITLE"].as_str().unwrap().len()), (&json!(kept), 255));
        }
    }
}
