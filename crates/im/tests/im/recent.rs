//! The recent list, read marks, and numbers of unread messages.

use serde_json::{Value as Json, json};
use testportal::{Hook, NOW};

use crate::chats::make;

fn say(from: &Hook, dialog: impl Into<Json>, text: &str) -> i64 {
    from.get("im.message.add", json!({"DIALOG_ID": dialog.into(), "MESSAGE": text})).as_i64().unwrap()
}

fn list(who: &Hook, params: Json) -> Json {
    who.get("im.recent.list", params)
}

fn ids(answer: &Json) -> Vec<String> {
    let items = answer["items"].as_array().unwrap();
    items
        .iter()
        .map(|item| item["id"].as_str().map_or_else(|| item["id"].to_string(), str::to_owned))
        .collect()
}

#[test]
fn the_last_dialog_comes_first_behind_pinned_ones() {
    for ada in testportal::portals("im") {
        let (ines, otto) = (ada.employee("ines@example.com", "im"), ada.employee("otto@example.com", "im"));
        let chat = make(&ines, &[ada.user], "Showroom");
        let chat_id = format!("chat{chat}");
        let (i, o) = (ines.user.to_string(), otto.user.to_string());
        say(&ada, ines.user, "[b]Hello[/b]\nInes");
        say(&otto, ada.user, "Hello");
        let answer = list(&ada, json!({}));
        assert_eq!(ids(&answer), [o.clone(), i.clone(), chat_id.clone()]);
        let item = &answer["items"][1];
        for (pointer, value) in [
            ("/type", json!("user")),
            ("/title", json!("ines@example.com")),
            ("/message/text", json!("Hello Ines")),
            ("/message/author_id", json!(ada.user)),
            ("/message/status", json!("received")),
            ("/counter", json!(0)),
            ("/user/id", json!(ines.user)),
            ("/pinned", json!(false)),
        ] {
            assert_eq!(item.pointer(pointer), Some(&value), "{pointer}");
        }
        assert_eq!(answer["items"][2]["chat"]["role"], "MEMBER");
        assert_eq!((&answer["items"][0]["counter"], &answer["hasMore"]), (&json!(1), &json!(false)));

        ada.get("im.recent.pin", json!({"DIALOG_ID": chat_id}));
        assert_eq!(ids(&list(&ada, json!({}))), [chat_id.clone(), o.clone(), i.clone()]);
        assert_eq!(ids(&list(&ines, json!({}))), [ada.user.to_string(), chat_id.clone()], "only hers");
        ada.get("im.recent.hide", json!({"DIALOG_ID": i}));
        assert_eq!(ids(&list(&ada, json!({}))), [chat_id.clone(), o.clone()]);
        say(&ines, ada.user, "Back again");
        assert_eq!(ids(&list(&ada, json!({}))), [chat_id.clone(), i.clone(), o.clone()]);
        ada.get("im.recent.pin", json!({"DIALOG_ID": chat_id, "PIN": "N"}));

        assert_eq!(ids(&list(&ada, json!({"SKIP_CHAT": "Y"}))), [i.clone(), o.clone()]);
        assert_eq!(ids(&list(&ada, json!({"SKIP_DIALOG": "Y"}))), std::slice::from_ref(&chat_id));
        let page = list(&ada, json!({"LIMIT": 1, "OFFSET": 1}));
        assert_eq!((ids(&page), &page["hasMorePages"]), (vec![o.clone()], &json!(true)));
        assert_eq!(ada.refused("im.recent.pin", json!({"DIALOG_ID": "chat999"})).1, "ACCESS_ERROR");
        assert_eq!(ada.get("im.recent.unread", json!({"DIALOG_ID": "chat999"})), false);
        // By date: what was said later, and what stood there before.
        say(&otto.at(NOW + 60), ada.user, "Later");
        assert_eq!(ids(&list(&ada, json!({"LAST_MESSAGE_DATE": "2026-06-01T12:01:00+00:00"}))), [i, chat_id]);
        let since = ada.get("im.recent.get", json!({"LAST_UPDATE": "2026-06-01T12:00:30+00:00"}));
        assert_eq!((since.as_array().unwrap().len(), &since[0]["id"]), (1, &json!(otto.user)));
    }
}

