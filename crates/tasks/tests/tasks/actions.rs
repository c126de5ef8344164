//! What may be done with a task: its table, as the methods keep it and as `getaccess` tells it.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};
use testportal::{Hook, portals};

use crate::task;

/// The moves, with the state that each leads to.
const MOVES: [(&str, &str); 7] = [
    ("start", "3"),
    ("pause", "2"),
    ("defer", "6"),
    ("complete", "5"),
    ("approve", "5"),
    ("disapprove", "2"),
    ("renew", "2"),
];

/// From where each leads, and by whom: C the creator, R the responsible, A an accomplice, O an observer.
const TABLE: [(&str, &[&str], &str); 7] = [
    ("start", &["2", "6"], "CRA"),
    ("pause", &["3"], "CRA"),
    ("defer", &["2", "3"], "CRA"),
    ("complete", &["2", "3", "6"], "CRA"),
    ("approve", &["4"], "C"),
    ("disapprove", &["4"], "C"),
    ("renew", &["4", "5", "6"], "CRA"),
];

fn people(portal: &Hook) -> BTreeMap<&'static str, Hook> {
    let of = |name: &str| portal.employee(&format!("{name}@example.com"), "task");
    [("C", of("creator")), ("R", of("responsible")), ("A", of("accomplice")), ("O", of("observer"))].into()
}

#[test]
fn the_table_of_states_roles_and_actions_holds_and_getaccess_agrees() {
    for portal in portals("task") {
        let people = people(&portal);
        for state in ["2", "3", "4", "5", "6"] {
            for (role, person) in &people {
                for (step, from, who) in TABLE {
                    let fields = json!({
                        "STATUS": state, "RESPONSIBLE_ID": people["R"].user, "ACCOMPLICES": [people["A"].user],
                        "AUDITORS": [people["O"].user],
                    });
                    let id = task(&people["C"], fields);
                    let may = from.contains(&state) && who.contains(role);
                    let at = format!("{step} by {role} in {state}");
                    let told = person.get("tasks.task.getaccess", json!({"taskId": id}));
                    let told = told["allowedActions"][person.user.to_string()].clone();
                    assert_eq!(told[step.to_uppercase()], json!(may), "{at}");
                    assert_eq!(told.as_object().unwrap().len(), 27);
                    let done = person.ask(&format!("tasks.task.{step}"), json!({"taskId": id}));
                    match (may, done) {
                        (true, Ok(answer)) => {
                            let to = MOVES.iter().find(|(name, _)| *name == step).unwrap().1;
                            assert_eq!(answer["task"]["status"], to, "{at}");
                            assert_eq!(answer["task"]["statusChangedBy"], person.user.to_string());
                            let closed = answer["task"]["closedDate"] != json!(null);
                            assert_eq!(closed, to == "5", "{at}");
                        }
                        (false, Err(fault)) => {
                            let code = if matches!(step, "start" | "complete") { "0" } else { "1048582" };
                            assert_eq!(
                                (&*fault.code, &*fault.message),
                                (code, "Action on the task is not allowed"),
                                "{at}"
                            );
                        }
                        (_, done) => panic!("{at}: {done:?}"),
                    }
                }
            }
        }
    }
}

#[test]
fn work_that_is_to_be_accepted_is_handed_in() {
    for portal in portals("task") {
        let people = people(&portal);
        let fields = json!({"RESPONSIBLE_ID": people["R"].user, "TASK_CONTROL": "Y"});
        for by in ["complete", "update"] {
            let id = task(&people["C"], fields.clone());
            let asked = json!({"taskId": id, "fields": {"STATUS": 5}});
            let handed = people["R"].get(&format!("tasks.task.{by}"), asked);
            assert_eq!(
                (&handed["task"]["status"], &handed["task"]["closedBy"]),
                (&json!("4"), &json!("0")),
                "{by}"
            );
            assert_eq!(people["R"].refused("tasks.task.approve", json!({"taskId": id})).1, "1048582");
            let accepted = people["C"].get("tasks.task.approve", json!({"taskId": id}));
            assert_eq!(accepted["task"]["status"], "5");
        }
        let id = task(&people["C"], fields);
        assert_eq!(people["C"].get("tasks.task.complete", json!({"taskId": id}))["task"]["status"], "5");
    }
}

