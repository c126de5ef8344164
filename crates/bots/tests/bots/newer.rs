//! `imbot.v2.*` and `im.v2.Event.*`.

use serde_json::{Value as Json, json};
use testportal::Hook;

use crate::{names, say, told};

fn bot(ada: &Hook, more: &Json) -> Json {
    let mut fields = json!({"code": "support", "botToken": "token", "properties": {"name": "Support"}});
    more.as_object().into_iter().flatten().for_each(|(name, value)| fields[name.as_str()] = value.clone());
    ada.get("imbot.v2.Bot.register", json!({"fields": fields}))["bot"].clone()
}

fn with(bot: &Json, more: &Json) -> Json {
    let mut params = json!({"botId": bot["id"], "botToken": "token"});
    more.as_object().into_iter().flatten().for_each(|(name, value)| params[name.as_str()] = value.clone());
    params
}

#[test]
fn a_bot_fetches_its_events_and_confirms_them() {
    for ada in testportal::portals("im,imbot") {
        let made = bot(&ada, &json!({}));
        assert_eq!((&made["eventMode"], &made["type"]), (&json!("fetch"), &json!("bot")));
        assert_eq!(bot(&ada, &json!({}))["id"], made["id"], "registered already");
        let id = made["id"].as_i64().unwrap();
        let message = say(&ada, id, "Hello");
        let fetched = ada.get("imbot.v2.Event.get", with(&made, &json!({"limit": 1})));
        assert_eq!(fetched["events"][0]["type"], "ONIMBOTV2JOINCHAT");
        assert_eq!(fetched["hasMore"], true);
        let rest = ada.get("imbot.v2.Event.get", with(&made, &json!({"offset": fetched["nextOffset"]})));
        let event = &rest["events"][0];
        assert_eq!(event["type"], "ONIMBOTV2MESSAGEADD");
        let data = &event["data"];
        assert_eq!((&data["message"]["id"], &data["message"]["text"]), (&json!(message), &json!("Hello")));
        assert_eq!(
            (&data["chat"]["dialogId"], &data["chat"]["type"]),
            (&json!(ada.user.to_string()), &json!("private"))
        );
        assert_eq!((&data["user"]["id"], &data["bot"]["code"]), (&json!(ada.user), &json!("support")));
        // Not confirmed yet, so it comes again; then it is gone.
        let again = ada.get("imbot.v2.Event.get", with(&made, &json!({})));
        assert_eq!(again["events"].as_array().unwrap().len(), 1);
        let none = ada.get("imbot.v2.Event.get", with(&made, &json!({"offset": rest["nextOffset"]})));
        assert_eq!((&none["events"], &none["nextOffset"]), (&json!([]), &rest["nextOffset"]));
        assert_eq!(ada.get("imbot.v2.Event.get", with(&made, &json!({})))["events"], json!([]));
    }
}

