//! Notifications: sending, tags, reading, and numbers.

use serde_json::{Value as Json, json};
use testportal::Hook;

fn list(who: &Hook, params: Json) -> Json {
    who.get("im.notify.get", params)
}

fn ids(answer: &Json) -> Vec<i64> {
    answer["notifications"].as_array().unwrap().iter().map(|one| one["id"].as_i64().unwrap()).collect()
}

#[test]
fn a_notification_is_for_one_person() {
    for ada in testportal::portals("im") {
        let ines = ada.employee("ines@example.com", "im");
        let nothing = list(&ines, json!({}));
        assert_eq!(nothing, json!({"notifications": [], "users": []}));
        let personal = json!({"USER_ID": ines.user, "MESSAGE": "From me"});
        let first = ada.get("im.notify.personal.add", personal.clone()).as_i64().unwrap();
        let second = ada.get("im.notify", json!({"TO": ines.user, "MESSAGE": "From here", "TYPE": "SYSTEM"}));
        let answer = list(&ines, json!({}));
        assert_eq!(ids(&answer), [second.as_i64().unwrap(), first]);
        assert_eq!((&answer["total_count"], &answer["total_unread_count"]), (&json!(2), &json!(2)));
        let authors: Vec<&Json> =
            answer["notifications"].as_array().unwrap().iter().map(|one| &one["author_id"]).collect();
        assert_eq!(authors, [&json!(0), &json!(ada.user)]);
        assert_eq!(answer["notifications"][0]["setting_name"], "rest|rest_notify");
        assert_eq!(answer["users"].as_array().unwrap().len(), 1);
        assert_eq!(ids(&list(&ada, json!({}))), Vec::<i64>::new(), "who sends one does not see it");
        assert_eq!(ada.get("im.notify", json!({"USER_ID": 999, "MESSAGE": "x"})), false);
        for (params, code) in [
            (json!({"MESSAGE": "x"}), "USER_ID_EMPTY"),
            (json!({"USER_ID": ines.user}), "MESSAGE_EMPTY"),
            (json!({"USER_ID": ines.user, "MESSAGE": "x", "ATTACH": "{"}), "ATTACH_ERROR"),
        ] {
            assert_eq!(ada.refused("im.notify", params.clone()).1, code, "{params}");
        }
        let before = json!({"LAST_ID": second, "LAST_TYPE": 3});
        assert_eq!(ids(&list(&ines, before)), [first]);
        assert_eq!(ines.refused("im.notify.get", json!({"LAST_ID": 5})).1, "LAST_ID_AND_LAST_TYPE");
        let html = ada.get("im.notify", json!({"USER_ID": ines.user, "MESSAGE": "[b]<i>[/b]"}));
        let shown = list(&ines, json!({"CONVERT_TEXT": "Y"}));
        assert_eq!(
            (&shown["notifications"][0]["id"], &shown["notifications"][0]["text"]),
            (&html, &json!("<b>&lt;i&gt;</b>"))
        );
    }
}

#[test]
fn a_tag_is_there_once_and_both_tags_delete() {
    for ada in testportal::portals("im") {
        let ines = ada.employee("ines@example.com", "im");
        let send = |client: &str, tag: &str, sub: &str| {
            let params = json!({"USER_ID": ines.user, "MESSAGE": tag, "TAG": tag, "SUB_TAG": sub, "CLIENT_ID": client});
            ada.get("im.notify.system.add", params).as_i64().unwrap()
        };
        send("a", "one", "all");
        let (again, two, other) = (send("a", "one", "all"), send("a", "two", "all"), send("b", "one", "all"));
        let answer = list(&ines, json!({}));
        assert_eq!(ids(&answer), [other, two, again], "the first one was replaced");
        assert_eq!((&answer["total_count"], &answer["total_unread_count"]), (&json!(3), &json!(3)));
        assert_eq!(answer["notifications"][2]["notify_tag"], "MP|a|one");
        let untold = ada.refused("im.notify.delete", json!({"SUB_TAG": "all"}));
        assert_eq!(untold.1, "ACCESS_DENIED");
        assert_eq!(ada.refused("im.notify.delete", json!({"CLIENT_ID": "a"})).1, "PARAMS_ERROR");
        assert_eq!(ada.get("im.notify.delete", json!({"TAG": "three", "CLIENT_ID": "a"})), false);
        // Somebody else's integration that calls itself the same.
        let otto = ada.employee("otto@example.com", "im");
        assert_eq!(otto.get("im.notify.delete", json!({"SUB_TAG": "all", "CLIENT_ID": "a"})), false);
        assert_eq!(ada.get("im.notify.delete", json!({"SUB_TAG": "all", "CLIENT_ID": "a"})), true);
        assert_eq!(ids(&list(&ines, json!({}))), [other]);
        assert_eq!(ada.get("im.notify.delete", json!({"ID": other})), false, "it is hers");
        assert_eq!(ines.get("im.notify.delete", json!({"ID": other})), true);
        assert_eq!(list(&ines, json!({}))["total_count"], 0);
    }
}

#[test]
fn read_marks_and_their_number_agree() {
    for ada in testportal::portals("im") {
        let ines = ada.employee("ines@example.com", "im");
        let sent: Vec<i64> = (0..5)
            .map(|at| {
                let params = json!({"USER_ID": ines.user, "MESSAGE": format!("Number {at}")});
                ada.get("im.notify", params).as_i64().unwrap()
            })
            .collect();
        let unread = || {
            let answer = list(&ines, json!({}));
            let rows = answer["notifications"].as_array().unwrap();
            let unread: Vec<i64> = rows
                .iter()
                .filter(|one| one["notify_read"] == "N")
                .map(|one| one["id"].as_i64().unwrap())
                .collect();
            assert_eq!(answer["total_unread_count"], json!(unread.len()));
            unread
        };
        ines.get("im.notify.read", json!({"ID": sent[1], "ONLY_CURRENT": "Y"}));
        assert_eq!(unread(), [sent[4], sent[3], sent[2], sent[0]]);
        ines.get("im.notify.read", json!({"ID": sent[3]}));
        assert_eq!(unread(), [sent[2], sent[0]], "and all newer ones");
        ada.get("im.notify.read", json!({"ID": sent[0]}));
        assert_eq!(unread(), [sent[2], sent[0]], "nobody else's");
        ines.get("im.notify.read.list", json!({"IDS": [sent[4], sent[1], 999], "ACTION": "N"}));
        assert_eq!(unread(), [sent[4], sent[2], sent[1], sent[0]]);
        assert_eq!(ines.refused("im.notify.read.list", json!({"IDS": 5})).1, "PARAMS_ERROR");
        assert_eq!(ines.get("im.notify.read.all", json!({})), json!({"result": true, "newCounter": 0}));
        assert_eq!(unread(), Vec::<i64>::new());
    }
}
