//! What is made of messages, on every engine.

use serde_json::{Value as Json, json};
use testportal::{Hook, portals, to_json};

const SCOPES: &str = "mail,task,tasks,im,calendar,log,crm";

/// The administrator sends a message, and Ines has it: her webhook and the number.
fn received(portal: &Hook, to: &str) -> (Hook, i64) {
    let ines = portal.employee(to, SCOPES);
    let sent = json!({
        "from": "admin@localhost", "to": [to], "subject": "Oak desks",
        "body": "<p>Two <b>desks</b></p><p>by Friday</p>",
    });
    portal.v3().get("mail.message.send", sent);
    let id = ines.v3().get("mail.message.list", json!({}))["items"][0]["id"].as_i64().unwrap();
    (ines, id)
}

#[track_caller]
fn complaint(hook: &Hook, method: &str, params: Json) -> String {
    let fault = hook.ask(method, params).unwrap_err();
    let list = to_json(fault.extra.get("validation").unwrap_or_else(|| panic!("{fault:?}")));
    list[0]["message"].as_str().unwrap().to_owned()
}

#[test]
fn messages_become_tasks_events_chats_and_posts() {
    for portal in portals(SCOPES) {
        let (ines, id) = received(&portal, "ines@example.com");
        let mail = ines.v3();
        let task = mail.get("mail.message.createtask", json!({"messageId": id}));
        assert_eq!((&task["success"], &task["messageId"]), (&json!(true), &json!(id)));
        let made = ines.get(
            "tasks.task.get",
            json!({"taskId": task["taskId"], "select": ["TITLE", "DESCRIPTION", "RESPONSIBLE_ID"]}),
        );
        let made = &made["task"];
        assert_eq!(
            (&made["title"], &made["description"]),
            (&json!("Oak desks"), &json!("Two desks\nby Friday"))
        );
        assert_eq!(made["responsibleId"], json!(ines.user.to_string()));
        let nobody = json!({"messageId": id, "responsibleId": 999});
        assert_eq!(complaint(&mail, "mail.message.createtask", nobody), "Failed to create task");
        let when = json!({"messageId": id, "dateFrom": "2026-06-05 10:00:00", "dateTo": "2026-06-05 11:00:00", "name": "Delivery"});
        let event = mail.get("mail.message.createcalendarevent", when.clone())["eventId"].clone();
        let made = ines.get("calendar.event.getbyid", json!({"id": event}));
        assert_eq!(
            (&made["NAME"], &made["DESCRIPTION"]),
            (&json!("Delivery"), &json!("Two desks\nby Friday"))
        );
        for (name, value) in
            [("dateFrom", "05.06.2026"), ("dateTo", "2026-06-31 10:00:00"), ("dateTo", "2026-06-05")]
        {
            let mut wrong = when.clone();
            wrong[name] = value.into();
            assert_eq!(complaint(&mail, "mail.message.createcalendarevent", wrong), "Invalid date format");
        }
        let mut back = when;
        back["dateTo"] = "2026-06-05 09:00:00".into();
        assert_eq!(
            complaint(&mail, "mail.message.createcalendarevent", back),
            "Failed to create calendar event"
        );
        let chat = mail.get("mail.message.createchat", json!({"messageId": id}));
        assert_eq!(chat["existing"], json!(false));
        let again = mail.get("mail.message.createchat", json!({"messageId": id}));
        assert_eq!((&again["existing"], &again["chatId"]), (&json!(true), &chat["chatId"]));
        let said =
            ines.get("im.dialog.messages.get", json!({"DIALOG_ID": format!("chat{}", chat["chatId"])}));
        let first = &said["messages"][0]["text"];
        assert_eq!(first, &json!("Ada Berg <admin@localhost>\n\nTwo desks\nby Friday"));
        let post =
            mail.get("mail.message.createfeedpost", json!({"messageId": id, "title": "News"}))["postId"]
                .clone();
        let made = ines.get("log.blogpost.get", json!({"POST_ID": post}));
        assert_eq!(
            (&made[0]["TITLE"], &made[0]["DETAIL_TEXT"]),
            (&json!("News"), &json!("Two desks\nby Friday"))
        );
        let bound = |kind: &str, id: &Json| json!({"entityType": kind, "entityId": id});
        let all = json!([
            bound("TASKS_TASK", &task["taskId"]),
            bound("CALENDAR_EVENT", &event),
            bound("IM_CHAT", &chat["chatId"]),
            bound("BLOG_POST", &post),
        ]);
        let bindings = || mail.get("mail.message.get", json!({"id": id}))["item"]["bindings"].clone();
        assert_eq!(bindings(), all);
        ines.get("tasks.task.delete", json!({"taskId": task["taskId"]}));
        ines.get("calendar.event.delete", json!({"id": event, "type": "user", "ownerId": ines.user}));
        ines.get("log.blogpost.delete", json!({"POST_ID": post}));
        assert_eq!(bindings(), json!([all[2]]), "what goes takes its binding with it");
    }
}

