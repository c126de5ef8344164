//! Flows, and the tasks that are given to them.

use serde_json::{Value as Json, json};
use testportal::{Hook, NOW, portals};

/// Adds a flow with these values beside a name and a time; gives it.
fn flow(hook: &Hook, more: &Json) -> Json {
    let mut all = json!({"name": "Questions", "plannedCompletionTime": 7200, "matchWorkTime": 0});
    all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    hook.get("tasks.flow.Flow.create", json!({"flowData": all}))
}

fn pair(hook: &Hook) -> Json {
    json!(["user", hook.user.to_string()])
}

/// Gives a task to a flow.
fn give(hook: &Hook, flow: &Json) -> Json {
    hook.get("tasks.task.add", json!({"fields": {"TITLE": "Answer", "FLOW_ID": flow["id"]}}))["task"].clone()
}

fn refusal(hook: &Hook, method: &str, params: Json) -> (String, String) {
    let (status, code, text) = hook.refused(method, params);
    assert_eq!(status, 400, "{text}");
    (code, text)
}

#[test]
fn a_flow_is_written_read_switched_and_deleted() {
    for portal in portals("task,sonet_group") {
        let (ann, bob) = (
            portal.employee("ann@example.com", "task,sonet_group"),
            portal.employee("bob@example.com", "task"),
        );
        let made = flow(
            &ann,
            &json!({"distributionType": "manually", "responsibleList": [pair(&bob)], "notifyOnQueueOverflow": 10}),
        );
        let id = made["id"].clone();
        for (name, value) in [
            ("creatorId", json!(ann.user)),
            ("ownerId", json!(ann.user)),
            ("templateId", json!(0)),
            ("efficiency", json!(100)),
            ("active", json!(true)),
            ("plannedCompletionTime", json!(7200)),
            ("responsibleList", json!([pair(&bob)])),
            ("taskCreators", json!([["meta-user", "all-users"]])),
            ("team", json!([pair(&ann)])),
            ("matchWorkTime", json!(false)),
            ("notifyOnQueueOverflow", json!(10)),
            ("notifyWhenEfficiencyDecreases", json!(null)),
            ("demo", json!(false)),
        ] {
            assert_eq!(made[name], value, "{name}");
        }
        // Its workgroup was made with it, and has the team.
        let members = ann.get("sonet_group.user.get", json!({"ID": made["groupId"]}));
        assert_eq!(members.as_array().unwrap().len(), 2, "{members}");
        assert_eq!(bob.get("tasks.flow.Flow.get", json!({"flowId": id})), made);
        // Others do not change it.
        let change = json!({"flowData": {
            "id": id, "name": "Answers", "plannedCompletionTime": 60, "distributionType": "queue",
            "responsibleList": [["department", "1"]],
        }});
        let denied = ("0".to_owned(), "Access denied or flow not found".to_owned());
        assert_eq!(refusal(&bob, "tasks.flow.Flow.update", change.clone()), denied);
        assert_eq!(refusal(&bob, "tasks.flow.Flow.activate", json!({"flowId": id})), denied);
        assert_eq!(refusal(&bob, "tasks.flow.Flow.delete", json!({"flowData": {"id": id}})), denied);
        let changed = ann.get("tasks.flow.Flow.update", change);
        assert_eq!(changed["name"], "Answers");
        assert_eq!(changed["team"], json!([["department", "1"]]));
        // Names are used once.
        let exists = |name: &str, but: i64| {
            let asked = json!({"flowData": {"name": name, "id": but}});
            bob.get("tasks.flow.Flow.isExists", asked)["exists"].clone()
        };
        assert_eq!(
            (exists("Answers", 0), exists("Answers", id.as_i64().unwrap()), exists("Questions", 0)),
            (json!(true), json!(false), json!(false))
        );
        let again = json!({"flowData": {
            "name": "Answers", "plannedCompletionTime": 60, "distributionType": "queue", "responsibleList": [pair(&ann)],
        }});
        assert_eq!(
            refusal(&bob, "tasks.flow.Flow.create", again),
            ("0".into(), "A flow with this name already exists".into())
        );
        // Pinned by one, not by the other.
        let pin = |hook: &Hook| hook.get("tasks.flow.Flow.pin", json!({"flowId": id}));
        assert_eq!((pin(&ann), pin(&bob), pin(&ann)), (json!(true), json!(true), json!(false)));
        assert_eq!(ann.get("tasks.flow.Flow.activate", json!({"flowId": id})), json!(true));
        assert_eq!(ann.get("tasks.flow.Flow.get", json!({"flowId": id}))["active"], json!(false));
        let off = json!({"fields": {"TITLE": "x", "FLOW_ID": id}});
        let text = "The flow was not found or is not accessible<br>";
        assert!(bob.refused("tasks.task.add", off).2.starts_with(text));
        assert_eq!(ann.get("tasks.flow.Flow.activate", json!({"flowId": id})), json!(true));
        let task = give(&bob, &changed);
        assert_eq!(
            ann.get("tasks.flow.Flow.delete", json!({"flowData": {"id": id}})),
            json!({"deleted": true})
        );
        let missing = ("0".to_owned(), "Flow not found".to_owned());
        assert_eq!(refusal(&ann, "tasks.flow.Flow.get", json!({"flowId": id})), missing);
        // The task stays, without a flow.
        let left = bob.get("tasks.task.get", json!({"taskId": task["id"], "select": ["ID", "FLOW_ID"]}));
        assert_eq!(left["task"]["flowId"], json!(null));
    }
}

