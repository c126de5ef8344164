//! `task.commentitem.*` and results: comments are messages in the chat of the task.

use serde_json::{Value as Json, json};
use testportal::{Hook, input, portals};

use crate::task;

fn comment(hook: &Hook, task: &str, text: &str) -> i64 {
    hook.get("task.commentitem.add", json!({"TASKID": task, "FIELDS": {"POST_MESSAGE": text}}))
        .as_i64()
        .unwrap()
}

fn texts(list: &Json) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|comment| comment["POST_MESSAGE"].as_str().unwrap()).collect()
}

#[test]
fn comments_are_messages_in_the_chat_of_the_task() {
    for portal in portals("task,im") {
        let ines = portal.employee("ines@example.com", "task,im");
        let id = task(&portal, json!({"RESPONSIBLE_ID": ines.user}));
        let listening = portal.told(input(&["ONTASKCOMMENTADD"]));
        let first = comment(&ines, &id, "Who has the [B]keys[/B]?");
        let second = comment(&portal, &id, "I do");
        let told = json!({
            "FIELDS_BEFORE": "undefined",
            "FIELDS_AFTER": {"ID": first.to_string(), "TASK_ID": id, "MESSAGE_ID": first.to_string()},
            "IS_ACCESSIBLE_BEFORE": "undefined", "IS_ACCESSIBLE_AFTER": "undefined",
        });
        assert_eq!(portal.raised(listening)[0], ("ONTASKCOMMENTADD".to_owned(), told));
        let list = portal.get("task.commentitem.getlist", json!([id]));
        assert_eq!(texts(&list), ["I do", "Who has the [B]keys[/B]?"]);
        assert_eq!(
            (&list[0]["AUTHOR_NAME"], &list[1]["AUTHOR_ID"]),
            (&json!("Ada Berg"), &json!(ines.user.to_string()))
        );
        let asked = json!({"TASKID": id, "ORDER": {"POST_DATE": "asc"}, "FILTER": {"AUTHOR_ID": ines.user, ">=POST_DATE": "2026-01-01"}});
        assert_eq!(texts(&portal.get("task.commentitem.getlist", asked)).len(), 1);
        let shown = portal.get("tasks.task.get", json!({"taskId": id}))["task"].clone();
        assert_eq!((&shown["commentsCount"], &shown["newCommentsCount"]), (&json!("2"), &json!(0)));
        let chat = format!("chat{}", shown["chatId"]);
        let messages = ines.get("im.dialog.messages.get", json!({"DIALOG_ID": chat}))["messages"].clone();
        let said: Vec<&Json> = messages.as_array().unwrap().iter().map(|message| &message["id"]).collect();
        assert!(said.contains(&&json!(first)) && said.contains(&&json!(second)), "{messages}");
        assert_eq!(ines.get("tasks.task.get", json!({"taskId": id}))["task"]["newCommentsCount"], 1);
        let counters = ines.get("tasks.task.counters.get", json!({}));
        assert_eq!(counters["new_comments"], json!({"counter": 1, "code": 12_582_912}));
    }
}

#[test]
fn comments_are_their_authors_to_change() {
    for portal in portals("task,im") {
        let (ines, otto) =
            (portal.employee("ines@example.com", "task"), portal.employee("otto@example.com", "task"));
        let id = task(&portal, json!({"RESPONSIBLE_ID": ines.user, "AUDITORS": [otto.user]}));
        let own = comment(&ines, &id, "Mine");
        let denied = "TASKS_ERROR_EXCEPTION_#4; Action is not allowed; 4/TE/ACTION_NOT_ALLOWED<br>";
        let change = json!([id, own, {"POST_MESSAGE": "Changed"}]);
        assert_eq!(otto.refused("task.commentitem.update", change.clone()).2, denied);
        assert_eq!(otto.refused("task.commentitem.delete", json!([id, own])).2, denied);
        assert_eq!(otto.get("task.commentitem.isactionallowed", json!([id, own, 3])), json!(false));
        assert_eq!(ines.get("task.commentitem.update", change), json!(true));
        // Administrators change those of others, too.
        let change = json!([id, own, {"POST_MESSAGE": "Put right"}]);
        assert_eq!(portal.get("task.commentitem.update", change), json!(true));
        assert_eq!(otto.get("task.commentitem.get", json!([id, own]))["POST_MESSAGE"], "Put right");
        let empty = ines.refused("task.commentitem.add", json!([id, {"POST_MESSAGE": " "}]));
        assert_eq!((empty.1.as_str(), empty.2.as_str()), ("ERROR_CORE", "Comment text is not specified<br>"));
        // Nobody but an administrator writes in the name of others.
        let named = json!([id, {"POST_MESSAGE": "x", "AUTHOR_ID": otto.user, "POST_DATE": "2025-01-01T10:00:00+00:00"}]);
        let by_ines = ines.get("task.commentitem.add", named.clone());
        let by_ada = portal.get("task.commentitem.add", named);
        let of = |comment: &Json| portal.get("task.commentitem.get", json!([id, comment]));
        assert_eq!(of(&by_ines)["AUTHOR_ID"], ines.user.to_string());
        let old = of(&by_ada);
        assert_eq!(
            (&old["AUTHOR_ID"], &old["POST_DATE"]),
            (&json!(otto.user.to_string()), &json!("2025-01-01T10:00:00+00:00"))
        );
        assert_eq!(portal.get("task.commentitem.delete", json!([id, own])), json!(true));
        assert!(portal.refused("task.commentitem.get", json!([id, own])).2.contains("#512;"));
        let foreign = portal.employee("mira@example.com", "task");
        assert!(foreign.refused("task.commentitem.getlist", json!([id])).2.contains("#8; Action failed;"));
        let refused = foreign.refused("task.commentitem.add", json!([id, {"POST_MESSAGE": "x"}]));
        assert_eq!(refused.2, "Insufficient permissions to add a comment.<br>");
    }
}

