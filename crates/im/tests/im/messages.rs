//! Messages: sending, reading, changing, deleting, and who may.

use serde_json::{Value as Json, json};
use testportal::{Hook, NOW};

/// The texts of messages.
fn texts(answer: &Json) -> Vec<&str> {
    let messages = answer["messages"].as_array().unwrap();
    messages.iter().map(|message| message["text"].as_str().unwrap()).collect()
}

fn say(from: &Hook, to: impl Into<Json>, text: &str) -> i64 {
    let sent = from.get("im.message.add", json!({"DIALOG_ID": to.into(), "MESSAGE": text}));
    sent.as_i64().unwrap()
}

fn read(who: &Hook, dialog: impl Into<Json>) -> Json {
    who.get("im.dialog.messages.get", json!({"DIALOG_ID": dialog.into()}))
}

#[test]
fn two_people_write_to_each_other_in_one_chat() {
    for ada in testportal::portals("im") {
        let ines = ada.employee("ines@example.com", "im");
        let first = say(&ada, ines.user, "  Hello#BR#Ines ");
        let second = say(&ines, ada.user, "Hello Ada");
        let (hers, other) = (read(&ada, ines.user), read(&ines, ada.user));
        assert_eq!(texts(&hers), ["Hello Ada", "Hello\nInes"], "the newest first");
        assert_eq!(hers["chat_id"], other["chat_id"]);
        let chat = format!("chat{}", hers["chat_id"]);
        assert_eq!(read(&ines, chat.as_str()), other, "the chat by its number is the same");
        let message = &hers["messages"][0];
        assert_eq!((message["id"].as_i64(), message["author_id"].as_i64()), (Some(second), Some(ines.user)));
        assert_eq!((&message["unread"], &message["params"]), (&json!(true), &json!([])));
        assert_eq!(message["uuid"].as_str().unwrap().len(), 36);
        assert_eq!(hers["users"].as_array().unwrap().len(), 2);
        // Who answers has read what stands before.
        assert_eq!(other["messages"][1]["unread"], false);
        let behind = json!({"DIALOG_ID": chat, "FIRST_ID": first - 1});
        assert_eq!(texts(&ada.get("im.dialog.messages.get", behind)), ["Hello\nInes", "Hello Ada"]);
        let before = json!({"DIALOG_ID": chat, "LAST_ID": second});
        assert_eq!(texts(&ada.get("im.dialog.messages.get", before)), ["Hello\nInes"]);
        let words = json!({"DIALOG_ID": chat, "LAST_ID": "x"});
        assert_eq!(ada.refused("im.dialog.messages.get", words).1, "LAST_ID_STRING");
        // The parameters of before.
        let old = |params: Json| ada.get("im.message.add", params);
        old(json!({"USER_ID": ines.user, "MESSAGE": "by user"}));
        old(json!({"CHAT_ID": hers["chat_id"], "MESSAGE": "by chat"}));
        assert_eq!(texts(&read(&ines, ada.user))[..2], ["by chat", "by user"]);
    }
}

#[test]
fn nobody_else_reads_a_dialog_not_even_an_administrator() {
    for ada in testportal::portals("im") {
        let (ines, otto) = (ada.employee("ines@example.com", "im"), ada.employee("otto@example.com", "im"));
        let id = say(&ines, otto.user, "Between us");
        let chat = format!("chat{}", read(&ines, otto.user)["chat_id"]);
        let foreign =
            (403, "ACCESS_ERROR".to_owned(), "You do not have access to the specified dialog".to_owned());
        assert_eq!(ada.refused("im.dialog.messages.get", json!({"DIALOG_ID": chat})), foreign);
        assert_eq!(
            ada.refused("im.dialog.messages.get", json!({"DIALOG_ID": otto.user.to_string()})),
            foreign
        );
        assert_eq!(ada.refused("im.dialog.messages.get", json!({"DIALOG_ID": "chat999"})), foreign);
        let into = ada.refused("im.message.add", json!({"DIALOG_ID": chat, "MESSAGE": "Hi"}));
        assert_eq!((into.0, into.1.as_str()), (400, "ACCESS_ERROR"));
        for method in ["im.message.update", "im.message.delete"] {
            let refused = ada.refused(method, json!({"MESSAGE_ID": id, "MESSAGE": "Changed"}));
            assert_eq!(refused.1, "CANT_EDIT_MESSAGE", "{method}");
            let refused = otto.refused(method, json!({"MESSAGE_ID": id, "MESSAGE": "Changed"}));
            assert_eq!(refused.1, "CANT_EDIT_MESSAGE", "{method} by who got it");
        }
        assert_eq!(texts(&read(&otto, ines.user)), ["Between us"]);
    }
}

