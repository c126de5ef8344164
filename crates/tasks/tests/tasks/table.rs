//! The table of what may be done with a task: in which states, and by whom. Each is tried by everybody in every state, and
//! `getaccess` says the same.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};
use testportal::{Bench, Hook, portals};

use crate::task;

const STATES: [i64; 5] = [2, 3, 4, 5, 6];
const ANY: &[i64] = &STATES;
const OPEN: &[i64] = &[2, 3, 6];

/// Those who have to do with it: M an administrator, C the creator, R the responsible, A a participant, O an observer, H the
/// head of the creator, B the head of the responsible, G a moderator and K a member of its workgroup, X nobody.
const EDITORS: &str = "MCHG";
const DOERS: &str = "MCHGRB";
const WORKERS: &str = "MCHGRBA";
const EVERYBODY: &str = "MCHGRBAOK";

/// The actions, as `getaccess` calls them, with the states in which and those by whom each may be done.
const TABLE: [(&str, &[i64], &str); 27] = [
    ("ACCEPT", &[], ""),
    ("DECLINE", &[], ""),
    ("COMPLETE", OPEN, WORKERS),
    ("APPROVE", &[4], "MCH"),
    ("DISAPPROVE", &[4], "MCH"),
    ("START", &[2, 6], WORKERS),
    ("PAUSE", &[3], WORKERS),
    ("DELEGATE", OPEN, DOERS),
    ("REMOVE", ANY, EDITORS),
    ("EDIT", ANY, EDITORS),
    ("DEFER", &[2, 3], WORKERS),
    ("RENEW", &[4, 5, 6], WORKERS),
    ("CREATE", ANY, EVERYBODY),
    ("CHANGE_DEADLINE", ANY, EDITORS),
    ("CHECKLIST_ADD_ITEMS", ANY, WORKERS),
    ("ADD_FAVORITE", ANY, EVERYBODY),
    ("DELETE_FAVORITE", &[], ""),
    ("RATE", ANY, "MCHGB"),
    ("TAKE", &[], ""),
    ("EDIT.ORIGINATOR", &[], ""),
    ("CHECKLIST.REORDER", ANY, WORKERS),
    ("ELAPSEDTIME.ADD", ANY, WORKERS),
    ("DAYPLAN.TIMER.TOGGLE", OPEN, "RA"),
    ("EDIT.PLAN", ANY, EDITORS),
    ("CHECKLIST.ADD", ANY, WORKERS),
    ("FAVORITE.ADD", ANY, EVERYBODY),
    ("FAVORITE.DELETE", &[], ""),
];

/// The call that does an action, where one does.
fn doing(action: &str, id: &str, other: i64) -> Option<(String, Json)> {
    let update = |fields: Json| ("tasks.task.update".to_owned(), json!({"taskId": id, "fields": fields}));
    Some(match action {
        "COMPLETE" | "APPROVE" | "DISAPPROVE" | "START" | "PAUSE" | "DEFER" | "RENEW" => {
            (format!("tasks.task.{}", action.to_lowercase()), json!({"taskId": id}))
        }
        "DELEGATE" => ("tasks.task.delegate".into(), json!({"taskId": id, "userId": other})),
        "REMOVE" => ("tasks.task.delete".into(), json!({"taskId": id})),
        "EDIT" => update(json!({"TITLE": "Chairs"})),
        "CHANGE_DEADLINE" => update(json!({"DEADLINE": "2030-05-01"})),
        "EDIT.PLAN" => update(json!({"START_DATE_PLAN": "2030-05-01", "END_DATE_PLAN": "2030-05-02"})),
        "RATE" => update(json!({"MARK": "P"})),
        "CHECKLIST.ADD" => ("task.checklistitem.add".into(), json!([id, {"TITLE": "Measure"}])),
        "ELAPSEDTIME.ADD" => {
            ("task.elapseditem.add".into(), json!([id, {"SECONDS": 60, "COMMENT_TEXT": ""}]))
        }
        "FAVORITE.ADD" => ("tasks.task.favorite.add".into(), json!({"taskId": id})),
        _ => return None,
    })
}

struct Office {
    people: BTreeMap<char, Hook>,
    group: i64,
}

impl Office {
    fn of(portal: &Bench) -> Self {
        let hook = |name: &str| portal.employee(&format!("{name}@example.com"), "task,sonet_group");
        let people: BTreeMap<char, Hook> =
            "CRAOHBGKX".chars().map(|role| (role, hook(&role.to_string()))).collect();
        for (head, below) in [('H', 'C'), ('B', 'R')] {
            let department = portal.get(
                "department.add",
                json!({"NAME": below.to_string(), "PARENT": 1, "UF_HEAD": people[&head].user}),
            );
            portal.get("user.update", json!({"ID": people[&below].user, "UF_DEPARTMENT": [department]}));
        }
        let group = people[&'G'].get("sonet_group.create", json!({"NAME": "Stand"}));
        let members = [people[&'C'].user, people[&'K'].user];
        portal.get("sonet_group.user.add", json!({"GROUP_ID": group, "USER_ID": members}));
        Office { people, group: group.as_i64().unwrap() }
    }

    /// A task in that state.
    fn task(&self, state: i64) -> String {
        let user = |role: char| self.people[&role].user;
        let fields = json!({
            "STATUS": state, "RESPONSIBLE_ID": user('R'), "ACCOMPLICES": [user('A')], "AUDITORS": [user('O')],
            "GROUP_ID": self.group, "ALLOW_TIME_TRACKING": "Y",
        });
        task(&self.people[&'C'], fields)
    }
}

#[test]
fn everybody_may_do_what_the_table_says_and_is_told_so() {
    for portal in portals("task,sonet_group,department,user") {
        let office = Office::of(&portal);
        let admin = &*portal;
        let roles = || office.people.iter().map(|(role, hook)| (*role, hook)).chain([('M', admin)]);
        for state in STATES {
            let idle = office.task(state);
            let users: Vec<i64> = roles().map(|(_, hook)| hook.user).collect();
            let told = admin.get("tasks.task.getaccess", json!({"taskId": idle, "users": users}));
            for (role, person) in roles() {
                let told = told["allowedActions"][person.user.to_string()].clone();
                assert_eq!(told.as_object().unwrap().len(), TABLE.len());
                let own =
                    person.get("tasks.task.getaccess", json!({"taskId": idle}))["allowedActions"].clone();
                if role != 'X' {
                    assert_eq!(own[person.user.to_string()], told, "{role} in {state}");
                } else {
                    assert_eq!(own, json!([]));
                }
                for (action, from, who) in TABLE {
                    let may = from.contains(&state) && who.contains(role);
                    let at = format!("{action} by {role} in {state}");
                    assert_eq!(told[action], json!(may), "{at}");
                    let id = if may { office.task(state) } else { idle.clone() };
                    let Some((method, params)) = doing(action, &id, office.people[&'O'].user) else {
                        continue;
                    };
                    let done = person.ask(&method, params);
                    assert_eq!(done.is_ok(), may, "{at}: {done:?}");
                }
            }
        }
    }
}