#[test]
fn only_own_messages_become_something() {
    for portal in portals(SCOPES) {
        let (_, id) = received(&portal, "ines@example.com");
        let times = json!({"dateFrom": "2026-06-05 10:00:00", "dateTo": "2026-06-05 11:00:00"});
        for verb in [
            "createtask",
            "createcalendarevent",
            "createchat",
            "createfeedpost",
            "createcrmactivity",
            "removecrmactivity",
        ] {
            let method = format!("mail.message.{verb}");
            for (number, words) in
                [(id, "moved to another folder"), (9999, "moved to another folder"), (0, "`messageId`")]
            {
                let mut params = times.clone();
                params["messageId"] = number.into();
                let said = complaint(&portal.v3(), &method, params);
                assert!(said.contains(words), "{verb} of {number}: {said}");
            }
        }
    }
}

#[test]
fn messages_go_into_the_crm() {
    for portal in portals(SCOPES) {
        let fields =
            json!({"NAME": "Clara", "EMAIL": [{"VALUE": "clara@example.org", "VALUE_TYPE": "WORK"}]});
        let clara = portal.get("crm.contact.add", json!({"fields": fields}));
        let mail = portal.v3();
        let sent = json!({"from": "admin@localhost", "to": ["clara@example.org"], "subject": "Offer", "body": "Two desks"});
        mail.get("mail.message.send", sent);
        let id = mail.get("mail.message.list", json!({"folder": "Sent"}))["items"][0]["id"].clone();
        let named = json!({"messageId": id});
        let activities =
            |owner: Json| portal.get("crm.activity.list", json!({"filter": owner, "select": ["*"]}));
        let of_clara = || activities(json!({"OWNER_TYPE_ID": 3, "OWNER_ID": clara}));
        for _ in 0..2 {
            assert_eq!(mail.get("mail.message.createcrmactivity", named.clone()), json!(true));
        }
        let found = of_clara();
        assert_eq!(found.as_array().unwrap().len(), 1, "a message is there once");
        let one = &found[0];
        let told =
            [&one["TYPE_ID"], &one["DIRECTION"], &one["COMPLETED"], &one["SUBJECT"], &one["DESCRIPTION"]];
        assert_eq!(told, ["4", "2", "Y", "Offer", "Two desks"]);
        assert_eq!(mail.get("mail.message.removecrmactivity", named.clone()), json!(true));
        assert_eq!(of_clara(), json!([]));
        assert_eq!(
            mail.get("mail.message.removecrmactivity", named.clone()),
            json!(true),
            "there is nothing to remove"
        );
        mail.get("mail.message.createcrmactivity", named.clone());
        portal.get("crm.activity.delete", json!({"id": of_clara()[0]["ID"]}));
        mail.get("mail.message.createcrmactivity", named);
        assert_eq!(of_clara().as_array().unwrap().len(), 1, "one that was deleted is added anew");
        // Nobody in the CRM has the address of who wrote: Ines adds a lead.
        let (ines, got) = received(&portal, "ines@example.com");
        ines.v3().get("mail.message.createcrmactivity", json!({"messageId": got}));
        let lead = portal.get(
            "crm.lead.list",
            json!({"filter": {"EMAIL": "admin@localhost"}, "select": ["ID", "TITLE", "NAME"]}),
        );
        assert_eq!((&lead[0]["TITLE"], &lead[0]["NAME"]), (&json!("Oak desks"), &json!("Ada Berg")));
        let incoming = activities(json!({"OWNER_TYPE_ID": 1, "OWNER_ID": lead[0]["ID"]}));
        assert_eq!((&incoming[0]["DIRECTION"], &incoming[0]["COMPLETED"]), (&json!("1"), &json!("N")));
    }
}