#[test]
fn a_responsible_person_changes_what_is_theirs_to_change() {
    for portal in portals("task") {
        let people = people(&portal);
        let id =
            task(&people["C"], json!({"RESPONSIBLE_ID": people["R"].user, "AUDITORS": [people["O"].user]}));
        let change = |who: &str, fields: Json| {
            people[who]
                .ask("tasks.task.update", json!({"taskId": id, "fields": fields}))
                .map_err(|fault| fault.code)
        };
        assert_eq!(change("R", json!({"TITLE": "Chairs"})).unwrap_err(), "0");
        assert_eq!(change("R", json!({"DEADLINE": "2026-07-01"})).unwrap_err(), "0");
        assert_eq!(change("O", json!({"STATUS": 3})).unwrap_err(), "0");
        // The same value is no change.
        change("R", json!({"TITLE": "Desks", "STATUS": 3})).unwrap();
        change("C", json!({"ALLOW_CHANGE_DEADLINE": "Y"})).unwrap();
        let answer = change("R", json!({"DEADLINE": "2026-07-01"})).unwrap();
        assert_eq!(answer["task"]["deadline"], "2026-07-01T00:00:00+00:00");
        assert_eq!(people["R"].refused("tasks.task.delete", json!({"taskId": id})).1, "1048582");
        assert_eq!(people["C"].get("tasks.task.delete", json!({"taskId": id})), json!({"task": true}));
    }
}

#[test]
fn who_gives_a_task_away_observes_it() {
    for portal in portals("task") {
        let people = people(&portal);
        let id = task(&people["C"], json!({"RESPONSIBLE_ID": people["R"].user, "STATUS": 3}));
        let asked = json!({"taskId": id, "userId": people["A"].user});
        let given = people["R"].get("tasks.task.delegate", asked.clone())["task"].clone();
        assert_eq!(
            (&given["status"], &given["responsibleId"]),
            (&json!("2"), &json!(people["A"].user.to_string()))
        );
        assert_eq!(given["auditors"], json!([people["R"].user.to_string()]));
        assert_eq!(people["R"].refused("tasks.task.delegate", asked).1, "0");
        let missing = people["A"].refused("tasks.task.delegate", json!({"taskId": id}));
        assert_eq!(
            (missing.1.as_str(), missing.2.as_str()),
            ("100", "Could not find value for parameter {userId}")
        );
        assert_eq!(
            people["A"].refused("tasks.task.delegate", json!({"taskId": id, "userId": 99})).1,
            "ERROR_CORE"
        );
    }
}

#[test]
fn notes_are_everybodys_own_and_watching_is_for_all_to_see() {
    for portal in portals("task") {
        let people = people(&portal);
        let id = task(&people["C"], json!({"RESPONSIBLE_ID": people["R"].user}));
        let below = task(&people["C"], json!({"RESPONSIBLE_ID": people["R"].user, "PARENT_ID": id}));
        assert_eq!(people["R"].get("tasks.task.pin", json!({"id": id}))["task"]["isPinned"], "Y");
        assert_eq!(people["R"].get("tasks.task.mute", json!({"id": id}))["task"]["isMuted"], "Y");
        assert_eq!(people["R"].get("tasks.task.favorite.add", json!({"taskId": id})), json!(true));
        let seen =
            |who: &str, id: &str| people[who].get("tasks.task.get", json!({"taskId": id}))["task"].clone();
        assert_eq!(seen("R", &below)["favorite"], "Y");
        assert_eq!(
            (&seen("R", &id)["action"]["favorite.add"], &seen("C", &id)["favorite"]),
            (&json!(false), &json!("N"))
        );
        let listed =
            |filter: Json| people["R"].page("tasks.task.list", json!({"filter": filter})).unwrap().total;
        assert_eq!(listed(json!({"::SUBFILTER-PARAMS": {"FAVORITE": "Y"}})), Some(2));
        people["R"].get("tasks.task.favorite.remove", json!({"taskId": id}));
        assert_eq!(listed(json!({"::SUBFILTER-PARAMS": {"FAVORITE": "Y"}})), Some(0));
        assert_eq!(people["R"].get("tasks.task.unpin", json!({"id": id}))["task"]["isPinned"], "N");

        let watched = people["R"].get("tasks.task.startwatch", json!({"taskId": id}))["task"].clone();
        assert_eq!(watched["auditors"], json!([people["R"].user.to_string()]));
        people["R"].get("tasks.task.stopwatch", json!({"taskId": id}));
        assert_eq!(seen("C", &id)["auditors"], json!([]));
        let all = people["C"]
            .get("tasks.task.getaccess", json!({"taskId": id, "users": [people["O"].user, 99, 1]}));
        let told = |user: i64, action: &str| all["allowedActions"][user.to_string()][action].clone();
        assert_eq!(
            [told(people["O"].user, "START"), told(99, "START"), told(1, "START")],
            [json!(false), json!(false), json!(true)]
        );
    }
}