#[test]
fn read_marks_move_and_numbers_follow() {
    for ada in testportal::portals("im") {
        let ines = ada.employee("ines@example.com", "im");
        let sent: Vec<i64> = (0..5).map(|at| say(&ines, ada.user, &format!("Number {at}"))).collect();
        let unread = || {
            let item = &list(&ada, json!({}))["items"][0];
            let counters = ada.get("im.counters.get", json!({}));
            let counter = item["counter"].as_i64().unwrap();
            assert_eq!(counters["TYPE"]["DIALOG"], json!(counter));
            let page = ada.get("im.dialog.messages.get", json!({"DIALOG_ID": ines.user}));
            let shown = page["messages"].as_array().unwrap().iter().filter(|one| one["unread"] == true);
            assert_eq!(shown.count(), usize::try_from(counter).unwrap());
            counter
        };
        let read =
            |id: Option<i64>| ada.get("im.dialog.read", json!({"DIALOG_ID": ines.user, "MESSAGE_ID": id}));
        assert_eq!(unread(), 5);
        let answer = read(Some(sent[1]));
        assert_eq!((&answer["counter"], &answer["lastId"]), (&json!(3), &json!(sent[1])));
        assert_eq!(unread(), 3);
        assert_eq!(read(Some(sent[0]))["counter"], 3, "a mark does not move back by reading");
        ada.get("im.dialog.unread", json!({"DIALOG_ID": ines.user, "MESSAGE_ID": sent[1]}));
        assert_eq!(unread(), 4);
        let shown = ada.get("im.dialog.get", json!({"DIALOG_ID": ines.user}));
        assert_eq!((&shown["unread_id"], &shown["type"]), (&json!(sent[1]), &json!("private")));
        ines.get("im.message.delete", json!({"MESSAGE_ID": sent[4]}));
        assert_eq!(unread(), 3, "nobody had read it");
        ines.get("im.message.delete", json!({"MESSAGE_ID": sent[0]}));
        assert_eq!(unread(), 3, "it was read");
        assert_eq!(read(None)["counter"], 0);
        assert_eq!(unread(), 0);
        let seen = ines.get("im.recent.get", json!({}));
        assert_eq!(seen[0]["message"]["status"], "delivered");
        let by = ines.get("im.dialog.get", json!({"DIALOG_ID": ada.user}));
        assert_eq!(by["readed_list"][0]["message_id"], json!(sent[3]));
        assert_eq!(by["last_message_views"]["count_of_viewers"], 1);
        assert_eq!(ada.get("im.dialog.read", json!({"DIALOG_ID": "chat999"})), false);
        assert_eq!(ada.refused("im.dialog.read", json!({})).1, "DIALOG_ID_EMPTY");
        assert_eq!(ada.refused("im.dialog.unread", json!({"DIALOG_ID": ines.user})).1, "MESSAGE_ID_ERROR");
    }
}

