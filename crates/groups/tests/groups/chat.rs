//! The chat of a workgroup has the members that the group has.

use serde_json::{Value as Json, json};

use testportal::{Hook, portals};

const SCOPES: &str = "sonet_group,im,task";

/// The chat of a group as somebody sees it.
fn chat(who: &Hook, group: i64) -> Json {
    who.get("im.dialog.get", json!({"DIALOG_ID": format!("sg{group}")}))
}

/// Who is in a chat, smallest number first.
fn members(who: &Hook, chat: &Json) -> Vec<i64> {
    let users = who.get("im.chat.user.list", json!({"CHAT_ID": chat["id"]}));
    let mut users: Vec<i64> = users.as_array().unwrap().iter().map(|id| id.as_i64().unwrap()).collect();
    users.sort_unstable();
    users
}

#[test]
fn whoever_belongs_to_a_group_is_in_its_chat() {
    for ada in portals(SCOPES) {
        let [ines, otto] = ["ines@x.de", "otto@x.de"].map(|email| ada.employee(email, SCOPES));
        let group = ada.get("sonet_group.create", json!({"NAME": "Stand", "OPENED": "N"})).as_i64().unwrap();
        let shown = chat(&ada, group);
        assert_eq!((&shown["name"], &shown["entity_type"]), (&json!("Stand"), &json!("SONET_GROUP")));
        assert_eq!((&shown["entity_id"], &shown["owner"]), (&json!(group.to_string()), &json!(1)));
        let of = |user: i64| json!({"GROUP_ID": group, "USER_ID": user});
        ada.get("sonet_group.user.add", of(ines.user));
        assert_eq!(members(&ines, &shown), [1, ines.user]);
        // Who is invited is not in it before accepting.
        ada.get("sonet_group.user.invite", of(otto.user));
        let foreign = otto.refused("im.dialog.get", json!({"DIALOG_ID": format!("sg{group}")}));
        assert_eq!(foreign.0, 403);
        otto.get("sonet_group.user.request", json!({"GROUP_ID": group}));
        assert_eq!(members(&otto, &shown), [1, ines.user, otto.user]);
        let hello = json!({"DIALOG_ID": format!("sg{group}"), "MESSAGE": "Hello"});
        otto.get("im.message.add", hello.clone());
        ada.get("sonet_group.user.update", json!({"GROUP_ID": group, "USER_ID": ines.user, "ROLE": "E"}));
        ada.get("sonet_group.user.delete", of(otto.user));
        assert_eq!(otto.refused("im.message.add", hello).0, 400);
        assert_eq!(members(&ines, &shown), [1, ines.user]);
        ada.get("sonet_group.update", json!({"GROUP_ID": group, "NAME": "Fair"}));
        ada.get("sonet_group.setowner", of(ines.user));
        let shown = chat(&ines, group);
        assert_eq!((&shown["name"], &shown["owner"]), (&json!("Fair"), &json!(ines.user)));
    }
}

#[test]
fn the_chat_of_a_deleted_group_stays_with_its_members() {
    for ada in portals(SCOPES) {
        let ines = ada.employee("ines@x.de", SCOPES);
        let group = ada.get("sonet_group.create", json!({"NAME": "Stand"})).as_i64().unwrap();
        ada.get("sonet_group.user.add", json!({"GROUP_ID": group, "USER_ID": ines.user}));
        let shown = chat(&ada, group);
        ines.get("im.message.add", json!({"DIALOG_ID": format!("sg{group}"), "MESSAGE": "Keys are here"}));
        ada.get("sonet_group.delete", json!({"GROUP_ID": group}));
        let gone = ada.refused("im.dialog.get", json!({"DIALOG_ID": format!("sg{group}")}));
        assert_eq!(gone.0, 403);
        assert_eq!(members(&ines, &shown), [1, ines.user]);
        let dialog = format!("chat{}", shown["id"]);
        let said = ada.get("im.dialog.messages.get", json!({"DIALOG_ID": dialog}));
        assert_eq!(said["messages"][0]["text"], "Keys are here");
    }
}