#[test]
fn a_task_has_a_chat_as_soon_as_somebody_asks_for_it() {
    for portal in portals("task,im") {
        let id = task(&portal, json!({}));
        let asked = |select: Json| {
            portal.get("tasks.task.get", json!({"taskId": id, "select": select}))["task"].clone()
        };
        assert_eq!(asked(json!(["*"]))["chatId"], Json::Null, "nobody asked");
        let chat = asked(json!(["ID", "CHAT_ID"]))["chatId"].clone();
        let said = json!({"DIALOG_ID": format!("chat{}", chat.as_i64().unwrap()), "MESSAGE": "Hello"});
        assert!(portal.get("im.message.add", said).is_number());
        assert_eq!(asked(json!(["CHAT_ID"]))["chatId"], chat);
    }
}

#[test]
fn who_joins_a_task_joins_its_chat_and_who_leaves_leaves_it() {
    for portal in portals("task,im") {
        let ines = portal.employee("ines@example.com", "task,im");
        let id = task(&portal, json!({}));
        comment(&portal, &id, "Hello");
        let chat = portal.get("tasks.task.get", json!({"taskId": id}))["task"]["chatId"].clone();
        let read = json!({"DIALOG_ID": format!("chat{chat}")});
        ines.refused("im.dialog.messages.get", read.clone());
        portal.get("tasks.task.update", json!({"taskId": id, "fields": {"ACCOMPLICES": [ines.user]}}));
        ines.get("im.dialog.messages.get", read.clone());
        portal.get("tasks.task.update", json!({"taskId": id, "fields": {"ACCOMPLICES": []}}));
        ines.refused("im.dialog.messages.get", read);
    }
}

#[test]
fn a_result_is_needed_where_the_task_says_so_and_closes_with_it() {
    for portal in portals("task,im") {
        let ines = portal.employee("ines@example.com", "task");
        let fields = json!({"RESPONSIBLE_ID": ines.user, "SE_PARAMETER": [{"CODE": 3, "VALUE": "Y"}]});
        let id = task(&portal, fields);
        assert_eq!(ines.refused("tasks.task.complete", json!({"taskId": id})).1, "0");
        assert_eq!(
            portal.refused("tasks.task.update", json!({"taskId": id, "fields": {"STATUS": 5}})).1,
            "0"
        );
        let said = comment(&ines, &id, "[B]Done[/B]");
        let result = ines.get("tasks.task.result.addFromComment", json!({"commentId": said}));
        assert_eq!((&result["status"], &result["formattedText"]), (&json!(0), &json!("<b>Done</b>")));
        let again = ines.refused("tasks.task.result.addFromComment", json!({"commentId": said}));
        assert_eq!((again.1.as_str(), again.2.as_str()), ("0", "Result already exists."));
        let info = json!({"filter": {"ID": id}, "params": {"WITH_RESULT_INFO": true}});
        let shown = ines.get("tasks.task.list", info.clone())["tasks"][0].clone();
        assert_eq!(
            [&shown["taskRequireResult"], &shown["taskHasOpenResult"], &shown["taskHasResult"]],
            ["Y", "Y", "Y"]
        );
        ines.get("tasks.task.complete", json!({"taskId": id}));
        assert_eq!(portal.get("tasks.task.result.list", json!({"taskId": id}))[0]["status"], 1);
        ines.get("tasks.task.renew", json!({"taskId": id}));
        assert_eq!(ines.get("tasks.task.list", info)["tasks"][0]["taskHasOpenResult"], "N");
        assert_eq!(ines.get("tasks.task.result.deleteFromComment", json!({"commentId": said})), json!(null));
        assert_eq!(ines.get("tasks.task.result.list", json!({"taskId": id})), json!([]));
        let missing = ines.refused("tasks.task.result.addFromComment", json!({"commentId": 99}));
        assert_eq!((missing.1.as_str(), missing.2.as_str()), ("0", "Comment not found."));
        let foreign = portal.employee("mira@example.com", "task");
        assert_eq!(foreign.refused("tasks.task.result.list", json!({"taskId": id})).2, "Access denied.");
    }
}

#[test]
fn who_has_a_part_in_a_task_is_notified_but_not_of_own_deeds() {
    for portal in portals("task,im") {
        let ines = portal.employee("ines@example.com", "task,im");
        let id = task(&portal, json!({"RESPONSIBLE_ID": ines.user}));
        let count = |hook: &Hook| {
            let got = hook.get("im.notify.get", json!({}));
            got["notifications"].as_array().unwrap().len()
        };
        assert_eq!((count(&ines), count(&portal)), (1, 0));
        ines.get("tasks.task.start", json!({"taskId": id}));
        assert_eq!((count(&ines), count(&portal)), (1, 1));
        portal.get("tasks.task.start", json!({"taskId": task(&portal, json!({}))}));
        assert_eq!(count(&portal), 1);
    }
}