#[test]
fn counters_tell_chats_dialogs_notifications_and_muted_ones_apart() {
    for ada in testportal::portals("im") {
        let ines = ada.employee("ines@example.com", "im");
        let (loud, muted) = (make(&ines, &[ada.user], "Loud"), make(&ines, &[ada.user], "Muted"));
        ada.get("im.chat.mute", json!({"CHAT_ID": muted, "MUTE": "Y"}));
        say(&ines, format!("chat{loud}"), "Hi");
        say(&ines, format!("chat{muted}"), "Hi");
        say(&ines, ada.user, "Hi");
        ines.get("im.notify", json!({"USER_ID": ada.user, "MESSAGE": "Hi"}));
        let counters = || ada.get("im.counters.get", json!({}));
        let now = counters();
        let types = json!({"ALL": 4, "NOTIFY": 1, "CHAT": 2, "LINES": 0, "DIALOG": 1, "MESSENGER": 3});
        assert_eq!(now["TYPE"], types);
        assert_eq!(now["CHAT"], json!({loud.to_string(): 2}));
        assert_eq!(now["CHAT_MUTED"], json!({muted.to_string(): 2}));
        assert_eq!(now["DIALOG"], json!({ines.user.to_string(): 1}));
        let shown = ada.get("im.dialog.get", json!({"DIALOG_ID": format!("chat{muted}")}));
        assert_eq!(shown["mute_list"], json!({ada.user.to_string(): true}));
        ada.get("im.dialog.read.all", json!({}));
        let types = json!({"ALL": 1, "NOTIFY": 1, "CHAT": 0, "LINES": 0, "DIALOG": 0, "MESSENGER": 0});
        assert_eq!(counters()["TYPE"], types);
        ada.get("im.recent.unread", json!({"DIALOG_ID": format!("chat{loud}")}));
        ada.get("im.recent.unread", json!({"DIALOG_ID": ines.user}));
        let now = counters();
        assert_eq!((&now["CHAT_UNREAD"], &now["DIALOG_UNREAD"]), (&json!([loud]), &json!([ines.user])));
        assert_eq!((&now["TYPE"]["MESSENGER"], &now["CHAT"]), (&json!(2), &json!([])));
        assert_eq!(ids(&list(&ada, json!({"UNREAD_ONLY": "Y"}))).len(), 2);
        ada.get("im.dialog.read", json!({"DIALOG_ID": ines.user}));
        assert_eq!(counters()["DIALOG_UNREAD"], json!([]));
        let own = ada.get("im.message.add", json!({"USER_ID": ada.user, "MESSAGE": "Note to myself"}));
        assert!(own.is_i64());
        assert_eq!(list(&ada, json!({}))["items"][0]["id"], json!(ada.user));
    }
}

#[test]
fn messages_are_found_by_words_and_dates() {
    for ada in testportal::portals("im") {
        let ines = ada.employee("ines@example.com", "im");
        let chat = make(&ada, &[ines.user], "Showroom");
        let to = format!("chat{chat}");
        let first = say(&ada, to.as_str(), "Ten chairs, 50% off");
        let second = say(&ines.at(NOW + 24 * 3600), to.as_str(), "And 50 CHAIRS more");
        let find = |params: Json| {
            let mut all = json!({"CHAT_ID": chat});
            all.as_object_mut().unwrap().extend(params.as_object().unwrap().clone());
            let answer = ada.get("im.dialog.messages.search", all);
            let messages = answer["messages"].as_array().unwrap();
            messages.iter().map(|one| one["id"].as_i64().unwrap()).collect::<Vec<i64>>()
        };
        assert_eq!(find(json!({"SEARCH_MESSAGE": "chairs"})), [second, first]);
        assert_eq!(find(json!({"SEARCH_MESSAGE": "chairs", "ORDER": {"ID": "ASC"}})), [first, second]);
        assert_eq!(find(json!({"SEARCH_MESSAGE": "50%"})), [first]);
        assert_eq!(find(json!({"SEARCH_MESSAGE": "more 50"})), [second]);
        assert_eq!(find(json!({"SEARCH_MESSAGE": "chairs", "LAST_ID": second})), [first]);
        assert_eq!(find(json!({"DATE": "2026-06-02"})), [second]);
        assert_eq!(find(json!({"DATE_TO": "2026-06-01T23:00:00+00:00", "SEARCH_MESSAGE": "ten"})), [first]);
        let answer = ada.get("im.dialog.messages.search", json!({"CHAT_ID": chat, "SEARCH_MESSAGE": "more"}));
        let found = &answer["messages"][0];
        assert_eq!(
            (&found["authorId"], &found["isSystem"], &found["viewed"]),
            (&json!(ines.user), &json!(false), &json!(false))
        );
        assert_eq!(answer["users"][0]["firstName"], "");
        let otto = ada.employee("otto@example.com", "im");
        assert_eq!(otto.refused("im.dialog.messages.search", json!({"CHAT_ID": chat})).1, "ACCESS_ERROR");
        assert_eq!(ada.refused("im.dialog.messages.search", json!({})).1, "CHAT_ID_EMPTY");
    }
}