#[test]
fn a_bot_writes_answers_and_reacts() {
    for ada in testportal::portals("im,imbot") {
        let made = bot(&ada, &json!({}));
        let id = made["id"].as_i64().unwrap();
        let ask = |method: &str, more: Json| ada.get(method, with(&made, &more));
        let question = say(&ada, id, "/help me");
        let command = ask(
            "imbot.v2.Command.register",
            json!({"fields": {"command": "help", "title": "Helps"}}),
        )["command"]
            .clone();
        assert_eq!(command["command"], "/help");
        let question = {
            let _ = question;
            say(&ada, id, "/help chairs")
        };
        let events = ask("imbot.v2.Event.get", json!({}));
        let last = events["events"].as_array().unwrap().last().unwrap().clone();
        assert_eq!(last["type"], "ONIMBOTV2COMMANDADD");
        assert_eq!(
            (&last["data"]["command"]["params"], &last["data"]["command"]["context"]),
            (&json!("chairs"), &json!("textarea"))
        );
        let answer = json!({"commandId": command["id"], "messageId": question, "dialogId": ada.user, "fields": {"message": "Four legs"}});
        assert_eq!(ask("imbot.v2.Command.answer", answer), json!({"result": true}));
        let sent = ask(
            "imbot.v2.Chat.Message.send",
            json!({"dialogId": ada.user, "fields": {"message": "Anything else?"}}),
        );
        let around = ask("imbot.v2.Chat.Message.getContext", json!({"messageId": sent["id"], "range": 2}));
        let texts: Vec<&str> =
            around["messages"].as_array().unwrap().iter().map(|m| m["text"].as_str().unwrap()).collect();
        assert_eq!(texts, ["/help chairs", "Four legs", "Anything else?"]);
        assert_eq!(around["hasPrevPage"], true);
        assert_eq!(ask("imbot.v2.Chat.Message.get", json!({"messageId": question}))["user"]["id"], ada.user);
        let like = json!({"messageId": question, "reaction": "like"});
        assert_eq!(ask("imbot.v2.Chat.Message.Reaction.add", like.clone()), json!({"result": true}));
        let again = ada.refused("imbot.v2.Chat.Message.Reaction.add", with(&made, &like));
        assert_eq!(again.1, "REACTION_ALREADY_SET");
        // Somebody likes what it wrote.
        ada.get("im.message.like", json!({"MESSAGE_ID": sent["id"]}));
        let events = ask("imbot.v2.Event.get", json!({}));
        let last = events["events"].as_array().unwrap().last().unwrap().clone();
        assert_eq!(
            (&last["type"], &last["data"]["action"]),
            (&json!("ONIMBOTV2REACTIONCHANGE"), &json!("add"))
        );
        let update = json!({"messageId": sent["id"], "fields": {"message": "More?"}});
        assert_eq!(ask("imbot.v2.Chat.Message.update", update), json!({"result": true}));
        assert_eq!(
            ask("imbot.v2.Chat.Message.delete", json!({"messageId": sent["id"]})),
            json!({"result": true})
        );
        let long = "x".repeat(20_010);
        let sent =
            ask("imbot.v2.Chat.Message.send", json!({"dialogId": ada.user, "fields": {"message": long}}));
        let read = ask("imbot.v2.Chat.Message.get", json!({"messageId": sent["id"]}));
        assert!(read["message"]["text"].as_str().unwrap().ends_with("x (...)"));
        let empty = ada.refused("imbot.v2.Chat.Message.send", with(&made, &json!({"dialogId": ada.user})));
        assert_eq!(empty.1, "EMPTY_MESSAGE");
    }
}

#[test]
fn tokens_own_bots_and_can_be_changed() {
    for ada in testportal::portals("im,imbot") {
        let made = bot(&ada, &json!({"eventMode": "webhook", "webhookUrl": "https://bots.example.com/v2"}));
        let id = made["id"].as_i64().unwrap();
        say(&ada, id, "Hello");
        let events = told(&ada, id);
        assert_eq!(names(&events), ["ONIMBOTV2JOINCHAT", "ONIMBOTV2MESSAGEADD"]);
        assert_eq!(events[1].1["message"]["text"], "Hello");
        assert_eq!(
            ada.refused("imbot.v2.Bot.update", json!({"botId": id, "fields": {}})).1,
            "BOT_TOKEN_NOT_SPECIFIED"
        );
        let long = json!({"botId": id, "botToken": "x".repeat(41), "fields": {}});
        assert_eq!(ada.refused("imbot.v2.Bot.update", long).1, "BOT_TOKEN_INVALID_LENGTH");
        assert_eq!(
            ada.refused("imbot.v2.Bot.unregister", json!({"botId": id, "botToken": "other"})).1,
            "BOT_OWNERSHIP_ERROR"
        );
        ada.get(
            "imbot.v2.Bot.update",
            with(&made, &json!({"fields": {"botToken": "new", "isHidden": true}})),
        );
        assert_eq!(
            ada.refused("imbot.v2.Bot.update", with(&made, &json!({"fields": {}}))).1,
            "BOT_OWNERSHIP_ERROR"
        );
        assert_eq!(ada.get("im.search.user.list", json!({"FIND": "Support"})), json!([]), "hidden");
        let seen = ada.get("imbot.v2.Bot.get", json!({"botId": id, "botToken": "x"}));
        assert!(seen["bot"]["moduleId"].is_null(), "strangers see less");
        let all = ada.get("imbot.v2.Bot.list", json!({"botToken": "new"}));
        assert_eq!((&all["bots"][0]["id"], &all["hasNextPage"]), (&json!(id), &json!(false)));
        assert_eq!(
            ada.get("imbot.v2.Bot.unregister", json!({"botId": id, "botToken": "new"})),
            json!({"result": true})
        );
    }
}

