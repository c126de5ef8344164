//! What somebody who is dismissed leaves behind.

use serde_json::{Value as Json, json};

use testportal::portals;

const SCOPES: &str = "sonet_group,task,im,user";

#[test]
fn tasks_groups_and_words_of_somebody_who_is_dismissed_stay() {
    for ada in portals(SCOPES) {
        let ines = ada.employee("ines@x.de", SCOPES);
        let group = ada.get("sonet_group.create", json!({"NAME": "Stand"})).as_i64().unwrap();
        ada.get("sonet_group.user.add", json!({"GROUP_ID": group, "USER_ID": ines.user}));
        let fields = json!({"TITLE": "Order desks", "RESPONSIBLE_ID": ines.user, "GROUP_ID": group});
        let task = ines.get("tasks.task.add", json!({"fields": fields}))["task"]["id"].clone();
        let dialog = json!({"DIALOG_ID": format!("sg{group}")});
        ines.get("im.message.add", json!({"DIALOG_ID": format!("sg{group}"), "MESSAGE": "Keys are here"}));
        ada.get("user.update", json!({"ID": ines.user, "ACTIVE": "N"}));

        let kept = ada.get("tasks.task.get", json!({"taskId": task}))["task"].clone();
        let her = json!(ines.user.to_string());
        assert_eq!(
            (&kept["responsibleId"], &kept["createdBy"], &kept["responsible"]["id"]),
            (&her, &her, &her)
        );
        let members = ada.get("sonet_group.user.get", json!({"ID": group}));
        assert_eq!(members, json!([{"USER_ID": "1", "ROLE": "A"}, {"USER_ID": her, "ROLE": "K"}]));
        let said = ada.get("im.dialog.messages.get", dialog);
        let words = |message: &Json| message["text"] == "Keys are here" && message["author_id"] == ines.user;
        assert!(said["messages"].as_array().unwrap().iter().any(words), "{said}");
        // The task goes on with somebody else, and she is invited to nothing more.
        ada.get("tasks.task.delegate", json!({"taskId": task, "userId": 1}));
        let invited =
            ada.refused("sonet_group.user.invite", json!({"GROUP_ID": group, "USER_ID": ines.user}));
        assert_eq!(invited.2, "Wrong user IDs");
        assert!(ines.ask("tasks.task.get", json!({"taskId": task})).is_err(), "her webhooks stop");
    }
}