#[test]
fn what_does_not_fit_a_flow_is_refused() {
    for portal in portals("task,sonet_group") {
        let ann = portal.employee("ann@example.com", "task,sonet_group");
        let secret = portal.get("sonet_group.create", json!({"NAME": "Secret", "VISIBLE": "N"}));
        for (name, value) in [
            ("distributionType", json!("often")),
            ("responsibleList", json!([["user", "9999"]])),
            ("responsibleList", json!([["robot", "1"]])),
            ("responsibleList", json!([["department", "1"]])),
            ("responsibleList", json!([])),
            ("taskCreators", json!([["meta-user", "nobody"]])),
            ("ownerId", json!(9999)),
            ("groupId", secret),
            ("templateId", json!(9999)),
            ("plannedCompletionTime", json!(0)),
            ("plannedCompletionTime", json!("soon")),
            ("notifyWhenEfficiencyDecreases", json!(101)),
            ("name", json!("")),
            ("name", json!("x".repeat(256))),
            ("matchWorkTime", json!("often")),
        ] {
            let mut all = json!({
                "name": "Questions", "plannedCompletionTime": 60, "distributionType": "manually",
                "responsibleList": [pair(&ann)],
            });
            all[name] = value.clone();
            let refused = refusal(&ann, "tasks.flow.Flow.create", json!({"flowData": all}));
            let text = format!("'{name}': field's value has an invalid value");
            assert_eq!(refused, ("0".into(), text), "{name} {value}");
        }
        let exists = ann.get("tasks.flow.Flow.isExists", json!({"flowData": {"name": "Questions"}}));
        assert_eq!(exists["exists"], json!(false));
    }
}

#[test]
fn a_flow_gives_its_tasks_to_its_team() {
    for portal in portals("task") {
        let [ann, bob, eve] =
            ["ann", "bob", "eve"].map(|name| portal.employee(&format!("{name}@example.com"), "task"));
        let queue = flow(
            &ann,
            &json!({
                "distributionType": "queue", "responsibleList": [pair(&bob), pair(&ann)], "taskControl": 1,
                "taskCreators": [pair(&eve), pair(&ann)],
            }),
        );
        let given: Vec<Json> = (0..3).map(|_| give(&eve, &queue)).collect();
        let ids = |hook: &Hook| json!(hook.user.to_string());
        assert_eq!(
            given.iter().map(|task| task["responsibleId"].clone()).collect::<Vec<_>>(),
            [ids(&bob), ids(&ann), ids(&bob)]
        );
        let first = &given[0];
        assert_eq!((&first["createdBy"], &first["taskControl"]), (&ids(&eve), &json!("Y")));
        assert_eq!(first["groupId"], json!(queue["groupId"].to_string()));
        assert_eq!(first["flowId"], json!(queue["id"].to_string()));
        assert!(first["deadline"].as_str().is_some());
        // Who is not among those who give it tasks gives it none.
        let text = "The flow was not found or is not accessible<br>";
        let asked = json!({"fields": {"TITLE": "x", "FLOW_ID": queue["id"]}});
        assert!(bob.refused("tasks.task.add", asked).2.starts_with(text));
        // A task that goes to another workgroup leaves the flow.
        let moved = eve.get("tasks.task.update", json!({"taskId": first["id"], "fields": {"GROUP_ID": 0}}));
        assert_eq!(moved["task"]["flowId"], json!(null));
    }
}