#[test]
fn a_bot_leads_a_chat() {
    for ada in testportal::portals("im,imbot,disk") {
        let made = bot(&ada, &json!({}));
        let ines = ada.employee("ines@example.com", "im");
        let ask = |method: &str, more: Json| ada.get(method, with(&made, &more));
        let chat =
            ask("imbot.v2.Chat.add", json!({"fields": {"title": "Desk", "userIds": [ada.user]}}))["chat"]
                .clone();
        let dialog = chat["dialogId"].clone();
        let add = json!({"dialogId": dialog, "userIds": [ines.user, 999]});
        assert_eq!(ask("imbot.v2.Chat.User.add", add), json!({"result": true}), "unknown ones are left out");
        let members = ask("imbot.v2.Chat.User.list", json!({"dialogId": dialog, "order": {"id": "desc"}}));
        assert_eq!(members.as_array().unwrap().len(), 3);
        assert_eq!(members[0]["id"], ines.user);
        ask("imbot.v2.Chat.Manager.add", json!({"dialogId": dialog, "userIds": [ines.user]}));
        let seen = ines.get("im.dialog.get", json!({"DIALOG_ID": dialog}));
        assert_eq!((&seen["role"], &seen["text_field_enabled"]), (&json!("manager"), &json!(true)));
        ask("imbot.v2.Chat.TextField.enabled", json!({"dialogId": dialog, "enabled": false}));
        assert_eq!(ines.get("im.dialog.get", json!({"DIALOG_ID": dialog}))["text_field_enabled"], false);
        ask(
            "imbot.v2.Chat.update",
            json!({"dialogId": dialog, "fields": {"title": "Help", "description": "Ask here"}}),
        );
        let shown = ask("imbot.v2.Chat.get", json!({"dialogId": dialog}))["chat"].clone();
        assert_eq!((&shown["name"], &shown["description"]), (&json!("Help"), &json!("Ask here")));
        let views: Json = serde_json::from_str(shown["lastMessageViews"].as_str().unwrap()).unwrap();
        assert!(views.is_object(), "{shown}");
        let sent = say(&ines, dialog.clone(), "Hello");
        let read = ask("imbot.v2.Chat.Message.read", json!({"dialogId": dialog}));
        assert_eq!((&read["lastId"], &read["counter"]), (&json!(sent), &json!(0)));
        assert!(read["viewedMessages"].as_array().unwrap().contains(&json!(sent)));
        let file = ask(
            "imbot.v2.File.upload",
            json!({"dialogId": dialog, "fields": {"name": "a.txt", "content": "SGVsbG8="}}),
        );
        assert_eq!(file["file"]["size"], 5);
        let link = ask("imbot.v2.File.download", json!({"fileId": file["file"]["id"]}));
        assert!(link["downloadUrl"].as_str().unwrap().contains("/rest/"));
        ask("imbot.v2.Chat.User.delete", json!({"dialogId": dialog, "userId": ines.user}));
        ask("imbot.v2.Chat.User.delete", json!({"dialogId": dialog, "userId": ines.user}));
        ask("imbot.v2.Chat.setOwner", json!({"dialogId": dialog, "userId": ada.user}));
        ask("imbot.v2.Chat.leave", json!({"dialogId": dialog}));
        assert_eq!(
            ada.refused("imbot.v2.Chat.get", with(&made, &json!({"dialogId": dialog}))).1,
            "ACCESS_DENIED"
        );
    }
}

#[test]
fn people_fetch_what_happens_in_their_chats() {
    for ada in testportal::portals("im,imbot") {
        let ines = ada.employee("ines@example.com", "im,imbot");
        say(&ada, ines.user, "before");
        assert_eq!(ines.refused("im.v2.Event.get", json!({})).1, "USER_NOT_SUBSCRIBED");
        assert_eq!(ines.get("im.v2.Event.subscribe", json!({})), true);
        let id = say(&ada, ines.user, "after");
        say(&ada, ada.user, "a note of her own");
        let got = ines.get("im.v2.Event.get", json!({}));
        assert_eq!(got["events"].as_array().unwrap().len(), 1, "{got}");
        assert_eq!(got["events"][0]["type"], "ONIMV2MESSAGEADD");
        assert_eq!(got["events"][0]["data"]["message"]["id"], id);
        ines.get("im.v2.Event.unsubscribe", json!({}));
        assert_eq!(ines.refused("im.v2.Event.get", json!({})).1, "USER_NOT_SUBSCRIBED");
    }
}