#[test]
fn an_author_changes_a_message_for_three_days() {
    for ada in testportal::portals("im") {
        let ines = ada.employee("ines@example.com", "im");
        let id = say(&ada, ines.user, "Tomorow");
        let blocks = json!([{"MESSAGE": "At nine"}]);
        let change = |params: Json| {
            let mut all = json!({"MESSAGE_ID": id});
            all.as_object_mut().unwrap().extend(params.as_object().unwrap().clone());
            all
        };
        ada.get("im.message.update", change(json!({"MESSAGE": "Tomorrow", "ATTACH": blocks})));
        let shown = &read(&ines, ada.user)["messages"][0];
        assert_eq!((&shown["text"], &shown["params"]["IS_EDITED"]), (&json!("Tomorrow"), &json!("Y")));
        assert_eq!(shown["params"]["ATTACH"][0]["BLOCKS"], blocks);
        ada.get("im.message.update", change(json!({"ATTACH": "N", "IS_EDITED": "N"})));
        let shown = &read(&ines, ada.user)["messages"][0];
        assert_eq!((&shown["text"], &shown["params"]["ATTACH"]), (&json!("Tomorrow"), &json!(null)));
        let wrong = ada.refused("im.message.update", change(json!({"MENU": "{"})));
        assert_eq!(wrong.1, "menu_ERROR");
        let late = ada.at(NOW + 4 * 24 * 3600);
        for method in ["im.message.update", "im.message.delete"] {
            assert_eq!(late.refused(method, change(json!({"MESSAGE": "x"}))).1, "CANT_EDIT_MESSAGE");
        }
        assert_eq!(ada.refused("im.message.update", json!({"MESSAGE": "x"})).1, "MESSAGE_ID_ERROR");
    }
}

#[test]
fn a_deleted_message_stays_as_such_once_it_was_read() {
    for ada in testportal::portals("im") {
        let ines = ada.employee("ines@example.com", "im");
        let unread = say(&ada, ines.user, "Never mind");
        ada.get("im.message.delete", json!({"MESSAGE_ID": unread}));
        assert_eq!(texts(&read(&ines, ada.user)), Vec::<&str>::new(), "nobody had read it");
        let read_one = say(&ada, ines.user, "The price is 5");
        say(&ines, ada.user, "Thanks");
        ada.get("im.message.update", json!({"MESSAGE_ID": read_one, "MESSAGE": ""}));
        let shown = &read(&ines, ada.user)["messages"][1];
        assert_eq!((shown["id"].as_i64(), &shown["params"]), (Some(read_one), &json!({"IS_DELETED": "Y"})));
        assert_eq!(shown["text"], "This message was deleted.");
        assert_eq!(ada.refused("im.message.delete", json!({"MESSAGE_ID": read_one})).1, "CANT_EDIT_MESSAGE");
    }
}

#[test]
fn what_cannot_be_sent_is_refused_in_documented_words() {
    for ada in testportal::portals("im") {
        let ines = ada.employee("ines@example.com", "im");
        let other = ada.employee("otto@example.com", "im");
        let answered = say(&ines, other.user, "Elsewhere");
        let elsewhere = say(&ada, other.user, "Here");
        let to = ines.user.to_string();
        for (params, code) in [
            (json!({"MESSAGE": "x"}), "USER_ID_EMPTY"),
            (json!({"DIALOG_ID": 0, "MESSAGE": "x"}), "USER_ID_EMPTY"),
            (json!({"DIALOG_ID": 999, "MESSAGE": "x"}), "USER_NOT_FOUND"),
            (json!({"DIALOG_ID": "chat999", "MESSAGE": "x"}), "ACCESS_ERROR"),
            (json!({"DIALOG_ID": to, "MESSAGE": " #BR# "}), "MESSAGE_EMPTY"),
            (json!({"DIALOG_ID": to, "MESSAGE": "x", "ATTACH": "{"}), "ATTACH_ERROR"),
            (
                json!({"DIALOG_ID": to, "MESSAGE": "x", "ATTACH": [{"MESSAGE": "y".repeat(60_001)}]}),
                "ATTACH_OVERSIZE",
            ),
            (json!({"DIALOG_ID": to, "MESSAGE": "x", "KEYBOARD": [{"TEXT": "z"}]}), "KEYBOARD_ERROR"),
            (json!({"DIALOG_ID": to, "MESSAGE": "x", "MENU": 5}), "MENU_ERROR"),
            (json!({"DIALOG_ID": to, "MESSAGE": "x", "REPLY_ID": answered}), "REPLY_ACCESS_ERROR"),
            (json!({"DIALOG_ID": to, "MESSAGE": "x", "REPLY_ID": elsewhere}), "REPLY_FROM_OTHER_CHAT_ERROR"),
        ] {
            let refused = ada.refused("im.message.add", params.clone());
            assert_eq!((refused.0, refused.1.as_str()), (400, code), "{params}");
        }
        let alone = json!({"DIALOG_ID": to, "ATTACH": "[{\"MESSAGE\": \"Only this\"}]"});
        ada.get("im.message.add", alone);
        let shown = &read(&ines, ada.user)["messages"][0];
        assert_eq!(
            (&shown["text"], &shown["params"]["ATTACH"][0]["BLOCKS"][0]["MESSAGE"]),
            (&json!(""), &json!("Only this"))
        );
    }
}