#[test]
fn the_team_takes_what_nobody_was_given() {
    for portal in portals("task") {
        let [ann, bob, eve] =
            ["ann", "bob", "eve"].map(|name| portal.employee(&format!("{name}@example.com"), "task"));
        let own = flow(
            &ann,
            &json!({"name": "Own", "distributionType": "himself", "responsibleList": [pair(&bob)]}),
        );
        let task = give(&eve, &own);
        assert_eq!(task["responsibleId"], json!(eve.user.to_string()));
        let may = |hook: &Hook, user: i64| {
            let asked = json!({"taskId": task["id"], "users": [user]});
            hook.get("tasks.task.getaccess", asked)["allowedActions"][user.to_string()]["TAKE"].clone()
        };
        assert_eq!(
            (may(&bob, bob.user), may(&bob, ann.user), may(&bob, eve.user)),
            (json!(true), json!(false), json!(false))
        );
        let take = json!({"taskId": task["id"], "userId": bob.user});
        let taken = bob.get("tasks.task.delegate", take)["task"].clone();
        assert_eq!((&taken["responsibleId"], &taken["status"]), (&json!(bob.user.to_string()), &json!("3")));
        assert_eq!(may(&bob, bob.user), json!(false));
    }
}

#[test]
fn a_flow_says_when_it_is_late_or_has_too_much() {
    for portal in portals("task,im") {
        let (ann, bob) =
            (portal.employee("ann@example.com", "task,im"), portal.employee("bob@example.com", "task,im"));
        let late = flow(
            &ann,
            &json!({
                "distributionType": "queue", "responsibleList": [pair(&bob)], "notifyAtHalfTime": 1,
                "notifyOnQueueOverflow": 0, "notifyWhenEfficiencyDecreases": 50,
            }),
        );
        let told = |hook: &Hook| {
            let listed = hook.get("im.notify.get", json!({}))["notifications"].clone();
            let texts = listed.as_array().unwrap().iter();
            texts.map(|one| one["text"].as_str().unwrap().to_owned()).collect::<Vec<_>>().join("|")
        };
        give(&ann, &late);
        assert!(told(&ann).contains("wait in the flow"), "{}", told(&ann));
        assert!(!told(&bob).contains("Half of the time"));
        portal.work("tasks.flow", 3601);
        assert!(told(&bob).contains("Half of the time"), "{}", told(&bob));
        assert!(!told(&ann).contains("efficiency"));
        portal.work("tasks.flow", 7202);
        assert!(told(&ann).contains("efficiency"), "{}", told(&ann));
        let flow = ann.at(NOW + 7300).get("tasks.flow.Flow.get", json!({"flowId": late["id"]}));
        assert_eq!(flow["efficiency"], json!(0));
    }
}

#[test]
fn a_flow_whose_team_is_gone_goes_to_its_administrator() {
    for portal in portals("task,user,im") {
        let (ann, bob) =
            (portal.employee("ann@example.com", "task,im"), portal.employee("bob@example.com", "task"));
        let made = flow(&ann, &json!({"distributionType": "queue", "responsibleList": [pair(&bob)]}));
        portal.get("user.update", json!({"ID": bob.user, "ACTIVE": false}));
        assert_eq!(give(&ann, &made)["responsibleId"], json!(ann.user.to_string()));
        let now = ann.get("tasks.flow.Flow.get", json!({"flowId": made["id"]}));
        assert_eq!(
            (&now["distributionType"], &now["responsibleList"]),
            (&json!("manually"), &json!([pair(&ann)]))
        );
    }
}
