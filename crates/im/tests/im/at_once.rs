//! Several people at the same moment: read marks and numbers stay exact, and nobody gets a second chat.

use std::thread;

use serde_json::{Value as Json, json};
use testportal::Hook;

use crate::chats::make;

const EACH: i64 = 12;

/// What a member's number must be: messages of others behind the mark that are not deleted.
fn unread(who: &Hook, chat: i64) -> i64 {
    let dialog = json!({"DIALOG_ID": format!("chat{chat}"), "LIMIT": 50, "FIRST_ID": 0});
    let answer = who.get("im.dialog.messages.get", dialog);
    let is_unread = |one: &&Json| one["unread"] == true && one["params"]["IS_DELETED"] != "Y";
    i64::try_from(answer["messages"].as_array().unwrap().iter().filter(is_unread).count()).unwrap()
}

#[test]
fn numbers_stay_exact_while_everybody_writes_reads_and_deletes() {
    for ada in testportal::portals("im") {
        let (ines, otto) = (ada.employee("ines@example.com", "im"), ada.employee("otto@example.com", "im"));
        let mira = ada.employee("mira@example.com", "im");
        let chat = make(&ada, &[ines.user, otto.user, mira.user], "Showroom");
        let write = |who: Hook| {
            move || {
                for at in 0..EACH {
                    let text = format!("{} {at}", who.user);
                    let id = who.get("im.message.add", json!({"CHAT_ID": chat, "MESSAGE": text}));
                    if at % 4 == 1 {
                        who.get("im.message.delete", json!({"MESSAGE_ID": id}));
                    }
                }
            }
        };
        let read = {
            let mira = mira.clone();
            move || {
                for _ in 0..EACH {
                    let dialog = format!("chat{chat}");
                    let answer = mira.get("im.dialog.messages.get", json!({"DIALOG_ID": dialog}));
                    let newest = answer["messages"][1]["id"].clone();
                    mira.get("im.dialog.read", json!({"DIALOG_ID": dialog, "MESSAGE_ID": newest}));
                }
            }
        };
        let writers = [&ada, &ines, &otto].map(|who| thread::spawn(write((*who).clone())));
        let reader = thread::spawn(read);
        writers.into_iter().for_each(|writer| writer.join().unwrap());
        reader.join().unwrap();
        for who in [&ada, &ines, &otto, &mira] {
            let shown = who.get("im.dialog.get", json!({"DIALOG_ID": format!("chat{chat}")}));
            assert_eq!(shown["counter"], json!(unread(who, chat)), "user {} on {}", who.user, ada.engine);
        }
    }
}

#[test]
fn two_who_write_to_each_other_at_once_have_one_chat() {
    for ada in testportal::portals("im") {
        let ines = ada.employee("ines@example.com", "im");
        let one = |from: &Hook, to: i64| {
            let from = from.clone();
            thread::spawn(move || from.get("im.message.add", json!({"DIALOG_ID": to, "MESSAGE": "Hi"})))
        };
        let sent = [one(&ada, ines.user), one(&ines, ada.user), one(&ada, ines.user)];
        sent.into_iter().for_each(|sent| _ = sent.join().unwrap());
        let of = |who: &Hook, to: i64| who.get("im.dialog.messages.get", json!({"DIALOG_ID": to}));
        let (hers, other) = (of(&ada, ines.user), of(&ines, ada.user));
        assert_eq!(hers["chat_id"], other["chat_id"]);
        assert_eq!(hers["messages"].as_array().unwrap().len(), 3, "on {}", ada.engine);
        // So with notifications, which are counted in a chat as well.
        let notify = |from: &Hook| {
            let (from, to) = (from.clone(), ines.user);
            thread::spawn(move || from.get("im.notify", json!({"USER_ID": to, "MESSAGE": "Hi"})))
        };
        let sent = [notify(&ada), notify(&ines), notify(&ada)];
        sent.into_iter().for_each(|sent| _ = sent.join().unwrap());
        let list = ines.get("im.notify.get", json!({}));
        assert_eq!((&list["total_count"], &list["total_unread_count"]), (&json!(3), &json!(3)));
    }
}
