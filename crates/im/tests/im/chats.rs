//! Group chats: making them, who is in them, and what members, managers and owners may do.

use serde_json::{Value as Json, json};
use testportal::Hook;

/// A chat of its maker and these, with a title.
pub fn make(maker: &Hook, users: &[i64], title: &str) -> i64 {
    maker.get("im.chat.add", json!({"USERS": users, "TITLE": title})).as_i64().unwrap()
}

fn dialog(who: &Hook, chat: i64) -> Json {
    who.get("im.dialog.get", json!({"DIALOG_ID": format!("chat{chat}")}))
}

/// Texts of a chat, the newest first, without who is mentioned.
fn texts(who: &Hook, chat: i64) -> Vec<String> {
    let answer = who.get("im.dialog.messages.get", json!({"DIALOG_ID": format!("chat{chat}")}));
    let messages = answer["messages"].as_array().unwrap();
    messages.iter().map(|message| message["text"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_chat_is_made_with_its_members_and_first_message() {
    for ada in testportal::portals("im") {
        let (ines, otto) = (ada.employee("ines@example.com", "im"), ada.employee("otto@example.com", "im"));
        let params = json!({
            "USERS": [ines.user, ada.user, 999], "TITLE": " Showroom ", "DESCRIPTION": "Chairs", "COLOR": "pink",
            "MESSAGE": "Welcome", "ENTITY_TYPE": "CRM", "ENTITY_ID": "DEAL|7",
        });
        let chat = ada.get("im.chat.add", params).as_i64().unwrap();
        let shown = dialog(&ada, chat);
        for (key, value) in [
            ("name", json!("Showroom")),
            ("description", json!("Chairs")),
            ("owner", json!(ada.user)),
            ("color", json!("#f76187")),
            ("type", json!("crm")),
            ("message_type", json!("C")),
            ("role", json!("owner")),
            ("user_counter", json!(2)),
            ("message_count", json!(2)),
            ("manager_list", json!([ada.user])),
            ("mute_list", json!([])),
            ("entity_link", json!({"type": "DEAL", "url": "/crm/deal/details/7/", "id": "DEAL|7"})),
            ("dialog_id", json!(format!("chat{chat}"))),
        ] {
            assert_eq!(shown[key], value, "{key}");
        }
        assert_eq!(dialog(&ines, chat)["role"], "member");
        assert_eq!((&dialog(&ines, chat)["counter"], &shown["counter"]), (&json!(2), &json!(0)));
        assert_eq!(texts(&ines, chat)[0], "Welcome");
        assert!(texts(&ines, chat)[1].contains("[USER=1]Ada Berg[/USER] created the chat and invited"));
        let found = json!({"ENTITY_TYPE": "CRM", "ENTITY_ID": "DEAL|7"});
        assert_eq!(ines.get("im.chat.get", found.clone()), json!({"ID": chat}));
        assert_eq!(otto.get("im.chat.get", found), json!(null), "who is not in it does not find it");
        assert_eq!(otto.refused("im.dialog.get", json!({"DIALOG_ID": format!("chat{chat}")})).0, 403);
        let unnamed = ada.get("im.chat.add", json!({"USERS": [ines.user]})).as_i64().unwrap();
        assert_eq!(dialog(&ada, unnamed)["name"], "Ada Berg, ines@example.com");
        let bound = json!({"ENTITY_TYPE": "SONET_GROUP", "ENTITY_ID": "12", "TITLE": "Mine now"});
        assert_eq!(ada.refused("im.chat.add", bound).1, "ACCESS_ERROR");
    }
}

#[test]
fn members_come_and_go() {
    for ada in testportal::portals("im") {
        let (ines, otto) = (ada.employee("ines@example.com", "im"), ada.employee("otto@example.com", "im"));
        let mira = ada.employee("mira@example.com", "im");
        let chat = make(&ada, &[ines.user], "Showroom");
        let list = |who: &Hook| who.get("im.chat.user.list", json!({"CHAT_ID": chat}));
        let add =
            |user: &Hook, hides: &str| json!({"CHAT_ID": chat, "USERS": [user.user], "HIDE_HISTORY": hides});
        assert_eq!(list(&otto), json!([]));
        assert_eq!(otto.refused("im.chat.user.add", add(&otto, "N")).1, "ACCESS_ERROR");
        ines.get("im.message.add", json!({"CHAT_ID": chat, "MESSAGE": "Before"}));
        ines.get("im.chat.user.add", add(&otto, "Y"));
        assert_eq!(texts(&otto, chat).len(), 1, "only that he was invited");
        ines.get("im.chat.user.add", add(&mira, "N"));
        assert_eq!(texts(&mira, chat).len(), 4);
        assert_eq!(list(&mira), json!([ada.user, ines.user, otto.user, mira.user]));
        assert_eq!(
            ines.refused("im.chat.user.add", add(&otto, "Y")).1,
            "ACCESS_DENIED_EXTEND",
            "he is there"
        );

        let remove = |user: &Hook| json!({"CHAT_ID": chat, "USER_ID": user.user});
        assert_eq!(ines.refused("im.chat.user.delete", remove(&otto)).1, "ACCESS_DENIED_KICK");
        assert_eq!(ines.refused("im.chat.user.delete", remove(&ada)).1, "ACCESS_DENIED_KICK");
        ada.get("im.chat.user.delete", remove(&otto));
        assert_eq!(ada.refused("im.chat.user.delete", remove(&otto)).1, "USER_NOT_FOUND");
        assert_eq!(
            otto.refused("im.dialog.messages.get", json!({"DIALOG_ID": format!("chat{chat}")})).0,
            403
        );
        assert!(texts(&ada, chat)[0].contains("removed [USER="));

        // An owner who leaves hands the chat over.
        ada.get("im.chat.leave", json!({"CHAT_ID": chat}));
        assert_eq!((list(&ada), list(&ines)), (json!([]), json!([ines.user, mira.user])));
        let shown = dialog(&ines, chat);
        assert_eq!((&shown["role"], &shown["user_counter"]), (&json!("owner"), &json!(2)));
        assert_eq!(ada.refused("im.chat.leave", json!({"CHAT_ID": chat})).1, "ACCESS_ERROR");
        assert_eq!(ada.refused("im.chat.leave", json!({"CHAT_ID": "chat5"})).1, "CHAT_ID_EMPTY");
    }
}

#[test]
fn everybody_reads_and_joins_an_open_chat() {
    for ada in testportal::portals("im") {
        let ines = ada.employee("ines@example.com", "im");
        let chat =
            ada.get("im.chat.add", json!({"TYPE": "OPEN", "TITLE": "Canteen", "MESSAGE": "Soup today"}));
        let chat = chat.as_i64().unwrap();
        assert_eq!(texts(&ines, chat)[0], "Soup today");
        let shown = dialog(&ines, chat);
        assert_eq!((&shown["role"], &shown["message_type"]), (&json!("guest"), &json!("O")));
        let write = json!({"CHAT_ID": chat, "MESSAGE": "Mm"});
        assert_eq!(ines.refused("im.message.add", write.clone()).1, "ACCESS_ERROR");
        let others = json!({"CHAT_ID": chat, "USERS": [ines.user, ada.user]});
        assert_eq!(ines.refused("im.chat.user.add", others).1, "ACCESS_DENIED_EXTEND");
        ines.get("im.chat.user.add", json!({"CHAT_ID": chat, "USERS": [ines.user]}));
        ines.get("im.message.add", write);
        assert!(texts(&ada, chat)[1].ends_with("joined the chat."));
    }
}

#[test]
fn title_color_picture_and_owner_change_with_a_word_about_it() {
    let pixel =
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=";
    for ada in testportal::portals("im") {
        let (ines, otto) = (ada.employee("ines@example.com", "im"), ada.employee("otto@example.com", "im"));
        let chat = make(&ada, &[ines.user], "Showroom");
        let with = |name: &str, value: Json| json!({"CHAT_ID": chat, name: value});
        ines.get("im.chat.updateTitle", with("TITLE", json!(" Show ")));
        ines.get("im.chat.updateColor", with("COLOR", json!("SAND")));
        ines.get("im.chat.updateAvatar", with("AVATAR", json!(pixel)));
        let shown = dialog(&ada, chat);
        assert_eq!((&shown["name"], &shown["color"]), (&json!("Show"), &json!("#ba9c7b")));
        assert!(shown["avatar"].as_str().unwrap().contains("/rest/download/"), "{shown}");
        assert_eq!(shown["message_count"], 4);
        assert!(texts(&ada, chat)[2].ends_with("changed the title of the chat to \"Show\"."));
        let boss: &Hook = &ada;
        for (who, method, params, code) in [
            (boss, "im.chat.updateTitle", with("TITLE", json!(" ")), "TITLE_EMPTY"),
            (boss, "im.chat.updateTitle", json!({"TITLE": "x"}), "CHAT_ID_EMPTY"),
            (boss, "im.chat.updateTitle", json!({"DIALOG_ID": ines.user, "TITLE": "x"}), "DIALOG_ID_EMPTY"),
            (&otto, "im.chat.updateTitle", with("TITLE", json!("x")), "ACCESS_ERROR"),
            (boss, "im.chat.updateColor", with("COLOR", json!("SAND")), "WRONG_REQUEST"),
            (boss, "im.chat.updateColor", with("COLOR", json!("BLACK")), "WRONG_COLOR"),
            (boss, "im.chat.updateAvatar", with("AVATAR", json!("aGVsbG8=")), "AVATAR_ERROR"),
            (&ines, "im.chat.setOwner", with("USER_ID", json!(ines.user)), "WRONG_REQUEST"),
            (boss, "im.chat.setOwner", with("USER_ID", json!(otto.user)), "WRONG_REQUEST"),
            (boss, "im.chat.setOwner", json!({"CHAT_ID": chat}), "USER_ID_EMPTY"),
        ] {
            assert_eq!(who.refused(method, params.clone()).1, code, "{method} {params}");
        }
        ada.get("im.chat.setOwner", with("USER_ID", json!(ines.user)));
        assert_eq!(
            (&dialog(&ines, chat)["role"], &dialog(&ada, chat)["role"]),
            (&json!("owner"), &json!("member"))
        );
        // What a chat is about may fix its title.
        let about = json!({"ENTITY_TYPE": "CRM", "ENTITY_ID": "DEAL|1", "TITLE": "Deal"});
        let about = ada.get("im.chat.add", about);
        assert_eq!(
            ada.refused("im.chat.updateTitle", json!({"CHAT_ID": about, "TITLE": "x"})).1,
            "ACCESS_ERROR"
        );
    }
}

#[test]
fn an_owner_deletes_what_others_wrote() {
    for ada in testportal::portals("im") {
        let (ines, otto) = (ada.employee("ines@example.com", "im"), ada.employee("otto@example.com", "im"));
        let chat = make(&ada, &[ines.user, otto.user], "Showroom");
        let id = ines.get("im.message.add", json!({"CHAT_ID": chat, "MESSAGE": "Oops"}));
        assert_eq!(otto.refused("im.message.delete", json!({"MESSAGE_ID": id})).1, "CANT_EDIT_MESSAGE");
        ada.get("im.message.delete", json!({"MESSAGE_ID": id}));
        assert_eq!(texts(&otto, chat).len(), 1);
        assert_eq!(
            (&dialog(&otto, chat)["counter"], &dialog(&otto, chat)["message_count"]),
            (&json!(1), &json!(1))
        );
        assert_eq!(
            ada.get("im.message.add", json!({"CHAT_ID": chat, "MESSAGE": "x", "SYSTEM": "Y"})),
            json!(id.as_i64().unwrap() + 1)
        );
        let shown = otto.get("im.dialog.messages.get", json!({"DIALOG_ID": format!("chat{chat}")}));
        assert_eq!(
            (&shown["messages"][0]["author_id"], &shown["messages"][0]["uuid"]),
            (&json!(0), &json!(null))
        );
    }
}

#[test]
fn likes_are_by_person_and_a_message_becomes_a_chat() {
    for ada in testportal::portals("im") {
        let ines = ada.employee("ines@example.com", "im");
        let otto = ada.employee("otto@example.com", "im");
        let id = ada.get("im.message.add", json!({"USER_ID": ines.user, "MESSAGE": "[b]New[/b] chairs?"}));
        let like = |who: &Hook, action: &str| {
            who.ask("im.message.like", json!({"MESSAGE_ID": id, "ACTION": action}))
        };
        like(&ines, "plus").unwrap();
        like(&ada, "auto").unwrap();
        let shown = || {
            let answer = ada.get("im.dialog.messages.get", json!({"DIALOG_ID": ines.user}));
            answer["messages"][0]["params"].clone()
        };
        assert_eq!(shown()["LIKE"], json!([ines.user, ada.user]));
        like(&ines, "auto").unwrap();
        like(&ada, "minus").unwrap();
        assert_eq!(shown(), json!([]));
        for (who, action) in [(&*ada, "minus"), (&otto, "plus")] {
            let refused = like(who, action).unwrap_err();
            assert_eq!((refused.status, &*refused.code), (400, "WITHOUT_CHANGES"));
        }
        let share = |kind: &str| json!({"MESSAGE_ID": id, "DIALOG_ID": ines.user, "TYPE": kind});
        ada.get("im.message.share", share("CHAT"));
        let recent = ines.get("im.recent.get", json!({}));
        assert_eq!(
            (&recent[0]["title"], &recent[0]["message"]["text"]),
            (&json!("New chairs?"), &json!("New chairs?"))
        );
        assert_eq!(ada.refused("im.message.share", share("POEM")).1, "PARAMS_ERROR");
        assert_eq!(otto.refused("im.message.share", share("CHAT")).1, "ACCESS_ERROR");
    }
}

#[test]
fn the_chat_of_a_workgroup_has_a_name_of_its_own() {
    for ada in testportal::portals("im") {
        let ines = ada.employee("ines@example.com", "im");
        let otto = ada.employee("otto@example.com", "im");
        let chat = make(&ada, &[ines.user], "Fair");
        // As the module of groups makes it.
        ada.write(move |tx| {
            let sql = "UPDATE im_chat SET entity_type = 'SONET_GROUP', entity_id = '12' WHERE id = ?";
            tx.execute(sql, &[chat.into()])?;
            Ok(())
        });
        ines.get("im.message.add", json!({"DIALOG_ID": "sg12", "MESSAGE": "Stand 7"}));
        assert_eq!(texts(&ada, chat)[0], "Stand 7");
        let shown = ines.get("im.dialog.get", json!({"DIALOG_ID": "sg12"}));
        assert_eq!((&shown["id"], &shown["type"]), (&json!(chat), &json!("sonetGroup")));
        assert_eq!(
            otto.refused("im.message.add", json!({"DIALOG_ID": "sg12", "MESSAGE": "x"})).1,
            "ACCESS_ERROR"
        );
        assert_eq!(
            ines.refused("im.chat.leave", json!({"CHAT_ID": chat})).1,
            "ACCESS_ERROR",
            "the group says who is in it"
        );
    }
}
